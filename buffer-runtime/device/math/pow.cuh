// pow: 2^(y log2 x) with the logarithm and the product in doubled precision, as an error of the exponent is multiplied
// by up to 745 (f64). And approx_pow, a cheap power for step-size controllers.

namespace lanes {
namespace detail {

/// An unevaluated sum, low a few ulp of high at most: about twice the precision.
template <class R> struct doubled {
    R high, low;
};

/// a + b for |a| >= |b|, or a = 0 (Dekker).
template <class R> BR_DEVICE doubled<R> fast_sum(const R& a, const R& b) {
    const R sum = a + b;
    return {sum, b - (sum - a)};
}

/// a * b; the parts may overlap by a few bits.
template <class R> BR_DEVICE doubled<R> product(const doubled<R>& a, const doubled<R>& b) {
    const R high = a.high * b.high;
    return {high, fma(a.high, b.high, -high) + fma(a.high, b.low, a.low * b.high)};
}

/// (artanh(s) / s - 1 - z / 3) / z^2, z = s^2; error relative to the logarithm: 2^-66 (f64), 2^-36 (f32).
template <class R> BR_DEVICE R artanh_far_tail(const R& z) {
    using T = element_t<R>;
    if constexpr (is_single<T>) {
        return polynomial(z, T(2.0000076e-01), T(1.4273517e-01), T(1.1710518e-01));
    } else {
        return polynomial(z, T(0.19999999999999987), T(0.14285714285722667), T(0.11111111108741027),
                          T(0.09090909438499777), T(0.07692278207155558), T(0.06668167506703339),
                          T(0.058372304300978645), T(0.05995997891244848));
    }
}

/// log2(x) for x positive and finite, to about 2^-64 (f64), 2^-34 (f32).
template <class R> BR_DEVICE doubled<R> log2_doubled(const R& x) {
    using T = element_t<R>;
    R k, m;
    split_power(x, k, m);
    // s = f / (2 + f), with the remainder of the division; 1 / (2 + f) = (1 - s) / 2.
    const R f = m - T(1);
    const doubled<R> divisor = fast_sum(R(T(2)), f);
    const R quotient = f / divisor.high;
    const R remainder = fma(-quotient, divisor.low, fma(-quotient, divisor.high, f));
    const doubled<R> s = {quotient, remainder * fma(quotient, T(-0.5), T(0.5))};
    // log2 x = k + 2 log2(e) s (1 + z (1/3 + z tail)), z = s^2
    constexpr T two_log2_e = T(is_single<T> ? 2.88539e+00 : 2.8853900817779268);
    constexpr T two_log2_e_low = T(is_single<T> ? 3.851926e-08 : 4.0710547481862066e-17);
    constexpr T third = T(is_single<T> ? 3.3333334e-01 : 0.3333333333333333);
    constexpr T third_low = T(is_single<T> ? -9.934108e-09 : 1.850371707708594e-17);
    const doubled<R> scaled = product(s, doubled<R>{R(two_log2_e), R(two_log2_e_low)});
    const doubled<R> z = product(s, s);
    const doubled<R> coefficient = fast_sum(R(third), R(z.high * artanh_far_tail(z.high)));
    const doubled<R> cubic = product(scaled, product(z, doubled<R>{coefficient.high, coefficient.low + third_low}));
    const doubled<R> near = fast_sum(scaled.high, cubic.high);
    const doubled<R> sum = fast_sum(k, near.high);
    return {sum.high, sum.low + (near.low + (scaled.low + cubic.low))};
}

/// pow where x is zero, negative or infinite, y is infinite, or either is NaN; `magnitude` is |x|^y for |x| positive
/// and finite, y finite.
template <class R> BR_RARE R pow_special(const R& x, const R& y, const R& magnitude) {
    using T = element_t<R>;
    const T infinite = infinity<T>();
    const R ax = abs(x), half = y * T(0.5);
    const auto integral = rint(y) == y;  // infinities count as even integers, as C has it
    const auto odd = integral & (rint(half) != half);
    R result = magnitude;
    // |x| zero or infinite, or y infinite: zero or infinity by the sign of the exponent y log2|x|.
    const auto extreme = (ax == T(0)) | (ax == infinite) | (abs(y) == infinite);
    const auto grows = ((ax > T(1)) & (y > T(0))) | ((ax < T(1)) & (y < T(0)));
    result = select(extreme, select(grows, infinite, T(0)), result);
    result = select(bits(x) < 0,
                    select(odd, -result, select(integral | (ax == T(0)) | (ax == infinite), result, quiet_nan<T>())),
                    result);
    result = select((x == T(-1)) & (abs(y) == infinite), T(1), result);
    result = select(isnan(x) | isnan(y), quiet_nan<T>(), result);
    return select((y == T(0)) | (x == T(1)), T(1), result);
}

template <class R> BR_DEVICE R pow_of(const R& x, const R& y) {
    using T = element_t<R>;
    // Beyond these the result is 0 or infinite.
    constexpr T limit = is_single<T> ? T(160) : T(1100);
    const auto ordinary = positive_finite(x) & (abs(y) < infinity<T>());
    const R ax = abs(x);
    const doubled<R> log2_x = log2_doubled(R(select(positive_finite(ax), ax, T(1))));
    const R high = y * log2_x.high;
    const R low = fma(y, log2_x.high, -high) + y * log2_x.low;
    R result = exp2_of_sum(clamp(high, -limit, limit), R(select(abs(high) < limit, low, T(0))));
    if (any(!ordinary)) result = select(ordinary, result, pow_special(x, y, result));
    return result;
}

/// log2 x for positive normal x, with this polynomial for log2(1 + f) / f.
template <class R, class... C> BR_DEVICE R log2_by_polynomial(const R& x, C... coefficients) {
    using T = element_t<R>;
    using F = format<T>;
    using I = bits_t<T>;
    constexpr I root_half = is_single<T> ? I(0x3f3504f3) : I(0x3fe6a09e667f3bcd);
    constexpr I bias_field = I(F::bias) << F::mantissa_bits;
    const auto representation = bits(x);
    const auto biased = shift_right_logical(representation + (bias_field - root_half), F::mantissa_bits);
    const R f = from_bits(representation - shift_left(biased - I(F::bias), F::mantissa_bits)) - T(1);
    const R k = from_bits(biased | bits(F::integer_base)) - (F::integer_base + F::bias);
    return fma(f, polynomial(f, coefficients...), k);
}

/// 2^x for x within the exponents of normal numbers, with this polynomial for 2^r, |r| <= 1/2.
template <class R, class... C> BR_DEVICE R exp2_by_polynomial(const R& x, C... coefficients) {
    using T = element_t<R>;
    using F = format<T>;
    // The nearest integer and the bias stand in the last bits of the sum, from where a shift makes them an exponent.
    const R shifted = x + (F::integer_shift + F::bias);
    const R r = x - (shifted - (F::integer_shift + F::bias));
    return polynomial(r, coefficients...) * from_bits(shift_left(bits(shifted), F::mantissa_bits));
}

/// x^y to 1e-6, relative, for |y log2 x| <= 10; in f32 the error grows with it. For x > 0; what is not a positive
/// normal number counts as the nearest (0 and below: the least, infinity and NaN: the greatest), so that a controller
/// shrinks its step after an error of NaN. The result is held within 2^±126 (f32) or 2^±1022 (f64).
template <class R> BR_DEVICE R approx_pow_of(const R& x, const R& y) {
    using T = element_t<R>;
    using F = format<T>;
    const R log2_x = log2_by_polynomial(R(max(min(x, F::greatest), F::least_normal)), T(1.4426998), T(-0.72137594), T(0.4804645), T(-0.35895896),
                                        T(0.29726732), T(-0.27272573), T(0.17065375));
    const R exponent = clamp(R(y * log2_x), T(1 - F::bias), T(F::bias - 1));
    return exp2_by_polynomial(exponent, T(1), T(0.693147), T(0.2402224), T(0.055507362), T(0.0096717235), T(0.0013264451));
}

/// x^y to 3e-4, relative, for |y| <= 2.25. For positive normal x with a result that is normal too. Both polynomials are of least
/// largest error, 1.0e-4 and 7.5e-5.
template <class R> BR_DEVICE R approx_pow_bounded_of(const R& x, const R& y) {
    using T = element_t<R>;
    const R log2_x = log2_by_polynomial(x, T(1.4417606), T(-0.72490416), T(0.51750939), T(-0.32962976));
    return exp2_by_polynomial(R(y * log2_x), T(0.99992807), T(0.69326099), T(0.24261112), T(0.055171668));
}

}  // namespace detail
}  // namespace lanes
