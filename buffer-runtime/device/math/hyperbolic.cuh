// sinh, cosh and tanh, by e^x - 1 and e^x.

namespace lanes {
namespace detail {

/// sinh x = (E + E / (E + 1)) / 2, E = e^x - 1; through E/4, as E overflows before sinh does.
template <class R> BR_DEVICE R sinh_of(const R& x) {
    using T = element_t<R>;
    const R magnitude = abs(x);
    R n, near;
    const R quarter = quarter_expm1(magnitude, n, near);
    const R result = fma(quarter / fma(quarter, T(4), T(1)), T(2), quarter * T(2));
    // Where x^3 is lost: keeps subnormals.
    return copysign(select(magnitude < (is_single<T> ? T(0x1p-13) : T(0x1p-28)), magnitude, result), x);
}

/// cosh x = (e^x + e^-x) / 2.
template <class R> BR_DEVICE R cosh_of(const R& x) {
    using T = element_t<R>;
    const R half = scaled_exp(R(abs(x)), T(-1));
    return half + T(0.25) / half;
}

/// tanh x = E / (E + 2), E = e^(2x) - 1; 1 to the precision from 22 (f64) or 10 (f32).
template <class R> BR_DEVICE R tanh_of(const R& x) {
    using T = element_t<R>;
    const R twice = min(is_single<T> ? T(20) : T(44), abs(x) * T(2));
    const R e = expm1_of(twice);
    const R result = e / (e + T(2));
    return copysign(select(abs(x) < (is_single<T> ? T(0x1p-13) : T(0x1p-28)), abs(x), result), x);
}

}  // namespace detail
}  // namespace lanes
