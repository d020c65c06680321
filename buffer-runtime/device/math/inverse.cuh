// asin, acos, atan, atan2.

namespace lanes {
namespace detail {

template <class T> inline constexpr T pi = T(is_single<T> ? 3.1415927e+00 : 3.141592653589793);
template <class T> inline constexpr T pi_low = T(is_single<T> ? -8.742278e-08 : 1.2246467991473532e-16);

/// (asin(x) / x - 1) / z, z = x^2 <= 1/4; error relative to asin: 2^-59 (f64), 2^-27 (f32).
template <class R> BR_DEVICE R asin_tail(const R& z) {
    using T = element_t<R>;
    if constexpr (is_single<T>) {
        return polynomial(z, T(1.6666754e-01), T(7.495233e-02), T(4.5478333e-02), T(2.4141027e-02), T(4.2230494e-02));
    } else {
        return polynomial(z, T(0.16666666666666763), T(0.07499999999970094), T(0.04464285717528874),
                          T(0.030381942675189535), T(0.0223722159077059), T(0.017351595477347482),
                          T(0.013981018721727384), T(0.011397292057331627), T(0.010789324498725363),
                          T(0.003672178512391393), T(0.021790652510101927), T(-0.02111671620328379),
                          T(0.032702155409177106));
    }
}

/// asin(w) for w = |x| up to 1/2, and for w = sqrt((1 - |x|) / 2) beyond, where asin |x| = pi/2 - 2 asin(w). NaN beyond
/// 1, from the root.
template <class R, class M> BR_DEVICE R asin_half_range(const R& magnitude, const M& beyond_half) {
    using T = element_t<R>;
    const R z = select(beyond_half, fma(magnitude, T(-0.5), T(0.5)), magnitude * magnitude);
    const R w = select(beyond_half, sqrt(z), magnitude);
    return fma(w * z, asin_tail(z), w);
}

template <class R> BR_DEVICE R asin_of(const R& x) {
    using T = element_t<R>;
    const R magnitude = abs(x);
    const auto beyond_half = magnitude > T(0.5);
    const R inner = asin_half_range(magnitude, beyond_half);
    return copysign(select(beyond_half, half_pi<T> - fma(inner, T(2), -half_pi_low<T>), inner), x);
}

template <class R> BR_DEVICE R acos_of(const R& x) {
    using T = element_t<R>;
    const R magnitude = abs(x);
    const auto beyond_half = magnitude > T(0.5), negative = x < T(0);
    const R inner = asin_half_range(magnitude, beyond_half);
    const R twice = inner * T(2);
    const R outside = select(negative, pi<T> - (twice - pi_low<T>), twice);
    return select(beyond_half, outside, half_pi<T> - (copysign(inner, x) - half_pi_low<T>));
}

/// (atan(t) / t - 1) / z, z = t^2, |t| <= tan(pi/8); error relative to atan: 2^-59 (f64), 2^-28 (f32).
template <class R> BR_DEVICE R atan_tail(const R& z) {
    using T = element_t<R>;
    if constexpr (is_single<T>) {
        return polynomial(z, T(-3.3333316e-01), T(1.9998486e-01), T(-1.4243801e-01), T(1.059562e-01), T(-6.082434e-02));
    } else {
        return polynomial(z, T(-0.333333333333332), T(0.19999999999953896), T(-0.14285714280228673),
                          T(0.11111110785096545), T(-0.09090897805271997), T(0.07692061063071196),
                          T(-0.06663113659040189), T(0.058479586560752084), T(-0.05039613514288754),
                          T(0.038072295547408874), T(-0.01791554607063719));
    }
}

/// The angle of (±x, y), x and y >= 0: y/x is brought below tan(pi/8) by reflecting the point at the diagonal and
/// turning it by -pi/4.
template <class R, class M> BR_DEVICE R atan_quadrants(const R& y, const R& x, const M& negative_x) {
    using T = element_t<R>;
    constexpr T tan_eighth_pi = T(is_single<T> ? 4.1421357e-01 : 0.41421356237309503);
    const auto steep = y > x;
    const R low_leg = select(steep, x, y), high_leg = select(steep, y, x);
    const auto turn = low_leg > high_leg * tan_eighth_pi;
    const R numerator = select(turn, low_leg - high_leg, low_leg);
    const R denominator = select(turn, low_leg + high_leg, high_leg);
    const R t = select(low_leg == T(0), T(0), numerator / denominator);
    const R z = t * t;
    const R tail = t * z * atan_tail(z);

    // The angle is base ± (t + tail), base a multiple of pi/4.
    const auto reflected = steep ^ negative_x;
    R eighths = select(turn, T(1), T(0));
    eighths = select(steep, T(2) - eighths, eighths);
    eighths = select(negative_x, T(4) - eighths, eighths);
    const R base = eighths * (half_pi<T> * T(0.5));
    const R base_low = fma(eighths, half_pi_low<T> * T(0.5), fma(eighths, half_pi<T> * T(0.5), -base));
    const R leading = select(reflected, -t, t);
    const R sum = base + leading;
    // base is 0 or larger than t.
    const R lost = leading - (sum - base);
    return sum + (lost + (base_low + select(reflected, -tail, tail)));
}

template <class R> BR_DEVICE R atan_of(const R& x) {
    using T = element_t<R>;
    return copysign(atan_quadrants(R(abs(x)), R(T(1)), decltype(x < x)(false)), x);
}

template <class R> BR_DEVICE R atan2_of(const R& y, const R& x) {
    using T = element_t<R>;
    const T infinite = infinity<T>();
    constexpr T large = format<T>::greatest * T(0.25), small = format<T>::least_normal * T(8);
    R a = abs(y), b = abs(x);
    // Legs whose sum would overflow or whose products would be subnormal; two infinite legs are equal.
    const R longer = max(a, b);
    const auto extreme = !((longer > small) & (longer < large));
    if (any(extreme)) {
        const R factor = select(longer <= small, T(1) / format<T>::epsilon, select(extreme, T(0.25), T(1)));
        const auto both = (a == infinite) & (b == infinite);
        a = select(both, T(1), a * factor);
        b = select(both, T(1), b * factor);
    }
    const R angle = atan_quadrants(a, b, bits(x) < 0);
    return select(isnan(x) | isnan(y), quiet_nan<T>(), copysign(angle, y));
}

}  // namespace detail
}  // namespace lanes
