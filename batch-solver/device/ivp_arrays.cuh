// The arrays of a batch of initial value problems, and how lanes reach the columns of their runs.

/// What happens at an event, as bits of `kinds`. The host's names are in src/integrate/schedule.rs.
constexpr int event_save = 1;
constexpr int event_sample = 2;
constexpr int event_window = 4;

/// Positions in `counts`.
constexpr int count_events = 0, count_save_rows = 1, count_windows = 2, count_end_row = 3, count_trace_rows = 4;
constexpr int count_driver_segments = 5, count_driver_wraps = 6;

/// All arrays of the entry. An event is a time at which every run stops: to save, to sample for summaries, to end a window of samples.
struct ivp_arrays {
    /// State and parameters at the start; the end of each run where runs have their own.
    const input_array<scalar>&initial, &parameters, &ends;
    /// Numbers of events, rows of saved values, windows; the row for the end of each run, or -1; rows of the trace.
    const broadcast_array<int>& counts;
    /// Times of the events, and what happens there.
    const broadcast_array<scalar>& times;
    const broadcast_array<int>& kinds;
    /// Steps of a size all runs share: how many whole ones before each event, from which time, and the size of a shorter last one.
    const broadcast_array<int>& steps;
    const broadcast_array<scalar>&start, &last;
    /// Absolute tolerances of all states, then the relative ones.
    const broadcast_array<scalar>& tolerances;
    /// 1/interval and 1/interval², the interval that between samples.
    const broadcast_array<scalar>& scales;
    const output_array<scalar>&states, &observables, &summaries;
    const output_array<int>&status, &counters;
    const output_array<scalar>& trace;
};

/// Lanes that each have one run of a pack of neighbours.
template <bool refill> struct lane_runs {
    BR_DEVICE explicit lane_runs(const frame&) {}

    /// values[i] = array[i] for i < rows, in the lanes of `m`.
    template <int rows, class T, class Values> BR_DEVICE void load(const input_array<T>& array, const mask& m, Values& values) const {
        UNROLL_STATES
        for (int i = 0; i < rows; ++i) values[i] = select(m, array[i], values[i]);
    }
    template <class T> BR_DEVICE lane<T> load(const input_array<T>& array, int row) const { return array[row]; }
    template <class T> BR_DEVICE void store(const output_array<T>& array, int row, const lane<T>& value) const { array.store(row, value); }
    /// `row`: the same for all lanes, or one for each.
    template <class T, class Row> BR_DEVICE void store(const output_array<T>& array, const Row& row, const lane<T>& value, const mask& m) const {
        array.store(row, value, m);
    }
    /// Stores rows from `row` on, in all lanes or those of a mask.
    template <int rows, class T, class Row, class Values, class... Mask>
    BR_DEVICE void store_rows(const output_array<T>& array, const Row& row, const Values& values, const Mask&... m) const {
        UNROLL_STATES
        for (int k = 0; k < rows; ++k) store(array, row + k, values[k], m...);
    }
};

/// Lanes that take a new run when they are done with one. What is moved for a few lanes is moved lane by lane, all rows of a lane together.
template <> struct lane_runs<true> {
    BR_DEVICE explicit lane_runs(const frame& f) : supply(f), mine(f.run_number()), runs(f.runs) {}

    BR_DEVICE bool any_left() const { return supply.any_left(); }
    BR_DEVICE mask take(const mask& m) { return supply.take(m, mine); }

    template <int rows, class T, class Values> BR_DEVICE void load(const input_array<T>& array, const mask& m, Values& values) const {
        if constexpr (rows > 0) {
            local_array<T, rows> loaded;
            UNROLL_STATES
            for (int i = 0; i < rows; ++i) loaded[i] = values[i];
            for_each_lane(m, [&](int l) {
                const T* p = array.data + get_lane(mine, l);
                for (int i = 0; i < rows; ++i) set_lane(loaded[i], l, p[i * runs]);
            });
            UNROLL_STATES
            for (int i = 0; i < rows; ++i) values[i] = loaded[i];
        }
    }
    template <class T> BR_DEVICE void store(const output_array<T>& array, int row, const lane<T>& value, const mask& m) const {
        scatter(array.data + row * runs, mine, value, m);
    }
#if !BR_ONE_LANE
    template <class T> BR_DEVICE void store(const output_array<T>& array, const i32& row, const lane<T>& value, const mask& m) const {
        scatter(array.data, convert<long long>(row) * runs + mine, value, m);
    }
#endif
    template <int rows, class T, class Row, class Values>
    BR_DEVICE void store_rows(const output_array<T>& array, const Row& row, const Values& values, const mask& m) const {
        const local_array<T, rows> kept = values;
        const i32 first(row);
        for_each_lane(m, [&](int l) {
            T* p = array.data + get_lane(first, l) * runs + get_lane(mine, l);
            for (int k = 0; k < rows; ++k) p[k * runs] = get_lane(kept[k], l);
        });
    }

  private:
    run_supply supply;
    i64 mine;
    long long runs;
};
