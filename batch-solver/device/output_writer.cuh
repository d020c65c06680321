// Saves the chosen variables of the runs.
template <class System, class Buffers> struct output_writer {
    static constexpr int states = Buffers::saved_states, observables = Buffers::saved_observables;

    /// Stores one row of the saved arrays: in all lanes, or in those of a mask, where each lane may have a row of its own.
    template <class Runs, class Y, class O, class Row, class... Mask>
    BR_DEVICE static void save(const Runs& runs, const ivp_arrays& a, const Y& state, const O& observed, const Row& row, const Mask&... m) {
        if constexpr (states > 0) {
            local_array<scalar, states> chosen;
            choose<0, states, state_table>(state, chosen);
            runs.template store_rows<states>(a.states, row * states, chosen, m...);
        }
        if constexpr (observables > 0) {
            local_array<scalar, observables> chosen;
            choose<0, observables, observable_table>(observed, chosen);
            runs.template store_rows<observables>(a.observables, row * observables, chosen, m...);
        }
    }

  private:
    struct state_table {
        BR_DEVICE static constexpr int at(int k) { return Buffers::saved_state(k); }
    };
    struct observable_table {
        BR_DEVICE static constexpr int at(int k) { return Buffers::saved_observable(k); }
    };

    // Recursion rather than a loop: an index that is not a constant before loops are unrolled keeps the state in memory through all of the kernel.
    template <int k, int count, class Table, class Y, class Chosen> BR_DEVICE static void choose(const Y& values, Chosen& chosen) {
        if constexpr (k < count) {
            constexpr int from = Table::at(k);
            chosen[k] = values[from];
            choose<k + 1, count, Table>(values, chosen);
        }
    }
};
