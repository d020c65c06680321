// Saves the chosen variables of the runs.
template <class System, class Buffers> struct output_writer {
    static constexpr int states = Buffers::saved_states, observables = Buffers::saved_observables;

    /// Stores one row of the saved arrays: in all lanes, or in those of a mask, where each lane may have a row of its own.
    template <class Runs, class Y, class O, class Row, class... Mask>
    BR_DEVICE static void save(const Runs& runs, const ivp_arrays& a, const Y& state, const O& observed, const Row& row, const Mask&... m) {
        // A computed index into the state would keep it in memory through the whole loop: the positions are constants.
        BR_UNROLL_FULL
        for (int k = 0; k < states; ++k) runs.store(a.states, row * states + k, state[Buffers::saved_state(k)], m...);
        BR_UNROLL_FULL
        for (int k = 0; k < observables; ++k) runs.store(a.observables, row * observables + k, observed[Buffers::saved_observable(k)], m...);
    }
};
