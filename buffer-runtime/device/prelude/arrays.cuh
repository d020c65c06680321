// Arrays of a lane's elements: buffers, placed locally, in a state struct, or in shared memory; and the batch's arrays
// in global memory. A step writes b.stage_base[i] whatever the placement.

namespace lanes {

/// A buffer of its own per call. A separate C array, so that the compiler keeps it in registers when it is indexed by
/// constants.
template <class T, int N> struct local_array {
    static_assert(N >= 0);
    using element = T;
    static constexpr int length = N;

    BR_DEVICE lane<T>& operator[](int i) { return v[i]; }
    BR_DEVICE const lane<T>& operator[](int i) const { return v[i]; }

    lane<T> v[N > 0 ? N : 1];
};

/// Storage of a buffer whose contents outlive a call; a member of a state struct.
template <class T, int N> struct persistent_storage {
    static_assert(N >= 0);
    using element = T;
    static constexpr int length = N;

    BR_DEVICE lane<T>& operator[](int i) { return v[i]; }
    BR_DEVICE const lane<T>& operator[](int i) const { return v[i]; }

    lane<T> v[N > 0 ? N : 1];
};

/// A buffer whose contents outlive a call: refers to its storage.
template <class T, int N> struct persistent_array {
    using element = T;
    static constexpr int length = N;

    BR_DEVICE explicit persistent_array(persistent_storage<T, N>& place) : storage(place) {}
    BR_DEVICE lane<T>& operator[](int i) const { return storage.v[i]; }

    persistent_storage<T, N>& storage;
};

/// A buffer in the lane's shared memory, from byte OFFSET of it.
///
/// GPU: byte b of thread t lies at (b / G) * (G * BLOCK) + t * G + b % G, G the granule: the threads of a warp touch
/// consecutive words, which makes every access free of bank conflicts when sizeof(T) == G. The address is formed from
/// the block's shared memory at each access and not kept in the object: the compiler then knows the address space even
/// in functions it does not inline. CPU: byte b of the lanes' space lies at b * LANES, a whole pack, so that buffers
/// overlay where their bytes do.
template <class T, int N, int OFFSET> struct shared_array {
    static_assert(N >= 0 && OFFSET >= 0 && OFFSET % int(sizeof(T)) == 0, "a shared buffer is aligned to its elements");
    using element = T;
    static constexpr int length = N;
    static constexpr int offset = OFFSET;

#if BR_GPU
    static_assert(sizeof(T) <= BR_GRANULE, "8-byte elements in shared memory need BR_GRANULE 8");

    BR_DEVICE explicit shared_array(const frame&) {}
    BR_DEVICE T& operator[](int i) const {
        const int byte = OFFSET + i * int(sizeof(T));
        const int place =
            sizeof(T) == BR_GRANULE ? byte * BR_BLOCK : byte / BR_GRANULE * (BR_GRANULE * BR_BLOCK) + byte % BR_GRANULE;
        return *reinterpret_cast<T*>(block_shared + place + threadIdx.x * BR_GRANULE);
    }
#else
    BR_DEVICE explicit shared_array(const frame& f)
        : first(reinterpret_cast<lane<T>*>(f.shared + OFFSET * static_cast<long long>(LANES))) {}
    BR_DEVICE lane<T>& operator[](int i) const { return first[i]; }

  private:
    lane<T>* first;
#endif
};

/// Sets every element.
template <class Array> BR_DEVICE void fill(Array& array, const lane<typename Array::element>& value) {
    for (int i = 0; i < Array::length; ++i) array[i] = value;
}

/// Debug builds (BR_POISON): makes undefined contents visible, NaN or -1 in every element. Otherwise nothing.
template <class Array> BR_DEVICE void poison(Array& array) {
#if BR_POISON
    using T = typename Array::element;
    if constexpr (detail::is_floating<T>) {
        fill(array, from_bits(lane<detail::bits_t<T>>(-1)));
    } else {
        fill(array, lane<T>(-1));
    }
#else
    static_cast<void>(array);
#endif
}

/// A batch array that is read: element (row, run) is data[row * runs + run]. Its lanes' runs are neighbours in memory:
/// one vector load on the CPU, one coalesced access of a warp on the GPU.
template <class T> struct input_array {
    using element = T;

    BR_DEVICE input_array(const T* values, const frame& where) : data(values), at(where) {}

    BR_DEVICE lane<T> operator[](int row) const {
        const T* p = data + row * at.runs + at.run;
#if !BR_ONE_LANE
        if (!at.full()) return gather(p, at.run_number() - at.run);
#endif
        return load(p);
    }

#if !BR_ONE_LANE
    /// Each lane at a row of its own.
    BR_DEVICE lane<T> operator[](const i32& row) const {
        return gather(data, convert<long long>(row) * at.runs + at.run_number());
    }
#endif

    const T* data;
    const frame& at;
};

/// A batch array that is written; like input_array. Lanes beyond the last run never store.
template <class T> struct output_array {
    using element = T;

    BR_DEVICE output_array(T* values, const frame& where) : data(values), at(where) {}

    /// The row as something to assign to: out[row] = v.
    struct row_reference {
        const output_array& array;
        int row;
        BR_DEVICE void operator=(const lane<T>& value) const { array.store(row, value); }
    };
    BR_DEVICE row_reference operator[](int row) const { return {*this, row}; }

    /// Stores the lanes that have a run.
    BR_DEVICE void store(int row, const lane<T>& value) const {
#if !BR_ONE_LANE
        // A store under a mask costs more than a plain one even if the mask is full.
        if (at.full()) return lanes::store(data + row * at.runs + at.run, value);
#endif
        store(row, value, mask(true));
    }

    /// Stores the lanes of `m` that have a run.
    BR_DEVICE void store(int row, const lane<T>& value, const mask& m) const {
        T* p = data + row * at.runs + at.run;
        lanes::store(p, value, m & at.active);
    }

#if !BR_ONE_LANE
    /// Each lane at a row of its own.
    BR_DEVICE void store(const i32& row, const lane<T>& value, const mask& m) const {
        scatter(data, convert<long long>(row) * at.runs + at.run_number(), value, m & at.active);
    }
#endif

    T* data;
    const frame& at;
};

/// Values that all runs share.
template <class T> struct broadcast_array {
    using element = T;

    BR_DEVICE T operator[](int row) const { return data[row]; }

    const T* data;
};

}  // namespace lanes
