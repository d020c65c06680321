// Solves (beta I - alpha J) x = b by the LU factorisation of a sparse matrix, whose pattern the host has analysed.

/// Pivots. One that vanishes is replaced by a small number of its sign: the lane's solution is then useless and large, so that its step is refused, and others are not touched.
struct floored_pivot {
    BR_DEVICE static real inverse(const real& pivot) {
        const scalar least = sizeof(scalar) == 4 ? scalar(1e-30) : scalar(1e-200);
        const real floored = select(pivot < scalar(0), real(-least), real(least));
        return scalar(1) / select(abs(pivot) < least, floored, pivot);
    }
    BR_DEVICE static cplx inverse(const cplx& pivot) {
        const real scale = inverse(fma(pivot.re, pivot.re, pivot.im * pivot.im));
        return {pivot.re * scale, -pivot.im * scale};
    }
};

/// A factorisation driven by tables: loops in place of straight-line code, for large systems. Operations and their order are the same.
template <class Tables> struct lu_tables {
    template <class Pivot, class V, class J, class A> BR_NOINLINE static void factor(const V& beta, const real& alpha, const J& jacobian, A& factors) {
        BR_NO_UNROLL
        for (int i = 0; i < Tables::jacobian_nonzeros; ++i) factors[i] = V(-(alpha * jacobian[i]));
        BR_NO_UNROLL
        for (int i = Tables::jacobian_nonzeros; i < Tables::nonzeros; ++i) factors[i] = V(scalar(0));
        BR_NO_UNROLL
        for (int k = 0; k < Tables::n; ++k) {
            const int diagonal = Tables::diagonal(k), end = Tables::lower_start(k + 1);
            factors[diagonal] = beta + V(factors[diagonal]);
            BR_NO_UNROLL
            for (int e = Tables::lower_start(k); e < end; ++e) {
                const int place = Tables::lower_place(e), last = Tables::update_start(e + 1);
                const V factor = V(factors[place]) * V(factors[Tables::lower_pivot(e)]);
                factors[place] = factor;
                BR_NO_UNROLL
                for (int u = Tables::update_start(e); u < last; ++u) {
                    const int target = Tables::update_target(u);
                    factors[target] = fma(-factor, V(factors[Tables::update_source(u)]), V(factors[target]));
                }
            }
            factors[diagonal] = Pivot::inverse(V(factors[diagonal]));
        }
    }

    template <class V, class A, class X> BR_NOINLINE static void solve(const A& factors, X& x) {
        BR_NO_UNROLL
        for (int k = 0; k < Tables::n; ++k) {
            const int i = Tables::row(k), end = Tables::lower_start(k + 1);
            V v = x[i];
            BR_NO_UNROLL
            for (int e = Tables::lower_start(k); e < end; ++e) v = fma(-V(factors[Tables::lower_place(e)]), V(x[Tables::lower_column(e)]), v);
            x[i] = v;
        }
        BR_NO_UNROLL
        for (int k = Tables::n - 1; k >= 0; --k) {
            const int i = Tables::row(k), end = Tables::upper_start(k + 1);
            V v = x[i];
            BR_NO_UNROLL
            for (int e = Tables::upper_start(k); e < end; ++e) v = fma(-V(factors[Tables::upper_place(e)]), V(x[Tables::upper_column(e)]), v);
            x[i] = v * V(factors[Tables::diagonal(k)]);
        }
    }

    template <class V, class J, class B, class X, class R>
    BR_NOINLINE static void residual(const V& beta, const real& alpha, const J& jacobian, const B& b, const X& x, R& r) {
        BR_NO_UNROLL
        for (int i = 0; i < Tables::n; ++i) {
            const int end = Tables::jacobian_start(i + 1);
            V v = fma(-beta, V(x[i]), V(b[i]));
            BR_NO_UNROLL
            for (int e = Tables::jacobian_start(i); e < end; ++e) v = fma(V(alpha * jacobian[e]), V(x[Tables::jacobian_column(e)]), v);
            r[i] = v;
        }
    }
};

/// The type of the entries of a matrix.
template <bool complex> struct entry_of { using type = real; };
template <> struct entry_of<true> { using type = cplx; };

/// An array of reals as one of entries.
template <class V> struct entries_of {
    template <class A> BR_DEVICE static A& in(A& array) { return array; }
};
template <> struct entries_of<cplx> {
    template <class A> BR_DEVICE static complex_array<A> in(A& array) { return {array}; }
};

/// The linear solver of implicit steps. `beta` is real, or complex where the buffers say so; vectors are arrays of entries.
template <class System, class Buffers> struct sparse_lu {
    using state_t = typename Buffers::state_type;
    using entry = typename entry_of<Buffers::complex>::type;
    static constexpr int jacobian_nonzeros = Buffers::factorisation::jacobian_nonzeros;

    /// Where the Jacobian goes: `fill` writes its entries to the array it is given, row by row.
    template <class Fill> BR_DEVICE static void assemble(const frame& f, state_t& s, const Fill& fill) {
        Buffers b(f, s);
        fill(jacobian_of(b));
    }

    /// Factorises beta I - alpha J.
    BR_DEVICE static void factor(const frame& f, state_t& s, const entry& beta, const real& alpha) {
        Buffers b(f, s);
        auto&& factors = entries_of<entry>::in(b.factors);
        code::template factor<floored_pivot, entry>(beta, alpha, jacobian_of(b), factors);
    }

    /// Replaces x by the solution for it as the right-hand side.
    template <class X> BR_DEVICE static void solve(const frame& f, state_t& s, [[maybe_unused]] const entry& beta, [[maybe_unused]] const real& alpha,
                                                   X& x) {
        Buffers b(f, s);
        auto&& factors = entries_of<entry>::in(b.factors);
        if constexpr (Buffers::refinement == 0) {
            code::template solve<entry>(factors, x);
        } else {
            auto&& right_hand_side = entries_of<entry>::in(b.right_hand_side);
            auto&& correction = entries_of<entry>::in(b.correction);
            UNROLL_STATES
            for (int i = 0; i < Buffers::n; ++i) right_hand_side[i] = entry(x[i]);
            code::template solve<entry>(factors, x);
            BR_NO_UNROLL
            for (int k = 0; k < Buffers::refinement; ++k) {
                code::template residual<entry>(beta, alpha, b.jacobian, right_hand_side, x, correction);
                code::template solve<entry>(factors, correction);
                UNROLL_STATES
                for (int i = 0; i < Buffers::n; ++i) x[i] = entry(x[i]) + entry(correction[i]);
            }
        }
    }

  private:
    using structure = typename Buffers::factorisation;
    template <bool tables, class = void> struct code_of { using type = structure; };
    template <class Unused> struct code_of<true, Unused> { using type = lu_tables<structure>; };
    using code = typename code_of<Buffers::table_driven>::type;

    /// Where the Jacobian is: in a place of its own where it is needed after it has been factorised, else where the factors replace it.
    BR_DEVICE static auto& jacobian_of(Buffers& b) {
        if constexpr (Buffers::complex || Buffers::refinement > 0) {
            return b.jacobian;
        } else {
            return b.factors;
        }
    }
};
