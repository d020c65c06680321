// Sums over the stages of a step, whose vectors of n are the rows of one array. Everything that depends on coefficients is decided from their data.

/// An index known while compiling. Stages take one, or a plain int where their loop is not unrolled.
template <int k> struct index {
    static constexpr int value = k;
    BR_DEVICE constexpr operator int() const { return k; }
};

/// Row j of an array of stages.
template <int n, class Store> struct stage_row {
    Store& store;
    int first;
    BR_DEVICE stage_row(Store& all, int j) : store(all), first(j * n) {}
    BR_DEVICE decltype(auto) operator[](int i) const { return store[first + i]; }
};

/// Sums of the stages u_k in `Store`, with coefficients Row::at(j, k): those of stage j, or of the step where j is the number of stages.
template <int n, class Store> struct stage_sums {
    using stage = stage_row<n, Store>;

    /// sum += sum over first <= k < j of row(j, k) u_k.
    template <class Row, int first, int j, class S> BR_DEVICE static void add(Store& store, Row row, index<first>, index<j> of, S& sum) {
        if constexpr (first < j) {
            constexpr double weight = Row::at(j, first);
            if constexpr (weight == 1.0) {
                const stage u(store, first);
                UNROLL_STATES
                for (int i = 0; i < n; ++i) sum[i] = sum[i] + u[i];
            } else if constexpr (weight != 0.0) {
                add_term(hold(scalar(weight)), stage(store, first), sum);
            }
            add(store, row, index<first + 1>{}, of, sum);
        }
    }
    template <class Row, class S> BR_DEVICE static void add(Store& store, Row, int first, int j, S& sum) {
        BR_NO_UNROLL
        for (int k = first; k < j; ++k) {
            const double weight = Row::at(j, k);
            if (weight != 0.0) add_term(real(scalar(weight)), stage(store, k), sum);
        }
    }

    /// sum = row(0, k) u_k.
    template <int k, class Row, class S> BR_DEVICE static void begin_with(Store& store, Row, S& sum) {
        constexpr double weight = Row::at(0, k);
        const stage u(store, k);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) {
            if constexpr (weight == 1.0) {
                sum[i] = u[i];
            } else {
                sum[i] = scalar(weight) * u[i];
            }
        }
    }

  private:
    template <class W, class S> BR_DEVICE static void add_term(const W& weight, const stage& u, S& sum) {
        UNROLL_STATES
        for (int i = 0; i < n; ++i) sum[i] = fma(weight, u[i], sum[i]);
    }
};
