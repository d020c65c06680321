// exp, exp2 and expm1: x = n ln 2 + r, |r| <= ln 2 / 2, a polynomial in r, and 2^n by the exponent field.

namespace lanes {
namespace detail {

/// (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2; error relative to e^r - 1: 2^-61 (f64), 2^-28 (f32).
template <class R> BR_DEVICE R exp_tail(const R& r) {
    using T = element_t<R>;
    if constexpr (is_single<T>) {
        return polynomial(r, T(5e-01), T(1.6666667e-01), T(4.166635e-02), T(8.333272e-03), T(1.3941205e-03),
                          T(1.9914418e-04));
    } else {
        return polynomial(r, T(0.5), T(0.16666666666666677), T(0.0416666666666667), T(0.008333333333321436),
                          T(0.0013888888888866596), T(0.00019841269886672818), T(2.4801587361090617e-05),
                          T(2.7557243609787013e-06), T(2.7557242270705606e-07), T(2.5109261584484925e-08),
                          T(2.092460135234006e-09));
    }
}

/// (2^r - 1) / r for |r| <= 1/2; error relative to 2^r: 2^-55 (f64), 2^-26 (f32).
template <class R> BR_DEVICE R exp2_tail(const R& r) {
    using T = element_t<R>;
    if constexpr (is_single<T>) {
        return polynomial(r, T(6.931472e-01), T(2.4022648e-01), T(5.550332e-02), T(9.61844e-03), T(1.3399133e-03),
                          T(1.5353167e-04));
    } else {
        return polynomial(r, T(0.6931471805599453), T(0.24022650695910133), T(0.05550410866482005),
                          T(0.009618129107593566), T(0.0013333558146780239), T(0.00015403530457880734),
                          T(1.5252733489345326e-05), T(1.321543486917658e-06), T(1.0178200494012705e-07),
                          T(7.073858782845093e-09), T(4.434726869301702e-10));
    }
}

template <class T> inline constexpr T ln2 = T(is_single<T> ? 6.931472e-01 : 0.6931471805599453);
template <class T> inline constexpr T ln2_low = T(is_single<T> ? -1.9046542e-09 : 2.3190468138462996e-17);
template <class T> inline constexpr T log2_e = T(is_single<T> ? 1.442695e+00 : 1.4426950408889634);

/// x = n ln 2 + r. The first product is exact under fma: n ln2 and x agree in all bits above r.
template <class R> BR_DEVICE void reduce_exp(const R& x, R& n, R& r) {
    using T = element_t<R>;
    constexpr T shift = format<T>::integer_shift;
    n = fma(x, log2_e<T>, shift) - shift;
    r = fma(n, -ln2_low<T>, fma(n, -ln2<T>, x));
}

/// x within limits outside of which the result no longer changes; NaN stays NaN (the second operand of max and min).
template <class R> BR_DEVICE R clamp(const R& x, element_t<R> lo, element_t<R> hi) { return min(hi, max(lo, x)); }

/// e^x * 2^scale.
template <class R> BR_DEVICE R scaled_exp(const R& x, element_t<R> scale) {
    using T = element_t<R>;
    R n, r;
    reduce_exp(is_single<T> ? clamp(x, T(-105), T(90)) : clamp(x, T(-747), T(711)), n, r);
    return scale_by_power(R(fma(r * r, exp_tail(r), r) + T(1)), R(n + scale));
}

template <class R> BR_DEVICE R exp_of(const R& x) { return scaled_exp(x, element_t<R>(0)); }

/// 2^(high + low), |low| far below one ulp of high, or 0.
template <class R> BR_DEVICE R exp2_of_sum(const R& high, const R& low) {
    using T = element_t<R>;
    constexpr T shift = format<T>::integer_shift;
    const R n = (high + shift) - shift;
    const R r = (high - n) + low;
    return scale_by_power(R(fma(r, exp2_tail(r), T(1))), n);
}

template <class R> BR_DEVICE R exp2_of(const R& x) {
    using T = element_t<R>;
    return exp2_of_sum(is_single<T> ? clamp(x, T(-152), T(129)) : clamp(x, T(-1077), T(1025)), R(T(0)));
}

/// (e^x - 1) / 4, which is finite even where sinh overflows: 2^(n-2) (e^r - 1) + (2^(n-2) - 1/4). For x below -40 it is
/// -1/4; beyond the limit above, the value there. `whole` is e^x - 1 where n = 0.
template <class R> BR_DEVICE R quarter_expm1(const R& x, R& n, R& whole) {
    using T = element_t<R>;
    R r;
    reduce_exp(is_single<T> ? clamp(x, T(-40), T(89.5)) : clamp(x, T(-40), T(710.48)), n, r);
    whole = fma(r * r, exp_tail(r), r);
    const R power = power_of_two(R(n - T(2)));
    return fma(power, whole, power - T(0.25));
}

template <class R> BR_DEVICE R expm1_of(const R& x) {
    using T = element_t<R>;
    R n, near;
    const R quarter = quarter_expm1(x, n, near);
    // Near zero the quarter may be subnormal; and -0 stays -0.
    return copysign(select(n == T(0), near, quarter * T(4)), x);
}

}  // namespace detail
}  // namespace lanes
