// The equations of implicit steps, and their matrices, as Newton's method and linear solvers see them.

/// I - alpha J, the Jacobian at (t, y). Derivatives there are left in `slope`.
template <class System, int n, class Y, class P, class C, class D> struct stage_matrix {
    const real& t;
    real alpha;
    const Y& y;
    const P& p;
    const C& c;
    D& slope;

    /// The entries of the Jacobian, row by row.
    template <class J> BR_DEVICE void jacobian(J& entries) const {
        discarded by_time;
        System::linearise(t, y, p, c, slope, entries, by_time);
    }

    /// out = (I - alpha J) v.
    template <class V, class Out> BR_DEVICE void apply(const V& v, Out& out) const {
        System::jacobian_vector(t, y, p, c, v, out);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) out[i] = fma(-alpha, out[i], v[i]);
    }

    template <class D2> BR_DEVICE void diagonal(D2& out) const {
        System::jacobian_diagonal(t, y, p, c, out);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) out[i] = fma(-alpha, out[i], real(1));
    }
};

template <class System, int n, class Y, class P, class C, class D>
BR_DEVICE stage_matrix<System, n, Y, P, C, D> matrix_at(const real& t, const real& alpha, const Y& y, const P& p, const C& c, D& slope) {
    return {t, alpha, y, p, c, slope};
}

/// u = h f(t, base + gamma u): the equation of one implicit stage, in increments.
template <class System, int n, class Base, class Value, class P, class C> struct stage_equation {
    const real& t;
    const real& h;
    scalar gamma;
    const Base& base;
    /// The argument of the stage.
    Value& value;
    const P& p;
    const C& c;

    template <class U> BR_DEVICE void evaluate(const U& u) const {
        UNROLL_STATES
        for (int i = 0; i < n; ++i) value[i] = fma(gamma, u[i], base[i]);
    }

    /// r = h f(t, base + gamma u) - u.
    template <class U, class R> BR_DEVICE void residual(const U& u, R& r) const {
        evaluate(u);
        System::rhs(t, value, p, c, r);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) r[i] = fma(h, r[i], -u[i]);
    }

    /// Calls `use` with the matrix at the argument of the last residual.
    template <class Use> BR_DEVICE void with_matrix(const Use& use) const {
        discarded slope;
        use(matrix_at<System, n>(t, real(h * gamma), value, p, c, slope));
    }
};

template <class System, int n, class Base, class Value, class P, class C>
BR_DEVICE stage_equation<System, n, Base, Value, P, C> equation_of(const real& t, const real& h, scalar gamma, const Base& base, Value& value, const P& p, const C& c) {
    return {t, h, gamma, base, value, p, c};
}
