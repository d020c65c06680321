// Complex numbers per lane: for methods whose matrix has complex eigenvalues. R is their precision: `real`, or `f32` within double precision.
template <class R> struct complex_of {
    R re, im;

    complex_of() = default;
    BR_DEVICE complex_of(const R& x) : re(x), im(0) {}
    BR_DEVICE complex_of(const R& x, const R& y) : re(x), im(y) {}

    friend BR_DEVICE complex_of operator-(const complex_of& a) { return {-a.re, -a.im}; }
    friend BR_DEVICE complex_of operator+(const complex_of& a, const complex_of& b) { return {a.re + b.re, a.im + b.im}; }
    friend BR_DEVICE complex_of operator-(const complex_of& a, const complex_of& b) { return {a.re - b.re, a.im - b.im}; }
    friend BR_DEVICE complex_of operator*(const complex_of& a, const complex_of& b) {
        return {fma(a.re, b.re, -(a.im * b.im)), fma(a.re, b.im, a.im * b.re)};
    }
};
using cplx = complex_of<real>;

template <class R> BR_DEVICE complex_of<R> fma(const complex_of<R>& a, const complex_of<R>& b, const complex_of<R>& c) {
    return {fma(a.re, b.re, fma(-a.im, b.im, c.re)), fma(a.re, b.im, fma(a.im, b.re, c.im))};
}

/// An array of 2 N reals as one of N complex numbers: real parts first, then imaginary parts.
template <class R, class A> struct complex_array {
    using value = complex_of<R>;
    struct element {
        A& array;
        int i;
        BR_DEVICE operator value() const { return {R(array[i]), R(array[i + A::length / 2])}; }
        BR_DEVICE const element& operator=(const value& given) const {
            array[i] = given.re;
            array[i + A::length / 2] = given.im;
            return *this;
        }
    };
    BR_DEVICE element operator[](int i) const { return {array, i}; }

    A& array;
};
