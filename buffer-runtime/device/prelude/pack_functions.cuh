// The functions of one value (scalar.cuh) for packs: the same definitions, vector by vector.

#if !BR_ONE_LANE

namespace lanes {

#define BR_PACK_FUNCTION(name, expression)                        \
    template <class T> BR_DEVICE pack<T> name(const pack<T>& a) { \
        pack<T> r;                                                \
        BR_EACH_VECTOR(pack<T>::count, r.q[k] = (expression))     \
        return r;                                                 \
    }
BR_PACK_FUNCTION(sqrt, detail::root<T>(a.q[k]))
BR_PACK_FUNCTION(rint, (detail::round_to_integral<detail::to_nearest_even, T>(a.q[k])))
BR_PACK_FUNCTION(floor, (detail::round_to_integral<detail::downward, T>(a.q[k])))
BR_PACK_FUNCTION(ceil, (detail::round_to_integral<detail::upward, T>(a.q[k])))
BR_PACK_FUNCTION(trunc, (detail::round_to_integral<detail::toward_zero, T>(a.q[k])))
#undef BR_PACK_FUNCTION

template <class T> BR_DEVICE pack<T> abs(const pack<T>& a) {
    if constexpr (detail::is_floating<T>) {
        return copysign(a, pack<T>(0));
    } else {
        return select(a < 0, -a, a);
    }
}

namespace detail {
template <class To, class From> BR_DEVICE pack<To> same_bits(const pack<From>& a) {
    static_assert(sizeof(To) == sizeof(From));
    pack<To> r;
    BR_EACH_VECTOR(pack<To>::count, r.q[k] = (vector_t<To>)a.q[k])
    return r;
}
}  // namespace detail

BR_DEVICE pack<int> bits(const pack<float>& a) { return detail::same_bits<int>(a); }
BR_DEVICE pack<long long> bits(const pack<double>& a) { return detail::same_bits<long long>(a); }
BR_DEVICE pack<float> from_bits(const pack<int>& a) { return detail::same_bits<float>(a); }
BR_DEVICE pack<double> from_bits(const pack<long long>& a) { return detail::same_bits<double>(a); }

template <class T> BR_DEVICE pack<T> shift_left(const pack<T>& a, int n) { return a << n; }
template <class T> BR_DEVICE pack<T> shift_right_logical(const pack<T>& a, int n) {
    using unsigned_element = typename detail::choose<sizeof(T) == 8, unsigned long long, unsigned>::type;
    typedef unsigned_element unsigned_vector __attribute__((vector_size(detail::chunk<T>::bytes)));
    pack<T> r;
    BR_EACH_VECTOR(pack<T>::count, r.q[k] = (detail::vector_t<T>)((unsigned_vector)a.q[k] >> n))
    return r;
}

template <class T> BR_DEVICE mask isnan(const pack<T>& a) {
    return (bits(a) & ~detail::sign_bit<T>) > detail::infinity_bits<T>;
}
template <class T> BR_DEVICE mask isfinite(const pack<T>& a) {
    return (bits(a) & ~detail::sign_bit<T>) < detail::infinity_bits<T>;
}

namespace detail {
/// Lane by lane T(x), without a check of the range.
template <class T, class S> BR_DEVICE pack<T> cast(const pack<S>& a) {
    if constexpr (is_same<T, S>) {
        return a;
    } else if constexpr (chunk<T>::count == chunk<S>::count) {
        pack<T> r;
        BR_EACH_VECTOR(pack<T>::count, r.q[k] = __builtin_convertvector(a.q[k], vector_t<T>))
        return r;
    } else if constexpr (chunk<T>::count > chunk<S>::count) {
        // One vector of S becomes two of T: convert its halves.
        typedef S half __attribute__((vector_size(chunk<S>::bytes / 2)));
        pack<T> r;
        BR_EACH_VECTOR(pack<T>::count, {
            half part;
            __builtin_memcpy(&part, reinterpret_cast<const char*>(&a.q[k / 2]) + (k % 2) * sizeof part, sizeof part);
            r.q[k] = __builtin_convertvector(part, vector_t<T>);
        })
        return r;
    } else {
        typedef T half __attribute__((vector_size(chunk<T>::bytes / 2)));
        pack<T> r;
        BR_EACH_VECTOR(pack<S>::count, {
            const half part = __builtin_convertvector(a.q[k], half);
            __builtin_memcpy(reinterpret_cast<char*>(&r.q[k / 2]) + (k % 2) * sizeof part, &part, sizeof part);
        })
        return r;
    }
}
}  // namespace detail

template <class T, class S> BR_DEVICE pack<T> convert(const pack<S>& a) {
    static_assert(detail::is_element<T>, "convert<T>: T is float, double, int or long long");
    static_assert(
        !(detail::is_integer<T> && detail::is_floating<S>),
        "convert from real to integer is not defined outside the range: use to_int(x, lo, hi) or round_to_int(x)");
    return detail::cast<T>(a);
}

template <class S> BR_DEVICE pack<int> to_int(const pack<S>& a, int lo, int hi) {
    // What is converted lies in range: lanes at or beyond a limit are replaced before (0) and after (the limit).
    const mask below = !(a > S(lo)), above = a >= S(hi);
    const pack<int> inside = detail::cast<int>(select(below | above, pack<S>(0), a));
    return select(below, pack<int>(lo), select(above, pack<int>(hi), inside));
}

template <class S> BR_DEVICE pack<int> round_to_int(const pack<S>& a) {
    return to_int(rint(a), -2147483647 - 1, 2147483647);
}

#undef BR_EACH_VECTOR

}  // namespace lanes

#endif
