// First guesses for the increments of a step: the derivatives of the stages of the step before, as a polynomial, evaluated where the new stages are. Interpolation where the step
// before was refused and its stages are solutions from the same start, extrapolation where it was accepted (Hairer & Wanner, Solving Ordinary Differential Equations II, 2nd ed., p. 120).
template <class System, class Buffers> struct dense_predictor {
    using state_t = typename Buffers::state_type;
    using nodes = typename Buffers::nodes;
    static constexpr int n = Buffers::n, stages = nodes::stages;

    /// Replaces the increments of a step of size |before| by guesses for one of size h, in the lanes of `wanted`. `before` is negative where that step was refused, 0 where nothing is
    /// known: increments are 0 there.
    template <class U> BR_DEVICE static void predict(const frame& f, state_t& s, const mask& wanted, const real& h, const real& before, U& increments) {
        Buffers b(f, s);
        const mask known = before != real(0);
        const real ratio = select(known, h / abs(before), real(0));
        const mask usable = known & (ratio <= scalar(Buffers::largest_ratio));
        const real start = select(before > scalar(0), real(1), real(0));
        BR_NO_UNROLL
        for (int j = 0; j < stages; ++j) {
            const real x = fma(real(scalar(nodes::c(j))), ratio, start);
            BR_NO_UNROLL
            for (int k = 0; k < nodes::count; ++k) {
                real product = ratio * scalar(nodes::scale(k));
                BR_NO_UNROLL
                for (int m = 0; m < nodes::count; ++m) {
                    if (m != k) product = product * (x - scalar(nodes::c(nodes::stage(m))));
                }
                b.transform[j * nodes::count + k] = product;
            }
        }
        BR_NO_UNROLL
        for (int i = 0; i < n; ++i) {
            BR_NO_UNROLL
            for (int k = 0; k < nodes::count; ++k) b.previous_values[k] = increments[nodes::stage(k) * n + i];
            BR_NO_UNROLL
            for (int j = 0; j < stages; ++j) {
                real sum(0);
                BR_NO_UNROLL
                for (int k = 0; k < nodes::count; ++k) sum = fma(b.transform[j * nodes::count + k], b.previous_values[k], sum);
                increments[j * n + i] = select(wanted, select(usable, sum, real(0)), real(increments[j * n + i]));
            }
        }
        placement_fence<Buffers>();
    }
};
