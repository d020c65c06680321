// One step of the backward Euler method: u = h f(t + h, y + u). The first guess is the increment of the step before, or that of an explicit step.
template <class System, class Newton, class Buffers, bool predicts> struct backwards_euler_base : iterating_step<Buffers> {
    static constexpr int n = Buffers::n, order = 1, stages = 1;
    using state_t = typename Buffers::state_type;

    template <class H, class Y, class P, class C, class Z>
    BR_DEVICE static step_report step(const frame& f, state_t& s, const step_scope& scope, const real& t, const H& h, const Y& y, const P& p, const C& c, Z& proposed) {
        Buffers b(f, s);
        const real step(h), end = t + step;
        discarded slope;
        const auto frozen = matrix_at<System, n>(t, step, y, p, c, slope);
        Newton::begin(f, s.newton, scope, y);
        Newton::prepare(f, s.newton, frozen);
        if constexpr (predicts) {
            System::rhs(t, y, p, c, b.increment_cache);
            UNROLL_STATES
            for (int i = 0; i < n; ++i) b.increment_cache[i] = step * b.increment_cache[i];
        }
        placement_fence<Buffers>();
        const auto equation = equation_of<System, n>(end, step, scalar(1), y, proposed, p, c);
        const step_report report = Newton::solve(f, s.newton, equation, frozen, scope.wanted, b.increment_cache);
        equation.evaluate(b.increment_cache);
        if constexpr (Buffers::trace) {
            for (int i = 0; i < n; ++i) b.trace_derivatives[i] = b.increment_cache[i] / step;
        }
        if constexpr (!predicts) {
            // Nothing is learned from a step that was not solved.
            UNROLL_STATES
            for (int i = 0; i < n; ++i) b.increment_cache[i] = select(report.solved(), b.increment_cache[i], real(0));
        }
        return report;
    }
};

template <class System, class Newton, class Buffers> struct backwards_euler_step : backwards_euler_base<System, Newton, Buffers, false> {};
template <class System, class Newton, class Buffers> struct backwards_euler_pc_step : backwards_euler_base<System, Newton, Buffers, true> {};
