// Native SIMD vectors: the chunks a pack is made of, and the operations for which the vector extensions of GCC and
// Clang have no operator. Each is one instruction where the target has it; the lane loop at the end of each function is
// for the others (NEON, widths beyond the machine's).

#if !BR_ONE_LANE

namespace lanes {
namespace detail {

/// Lanes of a native vector of scalars.
constexpr int vector_lanes = BR_VECTOR_BYTES / int(sizeof(scalar));

/// How LANES values of type T are cut into vectors: one per native vector of scalars, or two when T is wider than
/// scalar, so that no vector is wider than the machine's.
template <class T> struct chunk {
    static constexpr int per_vector = sizeof(T) > sizeof(scalar) ? 2 : 1;
    static constexpr int lanes = vector_lanes / per_vector;
    static constexpr int count = BR_PACK * per_vector;
    static constexpr int bytes = lanes * int(sizeof(T));
    typedef T vector __attribute__((vector_size(bytes)));
};
template <class T> using vector_t = typename chunk<T>::vector;
/// Integers of the size of T, -1 where true: what comparing two vectors of T gives.
template <class T> using truth_t = vector_t<bits_t<T>>;

// The difference, not the sum: x - 0 is x whatever x, so that no arithmetic is left of it.
template <class T> BR_DEVICE vector_t<T> broadcast(T value) { return value - vector_t<T>{}; }

typedef float f32x4 __attribute__((vector_size(16)));
typedef float f32x8 __attribute__((vector_size(32)));
typedef float f32x16 __attribute__((vector_size(64)));
typedef double f64x2 __attribute__((vector_size(16)));
typedef double f64x4 __attribute__((vector_size(32)));
typedef double f64x8 __attribute__((vector_size(64)));
typedef int i32x16 __attribute__((vector_size(64)));
typedef long long i64x2 __attribute__((vector_size(16)));
typedef long long i64x4 __attribute__((vector_size(32)));
typedef long long i64x8 __attribute__((vector_size(64)));

// One case of a function below: for vectors of ELEMENT and BYTES, return the builtin. A dependent `if constexpr`, so
// that the builtin is only looked at for the one type it takes.
#define BR_NATIVE(element, size, expression) \
    if constexpr (is_same<T, element> && chunk<T>::bytes == size) return (vector_t<T>)(expression)

#if defined(__AVX512F__) && BR_HAS_BUILTIN(__builtin_ia32_vfmaddpd512_mask)
#define BR_AVX512 1
#else
#define BR_AVX512 0
#endif
// "Current rounding mode": the operand of 512-bit builtins that stands for no override.
#define BR_CURRENT_ROUNDING 4

template <class T> BR_DEVICE vector_t<T> fused(const vector_t<T>& a, const vector_t<T>& b, const vector_t<T>& c) {
#if BR_HAS_BUILTIN(__builtin_elementwise_fma)
    return __builtin_elementwise_fma(a, b, c);
#else
#if BR_AVX512
    BR_NATIVE(double, 64, __builtin_ia32_vfmaddpd512_mask((f64x8)a, (f64x8)b, (f64x8)c, -1, BR_CURRENT_ROUNDING));
    BR_NATIVE(float, 64, __builtin_ia32_vfmaddps512_mask((f32x16)a, (f32x16)b, (f32x16)c, -1, BR_CURRENT_ROUNDING));
#endif
#if defined(__FMA__)
    BR_NATIVE(double, 32, __builtin_ia32_vfmaddpd256((f64x4)a, (f64x4)b, (f64x4)c));
    BR_NATIVE(float, 32, __builtin_ia32_vfmaddps256((f32x8)a, (f32x8)b, (f32x8)c));
    BR_NATIVE(double, 16, __builtin_ia32_vfmaddpd((f64x2)a, (f64x2)b, (f64x2)c));
    BR_NATIVE(float, 16, __builtin_ia32_vfmaddps((f32x4)a, (f32x4)b, (f32x4)c));
#endif
    vector_t<T> r;
    for (int l = 0; l < chunk<T>::lanes; ++l) r[l] = fused(T(a[l]), T(b[l]), T(c[l]));
    return r;
#endif
}

template <class T> BR_DEVICE vector_t<T> root(const vector_t<T>& a) {
#if BR_HAS_BUILTIN(__builtin_elementwise_sqrt)
    return __builtin_elementwise_sqrt(a);
#else
#if BR_AVX512 && defined(__clang__)
    BR_NATIVE(double, 64, __builtin_ia32_sqrtpd512((f64x8)a, BR_CURRENT_ROUNDING));
    BR_NATIVE(float, 64, __builtin_ia32_sqrtps512((f32x16)a, BR_CURRENT_ROUNDING));
#elif BR_AVX512
    BR_NATIVE(double, 64, __builtin_ia32_sqrtpd512_mask((f64x8)a, (f64x8)a, -1, BR_CURRENT_ROUNDING));
    BR_NATIVE(float, 64, __builtin_ia32_sqrtps512_mask((f32x16)a, (f32x16)a, -1, BR_CURRENT_ROUNDING));
#endif
#if defined(__AVX__)
    BR_NATIVE(double, 32, __builtin_ia32_sqrtpd256((f64x4)a));
    BR_NATIVE(float, 32, __builtin_ia32_sqrtps256((f32x8)a));
#endif
#if defined(__SSE2__)
    BR_NATIVE(double, 16, __builtin_ia32_sqrtpd((f64x2)a));
    BR_NATIVE(float, 16, __builtin_ia32_sqrtps((f32x4)a));
#endif
    vector_t<T> r;
    for (int l = 0; l < chunk<T>::lanes; ++l) r[l] = sqrt(T(a[l]));
    return r;
#endif
}

/// Where to round to an integral value, in x86's encoding (SSE4.1 ROUNDPD, AVX-512 VRNDSCALEPD), inexact not signalled.
enum : int { to_nearest_even = 8, downward = 9, upward = 10, toward_zero = 11 };

template <int DIRECTION, class T> BR_DEVICE T round_one(T x) {
    if constexpr (DIRECTION == to_nearest_even) return rint(x);
    if constexpr (DIRECTION == downward) return floor(x);
    if constexpr (DIRECTION == upward) return ceil(x);
    return trunc(x);
}

template <int DIRECTION, class T> BR_DEVICE vector_t<T> round_to_integral(const vector_t<T>& a) {
#if BR_AVX512
    BR_NATIVE(double, 64, __builtin_ia32_rndscalepd_mask((f64x8)a, DIRECTION, (f64x8)a, -1, BR_CURRENT_ROUNDING));
    BR_NATIVE(float, 64, __builtin_ia32_rndscaleps_mask((f32x16)a, DIRECTION, (f32x16)a, -1, BR_CURRENT_ROUNDING));
#endif
#if defined(__AVX__)
    BR_NATIVE(double, 32, __builtin_ia32_roundpd256((f64x4)a, DIRECTION));
    BR_NATIVE(float, 32, __builtin_ia32_roundps256((f32x8)a, DIRECTION));
#endif
#if defined(__SSE4_1__)
    BR_NATIVE(double, 16, __builtin_ia32_roundpd((f64x2)a, DIRECTION));
    BR_NATIVE(float, 16, __builtin_ia32_roundps((f32x4)a, DIRECTION));
#endif
    vector_t<T> r;
    for (int l = 0; l < chunk<T>::lanes; ++l) r[l] = round_one<DIRECTION>(T(a[l]));
    return r;
}

/// a < b ? a : b, and a > b ? a : b: what the instructions do, NaN and signed zeros included.
#if BR_AVX512 && defined(__clang__)
#define BR_SELECTING_512(name)                                                                        \
    BR_NATIVE(double, 64, __builtin_ia32_##name##pd512((f64x8)a, (f64x8)b, BR_CURRENT_ROUNDING));             \
    BR_NATIVE(float, 64, __builtin_ia32_##name##ps512((f32x16)a, (f32x16)b, BR_CURRENT_ROUNDING));
#elif BR_AVX512
#define BR_SELECTING_512(name)                                                                                 \
    BR_NATIVE(double, 64, __builtin_ia32_##name##pd512_mask((f64x8)a, (f64x8)b, (f64x8)a, -1, BR_CURRENT_ROUNDING)); \
    BR_NATIVE(float, 64, __builtin_ia32_##name##ps512_mask((f32x16)a, (f32x16)b, (f32x16)a, -1, BR_CURRENT_ROUNDING));
#else
#define BR_SELECTING_512(name)
#endif
#if defined(__AVX__)
#define BR_SELECTING_256(name)                                                      \
    BR_NATIVE(double, 32, __builtin_ia32_##name##pd256((f64x4)a, (f64x4)b));        \
    BR_NATIVE(float, 32, __builtin_ia32_##name##ps256((f32x8)a, (f32x8)b));         \
    BR_NATIVE(double, 16, __builtin_ia32_##name##pd((f64x2)a, (f64x2)b));           \
    BR_NATIVE(float, 16, __builtin_ia32_##name##ps((f32x4)a, (f32x4)b));
#else
#define BR_SELECTING_256(name)
#endif
template <class T> BR_DEVICE vector_t<T> lesser(const vector_t<T>& a, const vector_t<T>& b) {
    BR_SELECTING_512(min)
    BR_SELECTING_256(min)
    return a < b ? a : b;
}
template <class T> BR_DEVICE vector_t<T> greater(const vector_t<T>& a, const vector_t<T>& b) {
    BR_SELECTING_512(max)
    BR_SELECTING_256(max)
    return a > b ? a : b;
}
#undef BR_SELECTING_512
#undef BR_SELECTING_256

/// `a` where `truth` is set, else `b`. By instruction where masks are not registers of their own: compilers otherwise test every mask against zero first, twice.
template <class T> BR_DEVICE vector_t<T> blend(const truth_t<T>& truth, const vector_t<T>& a, const vector_t<T>& b) {
#if defined(__AVX__)
    if constexpr (chunk<T>::bytes == 32 && sizeof(T) == 8) return (vector_t<T>)__builtin_ia32_blendvpd256((f64x4)b, (f64x4)a, (f64x4)truth);
    if constexpr (chunk<T>::bytes == 32 && sizeof(T) == 4) return (vector_t<T>)__builtin_ia32_blendvps256((f32x8)b, (f32x8)a, (f32x8)truth);
    if constexpr (chunk<T>::bytes == 16 && sizeof(T) == 8) return (vector_t<T>)__builtin_ia32_blendvpd((f64x2)b, (f64x2)a, (f64x2)truth);
    if constexpr (chunk<T>::bytes == 16 && sizeof(T) == 4) return (vector_t<T>)__builtin_ia32_blendvps((f32x4)b, (f32x4)a, (f32x4)truth);
#endif
    return truth ? a : b;
}
#undef BR_NATIVE

/// Whether a lane of `truth` is set; lanes are 0 or -1.
template <class T> BR_DEVICE bool any_set(const truth_t<T>& truth) {
#if defined(__AVX512DQ__) && BR_HAS_BUILTIN(__builtin_ia32_cvtq2mask512)
    if constexpr (chunk<T>::bytes == 64 && sizeof(T) == 8) return __builtin_ia32_cvtq2mask512((i64x8)truth) != 0;
    if constexpr (chunk<T>::bytes == 64 && sizeof(T) == 4) return __builtin_ia32_cvtd2mask512((i32x16)truth) != 0;
#endif
#if defined(__AVX__)
    if constexpr (chunk<T>::bytes == 32) return !__builtin_ia32_ptestz256((i64x4)truth, (i64x4)truth);
#endif
#if defined(__SSE4_1__)
    if constexpr (chunk<T>::bytes == 16) return !__builtin_ia32_ptestz128((i64x2)truth, (i64x2)truth);
#endif
    bits_t<T> set = 0;
    for (int l = 0; l < chunk<T>::lanes; ++l) set |= truth[l];
    return set != 0;
}

/// Bit l is lane l of `truth`.
template <class T> BR_DEVICE unsigned bits_set(const truth_t<T>& truth) {
#if defined(__AVX512DQ__) && BR_HAS_BUILTIN(__builtin_ia32_cvtq2mask512)
    if constexpr (chunk<T>::bytes == 64 && sizeof(T) == 8) return __builtin_ia32_cvtq2mask512((i64x8)truth);
    if constexpr (chunk<T>::bytes == 64 && sizeof(T) == 4) return __builtin_ia32_cvtd2mask512((i32x16)truth);
#endif
#if defined(__AVX__)
    if constexpr (chunk<T>::bytes == 32 && sizeof(T) == 8) return unsigned(__builtin_ia32_movmskpd256((f64x4)truth));
    if constexpr (chunk<T>::bytes == 32 && sizeof(T) == 4) return unsigned(__builtin_ia32_movmskps256((f32x8)truth));
#endif
    unsigned set = 0;
    for (int l = 0; l < chunk<T>::lanes; ++l) set |= unsigned(truth[l] != 0) << l;
    return set;
}

typedef int i32x4 __attribute__((vector_size(16)));
typedef int i32x8 __attribute__((vector_size(32)));

/// Stores the lanes that are set; the others' memory is not touched.
template <class T> BR_DEVICE void store_set(T* p, const vector_t<T>& a, const truth_t<T>& truth) {
    constexpr int bytes = chunk<T>::bytes;
#if BR_AVX512 && defined(__AVX512DQ__) && BR_HAS_BUILTIN(__builtin_ia32_storedqudi512_mask)
    if constexpr (bytes == 64 && sizeof(T) == 8) {
        __builtin_ia32_storedqudi512_mask(reinterpret_cast<long long*>(p), (i64x8)a,
                                          __builtin_ia32_cvtq2mask512((i64x8)truth));
        return;
    }
    if constexpr (bytes == 64 && sizeof(T) == 4) {
        __builtin_ia32_storedqusi512_mask(reinterpret_cast<int*>(p), (i32x16)a,
                                          __builtin_ia32_cvtd2mask512((i32x16)truth));
        return;
    }
#endif
#if defined(__AVX2__) && BR_HAS_BUILTIN(__builtin_ia32_maskstoreq256)
    if constexpr (bytes == 32 && sizeof(T) == 8) {
        __builtin_ia32_maskstoreq256(reinterpret_cast<i64x4*>(p), (i64x4)truth, (i64x4)a);
        return;
    }
    if constexpr (bytes == 32 && sizeof(T) == 4) {
        __builtin_ia32_maskstored256(reinterpret_cast<i32x8*>(p), (i32x8)truth, (i32x8)a);
        return;
    }
    if constexpr (bytes == 16 && sizeof(T) == 8) {
        __builtin_ia32_maskstoreq(reinterpret_cast<i64x2*>(p), (i64x2)truth, (i64x2)a);
        return;
    }
    if constexpr (bytes == 16 && sizeof(T) == 4) {
        __builtin_ia32_maskstored(reinterpret_cast<i32x4*>(p), (i32x4)truth, (i32x4)a);
        return;
    }
#endif
    for (int l = 0; l < chunk<T>::lanes; ++l)
        if (truth[l]) p[l] = a[l];
}

}  // namespace detail

/// Lanes of a real.
constexpr int LANES = detail::vector_lanes * BR_PACK;

}  // namespace lanes

#endif
