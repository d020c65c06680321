// Reduction of angles: x = n pi/2 + r, |r| <= pi/4, for every finite x, with r in doubled precision so that its
// relative error stays small next to multiples of pi/2.

namespace lanes {
namespace detail {

/// The quadrant n mod 4 (in the low two bits) and the rest of an angle.
template <class R, class I> struct reduced_angle {
    I quadrant;
    R high, low;
};

/// pi/2 = half_pi + half_pi_low + half_pi_lowest.
template <class T> inline constexpr T half_pi = T(is_single<T> ? 1.5707964e+00 : 1.5707963267948966);
template <class T> inline constexpr T half_pi_low = T(is_single<T> ? -4.371139e-08 : 6.123233995736766e-17);
template <class T> inline constexpr T half_pi_lowest = T(is_single<T> ? -1.7151245e-15 : -1.4973849048591698e-33);

/// Bits of 2/pi, after 64 zeros.
BR_CONSTANT unsigned two_over_pi[] = {
    0x00000000u, 0x00000000u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu,
    0xdebbc561u, 0xb7246e3au, 0x424dd2e0u, 0x06492eeau, 0x09d1921cu, 0xfe1deb1cu, 0xb129a73eu, 0xe88235f5u, 0x2ebb4484u,
    0xe99c7026u, 0xb45f7e41u, 0x3991d639u, 0x835339f4u, 0x9c845f8bu, 0xbdf9283bu, 0x1ff897ffu, 0xde05980fu, 0xef2f118bu,
    0x5a0a6d1fu, 0x6d367ecfu, 0x27cb09b7u, 0x4f463f66u, 0x9e5fea2du, 0x7527bac7u, 0xebe5f17bu, 0x3d0739f7u, 0x8a5292eau,
    0x6bfb5fb1u, 0x1f8d5d08u, 0x56033046u, 0xfc7b6babu, 0xf0cfbc20u, 0x9af4361du};

/// An angle of any size, by integers (M. Payne and R. Hanek, SIGNUM Newsletter 18 (1983) 19): of x * 2/pi only the bits
/// around the binary point matter, and they come from 192 bits of 2/pi, as the integral multiples of 4 above and all
/// below 2^-137 may be left out.
template <class T> BR_NOINLINE reduced_angle<T, bits_t<T>> reduce_huge(T x) {
    using F = format<T>;
    using wide = unsigned long long;
    const auto representation = bits(x) & ~sign_bit<T>;
    if (representation >= infinity_bits<T>) return {0, quiet_nan<T>(), quiet_nan<T>()};
    // |x| = mantissa * 2^exponent
    const int exponent = int(representation >> F::mantissa_bits) - F::bias - F::mantissa_bits;
    const wide implicit_bit = 1ull << F::mantissa_bits;
    const wide mantissa = (wide(representation) & (implicit_bit - 1)) | implicit_bit;
    const unsigned factor[2] = {unsigned(mantissa), unsigned(mantissa >> 32)};

    // The bit of 2/pi whose product with the mantissa's last has weight 2, and the window from there; word 0 is the
    // most significant.
    const int start = exponent - 2 + 64;
    unsigned window[6];
    BR_UNROLL_FULL
    for (int i = 0; i < 6; ++i) {
        const wide pair = wide(two_over_pi[start / 32 + i]) << 32 | two_over_pi[start / 32 + i + 1];
        window[i] = unsigned(pair << (start % 32) >> 32);
    }
    // window * mantissa mod 2^192
    unsigned product[6] = {0, 0, 0, 0, 0, 0};
    BR_UNROLL_FULL
    for (int j = 0; j < 2; ++j) {
        wide carry = 0;
        BR_UNROLL_FULL
        for (int i = 5; i - j >= 0; --i) {
            carry += wide(window[i]) * factor[j] + product[i - j];
            product[i - j] = unsigned(carry);
            carry >>= 32;
        }
    }
    // Two bits of quadrant, then the fraction; above one half, count from the next quadrant down.
    int quadrant = int(product[0] >> 30);
    wide fraction[2] = {(wide(product[0]) << 32 | product[1]) << 2 | product[2] >> 30,
                        (wide(product[2]) << 32 | product[3]) << 2 | product[4] >> 30};
    const wide rest = (wide(product[4]) << 32 | product[5]) << 2;
    const bool down = fraction[0] >> 63;
    wide last = rest;
    if (down) {
        quadrant += 1;
        fraction[0] = ~fraction[0];
        fraction[1] = ~fraction[1];
        last = ~last;
    }
    // The fraction as three numbers, each exact.
    T first, second, third;
    if constexpr (is_single<T>) {
        first = T(int(fraction[0] >> 40)) * T(0x1p-24);
        second = T(int(fraction[0] >> 16 & 0xffffff)) * T(0x1p-48);
        third = T(int((fraction[0] & 0xffff) << 8 | fraction[1] >> 56)) * T(0x1p-72);
    } else {
        first = T(static_cast<long long>(fraction[0] >> 11)) * T(0x1p-53);
        second = T(static_cast<long long>((fraction[0] & 0x7ff) << 42 | fraction[1] >> 22)) * T(0x1p-106);
        third = T(static_cast<long long>((fraction[1] & 0x3fffff) << 31 | last >> 33)) * T(0x1p-159);
    }
    const T high = first + second;
    const T low = (second - (high - first)) + third;
    // times pi/2
    T angle = high * half_pi<T>;
    T angle_low = fma(high, half_pi<T>, -angle) + fma(high, half_pi_low<T>, low * half_pi<T>);
    if (down) angle = -angle, angle_low = -angle_low;
    if (x < T(0)) angle = -angle, angle_low = -angle_low, quadrant = -quadrant;
    return {quadrant, angle, angle_low};
}

template <class T> BR_DEVICE void reduce_huge_lanes(T x, bool huge, reduced_angle<T, bits_t<T>>& result) {
    if (huge) result = reduce_huge(x);
}
#if !BR_ONE_LANE
template <class T>
BR_NOINLINE void reduce_huge_lanes(const pack<T>& x, const mask& huge,
                                   reduced_angle<pack<T>, pack<bits_t<T>>>& result) {
    for (int l = 0; l < LANES; ++l) {
        if (!get_lane(huge, l)) continue;
        const reduced_angle<T, bits_t<T>> one = reduce_huge(get_lane(x, l));
        set_lane(result.quadrant, l, one.quadrant);
        set_lane(result.high, l, one.high);
        set_lane(result.low, l, one.low);
    }
}
#endif

/// Reduces an angle. Up to 2^30 (f64) or 2^16 (f32) by subtracting n pi/2 in three parts (Cody and Waite): the first
/// product is exact under fma as it agrees with x in all bits above r, the second is carried in doubled precision.
template <class R> BR_DEVICE auto reduce_angle(const R& x) {
    using T = element_t<R>;
    using I = decltype(bits(x));
    constexpr T shift = format<T>::integer_shift;
    constexpr T two_over_pi_rounded = T(is_single<T> ? 6.3661975e-01 : 0.6366197723675814);
    constexpr T limit = is_single<T> ? T(0x1p16) : T(0x1p30);

    const R shifted = fma(x, two_over_pi_rounded, shift);
    const R n = shifted - shift;
    const R rest = fma(n, -half_pi<T>, x);
    const R second = n * half_pi_low<T>;
    const R high = rest - second;
    // What the subtraction and the product have lost (Knuth's two-sum: either operand may be the larger).
    const R back = high - rest;
    const R lost = (rest - (high - back)) - (second + back);
    const R low = fma(n, -half_pi_lowest<T>, lost - fma(n, half_pi_low<T>, -second));

    reduced_angle<R, I> result = {bits(shifted), high, low};
    const auto huge = abs(x) > limit;
    if (any(huge)) reduce_huge_lanes(x, huge, result);
    return result;
}

}  // namespace detail
}  // namespace lanes
