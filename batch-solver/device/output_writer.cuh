// Saves the chosen variables of the runs.
template <class System, class Buffers> struct output_writer {
    static constexpr int states = Buffers::saved_states, observables = Buffers::saved_observables;

    /// Stores one row of the saved arrays: in all lanes, or in those of a mask, where each lane may have a row of its own.
    template <class Runs, class Y, class O, class Row, class... Mask>
    BR_DEVICE static void save(const Runs& runs, const ivp_arrays& a, const Y& state, const O& observed, const Row& row, const Mask&... m) {
        save_states<0>(runs, a, state, row, m...);
        save_observables<0>(runs, a, observed, row, m...);
    }

  private:
    // Recursion rather than a loop: an index that is not a constant before loops are unrolled keeps the state in memory through all of the kernel.
    template <int k, class Runs, class Y, class Row, class... Mask>
    BR_DEVICE static void save_states(const Runs& runs, const ivp_arrays& a, const Y& state, const Row& row, const Mask&... m) {
        if constexpr (k < states) {
            constexpr int at = Buffers::saved_state(k);
            runs.store(a.states, row * states + k, state[at], m...);
            save_states<k + 1>(runs, a, state, row, m...);
        }
    }
    template <int k, class Runs, class O, class Row, class... Mask>
    BR_DEVICE static void save_observables(const Runs& runs, const ivp_arrays& a, const O& observed, const Row& row, const Mask&... m) {
        if constexpr (k < observables) {
            constexpr int at = Buffers::saved_observable(k);
            runs.store(a.observables, row * observables + k, observed[at], m...);
            save_observables<k + 1>(runs, a, observed, row, m...);
        }
    }
};
