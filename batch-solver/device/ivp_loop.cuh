// The time loop of one run: which kind depends on who chooses the steps and the end.

/// What equations see besides states and parameters: constants as values in registers.
template <int count> struct launch_constants {
    BR_DEVICE explicit launch_constants(const broadcast_array<scalar>& constants) {
        BR_UNROLL_FULL
        for (int i = 0; i < count; ++i) values[i] = constants[i];
    }
    BR_DEVICE scalar operator[](int i) const { return values[i]; }

    scalar values[count > 0 ? count : 1];
};

template <class System, class Step, class Controller, class Output, class Summary, class Buffers> struct ivp_loop {
    using state_t = typename Buffers::state_type;

    BR_DEVICE static void run(const frame& f, state_t& s, const input_array<scalar>& initial, const input_array<scalar>& parameters,
                              const input_array<scalar>& ends, const broadcast_array<scalar>& constants, const broadcast_array<int>& counts,
                              const broadcast_array<scalar>& times, const broadcast_array<int>& kinds, const broadcast_array<int>& steps,
                              const broadcast_array<scalar>& start, const broadcast_array<scalar>& last, const broadcast_array<scalar>& tolerances,
                              const broadcast_array<scalar>& scales, const broadcast_array<scalar>& driver_values, const output_array<scalar>& states, const output_array<scalar>& observables,
                              const output_array<scalar>& summaries, const output_array<int>& status, const output_array<int>& counters,
                              const output_array<scalar>& trace) {
        Buffers b(f, s);
        const launch_constants<Buffers::constants> c(constants);
        const ivp_arrays a{initial, parameters, ends,   counts,      times,     kinds,  steps,    start, last,
                           tolerances, scales,  states, observables, summaries, status, counters, trace};
        if constexpr (Buffers::driver_count > 0) {
            // Where the samples begin and how close they are, then the coefficients.
            using set_t = driver_set<Buffers::driver_count, Buffers::driver_order>;
            const set_t set(driver_values.data + 2, driver_values[0], driver_values[1], counts[count_driver_segments], counts[count_driver_wraps] != 0);
            using driven = driven_constants<decltype(c), set_t, decltype(b.drivers), decltype(b.driver_rates)>;
            integrate(f, s, b, driven(c, set, b.drivers, b.driver_rates), a);
        } else {
            integrate(f, s, b, c, a);
        }
    }

  private:
    template <class C> BR_DEVICE static void integrate(const frame& f, state_t& s, Buffers& b, const C& c, const ivp_arrays& a) {
        if constexpr (Controller::adaptive || Buffers::per_run_end) {
            per_run_loop<System, Step, Controller, Output, Summary, Buffers>::run(f, s, b, c, a);
        } else {
            fixed_step_loop<System, Step, Controller, Output, Summary, Buffers>::run(f, s, b, c, a);
        }
    }
};
