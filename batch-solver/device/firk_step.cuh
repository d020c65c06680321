// One step of any fully implicit Runge-Kutta method. Stages are increments u_j = h k_j, solved for together.

/// I - h A (x) J: the matrix of all stages together, with the Jacobian of one state, or of each stage.
template <class System, class Tableau, class Places, int n, class States, class P, class C, class W> struct coupled_matrix {
    const real& t;
    /// The step.
    real alpha;
    /// The state where stage j is linearised, and its time.
    const States& states;
    const P& p;
    const C& c;
    /// Scratch of n.
    W& direction;

    /// The entries of one Jacobian, for the block form, or of those of all stages.
    template <class J> BR_DEVICE void jacobian(J& entries) const {
        if constexpr (States::each) {
            BR_NO_UNROLL
            for (int i = 0; i < Tableau::stages; ++i) {
                stage_entries<J> of_stage{entries, i};
                discarded ignored, by_time;
                const auto& y = states.at(i);
                System::linearise(states.time(i), y, p, c, ignored, of_stage, by_time);
            }
        } else {
            discarded ignored, by_time;
            const auto& y = states.at(0);
            System::linearise(t, y, p, c, ignored, entries, by_time);
        }
    }

    /// out_i = v_i - h J sum_j a_ij v_j.
    template <class V, class Out> BR_DEVICE void apply(const V& v, Out& out) const {
        BR_NO_UNROLL
        for (int i = 0; i < Tableau::stages; ++i) {
            UNROLL_STATES
            for (int k = 0; k < n; ++k) direction[k] = real(0);
            add_stages(v, i, direction);
            stage_row<n, Out> row(out, i);
            const auto& y = states.at(i);
            System::jacobian_vector(states.time(i), y, p, c, direction, row);
            UNROLL_STATES
            for (int k = 0; k < n; ++k) out[i * n + k] = fma(-alpha, out[i * n + k], v[i * n + k]);
        }
    }

    template <class Out> BR_DEVICE void diagonal(Out& out) const {
        BR_NO_UNROLL
        for (int i = 0; i < Tableau::stages; ++i) {
            stage_row<n, Out> row(out, i);
            const auto& y = states.at(i);
            System::jacobian_diagonal(states.time(i), y, p, c, row);
            const real scaled = alpha * scalar(Tableau::a(i, i));
            UNROLL_STATES
            for (int k = 0; k < n; ++k) out[i * n + k] = fma(-scaled, out[i * n + k], real(1));
        }
    }

    /// sum += sum_j a_ij v_j.
    template <class V, class Sum> BR_DEVICE static void add_stages(const V& v, int i, Sum& sum) {
        BR_NO_UNROLL
        for (int j = 0; j < Tableau::stages; ++j) {
            const real weight(scalar(Tableau::a(i, j)));
            UNROLL_STATES
            for (int k = 0; k < n; ++k) sum[k] = fma(weight, v[j * n + k], sum[k]);
        }
    }

  private:
    /// In place of the entries of the Jacobian of stage i: its blocks within that of all stages, each a multiple.
    template <class J> struct stage_entries {
        J& entries;
        int stage;
        struct element {
            J& entries;
            int stage, e;
            BR_DEVICE void operator=(const real& value) const {
                const int first = stage * Tableau::stages * Places::nonzeros + Places::first(e), stride = Places::stride(e);
                BR_NO_UNROLL
                for (int j = 0; j < Tableau::stages; ++j) entries[first + j * stride] = value * scalar(Tableau::a(stage, j));
            }
        };
        BR_DEVICE element operator[](int e) const { return {entries, stage, e}; }
    };
};

/// All stages are linearised at one state.
template <class Y> struct same_state {
    static constexpr bool each = false;
    const Y& y;
    const real& t;
    BR_DEVICE const Y& at(int) const { return y; }
    BR_DEVICE const real& time(int) const { return t; }
};

template <class System, class Newton, class Predictor, class ErrorSolver, class Buffers> struct firk_step : iterating_step<Buffers> {
    using Tableau = typename Buffers::tableau;
    using Places = typename Buffers::places;
    static constexpr int n = Buffers::n, stages = Tableau::stages, order = Tableau::order;
    using state_t = typename Buffers::state_type;

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

    BR_DEVICE static void commit(const frame& f, state_t& s, const mask& accepted, const real& h, const step_report&) {
        Buffers b(f, s);
        remember(b, accepted, h);
    }

  private:
    /// The part of the step after which the equations are linearised for all iterations, at the state predicted there: iterations converge faster, and steps are longer, than
    /// with the Jacobian of the start, where a large step leaves a transient.
    static constexpr double where_linearised = 0.7;

    /// Whether the error estimate has a part of the derivative at the start of the step.
    static constexpr bool needs_start = Buffers::adaptive && Tableau::start_error != 0.0;

    /// Whether none of the matrices of Newton's method is that of the error estimate.
    BR_DEVICE static constexpr bool separate_solver() {
        if constexpr (Newton::linear::direct) {
            return !Newton::linear::has_real_block;
        } else {
            return true;
        }
    }

    BR_DEVICE static void remember([[maybe_unused]] Buffers& b, [[maybe_unused]] const mask& accepted, [[maybe_unused]] const real& h) {
        if constexpr (Buffers::dense_prediction) b.previous_step_size[0] = select(accepted, h, b.previous_step_size[0]);
    }

    /// u_i = h f(t + c_i h, y + sum_j a_ij u_j), all stages together.
    template <class Y, class P, class C> struct equation {
        Buffers& b;
        const real &t, &h;
        const Y& y;
        const P& p;
        const C& c;

        BR_DEVICE real time(int i) const { return Tableau::c(i) == 0.0 ? t : fma(h, real(scalar(Tableau::c(i))), t); }

        template <class U> BR_DEVICE void evaluate(const U& u, int i) const {
            UNROLL_STATES
            for (int k = 0; k < n; ++k) b.stage_state[k] = y[k];
            matrix_t<same_state<Y>>::add_stages(u, i, b.stage_state);
        }

        template <class U, class R> BR_DEVICE void residual(const U& u, R& r) const {
            BR_NO_UNROLL
            for (int i = 0; i < stages; ++i) {
                evaluate(u, i);
                stage_row<n, R> row(r, i);
                System::rhs(time(i), b.stage_state, p, c, row);
                UNROLL_STATES
                for (int k = 0; k < n; ++k) r[i * n + k] = fma(h, r[i * n + k], -u[i * n + k]);
            }
        }

        template <class Use> BR_DEVICE void with_matrix(const Use& use) const {
            const at_stages states{*this};
            use(matrix_t<at_stages>{t, h, states, p, c, b.stage_direction});
        }

        /// Each stage is linearised where it is evaluated.
        struct at_stages {
            static constexpr bool each = true;
            const equation& of;
            BR_DEVICE const auto& at(int i) const {
                of.evaluate(of.b.stage_increment, i);
                return of.b.stage_state;
            }
            BR_DEVICE real time(int i) const { return of.time(i); }
        };

        template <class States> using matrix_t = coupled_matrix<System, Tableau, Places, n, States, P, C, decltype(Buffers::stage_direction)>;
    };

    template <class Y, class P, class C, class Z, class E>
    BR_DEVICE static step_report all_stages(const frame& f, state_t& s, Buffers& b, const step_scope& scope, const real& t, const real& h, const Y& y, const P& p,
                                            const C& c, Z& proposed, E&& error) {
        Newton::begin(f, s.newton, scope, y);
        if constexpr (Buffers::dense_prediction) {
            Predictor::predict(f, s.dense_predictor, scope.wanted, h, b.previous_step_size[0], b.stage_increment);
        } else {
            UNROLL_STATES
            for (int i = 0; i < stages * n; ++i) b.stage_increment[i] = real(0);
        }
        if constexpr (needs_start) System::rhs(t, y, p, c, b.start_rhs);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) b.linearised[i] = y[i];
        BR_NO_UNROLL
        for (int j = 0; j < stages; ++j) add_stage(b, scalar(where_linearised * Tableau::b(j)), j, b.linearised);
        const real within = fma(h, real(scalar(where_linearised)), t);
        using linearised_t = decltype(Buffers::linearised);
        const same_state<linearised_t> there{b.linearised, within};
        using direction_t = decltype(Buffers::stage_direction);
        const coupled_matrix<System, Tableau, Places, n, same_state<linearised_t>, P, C, direction_t> frozen{within, h, there, p, c, b.stage_direction};
        Newton::prepare(f, s.newton, frozen);
        placement_fence<Buffers>();
        const equation<Y, P, C> all{b, t, h, y, p, c};
        step_report report = Newton::solve(f, s.newton, all, frozen, scope.wanted, b.stage_increment);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) proposed[i] = y[i];
        BR_NO_UNROLL
        for (int j = 0; j < stages; ++j) add_stage(b, scalar(Tableau::b(j)), j, proposed);
        if constexpr (Buffers::trace) {
            for (int i = 0; i < stages * n; ++i) b.trace_derivatives[i] = b.stage_increment[i] / h;
        }
        if constexpr (Buffers::adaptive) estimate(f, s, b, scope, t, h, y, p, c, error, report);
        // Refused until it is accepted. Lanes that make no step keep what they know of their last one.
        if constexpr (Buffers::dense_prediction) b.previous_step_size[0] = select(scope.wanted, select(report.solved(), -h, real(0)), b.previous_step_size[0]);
        placement_fence<Buffers>();
        return report;
    }

    template <class S> BR_DEVICE static void add_stage(Buffers& b, scalar weight, int j, S& sum) {
        UNROLL_STATES
        for (int i = 0; i < n; ++i) sum[i] = fma(real(weight), b.stage_increment[j * n + i], sum[i]);
    }

    /// The difference to an embedded solution; smoothed by the inverse of I - h gamma J, which damps what is stiff (Hairer & Wanner, Solving Ordinary Differential Equations II, 2nd ed., p. 123).
    template <class Y, class P, class C, class E>
    BR_DEVICE static void estimate(const frame& f, state_t& s, Buffers& b, const step_scope& scope, const real& t, const real& h, const Y& y, const P& p, const C& c, E& error,
                                   step_report& report) {
        UNROLL_STATES
        for (int i = 0; i < n; ++i) {
            if constexpr (needs_start) {
                error[i] = h * scalar(Tableau::start_error) * b.start_rhs[i];
            } else {
                error[i] = real(0);
            }
        }
        BR_NO_UNROLL
        for (int j = 0; j < stages; ++j) add_stage(b, scalar(Tableau::e(j)), j, error);
        if constexpr (Buffers::smoothed_error) {
            if constexpr (separate_solver()) {
                discarded slope;
                const auto matrix = matrix_at<System, n>(t, real(h * scalar(Tableau::smoothing)), y, p, c, slope);
                ErrorSolver::prepare(f, s.error_solver, matrix);
                const mask wanted = scope.wanted & report.solved();
                Newton::count(ErrorSolver::solve(f, s.error_solver, matrix, typename Newton::state_norm(f, s.newton), wanted, error), report);
            } else {
                Newton::linear::solve_real(f, s.newton.linear, h, error);
            }
        }
    }
};
