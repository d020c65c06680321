// cbrt and hypot.

namespace lanes {
namespace detail {

/// The cube root: |x| = 2^(3 j) w, 1/2.9 <= w <= 2.9; w^(-1/3) by a polynomial and iterations of fourth order, no
/// division; a last Newton step on w^(1/3) itself, whose residual fma keeps.
template <class R> BR_DEVICE R cbrt_of(const R& x) {
    using T = element_t<R>;
    constexpr T shift = format<T>::integer_shift;
    const auto ordinary = positive_finite(R(abs(x)));
    R k, m;
    split_power(R(select(ordinary, abs(x), T(1))), k, m);
    const R j = fma(k, T(0.3333333333333333), shift) - shift;
    const R w = m * power_of_two(R(fma(j, T(-3), k)));
    R inverse = polynomial(w, T(1.7496728), T(-1.1872082), T(0.5166759), T(-0.08077717));  // to 2^-5.9
    BR_UNROLL_FULL
    for (int i = 0; i < (is_single<T> ? 1 : 2); ++i) {
        // (1 - e)^(-1/3) = 1 + e/3 + 2 e^2/9 + 14 e^3/81 + …
        const R e = fma(-(inverse * inverse), inverse * w, T(1));
        inverse = fma(inverse * e, polynomial(e, T(1. / 3), T(2. / 9), T(14. / 81)), inverse);
    }
    const R square = inverse * inverse, root = w * square;
    const R corrected = fma(fma(root * root, root, -w) * square, T(-1. / 3), root);
    return copysign(select(ordinary, corrected * power_of_two(j), x), x);
}

/// sqrt(x^2 + y^2), scaled by a power of two where the squares would leave the range. Infinite if either is, also
/// beside a NaN.
template <class R> BR_DEVICE R hypot_of(const R& x, const R& y) {
    using T = element_t<R>;
    const T infinite = infinity<T>();
    constexpr T upper = is_single<T> ? T(0x1p62) : T(0x1p510), lower = is_single<T> ? T(0x1p-50) : T(0x1p-450);
    constexpr T factor = is_single<T> ? T(0x1p100) : T(0x1p600);
    const R a = abs(x), b = abs(y);
    const R larger = max(a, b), smaller = min(b, a);
    const R scale = select(larger > upper, T(1) / factor, select(larger < lower, factor, T(1)));
    const R unscale = select(larger > upper, factor, select(larger < lower, T(1) / factor, T(1)));
    const R p = larger * scale, q = smaller * scale;
    const R result = sqrt(fma(p, p, q * q)) * unscale;
    const R special = select((a == infinite) | (b == infinite), infinite, quiet_nan<T>());
    return select(isfinite(a) & isfinite(b), result, special);
}

}  // namespace detail
}  // namespace lanes
