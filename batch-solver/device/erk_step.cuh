// One explicit Runge–Kutta step of any tableau.
//
// Column-oriented: each new stage derivative is added at once to everything that needs it later, the inputs of later stages, the sum of the step and the estimate of its
// error, so that s - 1 accumulators of n replace s derivatives of n, and no derivative outlives its stage. Everything that depends on the tableau (zero coefficients, first
// contributions, a stage that already is the result) is decided from its data while compiling.
/// In place of an array: no error estimate is wanted.
struct no_error {};
template <class E> constexpr bool wants_error = true;
template <> constexpr bool wants_error<no_error> = false;

template <class System, class Buffers> struct erk_step {
    using Tableau = typename Buffers::tableau;
    static constexpr int n = Buffers::n, stages = Tableau::stages, order = Tableau::order;
    using state_t = typename Buffers::state_type;

    /// The derivative at the start of a run, in the lanes of `m`: the first stage of the first step of a tableau whose last stage is the next step's first.
    template <class Y, class P, class C>
    BR_DEVICE static void begin(const frame& f, state_t& s, const mask& m, const real& t, const Y& y, const P& p, const C& c) {
        if constexpr (Tableau::fsal) {
            Buffers b(f, s);
            local_array<scalar, n> k;
            System::rhs(t, y, p, c, k);
            BR_UNROLL_FULL
            for (int i = 0; i < n; ++i) b.stage_rhs[i] = select(m, k[i], b.stage_rhs[i]);
        }
    }

    /// The derivative of state i at stage j of the last step, for a trace.
    BR_DEVICE static real stage_derivative(const frame& f, state_t& s, int j, int i) {
        Buffers b(f, s);
        return b.stage_derivatives[j * n + i];
    }

    /// proposed = y advanced by h from t, and done: the next step begins there. H is scalar for a step all lanes share, real otherwise.
    template <class H, class Y, class P, class C, class Z>
    BR_DEVICE static void step(const frame& f, state_t& s, const real& t, const H& h, const Y& y, const P& p, const C& c, Z& proposed) {
        Buffers b(f, s);
        no_error none;
        all_stages(b, t, h, y, p, c, proposed, none);
        if constexpr (Tableau::fsal) {
            BR_UNROLL_FULL
            for (int i = 0; i < n; ++i) b.stage_rhs[i] = b.derivative[i];
        }
    }

    /// proposed = y advanced by h from t, and an estimate of its error; commit() says in which lanes the next step begins there.
    template <class H, class Y, class P, class C, class Z, class E>
    BR_DEVICE static void step_with_error(const frame& f, state_t& s, const real& t, const H& h, const Y& y, const P& p, const C& c, Z& proposed,
                                          E& error) {
        Buffers b(f, s);
        all_stages(b, t, h, y, p, c, proposed, error);
    }

    BR_DEVICE static void commit(const frame& f, state_t& s, const mask& accepted) {
        if constexpr (Tableau::fsal) {
            Buffers b(f, s);
            BR_UNROLL_FULL
            for (int i = 0; i < n; ++i) b.stage_rhs[i] = select(accepted, b.derivative[i], b.stage_rhs[i]);
        }
    }

  private:
    /// The state of stage j as an array.
    struct stage_input {
        Buffers& b;
        int j;
        BR_DEVICE const real& operator[](int i) const { return b.stage_accumulator[(j - 1) * n + i]; }
    };

    template <class H, class Y, class P, class C, class Z, class E>
    BR_DEVICE static void all_stages(Buffers& b, const real& t, const H& h, const Y& y, const P& p, const C& c, Z& proposed, E& error) {
        BR_UNROLL_FULL
        for (int j = 0; j < stages; ++j) {
            const real at = Tableau::c(j) == 0.0 ? t : fma(h, real(scalar(Tableau::c(j))), t);
            if (j == 0) {
                if (!Tableau::fsal) System::rhs(at, y, p, c, b.stage_rhs);
                contribute(b, j, h, y, b.stage_rhs, proposed, error);
            } else {
                if (Tableau::first_a(j) < 0) {
                    System::rhs(at, y, p, c, b.derivative);
                } else {
                    System::rhs(at, stage_input{b, j}, p, c, b.derivative);
                }
                contribute(b, j, h, y, b.derivative, proposed, error);
            }
            placement_fence<Buffers>();
        }
        if constexpr (Tableau::b_row >= 0) {
            BR_UNROLL_FULL
            for (int i = 0; i < n; ++i) proposed[i] = stage_input{b, Tableau::b_row}[i];
        } else {
            const H scale = h * scalar(Tableau::sum_scale());
            BR_UNROLL_FULL
            for (int i = 0; i < n; ++i) proposed[i] = fma(scale, proposed[i], y[i]);
        }
        if constexpr (wants_error<E> && Tableau::b_hat_row > 0) {
            BR_UNROLL_FULL
            for (int i = 0; i < n; ++i) error[i] = proposed[i] - stage_input{b, Tableau::b_hat_row}[i];
        }
    }

    /// Adds the derivative k of stage j to the inputs of later stages, the sum of the step and the error.
    template <class H, class Y, class K, class Z, class E>
    BR_DEVICE static void contribute(Buffers& b, int j, const H& h, const Y& y, const K& k, Z& proposed, E& error) {
        if constexpr (Buffers::trace) {
            for (int i = 0; i < n; ++i) b.stage_derivatives[j * n + i] = k[i];
        }
        BR_UNROLL_FULL
        for (int later = j + 1; later < stages; ++later) {
            if (Tableau::a(later, j) == 0.0) continue;
            const H weight = h * scalar(Tableau::a(later, j));
            const bool first = Tableau::first_a(later) == j;
            BR_UNROLL_FULL
            for (int i = 0; i < n; ++i) {
                auto& sum = b.stage_accumulator[(later - 1) * n + i];
                sum = fma(weight, k[i], first ? y[i] : sum);
            }
        }
        // An embedded solution that is the argument of a stage is there anyway.
        if constexpr (wants_error<E> && Tableau::b_hat_row <= 0) {
            if (Tableau::e(j) != 0.0) {
                const H weight = h * scalar(Tableau::e(j));
                const bool first = Tableau::first_e == j;
                BR_UNROLL_FULL
                for (int i = 0; i < n; ++i) error[i] = first ? weight * k[i] : fma(weight, k[i], error[i]);
            }
        }
        // The weighted sum in units of sum_scale: one product fewer and a smaller rounding error than adding h b_j k_j to y one by one.
        if (Tableau::b_row < 0 && Tableau::b(j) != 0.0) {
            const scalar weight = scalar(Tableau::b(j) / Tableau::sum_scale());
            const bool first = Tableau::first_b == j;
            BR_UNROLL_FULL
            for (int i = 0; i < n; ++i) {
                if (first) {
                    proposed[i] = weight == scalar(1) ? k[i] : weight * k[i];
                } else {
                    proposed[i] = weight == scalar(1) ? proposed[i] + k[i] : fma(weight, k[i], proposed[i]);
                }
            }
        }
    }
};
