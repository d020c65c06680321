// One explicit Runge–Kutta step of any tableau.
//
// Column-oriented: each new stage derivative is added at once to everything that needs it later, the inputs of later stages and the sum of the step, so that s - 1
// accumulators of n replace s derivatives of n, and no derivative outlives its stage. Everything that depends on the tableau (zero coefficients, first contributions,
// a stage that already is the result) is decided from its data while compiling.
template <class System, class Buffers> struct erk_step {
    using Tableau = typename Buffers::tableau;
    static constexpr int n = Buffers::n, stages = Tableau::stages;
    using state_t = typename Buffers::state_type;

    /// The derivative at the start of a run: the first stage of the first step of a tableau whose last stage is the next step's first.
    template <class Y, class P, class C> BR_DEVICE static void begin(const frame& f, state_t& s, const real& t, const Y& y, const P& p, const C& c) {
        if constexpr (Tableau::fsal) {
            Buffers b(f, s);
            System::rhs(t, y, p, c, b.stage_rhs);
        }
    }

    /// proposed = y advanced by h from t. H is scalar for a step all lanes share, real otherwise.
    template <class H, class Y, class P, class C, class Z>
    BR_DEVICE static void step(const frame& f, state_t& s, const real& t, const H& h, const Y& y, const P& p, const C& c, Z& proposed) {
        Buffers b(f, s);
        BR_UNROLL_FULL
        for (int j = 0; j < stages; ++j) {
            const bool reused = Tableau::fsal && j == 0;
            if (!reused) {
                const real at = Tableau::c(j) == 0.0 ? t : fma(h, real(scalar(Tableau::c(j))), t);
                if (Tableau::first_a(j) < 0) {
                    System::rhs(at, y, p, c, b.stage_rhs);
                } else {
                    System::rhs(at, stage_input{b, j}, p, c, b.stage_rhs);
                }
            }
            contribute(b, j, h, y, proposed);
            placement_fence<Buffers>();
        }
        if constexpr (Tableau::b_row >= 0) {
            BR_UNROLL_FULL
            for (int i = 0; i < n; ++i) proposed[i] = b.stage_accumulator[(Tableau::b_row - 1) * n + i];
        } else {
            const H scale = h * scalar(Tableau::sum_scale());
            BR_UNROLL_FULL
            for (int i = 0; i < n; ++i) proposed[i] = fma(scale, proposed[i], y[i]);
        }
    }

  private:
    /// The state of stage j as an array.
    struct stage_input {
        Buffers& b;
        int j;
        BR_DEVICE const real& operator[](int i) const { return b.stage_accumulator[(j - 1) * n + i]; }
    };

    /// Adds the derivative of stage j to the inputs of later stages, and to the sum of the step.
    template <class H, class Y, class Z> BR_DEVICE static void contribute(Buffers& b, int j, const H& h, const Y& y, Z& proposed) {
        BR_UNROLL_FULL
        for (int k = j + 1; k < stages; ++k) {
            if (Tableau::a(k, j) == 0.0) continue;
            const H weight = h * scalar(Tableau::a(k, j));
            const bool first = Tableau::first_a(k) == j;
            BR_UNROLL_FULL
            for (int i = 0; i < n; ++i) {
                auto& sum = b.stage_accumulator[(k - 1) * n + i];
                sum = fma(weight, b.stage_rhs[i], first ? y[i] : sum);
            }
        }
        // The weighted sum in units of sum_scale: one product fewer and a smaller rounding error than adding h b_j k_j to y one by one.
        if (Tableau::b_row < 0 && Tableau::b(j) != 0.0) {
            const scalar weight = scalar(Tableau::b(j) / Tableau::sum_scale());
            const bool first = Tableau::first_b == j;
            BR_UNROLL_FULL
            for (int i = 0; i < n; ++i) {
                if (first) {
                    proposed[i] = weight == scalar(1) ? b.stage_rhs[i] : weight * b.stage_rhs[i];
                } else {
                    proposed[i] = weight == scalar(1) ? proposed[i] + b.stage_rhs[i] : fma(weight, b.stage_rhs[i], proposed[i]);
                }
            }
        }
    }
};
