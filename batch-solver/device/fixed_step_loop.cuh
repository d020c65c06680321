// The time loop for steps of a size all runs share.
//
// The times to save at cut the integration into segments: segment g makes steps[g] steps of size dt from start[g], then, where last[g] is positive, one shorter step that
// ends exactly at the time to save. Everything that controls the loop is the same for all runs, so there is nothing to mask; time is start + step number × dt and does not
// accumulate rounding errors.
template <class System, class Step, class Controller, class Buffers> struct fixed_step_loop {
    static constexpr int n = Buffers::n;
    using state_t = typename Buffers::state_type;

    template <class C>
    BR_DEVICE static void run(const frame& f, state_t& s, Buffers& b, const C& c, int segments, const broadcast_array<int>& steps,
                              const broadcast_array<scalar>& start, const broadcast_array<scalar>& last, const output_array<scalar>& states,
                              const output_array<scalar>& observables, const output_array<int>& status) {
        const scalar dt = Controller::step_size(s.controller);
        Step::begin(f, s.step, start[0], b.state, b.parameters, c);
        for (int g = 0; g < segments; ++g) {
            const int whole = steps[g];
#if BR_GPU
            // Counting and branching take issue slots from the arithmetic: a tenth of a small system's step.
            BR_UNROLL((n <= 4 ? 4 : 1))
#endif
            for (int k = 0; k < whole; ++k) advance(f, s, b, c, fma(scalar(k), dt, start[g]), dt);
            if (last[g] > scalar(0)) advance(f, s, b, c, fma(scalar(whole), dt, start[g]), last[g]);
            save(b, c, g, fma(scalar(whole), dt, start[g]) + last[g], states, observables);
        }

        mask finite(true);
        BR_UNROLL_FULL
        for (int i = 0; i < n; ++i) finite = finite & isfinite(b.state[i]);
        status[0] = select(finite, i32(0), i32(status_not_finite));
    }

  private:
    template <class C> BR_DEVICE static void advance(const frame& f, state_t& s, Buffers& b, const C& c, scalar t, scalar h) {
        Step::step(f, s.step, real(t), h, b.state, b.parameters, c, b.proposed_state);
        BR_UNROLL_FULL
        for (int i = 0; i < n; ++i) b.state[i] = b.proposed_state[i];
        placement_fence<Buffers>();
    }

    template <class C>
    BR_DEVICE static void save(Buffers& b, const C& c, int row, scalar t, const output_array<scalar>& states,
                               const output_array<scalar>& observables) {
        // A computed index would keep the state in memory through the whole loop.
        BR_UNROLL_FULL
        for (int i = 0; i < n; ++i) states[row * n + i] = b.state[i];
        if constexpr (Buffers::save_observables) {
            System::observables_of(real(t), b.state, b.parameters, c, b.observables);
            BR_UNROLL_FULL
            for (int i = 0; i < Buffers::observable_count; ++i) observables[row * Buffers::observable_count + i] = b.observables[i];
        }
    }
};
