// lane<T>, and moving lanes from and to memory of ordinary elements.

namespace lanes {

/// A value of type T per lane.
#if BR_ONE_LANE
template <class T> using lane = T;
#else
template <class T> using lane = pack<T>;
#endif

using real = lane<scalar>;
using f32 = lane<float>;
using f64 = lane<double>;
using i32 = lane<int>;
using i64 = lane<long long>;

#if BR_ONE_LANE

template <class T> BR_DEVICE T load(const T* p) { return *p; }
template <class T> BR_DEVICE T load(const T* p, const mask& m, detail::same_as_t<T> other) {
    return m.value ? *p : other;
}
template <class T> BR_DEVICE void store(T* p, detail::same_as_t<T> a) { *p = a; }
template <class T> BR_DEVICE void store(T* p, detail::same_as_t<T> a, const mask& m) {
    if (m.value) *p = a;
}

template <class T> BR_DEVICE T gather(const T* p, long long i) { return p[i]; }
template <class T> BR_DEVICE T gather(const T* p, long long i, const mask& m, detail::same_as_t<T> other) {
    return m.value ? p[i] : other;
}
template <class T> BR_DEVICE void scatter(T* p, long long i, detail::same_as_t<T> a) { p[i] = a; }
template <class T> BR_DEVICE void scatter(T* p, long long i, detail::same_as_t<T> a, const mask& m) {
    if (m.value) p[i] = a;
}

template <class T, class = detail::enable_if_t<detail::is_element<T>>> BR_DEVICE T get_lane(T a, int) { return a; }
template <class T, class = detail::enable_if_t<detail::is_element<T>>> BR_DEVICE void set_lane(T& a, int, T value) {
    a = value;
}

#else

template <class T> BR_DEVICE pack<T> load(const T* p) {
    // Vector by vector, here and in store: a copy of the whole would take the pack's address and keep it in memory, in loops far from here too.
    pack<T> r;
    BR_UNROLL_FULL
    for (int k = 0; k < pack<T>::count; ++k) {
        decltype(r.q[k] + r.q[k]) q;
        __builtin_memcpy(&q, p + k * detail::chunk<T>::lanes, sizeof q);
        r.q[k] = q;
    }
    return r;
}
template <class T> BR_DEVICE void store(T* p, const detail::same_as_t<pack<T>>& a) {
    BR_UNROLL_FULL
    for (int k = 0; k < pack<T>::count; ++k) {
        const auto q = a.q[k];
        __builtin_memcpy(p + k * detail::chunk<T>::lanes, &q, sizeof q);
    }
}

template <class T> BR_DEVICE pack<T> load(const T* p, const mask& m, const detail::same_as_t<pack<T>>& other) {
    if (all(m)) return load(p);
    pack<T> r = other;
    for (int l = 0; l < LANES; ++l)
        if (get_lane(m, l)) set_lane(r, l, p[l]);
    return r;
}
template <class T> BR_DEVICE void store(T* p, const detail::same_as_t<pack<T>>& a, const mask& m) {
    BR_UNROLL_FULL
    for (int k = 0; k < pack<T>::count; ++k)
        detail::store_set<T>(p + k * detail::chunk<T>::lanes, a.q[k], detail::truth_of<T>(m, k));
}

// What is looked at lane by lane is a copy: an index that is not a constant would keep the caller's own pack in memory, in loops far from here too.
template <class T, class I> BR_DEVICE pack<T> gather(const T* p, const pack<I>& i) {
    const pack<I> at = i;
    pack<T> r;
    for (int l = 0; l < LANES; ++l) set_lane(r, l, p[get_lane(at, l)]);
    return r;
}
template <class T, class I>
BR_DEVICE pack<T> gather(const T* p, const pack<I>& i, const mask& m, const detail::same_as_t<pack<T>>& other) {
    const pack<I> at = i;
    pack<T> r = other;
    for_each_lane(m, [&](int l) { set_lane(r, l, p[get_lane(at, l)]); });
    return r;
}
template <class T, class I> BR_DEVICE void scatter(T* p, const pack<I>& i, const detail::same_as_t<pack<T>>& a) {
    const pack<I> at = i;
    const pack<T> values = a;
    for (int l = 0; l < LANES; ++l) p[get_lane(at, l)] = get_lane(values, l);
}
template <class T, class I>
BR_DEVICE void scatter(T* p, const pack<I>& i, const detail::same_as_t<pack<T>>& a, const mask& m) {
    const pack<I> at = i;
    const pack<T> values = a;
    for_each_lane(m, [&](int l) { p[get_lane(at, l)] = get_lane(values, l); });
}

#endif

/// A uniform value for several operations in a row. On the CPU it is broadcast once, into a register: a constant would otherwise be an operand in memory of each operation, and
/// loads become what limits a loop of many coefficients. On the GPU constants are part of the instructions.
template <class T, class = detail::enable_if_t<detail::is_floating<T>>> BR_DEVICE lane<T> hold(T value) {
#if BR_ONE_LANE
    return value;
#else
    auto vector = detail::broadcast<T>(value);
#if defined(__AVX512F__)
    asm volatile("" : "+v"(vector));
#elif defined(__x86_64__)
    asm volatile("" : "+x"(vector));
#elif defined(__aarch64__)
    asm volatile("" : "+w"(vector));
#endif
    lane<T> r;
    BR_UNROLL_FULL
    for (int k = 0; k < lane<T>::count; ++k) r.q[k] = vector;
    return r;
#endif
}

/// 0, 1, … LANES - 1: each lane's place.
BR_DEVICE i32 lane_numbers() {
    i32 r;
    for (int l = 0; l < LANES; ++l) set_lane(r, l, l);
    return r;
}

}  // namespace lanes
