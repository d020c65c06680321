// Logarithms: x = 2^k (1 + f), s = f / (2 + f), log(1 + f) = 2 artanh s, written as f - f^2/2 + s (f^2/2 + R(s^2)) so
// that f enters exactly.

namespace lanes {
namespace detail {

/// 2 artanh(s) = 2 s + s z L(z), z = s^2 <= 0.0295; this is L. Error relative to the logarithm: 2^-59 (f64), 2^-30
/// (f32).
template <class R> BR_DEVICE R artanh_tail(const R& z) {
    using T = element_t<R>;
    if constexpr (is_single<T>) {
        return polynomial(z, T(6.6666776e-01), T(3.997745e-01), T(2.9874435e-01));
    } else {
        return polynomial(z, T(0.6666666666666735), T(0.39999999999407515), T(0.2857142874413411),
                          T(0.2222219837929292), T(0.18183575120040385), T(0.15313756994660163), T(0.147990530693161));
    }
}

/// log(1 + f) + low for sqrt(1/2) <= 1 + f < sqrt(2), low small; s is left for log1p.
template <class R> BR_DEVICE R log_near_one(const R& f, const R& s, const R& low) {
    using T = element_t<R>;
    const R z = s * s, half_square = T(0.5) * f * f;
    return f - (half_square - fma(s, fma(z, artanh_tail(z), half_square), low));
}

/// The logarithm's value where x is not positive and finite: NaN below zero, -infinity at zero, x itself at infinity
/// and NaN.
template <class R> BR_DEVICE R log_special(const R& x) {
    using T = element_t<R>;
    const R at_or_below_zero = select(x == T(0), -infinity<T>(), quiet_nan<T>());
    return select(x <= T(0), at_or_below_zero, x);
}

/// Splits x, and sets `ordinary` to where the result will hold.
#define BR_LOG_REDUCE(x)                             \
    using T = element_t<R>;                          \
    const auto ordinary = positive_finite(x);        \
    R k, m;                                          \
    split_power(R(select(ordinary, x, T(1))), k, m); \
    const R f = m - T(1);                            \
    const R s = f / (f + T(2));

template <class R> BR_DEVICE R log_of(const R& x) {
    BR_LOG_REDUCE(x)
    R result = fma(k, ln2<T>, log_near_one(f, s, R(k * ln2_low<T>)));
    if (any(!ordinary)) result = select(ordinary, result, log_special(x));
    return result;
}

template <class R> BR_DEVICE R log2_of(const R& x) {
    BR_LOG_REDUCE(x)
    constexpr T log2_e_low = T(is_single<T> ? 1.925963e-08 : 2.0355273740931033e-17);
    const R natural = log_near_one(f, s, R(T(0)));
    R result = fma(natural, log2_e<T>, fma(natural, log2_e_low, k));
    if (any(!ordinary)) result = select(ordinary, result, log_special(x));
    return result;
}

template <class R> BR_DEVICE R log10_of(const R& x) {
    BR_LOG_REDUCE(x)
    constexpr T log10_e = T(is_single<T> ? 4.342945e-01 : 0.4342944819032518);
    constexpr T log10_2 = T(is_single<T> ? 3.0103e-01 : 0.3010299956639812);
    constexpr T log10_2_low = T(is_single<T> ? -1.4320989e-08 : -2.8037281277851704e-18);
    R result = fma(k, log10_2, fma(k, log10_2_low, log_near_one(f, s, R(T(0))) * log10_e));
    if (any(!ordinary)) result = select(ordinary, result, log_special(x));
    return result;
}

/// log(1 + x) = log(u) + (1 + x - u) / u with u = 1 + x rounded; near zero f = x, without a rounding.
template <class R> BR_DEVICE R log1p_of(const R& x) {
    using T = element_t<R>;
    const auto ordinary = (x > T(-1)) & (x < infinity<T>());
    const R argument = select(ordinary, x, T(0));
    const R u = argument + T(1), back = u - T(1);
    const R lost = (T(1) - (u - back)) + (argument - back);
    R k, m;
    split_power(u, k, m);
    const auto near = k == T(0);
    const R f = select(near, argument, m - T(1));
    const R s = f / (f + T(2));
    // 1 / m = (1 - s) / (1 + s), to the few bits that a correction below one ulp needs. Beyond 2^60 it is nothing.
    const R reciprocal = (T(1) - s) * fma(s, s, T(1) - s);
    const R correction = select(near, T(0), lost * power_of_two(R(-min(k, T(60)))) * reciprocal);
    R result = fma(k, ln2<T>, log_near_one(f, s, R(fma(k, ln2_low<T>, correction))));
    // Where x^2 is lost the series ends with x: keeps -0 and subnormals.
    result = select(abs(argument) < (is_single<T> ? T(0x1p-26) : T(0x1p-56)), argument, result);
    if (any(!ordinary)) {
        const R below = select(x == T(-1), -infinity<T>(), quiet_nan<T>());
        result = select(ordinary, result, select(x <= T(-1), below, x));
    }
    return result;
}

#undef BR_LOG_REDUCE

}  // namespace detail
}  // namespace lanes
