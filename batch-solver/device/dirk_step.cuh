// One step of any diagonally implicit Runge-Kutta method, whose implicit stages all have the same diagonal entry.
//
// Stages are increments u_j = h k_j of the state. The derivative at the end of a stiffly accurate step is that of its last stage: evaluated anew it would magnify what is left
// of the iteration's error by the stiffest rate.
template <class System, class Newton, class Predictor, class Buffers> struct dirk_step : iterating_step<Buffers> {
    using Tableau = typename Buffers::tableau;
    static constexpr int n = Buffers::n, stages = Tableau::stages, order = Tableau::order;
    using state_t = typename Buffers::state_type;

    /// The derivative at the start of a run, in the lanes of `m`.
    template <class Y, class P, class C>
    BR_DEVICE static void begin(const frame& f, state_t& s, const mask& m, const real& t, const Y& y, const P& p, const C& c) {
        Buffers b(f, s);
        System::rhs(t, y, p, c, b.stage_base);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) b.stage_rhs[i] = select(m, b.stage_base[i], b.stage_rhs[i]);
    }

    template <class H, class Y, class P, class C, class Z>
    BR_DEVICE static step_report step(const frame& f, state_t& s, const step_scope& scope, const real& t, const H& h, const Y& y, const P& p, const C& c, Z& proposed) {
        Buffers b(f, s);
        const step_report report = all_stages(f, s, b, scope, t, real(h), y, p, c, proposed, discarded{});
        remember(b, scope.wanted & report.solved(), real(h));
        return report;
    }

    template <class H, class Y, class P, class C, class Z, class E>
    BR_DEVICE static step_report step_with_error(const frame& f, state_t& s, const step_scope& scope, const real& t, const H& h, const Y& y, const P& p, const C& c,
                                                 Z& proposed, E& error) {
        Buffers b(f, s);
        return all_stages(f, s, b, scope, t, real(h), y, p, c, proposed, error);
    }

    /// The next step begins where this one ended in the lanes of `accepted`.
    BR_DEVICE static void commit(const frame& f, state_t& s, const mask& accepted, const real& h, const step_report&) {
        Buffers b(f, s);
        remember(b, accepted, h);
    }

  private:
    using increments_t = decltype(Buffers::stage_increments);
    using sums = stage_sums<n, increments_t>;
    using stage = typename sums::stage;

    struct row {
        BR_DEVICE static constexpr double at(int j, int k) { return Tableau::a(j, k); }
    };
    struct guess_row {
        BR_DEVICE static constexpr double at(int j, int k) { return Tableau::guess(j, k); }
    };
    struct error_row {
        BR_DEVICE static constexpr double at(int, int k) { return Tableau::e(k); }
    };

    BR_DEVICE static void remember(Buffers& b, const mask& accepted, const real& h) {
        const stage last(b.stage_increments, stages - 1);
        const real inverse = real(1) / h;
        UNROLL_STATES
        for (int i = 0; i < n; ++i) b.stage_rhs[i] = select(accepted, last[i] * inverse, b.stage_rhs[i]);
        if constexpr (Buffers::dense_prediction) b.previous_step_size[0] = select(accepted, h, b.previous_step_size[0]);
    }

    template <class J, class V, class S> BR_DEVICE static void add_stages(Buffers& b, V row, int first, J j, S& sum) { sums::add(b.stage_increments, row, first, int(j), sum); }
    template <int first, int j, class V, class S> BR_DEVICE static void add_stages(Buffers& b, V row, index<first> from, index<j> to, S& sum) {
        sums::add(b.stage_increments, row, from, to, sum);
    }

    BR_DEVICE static real time_of(int j, const real& t, const real& h) { return Tableau::c(j) == 0.0 ? t : fma(h, real(scalar(Tableau::c(j))), t); }

    /// Stage j.
    template <class J, class Matrix, class Y, class P, class C, class Z>
    BR_DEVICE static void solve_stage(const frame& f, state_t& s, Buffers& b, J j, const Matrix& frozen, const step_scope& scope, const real& t, const real& h,
                                      const Y& y, const P& p, const C& c, Z& value, step_report& report) {
        stage u(b.stage_increments, j);
        if (Tableau::is_explicit(j)) {
            UNROLL_STATES
            for (int i = 0; i < n; ++i) {
                const real increment = h * b.stage_rhs[i];
                // Lanes that make no step keep those of their last one, to predict from.
                u[i] = Buffers::dense_prediction ? select(scope.wanted, increment, real(u[i])) : increment;
            }
        } else {
            UNROLL_STATES
            for (int i = 0; i < n; ++i) b.stage_base[i] = y[i];
            add_stages(b, row{}, index<0>{}, j, b.stage_base);
            first_guess(b, j, h, scope.wanted, u);
            const real at = time_of(j, t, h);
            const auto equation = equation_of<System, n>(at, h, scalar(Tableau::gamma), b.stage_base, value, p, c);
            report.add(Newton::solve(f, s.newton, equation, frozen, scope.wanted & report.solved(), u));
        }
        if constexpr (Buffers::trace) {
            for (int i = 0; i < n; ++i) b.trace_derivatives[j * n + i] = u[i] / h;
        }
        placement_fence<Buffers>();
    }

    /// From the stages before, and for the first one from the step before.
    template <class J, class U> BR_DEVICE static void first_guess(Buffers& b, J j, const real& h, [[maybe_unused]] const mask& wanted, U& u) {
        if constexpr (Buffers::dense_prediction) {
            // A predicted guess is there already.
            const mask predicted = !wanted | (b.previous_step_size[0] != real(0));
            guess_from_stages(b, j, h, b.stage_guess);
            UNROLL_STATES
            for (int i = 0; i < n; ++i) u[i] = select(predicted, u[i], b.stage_guess[i]);
        } else {
            guess_from_stages(b, j, h, u);
        }
    }

    template <class J, class U> BR_DEVICE static void guess_from_stages(Buffers& b, J j, const real& h, U& u) {
        UNROLL_STATES
        for (int i = 0; i < n; ++i) u[i] = int(j) == 0 ? h * b.stage_rhs[i] : real(0);
        add_stages(b, guess_row{}, index<0>{}, j, u);
    }

    template <int j, class Matrix, class Y, class P, class C, class Z>
    BR_DEVICE static void stages_from(const frame& f, state_t& s, Buffers& b, const Matrix& frozen, const step_scope& scope, const real& t, const real& h, const Y& y,
                                      const P& p, const C& c, Z& value, step_report& report) {
        if constexpr (j < stages) {
            solve_stage(f, s, b, index<j>{}, frozen, scope, t, h, y, p, c, value, report);
            stages_from<j + 1>(f, s, b, frozen, scope, t, h, y, p, c, value, report);
        }
    }

    template <class Y, class P, class C, class Z, class E>
    BR_DEVICE static step_report all_stages(const frame& f, state_t& s, Buffers& b, const step_scope& scope, const real& t, const real& h, const Y& y, const P& p,
                                            const C& c, Z& proposed, E&& error) {
        // For all iterations the equations are linearised in the middle of the step, where its derivative at the start leads: they converge faster, and steps are longer, than with
        // the Jacobian of the start, where a large step leaves a transient.
        const real half = scalar(0.5) * h;
        discarded slope;
        UNROLL_STATES
        for (int i = 0; i < n; ++i) b.linearised[i] = fma(half, b.stage_rhs[i], y[i]);
        const real within = t + half;
        const auto frozen = matrix_at<System, n>(within, real(h * scalar(Tableau::gamma)), b.linearised, p, c, slope);
        step_report report = step_report::none();
        Newton::begin(f, s.newton, scope, y);
        Newton::prepare(f, s.newton, frozen);
        if constexpr (Buffers::dense_prediction) Predictor::predict(f, s.dense_predictor, scope.wanted, h, b.previous_step_size[0], b.stage_increments);
        placement_fence<Buffers>();
        if constexpr (Buffers::unroll_stages) {
            stages_from<0>(f, s, b, frozen, scope, t, h, y, p, c, proposed, report);
        } else {
            BR_NO_UNROLL
            for (int j = 0; j < stages; ++j) solve_stage(f, s, b, j, frozen, scope, t, h, y, p, c, proposed, report);
        }
        UNROLL_STATES
        for (int i = 0; i < n; ++i) proposed[i] = y[i];
        add_stages(b, row{}, index<0>{}, index<stages>{}, proposed);
        if constexpr (Buffers::adaptive) {
            UNROLL_STATES
            for (int i = 0; i < n; ++i) error[i] = real(0);
            add_stages(b, error_row{}, index<0>{}, index<stages>{}, error);
            if constexpr (Buffers::smoothed_error) {
                report.add(Newton::solve_linear(f, s.newton, frozen, scope.wanted & report.solved(), error));
            }
        }
        // Refused until it is accepted.
        if constexpr (Buffers::dense_prediction) b.previous_step_size[0] = select(scope.wanted, select(report.solved(), -h, real(0)), b.previous_step_size[0]);
        return report;
    }
};
