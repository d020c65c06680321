// Largest eigenvalue of a symmetric matrix by power iteration (R. von Mises and H. Pollaczek-Geiringer, ZAMM 9, 1929): one matrix per lane.

/// How far a vector is from an eigenvector: the largest component of product - eigenvalue * vector.
template <class Buffers> struct eigen_residual {
    static constexpr int n = Buffers::n;
    using state = typename Buffers::state_type;

    template <class Vector, class Product>
    BR_DEVICE static real of(const frame& f, state& s, Vector& vector, Product& product, const real& eigenvalue) {
        Buffers b(f, s);
        for (int i = 0; i < n; ++i) b.difference[i] = fma(-eigenvalue, vector[i], product[i]);
        placement_fence<Buffers>();
        real largest = 0;
        for (int i = 0; i < n; ++i) largest = max(abs(b.difference[i]), largest);
        return largest;
    }
};

template <class Residual, class Buffers> struct power_iteration {
    static constexpr int n = Buffers::n;
    using state = typename Buffers::state_type;

    BR_DEVICE static void run(const frame& f, state& s, const input_array<scalar>& matrix,
                              const output_array<scalar>& eigenvalue, const output_array<int>& iterations) {
        Buffers b(f, s);
        for (int i = 0; i < n; ++i) b.vector[i] = scalar(i % 2 == 0 ? 1 : -1);
        real estimate = 0;
        mask active(true);
        for (int k = 0; k < Buffers::max_iters; ++k) {
            real along = 0;
            real square = 0;
            for (int i = 0; i < n; ++i) {
                real sum = 0;
                for (int j = 0; j < n; ++j) sum = fma(matrix[i * n + j], b.vector[j], sum);
                b.product[i] = sum;
                along = fma(b.vector[i], sum, along);
                square = fma(b.vector[i], b.vector[i], square);
            }
            placement_fence<Buffers>();
            estimate = select(active, along / square, estimate);
            active &= Residual::of(f, s.residual, b.vector, b.product, estimate) > b.tolerance;
            if (none(active)) break;

            real largest = 0;
            for (int i = 0; i < n; ++i) largest = max(abs(b.product[i]), largest);
            for (int i = 0; i < n; ++i) b.vector[i] = select(active, b.product[i] / largest, b.vector[i]);
            b.count[0] = b.count[0] + select(active, 1, 0);
            placement_fence<Buffers>();
        }
        eigenvalue[0] = estimate;
        iterations[0] = b.count[0];
    }
};
