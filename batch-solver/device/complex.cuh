// Complex numbers per lane: for methods whose matrix has complex eigenvalues.
struct cplx {
    real re, im;

    cplx() = default;
    BR_DEVICE cplx(const real& x) : re(x), im(scalar(0)) {}
    BR_DEVICE cplx(scalar x) : re(x), im(scalar(0)) {}
    BR_DEVICE cplx(const real& x, const real& y) : re(x), im(y) {}

    friend BR_DEVICE cplx operator-(const cplx& a) { return {-a.re, -a.im}; }
    friend BR_DEVICE cplx operator+(const cplx& a, const cplx& b) { return {a.re + b.re, a.im + b.im}; }
    friend BR_DEVICE cplx operator-(const cplx& a, const cplx& b) { return {a.re - b.re, a.im - b.im}; }
    friend BR_DEVICE cplx operator*(const cplx& a, const cplx& b) { return {fma(a.re, b.re, -(a.im * b.im)), fma(a.re, b.im, a.im * b.re)}; }
};

BR_DEVICE cplx fma(const cplx& a, const cplx& b, const cplx& c) {
    return {fma(a.re, b.re, fma(-a.im, b.im, c.re)), fma(a.re, b.im, fma(a.im, b.re, c.im))};
}

/// An array of 2 N reals as one of N complex numbers: real parts first, then imaginary parts.
template <class A> struct complex_array {
    struct element {
        A& array;
        int i;
        BR_DEVICE operator cplx() const { return {real(array[i]), real(array[i + A::length / 2])}; }
        BR_DEVICE const element& operator=(const cplx& value) const {
            array[i] = value.re;
            array[i + A::length / 2] = value.im;
            return *this;
        }
    };
    BR_DEVICE element operator[](int i) const { return {array, i}; }

    A& array;
};
