// The time loop of one run: loads the run, integrates it with steps of a fixed or a chosen size, and leaves its status.

template <class System, class Step, class Controller, class Buffers> struct ivp_loop {
    static constexpr int n = Buffers::n;
    using state_t = typename Buffers::state_type;

    /// `rows` times are saved at; `steps`, `start` and `last` cut the integration there for fixed steps, `times` are the times themselves. `tolerances` are the absolute
    /// ones of all states, then the relative ones.
    BR_DEVICE static void run(const frame& f, state_t& s, const input_array<scalar>& initial, const input_array<scalar>& parameters,
                              const broadcast_array<scalar>& constants, const broadcast_array<int>& rows, const broadcast_array<int>& steps,
                              const broadcast_array<scalar>& start, const broadcast_array<scalar>& last, const broadcast_array<scalar>& times,
                              const broadcast_array<scalar>& tolerances, const output_array<scalar>& states,
                              const output_array<scalar>& observables, const output_array<int>& status, const output_array<int>& counters) {
        Buffers b(f, s);
        scalar c[Buffers::constants + 1];
        BR_UNROLL_FULL
        for (int i = 0; i < Buffers::constants; ++i) c[i] = constants[i];
        BR_UNROLL_FULL
        for (int i = 0; i < Buffers::parameter_count; ++i) b.parameters[i] = parameters[i];
        BR_UNROLL_FULL
        for (int i = 0; i < n; ++i) b.state[i] = initial[i];
        if constexpr (Controller::adaptive) {
            adaptive_loop<System, Step, Controller, Buffers>::run(f, s, b, c, times, rows[0], start[0], tolerances, states, observables, status,
                                                                  counters);
        } else {
            fixed_step_loop<System, Step, Controller, Buffers>::run(f, s, b, c, rows[0], steps, start, last, states, observables, status);
        }
    }
};
