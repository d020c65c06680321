// The public elementary functions, of lanes and of uniform values alike.

namespace lanes {

#if BR_MATH_NOINLINE
#define BR_MATH_FUNCTION BR_NOINLINE
#else
#define BR_MATH_FUNCTION BR_DEVICE
#endif
#if BR_MATH_NATIVE
#define BR_MATH_IMPLEMENTATION(name) detail::native_##name
#else
#define BR_MATH_IMPLEMENTATION(name) detail::name##_of
#endif

namespace detail {
template <class R> inline constexpr bool is_real = is_floating<element_t<R>>;

/// The common type of two operands, lanes or uniform values.
template <class A, class B> struct joined_lanes : joined<A, B> {};
#if !BR_ONE_LANE
template <class T> struct joined_lanes<pack<T>, pack<T>> {
    using type = pack<T>;
};
template <class T, class S> struct joined_lanes<pack<T>, S> {
    using type = pack<T>;
};
template <class T, class S> struct joined_lanes<S, pack<T>> {
    using type = pack<T>;
};
#endif
template <class A, class B> using joined_lanes_t = typename joined_lanes<A, B>::type;
}  // namespace detail

#define BR_MATH_DEFINE_UNARY(name)                                                                            \
    template <class R, class = detail::enable_if_t<detail::is_real<R>>> BR_MATH_FUNCTION R name(const R& x) { \
        return BR_MATH_IMPLEMENTATION(name)(x);                                                               \
    }
#define BR_MATH_DEFINE_BINARY(name)                                     \
    template <class A, class B, class R = detail::joined_lanes_t<A, B>> \
    BR_MATH_FUNCTION R name(const A& x, const B& y) {                   \
        return BR_MATH_IMPLEMENTATION(name)(R(x), R(y));                \
    }
BR_MATH_UNARY(BR_MATH_DEFINE_UNARY)
BR_MATH_BINARY(BR_MATH_DEFINE_BINARY)
#undef BR_MATH_DEFINE_UNARY
#undef BR_MATH_DEFINE_BINARY

/// sin(x) and cos(x) with one reduction.
template <class R, class = detail::enable_if_t<detail::is_real<R>>>
BR_MATH_FUNCTION void sincos(const R& x, R& sine, R& cosine) {
    BR_MATH_IMPLEMENTATION(sincos)(x, sine, cosine);
}

/// x^y to 1e-6 for x > 0 and |y log2 x| <= 10: for step-size controllers. Never the vendors'.
template <class A, class B, class R = detail::joined_lanes_t<A, B>> BR_DEVICE R approx_pow(const A& x, const B& y) {
    return detail::approx_pow_of(R(x), R(y));
}
/// A cheaper approx_pow, to 3e-4, of a positive normal number with a result that is normal too, |y| <= 2.25.
template <class A, class B, class R = detail::joined_lanes_t<A, B>> BR_DEVICE R approx_pow_bounded(const A& x, const B& y) {
    return detail::approx_pow_bounded_of(R(x), R(y));
}

#undef BR_MATH_FUNCTION
#undef BR_MATH_IMPLEMENTATION
#undef BR_MATH_UNARY
#undef BR_MATH_BINARY

}  // namespace lanes
