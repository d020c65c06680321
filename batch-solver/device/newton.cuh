// Newton's method for the equations of implicit stages: with one matrix for all iterations of a step (simplified Newton), or with that of each iterate.
//
// Convergence is judged by its rate (Hairer & Wanner, Solving Ordinary Differential Equations II, 2nd ed., p. 120): after a correction of norm d with rate theta the error is about
// theta / (1 - theta) d. Norms are in units of the tolerance. The rate is kept from one solution to the next, so that a good guess takes one iteration.
template <class System, class Linear, class Buffers> struct newton {
    using state_t = typename Buffers::state_type;
    static constexpr int n = Buffers::n, stages = Buffers::stages;
    static constexpr bool exact = Buffers::exact;
    using linear = Linear;

    /// Takes over the tolerances, for a step from y.
    template <class Y> BR_DEVICE static void begin(const frame& f, state_t& s, const step_scope& scope, const Y& y) {
        Buffers b(f, s);
        const scalar rounding = sizeof(scalar) == 4 ? scalar(1.1920929e-7) : scalar(2.220446049250313e-16);
        scalar tightest(1);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) {
            const scalar absolute = s.atol > scalar(0) ? s.atol : scope.tolerances[i];
            const scalar given = s.rtol > scalar(0) ? s.rtol : scope.tolerances[n + i];
            const scalar relative = given > scalar(4) * rounding ? given : scalar(4) * rounding;
            tightest = min(relative, tightest);
            b.weights[i] = approx_reciprocal(fma(relative, abs(y[i]), real(absolute)));
        }
        // Errors of iterations add up over steps, of which there are the more the tighter the tolerance is (the rule of RADAU5; Hairer & Wanner, p. 121).
        const scalar derived = max(min(scalar(0.01), sqrt(tightest)), scalar(10) * rounding / tightest);
        b.threshold[0] = real(s.kappa > scalar(0) ? s.kappa : min(derived, scalar(0.1)));
    }

    /// Makes ready for solutions with one matrix.
    template <class Matrix> BR_DEVICE static void prepare(const frame& f, state_t& s, const Matrix& matrix) {
        if constexpr (!exact) Linear::prepare(f, s.linear, matrix);
    }

    /// Solves for u, from what is in it, in the lanes of `wanted`. `frozen` is the matrix it was made ready for.
    template <class Equation, class Matrix, class U>
    BR_DEVICE static step_report solve(const frame& f, state_t& s, const Equation& equation, const Matrix& frozen, const mask& wanted, U& u) {
        Buffers b(f, s);
        step_report report = step_report::none();
        mask todo = wanted;
        const real stored = b.previous_theta[0];
        real theta = select(stored > scalar(0), stored, real(1));
        real before(1);
        BR_NO_UNROLL
        for (int iteration = 0; iteration < Buffers::max_iterations; ++iteration) {
            equation.residual(u, b.residual);
            UNROLL_STATES
            for (int i = 0; i < stages * n; ++i) b.delta[i] = b.residual[i];
            const count_t asked = select(todo, count_t(1), count_t(0));
            report.iterations = report.iterations + asked;
            report.residuals = report.residuals + asked;
            mask bad = correction(f, s, b, equation, frozen, todo, report);
            const real size = approx_sqrt(squared_norm(b, b.delta));
            mask good(false), stalled(false);
            if (iteration > 0) {
                theta = select(todo, max(scalar(0.3) * theta, size * approx_reciprocal(before)), theta);
                bad = bad | (theta > scalar(2));
                const mask stagnant = abs(theta - scalar(1)) <= (sizeof(scalar) == 4 ? scalar(3.5e-2) : scalar(1.5e-6));
                stalled = stagnant & (size <= scalar(1));
                bad = bad | (stagnant & !stalled);
            } else {
                good = size < scalar(1e-5);
            }
            // A poor first guess may be off by many tolerances; only what has no square to go by is given up for its size.
            bad = bad | !(size < (sizeof(scalar) == 4 ? scalar(1e16) : scalar(1e100)));
            good = good | ((theta < scalar(1)) & (theta * size < b.threshold[0] * (scalar(1) - theta)));
            before = size;
            const mask moves = todo & !bad & !stalled;
            if constexpr (Buffers::line_search) {
                bad = bad | (moves & !backtrack(b, equation, moves, good, u, report));
            } else {
                UNROLL_STATES
                for (int i = 0; i < stages * n; ++i) u[i] = select(moves, u[i] + b.delta[i], u[i]);
            }
            report.status = select(todo & bad, report.status | count_t(status_newton_divergence), report.status);
            todo = todo & !(good | bad | stalled);
            placement_fence<Buffers>();
            if (none(todo)) break;
        }
        report.status = select(todo, report.status | count_t(status_max_newton), report.status);
        b.previous_theta[0] = select(wanted, select(report.solved(), theta, real(0)), stored);
        return report;
    }

    /// Replaces x by the solution of the linear equations of the matrix it was made ready for.
    template <class Matrix, class X>
    BR_DEVICE static step_report solve_linear(const frame& f, state_t& s, const Matrix& matrix, const mask& wanted, X& x) {
        Buffers b(f, s);
        // Iterations have left matrices of their own, in each lane that of as many iterations as its neighbours took.
        if constexpr (exact) Linear::prepare(f, s.linear, matrix);
        step_report report = step_report::none();
        count(Linear::solve(f, s.linear, matrix, norm_of{b}, wanted, x), report);
        return report;
    }

    /// The squared norm of a vector of all states, in units of the tolerance.
    struct norm_of {
        Buffers& b;
        template <class V> BR_DEVICE real operator()(const V& v) const { return squared_norm(b, v); }
    };

    /// The same of a vector of the system's states, for who has no buffers of Newton's method.
    struct state_norm {
        Buffers b;
        BR_DEVICE state_norm(const frame& f, state_t& s) : b(f, s) {}
        template <class V> BR_DEVICE real operator()(const V& v) const {
            real sum(0);
            UNROLL_STATES
            for (int i = 0; i < n; ++i) {
                const real ratio = v[i] * b.weights[i];
                sum = fma(ratio, ratio, sum);
            }
            return sum * scalar(1.0 / n);
        }
    };

    /// Adds what a linear solution took.
    BR_DEVICE static void count(const linear_report& linear, step_report& report) {
        report.linear_iterations = report.linear_iterations + convert<detail::bits_t<scalar>>(linear.iterations);
        report.status = report.status | convert<detail::bits_t<scalar>>(linear.status);
    }

  private:
    template <class V> BR_DEVICE static real squared_norm(Buffers& b, const V& v) {
        real sum(0);
        if constexpr (stages == 1) {
            UNROLL_STATES
            for (int i = 0; i < n; ++i) {
                const real ratio = v[i] * b.weights[i];
                sum = fma(ratio, ratio, sum);
            }
        } else {
            BR_NO_UNROLL
            for (int j = 0; j < stages; ++j) {
                UNROLL_STATES
                for (int i = 0; i < n; ++i) {
                    const real ratio = v[j * n + i] * b.weights[i];
                    sum = fma(ratio, ratio, sum);
                }
            }
        }
        return sum * scalar(1.0 / (stages * n));
    }

    /// Replaces the residual in delta by the correction; the result has the lanes in which that failed.
    template <class Equation, class Matrix>
    BR_DEVICE static mask correction(const frame& f, state_t& s, Buffers& b, const Equation& equation, const Matrix& frozen, const mask& todo, step_report& report) {
        linear_report linear = linear_report::none();
        if constexpr (exact) {
            equation.with_matrix([&](const auto& matrix) {
                Linear::prepare(f, s.linear, matrix);
                linear = Linear::solve(f, s.linear, matrix, norm_of{b}, todo, b.delta);
            });
        } else {
            linear = Linear::solve(f, s.linear, frozen, norm_of{b}, todo, b.delta);
        }
        if constexpr (Linear::direct) {
            return mask(false);
        } else {
            count(linear, report);
            return linear.status != i32(0);
        }
    }

    /// Goes along delta as far as the residual decreases enough, halving the way (Dennis & Schnabel, Numerical Methods for Unconstrained Optimization and Nonlinear Equations, p. 126); the
    /// result has the lanes in which it does. A correction that ends the iteration, in the lanes of `last`, is taken as it is, and a residual within the tolerance is small enough:
    /// these may be zero, or rounding, and decrease nothing.
    template <class Equation, class U>
    BR_DEVICE static mask backtrack(Buffers& b, const Equation& equation, const mask& moves, const mask& last, U& u, step_report& report) {
        const real start = squared_norm(b, b.residual);
        UNROLL_STATES
        for (int i = 0; i < stages * n; ++i) {
            b.stage_base_bt[i] = u[i];
            u[i] = select(moves, u[i] + b.delta[i], u[i]);
        }
        mask searches = moves & !last;
        real way(1);
        BR_NO_UNROLL
        for (int k = 0; k < Buffers::max_backtracks; ++k) {
            if (none(searches)) break;
            equation.residual(u, b.residual_temp);
            report.residuals = report.residuals + select(searches, count_t(1), count_t(0));
            // (1 - 1e-4 way)^2, of the squared norm.
            const real slack = fma(scalar(-1e-4), way, real(1));
            searches = searches & !(squared_norm(b, b.residual_temp) <= max(slack * slack * start, real(b.threshold[0] * b.threshold[0])));
            way = select(searches, scalar(0.5) * way, way);
            UNROLL_STATES
            for (int i = 0; i < stages * n; ++i) u[i] = select(searches, fma(way, b.delta[i], b.stage_base_bt[i]), u[i]);
            placement_fence<Buffers>();
        }
        return !searches;
    }
};
