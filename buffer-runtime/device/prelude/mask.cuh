// A truth value per lane. Deliberately no bool: what is a branch on one lane is a choice between values on many, and
// text that holds for both machines must say which it means.

namespace lanes {

#if BR_ONE_LANE
/// Lanes of a real.
constexpr int LANES = 1;
#endif

struct mask;

#if !BR_ONE_LANE
namespace detail {
template <class T> BR_DEVICE mask to_mask(const truth_t<T> (&truth)[chunk<T>::count]);
template <class T> BR_DEVICE truth_t<T> truth_of(const mask& m, int k);
}  // namespace detail
#endif

// The conversion that `if (m)`, `m ? a : b`, `m && n` ask for; it exists to say what to write.
#define BR_MASK_IS_NO_BOOL                                                                                            \
    template <class T, class = detail::enable_if_t<detail::is_same<T, bool>>> BR_DEVICE explicit operator T() const { \
        static_assert(detail::always_false<T>,                                                                        \
                      "a mask holds one truth value per lane and is no bool: choose values with select(m, a, b), "    \
                      "branch with if (any(m)), combine with & | ! ");                                                \
        return false;                                                                                                 \
    }

#if BR_ONE_LANE

struct mask {
    bool value;

    mask() = default;
    BR_DEVICE mask(bool set) : value(set) {}
    BR_MASK_IS_NO_BOOL

    friend BR_DEVICE mask operator&(const mask& a, const mask& b) { return a.value & b.value; }
    friend BR_DEVICE mask operator|(const mask& a, const mask& b) { return a.value | b.value; }
    friend BR_DEVICE mask operator^(const mask& a, const mask& b) { return a.value ^ b.value; }
    friend BR_DEVICE mask operator!(const mask& a) { return !a.value; }
};

BR_DEVICE bool any(const mask& m) { return m.value; }
BR_DEVICE bool all(const mask& m) { return m.value; }
BR_DEVICE bool get_lane(const mask& m, int) { return m.value; }
BR_DEVICE void set_lane(mask& m, int, bool set) { m.value = set; }

template <class A, class B> BR_DEVICE detail::joined_t<A, B> select(const mask& m, A a, B b) {
    return select(m.value, a, b);
}

#else

struct mask {
    using element = detail::bits_t<scalar>;
    using vector = detail::vector_t<element>;
    static constexpr int count = BR_PACK;

    vector q[count];

    mask() = default;
    BR_DEVICE mask(bool set) {
        BR_UNROLL_FULL
        for (int k = 0; k < count; ++k) q[k] = detail::broadcast<element>(set ? -1 : 0);
    }
    BR_MASK_IS_NO_BOOL

    friend BR_DEVICE mask operator&(const mask& a, const mask& b) {
        mask r;
        BR_UNROLL_FULL
        for (int k = 0; k < count; ++k) r.q[k] = a.q[k] & b.q[k];
        return r;
    }
    friend BR_DEVICE mask operator|(const mask& a, const mask& b) {
        mask r;
        BR_UNROLL_FULL
        for (int k = 0; k < count; ++k) r.q[k] = a.q[k] | b.q[k];
        return r;
    }
    friend BR_DEVICE mask operator^(const mask& a, const mask& b) {
        mask r;
        BR_UNROLL_FULL
        for (int k = 0; k < count; ++k) r.q[k] = a.q[k] ^ b.q[k];
        return r;
    }
    friend BR_DEVICE mask operator!(const mask& a) {
        mask r;
        BR_UNROLL_FULL
        for (int k = 0; k < count; ++k) r.q[k] = ~a.q[k];
        return r;
    }
};

BR_DEVICE bool any(const mask& m) {
    mask::vector set = m.q[0];
    BR_UNROLL_FULL
    for (int k = 1; k < mask::count; ++k) set |= m.q[k];
    return detail::any_set<scalar>(set);
}
BR_DEVICE bool all(const mask& m) { return !any(!m); }

BR_DEVICE bool get_lane(const mask& m, int l) { return m.q[l / detail::vector_lanes][l % detail::vector_lanes] != 0; }
BR_DEVICE void set_lane(mask& m, int l, bool set) {
    m.q[l / detail::vector_lanes][l % detail::vector_lanes] = set ? -1 : 0;
}

namespace detail {

/// The mask of LANES comparisons of T, whatever the size of T.
template <class T> BR_DEVICE mask to_mask(const truth_t<T> (&truth)[chunk<T>::count]) {
    mask r;
    BR_UNROLL_FULL
    for (int k = 0; k < mask::count; ++k) {
        if constexpr (sizeof(T) == sizeof(scalar)) {
            r.q[k] = truth[k];
        } else if constexpr (sizeof(T) < sizeof(scalar)) {
            r.q[k] = __builtin_convertvector(truth[k], mask::vector);
        } else {
            typedef bits_t<T> twofold __attribute__((vector_size(2 * chunk<T>::bytes)));
            twofold both;
            __builtin_memcpy(&both, truth + 2 * k, sizeof both);
            r.q[k] = __builtin_convertvector(both, mask::vector);
        }
    }
    return r;
}

/// The lanes of `m` that belong to chunk k of a pack<T>, as integers of the size of T.
template <class T> BR_DEVICE truth_t<T> truth_of(const mask& m, int k) {
    if constexpr (sizeof(T) == sizeof(scalar)) {
        return m.q[k];
    } else if constexpr (sizeof(T) < sizeof(scalar)) {
        return __builtin_convertvector(m.q[k], truth_t<T>);
    } else {
        typedef int half __attribute__((vector_size(BR_VECTOR_BYTES / 2)));
        half part;
        __builtin_memcpy(&part, reinterpret_cast<const char*>(&m.q[k / 2]) + (k % 2) * sizeof part, sizeof part);
        return __builtin_convertvector(part, truth_t<T>);
    }
}

}  // namespace detail

#endif

BR_DEVICE bool none(const mask& m) { return !any(m); }

/// How many lanes are set.
BR_DEVICE int count(const mask& m) {
    int set = 0;
    for (int l = 0; l < LANES; ++l) set += get_lane(m, l);
    return set;
}

BR_DEVICE mask& operator&=(mask& a, const mask& b) { return a = a & b; }
BR_DEVICE mask& operator|=(mask& a, const mask& b) { return a = a | b; }
BR_DEVICE mask& operator^=(mask& a, const mask& b) { return a = a ^ b; }

#undef BR_MASK_IS_NO_BOOL

}  // namespace lanes
