// Tridiagonal systems by the Thomas algorithm (L. H. Thomas, 1949): one system per lane, no pivoting.
//
//     lower[i] x[i-1] + diagonal[i] x[i] + upper[i] x[i+1] = rhs[i],   i = 0 … n-1
template <class Buffers> struct thomas_solver {
    static constexpr int n = Buffers::n;
    using input = input_array<scalar>;
    using output = output_array<scalar>;

    BR_DEVICE static void run(const frame& f, typename Buffers::state_type& s, const input& lower, const input& diagonal,
                              const input& upper, const input& rhs, const output& x, const output& error) {
        Buffers b(f, s);
        real factor = scalar(1) / diagonal[0];
        b.ratio[0] = upper[0] * factor;
        b.solution[0] = rhs[0] * factor;
        for (int i = 1; i < n; ++i) {
            factor = scalar(1) / fma(-lower[i], b.ratio[i - 1], diagonal[i]);
            b.ratio[i] = upper[i] * factor;
            b.solution[i] = fma(-lower[i], b.solution[i - 1], rhs[i]) * factor;
        }
        placement_fence<Buffers>();
        for (int i = n - 2; i >= 0; --i) b.solution[i] = fma(-b.ratio[i], b.solution[i + 1], b.solution[i]);

        // The ratios are no longer needed: the residual may lie in their space.
        for (int i = 0; i < n; ++i) {
            const real left = i > 0 ? lower[i] * b.solution[i - 1] : real(0);
            const real right = i + 1 < n ? upper[i] * b.solution[i + 1] : real(0);
            b.residual[i] = fma(diagonal[i], b.solution[i], left) + (right - rhs[i]);
            x[i] = b.solution[i];
        }
        placement_fence<Buffers>();
        real worst = 0;
        for (int i = 0; i < n; ++i) worst = max(abs(b.residual[i]), worst);
        error[0] = worst;
    }
};
