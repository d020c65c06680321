// One step of the Crank-Nicolson method, u = h f(t + h, y + (h f(t, y) + u) / 2). The error is estimated by the difference to a step of the backward Euler method.
template <class System, class Newton, class Buffers> struct crank_nicolson_step : iterating_step<Buffers> {
    static constexpr int n = Buffers::n, order = 2, stages = 2;
    using state_t = typename Buffers::state_type;

    template <class H, class Y, class P, class C, class Z>
    BR_DEVICE static step_report step(const frame& f, state_t& s, const step_scope& scope, const real& t, const H& h, const Y& y, const P& p, const C& c, Z& proposed) {
        Buffers b(f, s);
        return solve(f, s, b, scope, t, real(h), y, p, c, proposed);
    }

    template <class H, class Y, class P, class C, class Z, class E>
    BR_DEVICE static step_report step_with_error(const frame& f, state_t& s, const step_scope& scope, const real& t, const H& h, const Y& y, const P& p, const C& c,
                                                 Z& proposed, E& error) {
        Buffers b(f, s);
        const real step(h), end = t + step;
        step_report report = solve(f, s, b, scope, t, step, y, p, c, proposed);
        // From the increment it ended with to that of the backward Euler method; `error` holds the argument.
        discarded slope;
        const auto frozen = matrix_at<System, n>(t, step, y, p, c, slope);
        Newton::prepare(f, s.newton, frozen);
        const auto equation = equation_of<System, n>(end, step, scalar(1), y, error, p, c);
        report.add(Newton::solve(f, s.newton, equation, frozen, scope.wanted & report.solved(), b.increment));
        UNROLL_STATES
        for (int i = 0; i < n; ++i) error[i] = proposed[i] - (y[i] + b.increment[i]);
        return report;
    }

  private:
    template <class Y, class P, class C, class Z>
    BR_DEVICE static step_report solve(const frame& f, state_t& s, Buffers& b, const step_scope& scope, const real& t, const real& h, const Y& y, const P& p, const C& c,
                                       Z& proposed) {
        const real end = t + h;
        discarded slope;
        const auto frozen = matrix_at<System, n>(t, real(scalar(0.5) * h), y, p, c, slope);
        Newton::begin(f, s.newton, scope, y);
        Newton::prepare(f, s.newton, frozen);
        System::rhs(t, y, p, c, b.dxdt);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) {
            b.increment[i] = h * b.dxdt[i];
            b.stage_base[i] = fma(scalar(0.5), b.increment[i], y[i]);
        }
        if constexpr (Buffers::trace) {
            for (int i = 0; i < n; ++i) b.trace_derivatives[i] = b.dxdt[i];
        }
        placement_fence<Buffers>();
        const auto equation = equation_of<System, n>(end, h, scalar(0.5), b.stage_base, proposed, p, c);
        const step_report report = Newton::solve(f, s.newton, equation, frozen, scope.wanted, b.increment);
        equation.evaluate(b.increment);
        if constexpr (Buffers::trace) {
            for (int i = 0; i < n; ++i) b.trace_derivatives[n + i] = b.increment[i] / h;
        }
        placement_fence<Buffers>();
        return report;
    }
};
