// sin, cos and tan: both polynomials of the reduced angle, chosen by quadrant.

namespace lanes {
namespace detail {

/// sin and cos of high + low, |high| <= pi/4 (a little more). Errors of the polynomials: 2^-57 and 2^-61 (f64), 2^-28
/// and 2^-31 (f32).
template <class R> BR_DEVICE void sincos_near_zero(const R& high, const R& low, R& sine, R& cosine) {
    using T = element_t<R>;
    const R z = high * high, half = z * T(0.5);
    R s, c;
    if constexpr (is_single<T>) {
        s = polynomial(z, T(-1.6666667e-01), T(8.333329e-03), T(-1.9839297e-04), T(2.71794e-06));
        c = polynomial(z, T(4.1666646e-02), T(-1.3887337e-03), T(2.443485e-05));
    } else {
        s = polynomial(z, T(-0.1666666666666663), T(0.00833333333332187), T(-0.00019841269829353465),
                       T(2.755731352831945e-06), T(-2.5050731642958597e-08), T(1.5895215355284053e-10));
        c = polynomial(z, T(0.041666666666666595), T(-0.001388888888887339), T(2.4801587289002672e-05),
                       T(-2.75573142083468e-07), T(2.087570301739237e-09), T(-1.1358566176496097e-11));
    }
    sine = high + fma(high * z, s, fma(-half, low, low));
    const R leading = T(1) - half;
    cosine = leading + (((T(1) - leading) - half) + fma(z * z, c, -(high * low)));
}

/// Below this sin(x) and tan(x) are x: keeps -0 and subnormals.
template <class T> inline constexpr T angle_itself = is_single<T> ? T(0x1p-13) : T(0x1p-28);

/// x with its sign changed where bit 1 of `quadrant` is set.
template <class R, class I> BR_DEVICE R negate_by_quadrant(const R& x, const I& quadrant) {
    return from_bits(bits(x) ^ shift_left(quadrant & 2, 8 * int(sizeof(element_t<R>)) - 2));
}

template <class R> BR_DEVICE void sincos_of(const R& x, R& sine, R& cosine) {
    using T = element_t<R>;
    const auto angle = reduce_angle(x);
    R s, c;
    sincos_near_zero(angle.high, angle.low, s, c);
    const auto odd = (angle.quadrant & 1) != 0;
    sine = select(abs(x) < angle_itself<T>, x, negate_by_quadrant(R(select(odd, c, s)), angle.quadrant));
    cosine = negate_by_quadrant(R(select(odd, s, c)), angle.quadrant + 1);
}

template <class R> BR_DEVICE R sin_of(const R& x) {
    R sine, cosine;
    sincos_of(x, sine, cosine);
    return sine;
}

template <class R> BR_DEVICE R cos_of(const R& x) {
    R sine, cosine;
    sincos_of(x, sine, cosine);
    return cosine;
}

template <class R> BR_DEVICE R tan_of(const R& x) {
    using T = element_t<R>;
    const auto angle = reduce_angle(x);
    R s, c;
    sincos_near_zero(angle.high, angle.low, s, c);
    const auto odd = (angle.quadrant & 1) != 0;
    const R numerator = select(odd, -c, s), denominator = select(odd, s, c);
    return select(abs(x) < angle_itself<T>, x, numerator / denominator);
}

}  // namespace detail
}  // namespace lanes
