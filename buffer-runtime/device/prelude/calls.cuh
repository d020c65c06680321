// What generated structs and entries need around the vocabulary: arrays read and written, resetting state, recording for read-back.

namespace lanes {

/// A batch array that is read and written: array[row] is a value to read and something to assign to.
template <class T> struct inout_array {
    using element = T;

    BR_DEVICE inout_array(T* values, const frame& where) : data(values), at(where) {}

    struct row_reference {
        const inout_array& array;
        int row;
        BR_DEVICE operator lane<T>() const { return input_array<T>(array.data, array.at)[row]; }
        BR_DEVICE void operator=(const lane<T>& value) const { output_array<T>(array.data, array.at).store(row, value); }
    };
    BR_DEVICE row_reference operator[](int row) const { return {*this, row}; }

    /// Stores the lanes of `m` that have a run.
    BR_DEVICE void store(int row, const lane<T>& value, const mask& m) const { output_array<T>(data, at).store(row, value, m); }

    T* data;
    const frame& at;
};

/// Makes the placement of a factory's buffers real: a fence if any of them is in shared memory, nothing otherwise. Put it after each stage, iteration and solve.
template <class Buffers> BR_DEVICE void placement_fence() {
    if constexpr (Buffers::any_shared) placement_fence();
}

/// In place of a mask: every lane, known when compiling.
struct all_lanes {};

/// Zeros, in all lanes or in those of a mask.
template <class Array> BR_DEVICE void clear(Array& array, all_lanes) { fill(array, lane<typename Array::element>(0)); }
template <class Array> BR_DEVICE void clear(Array& array, const mask& m) {
    using value = lane<typename Array::element>;
    for (int i = 0; i < Array::length; ++i) array[i] = select(m, value(0), array[i]);
}

/// Debug builds: undefined contents made visible in all lanes or in those of a mask. Otherwise nothing.
template <class Array> BR_DEVICE void poison(Array& array, all_lanes) { poison(array); }
template <class Array> BR_DEVICE void poison([[maybe_unused]] Array& array, [[maybe_unused]] const mask& m) {
#if BR_POISON
    using T = typename Array::element;
    local_array<T, Array::length> undefined;
    poison(undefined);
    for (int i = 0; i < Array::length; ++i) array[i] = select(m, undefined[i], array[i]);
#endif
}

#if BR_POISON
/// Debug builds on the CPU: copies a buffer to the launch's record, component × run.
template <class Array> BR_DEVICE void record(const frame& f, int number, Array& array) {
    using T = typename Array::element;
    const output_array<T> out(static_cast<T*>(f.traces[number]), f);
    for (int i = 0; i < Array::length; ++i) out[i] = array[i];
}
#endif

}  // namespace lanes
