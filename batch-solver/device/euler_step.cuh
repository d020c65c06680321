// One step of the explicit Euler method.
template <class System, class Buffers> struct euler_step : plain_step<Buffers> {
    static constexpr int order = 1, stages = 1;
    using state_t = typename Buffers::state_type;

    /// proposed = y advanced by h from t. H is scalar for a step all lanes share, real otherwise.
    template <class H, class Y, class P, class C, class Z>
    BR_DEVICE static void step([[maybe_unused]] const frame& f, [[maybe_unused]] state_t& s, const step_scope&, const real& t, const H& h, const Y& y, const P& p,
                               const C& c, Z& proposed) {
        System::rhs(t, y, p, c, proposed);
        if constexpr (Buffers::trace) {
            Buffers b(f, s);
            for (int i = 0; i < Buffers::n; ++i) b.trace_derivatives[i] = proposed[i];
        }
        UNROLL_STATES
        for (int i = 0; i < Buffers::n; ++i) proposed[i] = fma(h, proposed[i], y[i]);
    }
};
