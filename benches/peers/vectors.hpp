// What the hand-written loops share: numbers and native vectors of them under the same names.
#pragma once

#include "clock.hpp"

#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#elif defined(__AVX__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif
#define INLINE inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 64")
/// Over the native vectors of a pack.
#define EACH UNROLL for (int k = 0; k < U; ++k)

namespace {

typedef double f64_vector __attribute__((vector_size(VECTOR_BYTES)));
typedef float f32_vector __attribute__((vector_size(VECTOR_BYTES)));
typedef int i32_vector __attribute__((vector_size(VECTOR_BYTES)));
typedef long long i64_vector __attribute__((vector_size(VECTOR_BYTES)));
typedef unsigned long long u64_vector __attribute__((vector_size(VECTOR_BYTES)));
typedef unsigned u32_vector __attribute__((vector_size(VECTOR_BYTES)));

/// A number type: its native vector, unsigned integers of its size, and the constants of its format.
template <class T> struct format;
template <> struct format<double> {
    using vector = f64_vector;
    using bits = unsigned long long;
    static constexpr int mantissa = 52, bias = 1023;
    static constexpr double base = 0x1p52, shift = 0x1.8p52;
    static constexpr bits root_half = 0x3fe6a09e667f3bcd, reciprocal = 0x7fde623822fc16e6;
};
template <> struct format<float> {
    using vector = f32_vector;
    using bits = unsigned;
    static constexpr int mantissa = 23, bias = 127;
    static constexpr float base = 0x1p23f, shift = 0x1.8p23f;
    static constexpr bits root_half = 0x3f3504f3, reciprocal = 0x7ef311c7;
};
template <class T> using native = typename format<T>::vector;
template <class T> constexpr int lanes = VECTOR_BYTES / int(sizeof(T));

/// What a value type, a number or a native vector of them, is made of.
template <class V> struct parts {
    using element = V;
    using bits = typename format<V>::bits;
};
template <> struct parts<f64_vector> {
    using element = double;
    using bits = u64_vector;
};
template <> struct parts<f32_vector> {
    using element = float;
    using bits = u32_vector;
};
template <class V> using element = typename parts<V>::element;
template <class V> using bits = typename parts<V>::bits;

INLINE double fma_of(double x, double y, double z) { return __builtin_fma(x, y, z); }
INLINE float fma_of(float x, float y, float z) { return __builtin_fmaf(x, y, z); }
#if defined(__clang__)
template <class V> INLINE V fma_of(V x, V y, V z) { return __builtin_elementwise_fma(x, y, z); }
#elif VECTOR_BYTES == 64
INLINE f64_vector fma_of(f64_vector x, f64_vector y, f64_vector z) { return __builtin_ia32_vfmaddpd512_mask(x, y, z, -1, 4); }
INLINE f32_vector fma_of(f32_vector x, f32_vector y, f32_vector z) { return __builtin_ia32_vfmaddps512_mask(x, y, z, -1, 4); }
#elif defined(__FMA__) && VECTOR_BYTES == 32
INLINE f64_vector fma_of(f64_vector x, f64_vector y, f64_vector z) { return __builtin_ia32_vfmaddpd256(x, y, z); }
INLINE f32_vector fma_of(f32_vector x, f32_vector y, f32_vector z) { return __builtin_ia32_vfmaddps256(x, y, z); }
#else
template <class V> INLINE V fma_of(V x, V y, V z) {
    V r;
    for (unsigned l = 0; l < sizeof(V) / sizeof(x[0]); ++l) r[l] = fma_of(x[l], y[l], z[l]);
    return r;
}
#endif

INLINE double sqrt_of(double x) { return __builtin_sqrt(x); }
INLINE float sqrt_of(float x) { return __builtin_sqrtf(x); }
template <class V> INLINE V sqrt_of(V x) {
    for (unsigned l = 0; l < sizeof(V) / sizeof(x[0]); ++l) x[l] = sqrt_of(x[l]);
    return x;
}

INLINE bool any(bool m) { return m; }
template <class M> INLINE bool any(M m) {
#if VECTOR_BYTES == 64 && defined(__AVX512DQ__)
    // Of every four bytes, which are a lane in single precision and half of one in double.
    return __builtin_ia32_cvtd2mask512((i32_vector)m) != 0;
#elif VECTOR_BYTES == 32
    return !__builtin_ia32_ptestz256((i64_vector)m, (i64_vector)m);
#else
    for (unsigned l = 0; l < sizeof(M) / sizeof(m[0]); ++l)
        if (m[l]) return true;
    return false;
#endif
}

template <class To, class From> INLINE To as(From x) {
    static_assert(sizeof(To) == sizeof(From));
    To r;
    __builtin_memcpy(&r, &x, sizeof r);
    return r;
}
template <class V> INLINE V all(double x) { return V{} + element<V>(x); }
/// A constant that is loaded once for all its uses here: compilers make it an operand in memory of each, and then loads and not arithmetic limit the loop.
template <class V> INLINE V in_register(V x) {
#if defined(__x86_64__)
    asm volatile("" : "+v"(x));
#endif
    return x;
}
template <class V> INLINE V min_of(V x, V y) { return x < y ? x : y; }
template <class V> INLINE V max_of(V x, V y) { return x > y ? x : y; }
#if !defined(__clang__) && VECTOR_BYTES >= 32
// GCC makes a comparison and a blend of the expressions above.
#if VECTOR_BYTES == 64
#define MIN_MAX(name, builtin, V) \
    INLINE V name(V x, V y) { return builtin##512_mask(x, y, x, -1, 4); }
#else
#define MIN_MAX(name, builtin, V) \
    INLINE V name(V x, V y) { return builtin##256(x, y); }
#endif
MIN_MAX(min_of, __builtin_ia32_minpd, f64_vector)
MIN_MAX(max_of, __builtin_ia32_maxpd, f64_vector)
MIN_MAX(min_of, __builtin_ia32_minps, f32_vector)
MIN_MAX(max_of, __builtin_ia32_maxps, f32_vector)
#endif
template <class V> INLINE V abs_of(V x) {
    using I = typename format<element<V>>::bits;
    return as<V>(as<bits<V>>(x) & ~(I(1) << (8 * sizeof(I) - 1)));
}

/// 1 / x from the exponent's complement and three of Newton's iterations.
template <class V> INLINE V reciprocal(V x) {
    V y = as<V>(format<element<V>>::reciprocal - as<bits<V>>(x));
    UNROLL for (int step = 0; step < 2; ++step) y = fma_of(y, fma_of(-x, y, all<V>(1)), y);
    return y;
}

/// 1 / x as exactly as arithmetic goes, by a division.
template <class V> INLINE V inverse(V x) { return all<V>(1) / x; }

/// x^y for 1e-15 <= x <= 1e16 and |y| <= 1, to 3e-4.
template <class V> INLINE V power(V x, double y) {
    using F = format<element<V>>;
    using I = typename F::bits;
    const bits<V> representation = as<bits<V>>(x);
    const bits<V> biased = (representation + ((I(F::bias) << F::mantissa) - F::root_half)) >> F::mantissa;
    const V f = as<V>(representation - ((biased - I(F::bias)) << F::mantissa)) - all<V>(1);
    const V exponent = as<V>(biased | as<I>(F::base)) - all<V>(F::base + F::bias);
    V log = fma_of(f, all<V>(-0.32962976), all<V>(0.51750939));
    log = fma_of(f, fma_of(f, log, all<V>(-0.72490416)), all<V>(1.4417606));
    const V product = all<V>(y) * fma_of(f, log, exponent);
    const V shifted = product + all<V>(F::shift + F::bias);
    const V r = product - (shifted - all<V>(F::shift + F::bias));
    V fraction = fma_of(r, all<V>(0.055171668), all<V>(0.24261112));
    fraction = fma_of(r, fma_of(r, fraction, all<V>(0.69326099)), all<V>(0.99992807));
    return fraction * as<V>(as<bits<V>>(shifted) << F::mantissa);
}

}  // namespace
