// Elementary functions of real lanes and of uniform values, f32 and f64: exp exp2 expm1 log log2 log10 log1p pow sin
// cos sincos tan asin acos atan atan2 sinh cosh tanh cbrt hypot, and approx_pow. Files, in this order:
//
//     math.cuh                  parts of IEEE numbers, polynomials
//     math/exp.cuh              exp, exp2, expm1
//     math/log.cuh              log, log2, log10, log1p
//     math/pow.cuh              pow, approx_pow
//     math/reduction.cuh        arguments of the trigonometric functions, of any size
//     math/trigonometric.cuh    sin, cos, sincos, tan
//     math/inverse.cuh          asin, acos, atan, atan2
//     math/hyperbolic.cuh       sinh, cosh, tanh
//     math/root.cuh             cbrt, hypot
//     math/native.cuh           the vendors' functions (BR_MATH_NATIVE)
//     math/functions.cuh        the public functions
//
// The largest errors found, in ulp, over random and special arguments of the whole range (f64; f32 within 0.3 of them):
//
//     exp 0.94   exp2 1.14   expm1 1.83   log 0.76   log2 1.48   log10 1.67   log1p 0.76   pow 1.25
//     sin 0.77   cos 0.75    tan 2.0      asin 2.0   acos 1.07   atan 1.85    atan2 1.78
//     sinh 2.23  cosh 1.40   tanh 2.43    cbrt 0.73  hypot 0.93
//
// 4 ulp are promised, and the special values of C (Annex F): signed zeros, infinities, NaN, subnormals. Every function
// is built from the operations of the prelude, so its bits are the same on every machine. There are no tables and few
// divisions: a gather costs a pack more than the terms of a polynomial it saves. Rare cases (infinities, huge angles,
// powers of negative numbers) sit behind `any`, and give each lane what it would get alone.
//
// Polynomials minimise the maximal relative error of the function they serve (Remez exchange in 50 digits),
// coefficients rounded to the precision. Methods: W. J. Cody and W. Waite, Software Manual for the Elementary Functions
// (1980), for the reductions; M. Payne and R. Hanek, SIGNUM Newsletter 18 (1983) 19, for huge angles; T. J. Dekker,
// Numer. Math. 18 (1971) 224, for doubled precision; J.-M. Muller, Elementary Functions (3rd ed., 2016), for all of it.

// What a rare branch calls: out of the way of the common path. Inlined on the GPU, where a call costs a stack.
#if BR_GPU
#define BR_RARE BR_DEVICE
#else
#define BR_RARE BR_NOINLINE __attribute__((cold))
#endif

namespace lanes {
namespace detail {

template <class R> struct element_of {
    using type = R;
};
#if !BR_ONE_LANE
template <class T> struct element_of<pack<T>> {
    using type = T;
};
#endif
/// float or double, of a lane type or a uniform value.
template <class R> using element_t = typename element_of<R>::type;

/// The formats of IEEE 754.
template <class T> struct format;
template <> struct format<float> {
    static constexpr int mantissa_bits = 23, bias = 127;
    static constexpr float epsilon = 0x1p-23f;
    static constexpr float least_normal = 0x1p-126f, greatest = 0x1.fffffep127f;
    /// 1.5 * 2^23: a number n, |n| < 2^22, added to it is rounded to an integral value, held in the low bits of the
    /// sum.
    static constexpr float integer_shift = 0x1.8p23f;
    /// 2^23, whose low bits hold a small integer that is or-ed in.
    static constexpr float integer_base = 0x1p23f;
};
template <> struct format<double> {
    static constexpr int mantissa_bits = 52, bias = 1023;
    static constexpr double epsilon = 0x1p-52;
    static constexpr double least_normal = 0x1p-1022, greatest = 0x1.fffffffffffffp1023;
    static constexpr double integer_shift = 0x1.8p52;
    static constexpr double integer_base = 0x1p52;
};

template <class T> BR_DEVICE T infinity() { return from_bits(infinity_bits<T>); }
template <class T> BR_DEVICE T quiet_nan() { return from_bits(infinity_bits<T> | infinity_bits<T> >> 1); }

template <class T> inline constexpr bool is_single = sizeof(T) == 4;

/// (c0 + c1 x) + (c2 + c3 x) x^2 + …: Horner's rule in x^2, which has half the latency of Horner's rule in x for one
/// more product.
template <class R, class T> BR_DEVICE R polynomial_pairs(const R&, const R&, T c0) { return R(c0); }
template <class R, class T, class... More>
BR_DEVICE R polynomial_pairs(const R& x, const R& square, T c0, T c1, More... more) {
    const R pair = fma(x, c1, c0);
    if constexpr (sizeof...(more) == 0) {
        return pair;
    } else {
        return fma(polynomial_pairs(x, square, more...), square, pair);
    }
}

/// c0 + c1 x + c2 x^2 + …
template <class R, class... C> BR_DEVICE R polynomial(const R& x, C... c) {
    return polynomial_pairs(x, R(x * x), c...);
}

/// 2^n for integral n within the exponents of normal numbers.
template <class R> BR_DEVICE R power_of_two(const R& n) {
    using F = format<element_t<R>>;
    return from_bits(shift_left(bits(n + (F::integer_shift + F::bias)), F::mantissa_bits));
}

/// y * 2^n for integral n, at most twice the range of exponents: in two steps, so that results may be subnormal or
/// overflow.
template <class R> BR_DEVICE R scale_by_power(const R& y, const R& n) {
    using T = element_t<R>;
    const R half = rint(n * T(0.5));
    return y * power_of_two(half) * power_of_two(R(n - half));
}

/// Where a number is as it is in mathematics: greater than zero and finite.
template <class R> BR_DEVICE auto positive_finite(const R& x) {
    using T = element_t<R>;
    return (x > T(0)) & (x < infinity<T>());
}

/// x = 2^k m with sqrt(1/2) <= m < sqrt(2), k integral; for x positive and finite, subnormals included.
template <class R> BR_DEVICE void split_power(const R& x, R& k, R& m) {
    using T = element_t<R>;
    using F = format<T>;
    using I = bits_t<T>;
    constexpr T lift = is_single<T> ? T(0x1p24) : T(0x1p54);
    constexpr T lift_power = is_single<T> ? T(24) : T(54);
    // The representation of sqrt(1/2): subtracting it makes the exponent field step there and not at powers of two.
    constexpr I root_half = is_single<T> ? I(0x3f3504f3) : I(0x3fe6a09e667f3bcd);
    constexpr I bias_field = I(F::bias) << F::mantissa_bits;

    const auto subnormal = x < F::least_normal;
    const auto representation = bits(R(select(subnormal, x * lift, x)));
    const auto biased = shift_right_logical(representation + (bias_field - root_half), F::mantissa_bits);
    m = from_bits(representation - shift_left(biased - I(F::bias), F::mantissa_bits));
    k = from_bits(biased | bits(F::integer_base)) -
        select(subnormal, F::integer_base + F::bias + lift_power, F::integer_base + F::bias);
}

#if !BR_ONE_LANE && BR_AVX512
// The same for vectors of 512 bits, which have instructions for these parts of a number: fewer operations, the same
// bits.

template <class T> inline constexpr bool has_512_bits = chunk<T>::bytes == 64;

template <class T, class = enable_if_t<has_512_bits<T>>>
BR_DEVICE pack<T> scale_by_power(const pack<T>& y, const pack<T>& n) {
    pack<T> r;
    BR_UNROLL_FULL
    for (int i = 0; i < pack<T>::count; ++i) {
        if constexpr (is_single<T>) {
            r.q[i] = __builtin_ia32_scalefps512_mask((f32x16)y.q[i], (f32x16)n.q[i], (f32x16)y.q[i], -1,
                                                     BR_CURRENT_ROUNDING);
        } else {
            r.q[i] =
                __builtin_ia32_scalefpd512_mask((f64x8)y.q[i], (f64x8)n.q[i], (f64x8)y.q[i], -1, BR_CURRENT_ROUNDING);
        }
    }
    return r;
}

template <class T, class = enable_if_t<has_512_bits<T>>>
BR_DEVICE void split_power(const pack<T>& x, pack<T>& k, pack<T>& m) {
    // A mantissa in [1, 2), and halved from sqrt(2).
    constexpr T root_two = is_single<T> ? T(0x1.6a09e6p0f) : T(0x1.6a09e667f3bcdp0);
    BR_UNROLL_FULL
    for (int i = 0; i < pack<T>::count; ++i) {
        if constexpr (is_single<T>) {
            m.q[i] = __builtin_ia32_getmantps512_mask((f32x16)x.q[i], 0, (f32x16)x.q[i], -1, BR_CURRENT_ROUNDING);
            k.q[i] = __builtin_ia32_getexpps512_mask((f32x16)x.q[i], (f32x16)x.q[i], -1, BR_CURRENT_ROUNDING);
        } else {
            m.q[i] = __builtin_ia32_getmantpd512_mask((f64x8)x.q[i], 0, (f64x8)x.q[i], -1, BR_CURRENT_ROUNDING);
            k.q[i] = __builtin_ia32_getexppd512_mask((f64x8)x.q[i], (f64x8)x.q[i], -1, BR_CURRENT_ROUNDING);
        }
    }
    const mask upper = m >= root_two;
    m = select(upper, m * T(0.5), m);
    k = select(upper, k + T(1), k);
}
#endif

}  // namespace detail
}  // namespace lanes
