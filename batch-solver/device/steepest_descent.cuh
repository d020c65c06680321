// Steepest descent: goes along the residual to where a quadratic form would be least whose gradient it is. Made for symmetric positive definite matrices; of others it solves
// those that are nearly so, and may diverge. Saad, Iterative Methods for Sparse Linear Systems (2nd ed.), section 5.3.1.

struct steepest_descent_length {
    template <int n, class R, class Z, class A> BR_DEVICE static real length(const R& residual, const Z& along, const A& image, mask& usable) {
        return guarded_quotient(dot_product<n>(residual, along), dot_product<n>(along, image), usable);
    }
};

template <class System, class Preconditioner, class Buffers> struct steepest_descent : line_iteration<steepest_descent_length, Preconditioner, Buffers> {};
