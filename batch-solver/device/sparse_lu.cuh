// Solves (beta I - alpha J) x = b by the LU factorisation of a sparse matrix, whose pattern the host has analysed.

/// The number type of a real of some precision.
template <class V> struct scalar_type;
template <> struct scalar_type<f32> {
    using type = float;
};
template <> struct scalar_type<f64> {
    using type = double;
};

/// An entry in another precision.
template <class V> struct entry_in {
    template <class W> BR_DEVICE static V from(const W& x) { return convert<typename scalar_type<V>::type>(x); }
};
template <class R> struct entry_in<complex_of<R>> {
    template <class W> BR_DEVICE static complex_of<R> from(const complex_of<W>& x) { return {entry_in<R>::from(x.re), entry_in<R>::from(x.im)}; }
};

/// What generated code asks of entries of type V: V from a real, and the inverse of a pivot. One that vanishes is replaced by a small number of its sign: the lane's solution is
/// then useless and large, so that its step is refused, and others are not touched.
template <class V> struct pivots {
    BR_DEVICE static V from(const real& x) { return entry_in<V>::from(x); }
    BR_DEVICE static V inverse(const V& pivot) {
        using T = typename scalar_type<V>::type;
        const T least = sizeof(T) == 4 ? T(1e-30) : T(1e-200);
        const V floored = select(pivot < T(0), V(-least), V(least));
        return T(1) / select(abs(pivot) < least, floored, pivot);
    }
};
template <class R> struct pivots<complex_of<R>> {
    BR_DEVICE static complex_of<R> from(const real& x) { return pivots<R>::from(x); }
    BR_DEVICE static complex_of<R> inverse(const complex_of<R>& pivot) {
        const R scale = pivots<R>::inverse(fma(pivot.re, pivot.re, pivot.im * pivot.im));
        return {pivot.re * scale, -pivot.im * scale};
    }
};

/// An array of entries of type `stored` that are read and written as V.
template <class V, class stored, class A> struct converted_array {
    struct element {
        A& array;
        int i;
        BR_DEVICE operator V() const { return entry_in<V>::from(stored(array[i])); }
        BR_DEVICE const element& operator=(const V& value) const {
            array[i] = entry_in<stored>::from(value);
            return *this;
        }
    };
    BR_DEVICE element operator[](int i) const { return {array, i}; }

    A& array;
};

/// A factorisation driven by tables: loops in place of straight-line code, for large systems. Operations and their order are the same.
template <class Tables> struct lu_tables {
    template <class Pivot, class V, class J, class A> BR_NOINLINE static void factor(const V& beta, const real& alpha, const J& jacobian, A& factors) {
        BR_NO_UNROLL
        for (int i = 0; i < Tables::jacobian_nonzeros; ++i) factors[i] = Pivot::from(-(alpha * real(jacobian[i])));
        BR_NO_UNROLL
        for (int i = Tables::jacobian_nonzeros; i < Tables::nonzeros; ++i) factors[i] = Pivot::from(real(0));
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
            for (int e = Tables::jacobian_start(i); e < end; ++e) v = fma(V(alpha * real(jacobian[e])), V(x[Tables::jacobian_column(e)]), v);
            r[i] = v;
        }
    }
};

/// The type of the entries of a matrix and of the numbers that its factors are stored in.
template <bool complex> struct entry_of {
    using type = real;
    template <class R> using in = R;
};
template <> struct entry_of<true> {
    using type = cplx;
    template <class R> using in = complex_of<R>;
};

/// An array of reals as one of entries.
template <class R> struct entries_of {
    template <class A> BR_DEVICE static A& in(A& array) { return array; }
};
template <class R> struct entries_of<complex_of<R>> {
    template <class A> BR_DEVICE static complex_array<R, A> in(A& array) { return {array}; }
};

/// The direct linear solver of implicit steps. `beta` is real, or complex where the buffers say so; vectors are arrays of entries.
template <class System, class Buffers> struct sparse_lu {
    using state_t = typename Buffers::state_type;
    using entry = typename entry_of<Buffers::complex>::type;
    static constexpr int jacobian_nonzeros = Buffers::factorisation::jacobian_nonzeros;

    /// Where the Jacobian goes: `fill` writes its entries to the array it is given, row by row.
    template <class Fill> BR_DEVICE static void assemble(const frame& f, state_t& s, const Fill& fill) {
        Buffers b(f, s);
        auto&& jacobian = jacobian_of(b);
        fill(jacobian);
    }

    /// Calls `use` with the Jacobian, which is there until this factorises.
    template <class Use> BR_DEVICE static void with_jacobian(const frame& f, state_t& s, const Use& use) {
        Buffers b(f, s);
        auto&& jacobian = jacobian_of(b);
        use(jacobian);
    }

    /// Factorises beta I - alpha J.
    BR_DEVICE static void factor(const frame& f, state_t& s, const entry& beta, const real& alpha) {
        Buffers b(f, s);
        auto&& jacobian = jacobian_of(b);
        factor_of(b, beta, alpha, jacobian);
    }

    /// The same, of a Jacobian that another keeps.
    template <class J> BR_DEVICE static void factor(const frame& f, state_t& s, const entry& beta, const real& alpha, const J& jacobian) {
        Buffers b(f, s);
        if constexpr (keeps_jacobian) {
            BR_NO_UNROLL
            for (int i = 0; i < jacobian_nonzeros; ++i) b.jacobian[i] = real(jacobian[i]);
        }
        factor_of(b, beta, alpha, jacobian);
    }

    /// Replaces x by the solution for it as the right-hand side.
    template <class X> BR_DEVICE static void solve(const frame& f, state_t& s, const entry& beta, const real& alpha, X& x) {
        Buffers b(f, s);
        solve_in(b, beta, alpha, x);
    }

    /// Solves for the right-hand side right(i), and calls `use` with the array of the solution.
    template <class Right, class Use>
    BR_DEVICE static void solve_for(const frame& f, state_t& s, const entry& beta, const real& alpha, const Right& right, const Use& use) {
        Buffers b(f, s);
        auto&& solution = entries_of<entry>::in(b.solution);
        UNROLL_STATES
        for (int i = 0; i < Buffers::n; ++i) solution[i] = right(i);
        solve_in(b, beta, alpha, solution);
        use(solution);
    }

  private:
    using structure = typename Buffers::factorisation;
    template <bool tables, class = void> struct code_of { using type = structure; };
    template <class Unused> struct code_of<true, Unused> { using type = lu_tables<structure>; };
    using code = typename code_of<Buffers::table_driven>::type;

    /// Whether factors are in single precision within a kernel of double precision.
    static constexpr bool narrow = decltype(Buffers::single_factors)::length > 0 && sizeof(scalar) == 8;
    template <bool single, class = void> struct stored_in { using type = real; };
    template <class Unused> struct stored_in<true, Unused> { using type = f32; };
    using stored_real = typename stored_in<narrow>::type;
    using stored = typename entry_of<Buffers::complex>::template in<stored_real>;

    static constexpr bool keeps_jacobian = decltype(Buffers::jacobian)::length > 0;

    BR_DEVICE static auto& storage(Buffers& b) {
        if constexpr (decltype(Buffers::single_factors)::length > 0) {
            return b.single_factors;
        } else {
            return b.factors;
        }
    }

    /// Where the Jacobian is: in a place of its own where it is needed after it has been factorised, else where the factors replace it.
    BR_DEVICE static decltype(auto) jacobian_of(Buffers& b) {
        if constexpr (keeps_jacobian) {
            return (b.jacobian);
        } else if constexpr (narrow) {
            return converted_array<real, f32, decltype(b.single_factors)>{b.single_factors};
        } else {
            return (storage(b));
        }
    }

    template <class J> BR_DEVICE static void factor_of(Buffers& b, const entry& beta, const real& alpha, const J& jacobian) {
        auto&& factors = entries_of<stored>::in(storage(b));
        code::template factor<pivots<stored>, stored>(in_storage(beta), alpha, jacobian, factors);
    }

    BR_DEVICE static stored in_storage(const entry& x) {
        if constexpr (narrow) {
            return entry_in<stored>::from(x);
        } else {
            return x;
        }
    }

    template <class X> BR_DEVICE static void substitute(Buffers& b, X& x) {
        auto&& factors = entries_of<stored>::in(storage(b));
        if constexpr (narrow) {
            converted_array<stored, entry, X> narrowed{x};
            code::template solve<stored>(factors, narrowed);
        } else {
            code::template solve<stored>(factors, x);
        }
    }

    template <class X> BR_DEVICE static void solve_in(Buffers& b, [[maybe_unused]] const entry& beta, [[maybe_unused]] const real& alpha, X& x) {
        if constexpr (Buffers::refinement == 0) {
            substitute(b, x);
        } else {
            auto&& right_hand_side = entries_of<entry>::in(b.right_hand_side);
            auto&& correction = entries_of<entry>::in(b.correction);
            UNROLL_STATES
            for (int i = 0; i < Buffers::n; ++i) right_hand_side[i] = entry(x[i]);
            substitute(b, x);
            BR_NO_UNROLL
            for (int k = 0; k < Buffers::refinement; ++k) {
                code::template residual<entry>(beta, alpha, b.jacobian, right_hand_side, x, correction);
                substitute(b, correction);
                UNROLL_STATES
                for (int i = 0; i < Buffers::n; ++i) x[i] = entry(x[i]) + entry(correction[i]);
            }
        }
    }
};
