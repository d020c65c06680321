// pack<T>: LANES values of T in native vectors, with the operators of T. Operands are const&: GCC passes a struct of
// vectors by value through memory even when it inlines the call, which tripled the time of small kernels (measured).

#if !BR_ONE_LANE

namespace lanes {

template <class T> struct pack;

namespace detail {

// What is done for each vector of a pack, written once: `k` is the vector's index. Not a loop: arrays under a loop stay in memory until the compiler unrolls it, which it does
// late, and all that it analyses before then grows with the square of the function.
#define BR_VECTOR_OF_PACK(count, index, statement)  \
    if constexpr (index < count) {                  \
        constexpr int k = index;                    \
        statement;                                  \
    }
#define BR_EACH_VECTOR(count, statement)                                                         \
    {                                                                                            \
        static_assert(count <= 8, "4 native vectors, twice as many of elements twice as wide");  \
        BR_VECTOR_OF_PACK(count, 0, statement)                                                   \
        BR_VECTOR_OF_PACK(count, 1, statement)                                                   \
        BR_VECTOR_OF_PACK(count, 2, statement)                                                   \
        BR_VECTOR_OF_PACK(count, 3, statement)                                                   \
        BR_VECTOR_OF_PACK(count, 4, statement)                                                   \
        BR_VECTOR_OF_PACK(count, 5, statement)                                                   \
        BR_VECTOR_OF_PACK(count, 6, statement)                                                   \
        BR_VECTOR_OF_PACK(count, 7, statement)                                                   \
    }

#define BR_PACK_BINARY(op, assign)                                    \
    friend BR_DEVICE pack operator op(const pack& a, const pack& b) { \
        pack r;                                                       \
        BR_EACH_VECTOR(count, r.q[k] = a.q[k] op b.q[k])              \
        return r;                                                     \
    }                                                                 \
    friend BR_DEVICE pack& operator assign(pack& a, const pack& b) {  \
        BR_EACH_VECTOR(count, a.q[k] = a.q[k] op b.q[k])              \
        return a;                                                     \
    }

// Vectors of different element types share no names for their comparison's type (long or long long), hence the cast.
#define BR_PACK_COMPARE(op)                                                      \
    friend BR_DEVICE mask operator op(const pack& a, const pack& b) {            \
        detail::truth_t<T> truth[count];                                         \
        BR_EACH_VECTOR(count, truth[k] = (detail::truth_t<T>)(a.q[k] op b.q[k])) \
        return detail::to_mask<T>(truth);                                        \
    }

}  // namespace detail

/// LANES values of T (float, double, int or long long), one per lane.
template <class T> struct pack {
    static_assert(detail::is_element<T>, "pack<T>: T is float, double, int or long long");
    using element = T;
    using vector = detail::vector_t<T>;
    /// Native vectors in a pack.
    static constexpr int count = detail::chunk<T>::count;

    vector q[count];

    pack() = default;
    // Copies vector by vector: the compiler's own copy of the struct goes by pieces of 16 bytes through memory, and loading a whole vector from two such stores stalls.
    BR_DEVICE pack(const pack& a) { BR_EACH_VECTOR(count, q[k] = a.q[k]) }
    BR_DEVICE pack& operator=(const pack& a) {
        BR_EACH_VECTOR(count, q[k] = a.q[k])
        return *this;
    }

    /// The same value in every lane.
    template <class S, class = detail::enable_if_t<detail::is_number<S>>> BR_DEVICE pack(S value) {
        static_assert(
            detail::accepts<T, S>,
            "a literal or value of another type than the lanes': write scalar(0.1) instead of 0.1, or convert<T>(x)");
        BR_EACH_VECTOR(count, q[k] = detail::broadcast<T>(T(value)))
    }

    BR_PACK_BINARY(+, +=)
    BR_PACK_BINARY(-, -=)
    BR_PACK_BINARY(*, *=)
    BR_PACK_BINARY(/, /=)
    BR_PACK_BINARY(&, &=)
    BR_PACK_BINARY(|, |=)
    BR_PACK_BINARY(^, ^=)
    BR_PACK_BINARY(<<, <<=)
    BR_PACK_BINARY(>>, >>=)

    friend BR_DEVICE pack operator-(const pack& a) {
        pack r;
        BR_EACH_VECTOR(count, r.q[k] = -a.q[k])
        return r;
    }
    friend BR_DEVICE pack operator~(const pack& a) {
        pack r;
        BR_EACH_VECTOR(count, r.q[k] = ~a.q[k])
        return r;
    }

    BR_PACK_COMPARE(<)
    BR_PACK_COMPARE(<=)
    BR_PACK_COMPARE(>)
    BR_PACK_COMPARE(>=)
    BR_PACK_COMPARE(==)
    BR_PACK_COMPARE(!=)

    // Friends, so that one pack among the arguments is enough for the others to convert.
    friend BR_DEVICE pack select(const mask& m, const pack& a, const pack& b) {
        pack r;
        BR_EACH_VECTOR(count, r.q[k] = detail::blend<T>(detail::truth_of<T>(m, k), a.q[k], b.q[k]))
        return r;
    }
    friend BR_DEVICE pack min(const pack& a, const pack& b) {
        pack r;
        BR_EACH_VECTOR(count, r.q[k] = detail::lesser<T>(a.q[k], b.q[k]))
        return r;
    }
    friend BR_DEVICE pack max(const pack& a, const pack& b) {
        pack r;
        BR_EACH_VECTOR(count, r.q[k] = detail::greater<T>(a.q[k], b.q[k]))
        return r;
    }
    friend BR_DEVICE pack at_least(const pack& x, const pack& b) { return max(x, b); }
    friend BR_DEVICE pack at_most(const pack& x, const pack& b) { return min(x, b); }
    friend BR_DEVICE pack fma(const pack& a, const pack& b, const pack& c) {
        pack r;
        BR_EACH_VECTOR(count, r.q[k] = detail::fused<T>(a.q[k], b.q[k], c.q[k]))
        return r;
    }
    friend BR_DEVICE pack copysign(const pack& x, const pack& y) {
        using truth = detail::truth_t<T>;
        const truth sign = detail::broadcast<detail::bits_t<T>>(detail::sign_bit<T>);
        pack r;
        BR_EACH_VECTOR(count, r.q[k] = (vector)(((truth)x.q[k] & ~sign) | ((truth)y.q[k] & sign)))
        return r;
    }
};

/// A choice between uniform values.
template <class A, class B> BR_DEVICE pack<detail::joined_t<A, B>> select(const mask& m, A a, B b) {
    using T = detail::joined_t<A, B>;
    return select(m, pack<T>(a), pack<T>(b));
}

template <class T> BR_DEVICE T get_lane(const pack<T>& a, int l) {
    return a.q[l / detail::chunk<T>::lanes][l % detail::chunk<T>::lanes];
}
template <class T> BR_DEVICE void set_lane(pack<T>& a, int l, T value) {
    a.q[l / detail::chunk<T>::lanes][l % detail::chunk<T>::lanes] = value;
}

#undef BR_PACK_BINARY
#undef BR_PACK_COMPARE

}  // namespace lanes

#endif
