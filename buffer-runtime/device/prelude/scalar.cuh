// Functions of one value. On the GPU and in a one-lane CPU build this is the whole arithmetic; in a pack build it
// serves values that are the same for all lanes, with the same bits.

namespace lanes {

/// The precision of the kernel.
using scalar = BR_REAL;

namespace detail {

template <class...> inline constexpr bool always_false = false;
template <class A, class B> inline constexpr bool is_same = false;
template <class A> inline constexpr bool is_same<A, A> = true;
template <bool CONDITION, class T = void> struct enable_if {};
template <class T> struct enable_if<true, T> {
    using type = T;
};
template <bool CONDITION, class T = void> using enable_if_t = typename enable_if<CONDITION, T>::type;
template <bool CONDITION, class A, class B> struct choose {
    using type = A;
};
template <class A, class B> struct choose<false, A, B> {
    using type = B;
};

/// The type of a parameter that takes no part in deduction: the element type is the pointer's.
template <class T> struct same_as {
    using type = T;
};
template <class T> using same_as_t = typename same_as<T>::type;

template <class T> inline constexpr bool is_floating = is_same<T, float> || is_same<T, double>;
template <class T> inline constexpr bool is_integer = is_same<T, int> || is_same<T, long long>;
/// The types a lane can hold.
template <class T> inline constexpr bool is_element = is_floating<T> || is_integer<T>;

/// Numbers of any type, to tell a wrong literal from something else.
template <class T>
inline constexpr bool is_number = is_element<T> || is_same<T, bool> || is_same<T, long> || is_same<T, unsigned> ||
                                  is_same<T, unsigned long> || is_same<T, unsigned long long>;

/// Whether an S may stand where a T is expected without changing what is computed: a T, or an int.
template <class T, class S> inline constexpr bool accepts = is_same<T, S> || is_same<S, int>;

/// The common type of element types: T with T, or T with int. No member `type` when one is no element type (a pack:
/// another overload's business); an error that says what to write when they differ in precision.
template <class A, class B, bool ELEMENTS = is_element<A> && is_element<B>> struct joined {};
template <class A, class B> struct joined<A, B, true> {
    static_assert(accepts<A, B> || accepts<B, A>,
                  "operands of different precision: write scalar(0.1) instead of 0.1, or convert<T>(x)");
    using type = typename choose<is_same<A, int>, B, A>::type;
};
template <class A, class B> using joined_t = typename joined<A, B>::type;
template <class A, class B, class C> using joined3_t = joined_t<joined_t<A, B>, C>;

/// The signed integer of the same size: what bits() gives.
template <class T> using bits_t = typename choose<sizeof(T) == 8, long long, int>::type;

/// The representation of -0 and of infinity, and with them the sign and the order of magnitude of any other.
template <class T> inline constexpr bits_t<T> sign_bit = bits_t<T>(1ull << (8 * sizeof(T) - 1));
template <class T>
inline constexpr bits_t<T> infinity_bits = bits_t<T>(sizeof(T) == 8 ? 0x7ff0000000000000ll : 0x7f800000ll);

}  // namespace detail

// Each function is written for float and double; the names on the two machines differ, hence this table.
#if BR_GPU
#define BR_SCALAR_FUNCTION(name, float_name, double_name)     \
    BR_DEVICE float name(float x) { return ::float_name(x); } \
    BR_DEVICE double name(double x) { return ::double_name(x); }
BR_SCALAR_FUNCTION(sqrt, __fsqrt_rn, __dsqrt_rn)
BR_SCALAR_FUNCTION(rint, rintf, rint)
BR_SCALAR_FUNCTION(floor, floorf, floor)
BR_SCALAR_FUNCTION(ceil, ceilf, ceil)
BR_SCALAR_FUNCTION(trunc, truncf, trunc)
BR_SCALAR_FUNCTION(abs, fabsf, fabs)
#else
#define BR_SCALAR_FUNCTION(name, float_name, double_name)   \
    BR_DEVICE float name(float x) { return float_name(x); } \
    BR_DEVICE double name(double x) { return double_name(x); }
BR_SCALAR_FUNCTION(sqrt, __builtin_sqrtf, __builtin_sqrt)
BR_SCALAR_FUNCTION(rint, __builtin_rintf, __builtin_rint)
BR_SCALAR_FUNCTION(floor, __builtin_floorf, __builtin_floor)
BR_SCALAR_FUNCTION(ceil, __builtin_ceilf, __builtin_ceil)
BR_SCALAR_FUNCTION(trunc, __builtin_truncf, __builtin_trunc)
BR_SCALAR_FUNCTION(abs, __builtin_fabsf, __builtin_fabs)
#endif
#undef BR_SCALAR_FUNCTION

BR_DEVICE int abs(int x) { return x < 0 ? -x : x; }
BR_DEVICE long long abs(long long x) { return x < 0 ? -x : x; }

namespace detail {
#if BR_GPU
BR_DEVICE float fused(float a, float b, float c) { return ::__fmaf_rn(a, b, c); }
BR_DEVICE double fused(double a, double b, double c) { return ::__fma_rn(a, b, c); }
#else
BR_DEVICE float fused(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
BR_DEVICE double fused(double a, double b, double c) { return __builtin_fma(a, b, c); }
#endif
}  // namespace detail

#if BR_GPU
BR_DEVICE int bits(float x) { return ::__float_as_int(x); }
BR_DEVICE long long bits(double x) { return ::__double_as_longlong(x); }
BR_DEVICE float from_bits(int x) { return ::__int_as_float(x); }
BR_DEVICE double from_bits(long long x) { return ::__longlong_as_double(x); }
#else
namespace detail {
template <class To, class From> BR_DEVICE To same_bits(const From& x) {
    static_assert(sizeof(To) == sizeof(From));
    To to;
    __builtin_memcpy(&to, &x, sizeof to);
    return to;
}
}  // namespace detail
BR_DEVICE int bits(float x) { return detail::same_bits<int>(x); }
BR_DEVICE long long bits(double x) { return detail::same_bits<long long>(x); }
BR_DEVICE float from_bits(int x) { return detail::same_bits<float>(x); }
BR_DEVICE double from_bits(long long x) { return detail::same_bits<double>(x); }
#endif

BR_DEVICE int shift_left(int x, int n) { return int(unsigned(x) << n); }
BR_DEVICE long long shift_left(long long x, int n) {
    return static_cast<long long>(static_cast<unsigned long long>(x) << n);
}
BR_DEVICE int shift_right_logical(int x, int n) { return int(unsigned(x) >> n); }
BR_DEVICE long long shift_right_logical(long long x, int n) {
    return static_cast<long long>(static_cast<unsigned long long>(x) >> n);
}

template <class A, class B> BR_DEVICE detail::joined_t<A, B> copysign(A x, B y) {
    using T = detail::joined_t<A, B>;
    constexpr auto sign = detail::sign_bit<T>;
    return from_bits((bits(T(x)) & ~sign) | (bits(T(y)) & sign));
}

namespace detail {
#if BR_GPU
BR_DEVICE float greater_bound(float x, float b) { return ::fmaxf(x, b); }
BR_DEVICE double greater_bound(double x, double b) { return ::fmax(x, b); }
BR_DEVICE float lesser_bound(float x, float b) { return ::fminf(x, b); }
BR_DEVICE double lesser_bound(double x, double b) { return ::fmin(x, b); }
#else
template <class T> BR_DEVICE T greater_bound(T x, T b) { return x > b ? x : b; }
template <class T> BR_DEVICE T lesser_bound(T x, T b) { return x < b ? x : b; }
#endif
}  // namespace detail

template <class A, class B> BR_DEVICE detail::joined_t<A, B> at_least(A x, B b) {
    using T = detail::joined_t<A, B>;
    return detail::greater_bound(T(x), T(b));
}
template <class A, class B> BR_DEVICE detail::joined_t<A, B> at_most(A x, B b) {
    using T = detail::joined_t<A, B>;
    return detail::lesser_bound(T(x), T(b));
}

template <class A, class B, class C> BR_DEVICE detail::joined3_t<A, B, C> fma(A a, B b, C c) {
    using T = detail::joined3_t<A, B, C>;
    return detail::fused(T(a), T(b), T(c));
}

template <class A, class B> BR_DEVICE detail::joined_t<A, B> min(A a, B b) {
    using T = detail::joined_t<A, B>;
    return T(a) < T(b) ? T(a) : T(b);
}

template <class A, class B> BR_DEVICE detail::joined_t<A, B> max(A a, B b) {
    using T = detail::joined_t<A, B>;
    return T(a) > T(b) ? T(a) : T(b);
}

template <class A, class B> BR_DEVICE detail::joined_t<A, B> select(bool condition, A a, B b) {
    using T = detail::joined_t<A, B>;
    return condition ? T(a) : T(b);
}

BR_DEVICE bool any(bool condition) { return condition; }
BR_DEVICE bool all(bool condition) { return condition; }
BR_DEVICE bool none(bool condition) { return !condition; }

// By the representation: a comparison x != x would do as well, but invites a compiler told of finite arithmetic to drop
// it.
template <class T, class = detail::enable_if_t<detail::is_floating<T>>> BR_DEVICE bool isnan(T x) {
    return (bits(x) & ~detail::sign_bit<T>) > detail::infinity_bits<T>;
}
template <class T, class = detail::enable_if_t<detail::is_floating<T>>> BR_DEVICE bool isfinite(T x) {
    return (bits(x) & ~detail::sign_bit<T>) < detail::infinity_bits<T>;
}

/// `x` as a T, rounded to nearest. From real to integer the machines disagree outside the range: use to_int.
template <class T, class S, class = detail::enable_if_t<detail::is_element<S>>> BR_DEVICE T convert(S x) {
    static_assert(detail::is_element<T>, "convert<T>: T is float, double, int or long long");
    static_assert(
        !(detail::is_integer<T> && detail::is_floating<S>),
        "convert from real to integer is not defined outside the range: use to_int(x, lo, hi) or round_to_int(x)");
    return T(x);
}

/// `x` truncated and clamped to [lo, hi]; NaN gives lo.
template <class S, class = detail::enable_if_t<detail::is_floating<S>>> BR_DEVICE int to_int(S x, int lo, int hi) {
    if (!(x > S(lo))) return lo;
    if (x >= S(hi)) return hi;
    return int(x);
}

/// rint(x) clamped to the range of int; NaN gives the least int.
template <class S, class = detail::enable_if_t<detail::is_floating<S>>> BR_DEVICE int round_to_int(S x) {
    return to_int(rint(x), -2147483647 - 1, 2147483647);
}

/// Keeps the compiler from forwarding stores to loads across it, so that a buffer placed in shared memory is read from
/// there and does not occupy registers. On the CPU shared memory is ordinary memory and nothing is gained.
BR_DEVICE void placement_fence() {
#if BR_GPU
    asm volatile("" ::: "memory");
#endif
}

}  // namespace lanes
