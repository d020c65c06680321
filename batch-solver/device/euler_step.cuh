// One step of the explicit Euler method.
template <class System, class Buffers> struct euler_step {
    static constexpr int order = 1;
    using state_t = typename Buffers::state_type;

    template <class Y, class P, class C> BR_DEVICE static void begin(const frame&, state_t&, const real&, const Y&, const P&, const C&) {}

    /// proposed = y advanced by h from t. H is scalar for a step all lanes share, real otherwise.
    template <class H, class Y, class P, class C, class Z>
    BR_DEVICE static void step(const frame&, state_t&, const real& t, const H& h, const Y& y, const P& p, const C& c, Z& proposed) {
        System::rhs(t, y, p, c, proposed);
        BR_UNROLL_FULL
        for (int i = 0; i < Buffers::n; ++i) proposed[i] = fma(h, proposed[i], y[i]);
    }
};
