// Minimal residual: goes along the residual to where the next is shortest. It never grows, and vanishes where the matrix, with the
// preconditioner applied from the right, has a definite symmetric part. Saad, Iterative Methods for Sparse Linear Systems (2nd ed.), section 5.3.2.

struct minimal_residual_length {
    template <int n, class R, class Z, class A> BR_DEVICE static real length(const R& residual, const Z&, const A& image, mask& usable) {
        return guarded_quotient(dot_product<n>(residual, image), dot_product<n>(image, image), usable);
    }
};

template <class System, class Preconditioner, class Buffers> struct minimal_residual : line_iteration<minimal_residual_length, Preconditioner, Buffers> {};
