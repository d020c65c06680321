// A record of every attempt of a run: time at its start, size, error norm, whether it was accepted, and the derivatives of all stages. Rows of `step_trace_fields` each.
template <int n, int stages> constexpr int step_trace_fields = 4 + n * stages;

template <class Step, int n, class Runs, class StepState, class Row, class... Mask>
BR_DEVICE void record_attempt(const frame& f, StepState& s, const Runs& runs, const ivp_arrays& a, const Row& attempt, const real& t, const real& h,
                              const real& squared_norm, const real& accepted, const Mask&... m) {
    constexpr int fields = step_trace_fields<n, Step::stages>;
    const Row first = attempt * fields;
    runs.store(a.trace, first, t, m...);
    runs.store(a.trace, first + 1, h, m...);
    runs.store(a.trace, first + 2, sqrt(squared_norm), m...);
    runs.store(a.trace, first + 3, accepted, m...);
    for (int j = 0; j < Step::stages; ++j) {
        for (int i = 0; i < n; ++i) runs.store(a.trace, first + (4 + j * n + i), Step::stage_derivative(f, s, j, i), m...);
    }
}
