// The vendors' elementary functions, for BR_MATH_NATIVE: CUDA's on the GPU; on the CPU glibc's vector library where it
// has the function (link with -lmvec -lm), else the C library's, lane by lane.

#define BR_MATH_UNARY(apply)                                                                                   \
    apply(exp) apply(exp2) apply(expm1) apply(log) apply(log2) apply(log10) apply(log1p) apply(sin) apply(cos) \
        apply(tan) apply(asin) apply(acos) apply(atan) apply(sinh) apply(cosh) apply(tanh) apply(cbrt)
#define BR_MATH_BINARY(apply) apply(pow) apply(atan2) apply(hypot)

#if BR_MATH_NATIVE

namespace lanes {
namespace detail {

#if BR_GPU
#define BR_NATIVE(name) ::name
#else
#define BR_NATIVE(name) __builtin_##name
#endif
#define BR_NATIVE_UNARY(name)                                                \
    BR_DEVICE float native_##name(float x) { return BR_NATIVE(name##f)(x); } \
    BR_DEVICE double native_##name(double x) { return BR_NATIVE(name)(x); }
#define BR_NATIVE_BINARY(name)                                                           \
    BR_DEVICE float native_##name(float x, float y) { return BR_NATIVE(name##f)(x, y); } \
    BR_DEVICE double native_##name(double x, double y) { return BR_NATIVE(name)(x, y); }
BR_MATH_UNARY(BR_NATIVE_UNARY)
BR_MATH_BINARY(BR_NATIVE_BINARY)
#undef BR_NATIVE
#undef BR_NATIVE_UNARY
#undef BR_NATIVE_BINARY

#if !BR_ONE_LANE
// A vector, lane by lane; the overloads below are preferred for the vectors that the library knows. By value, as the
// library's ABI has it.
#define BR_VECTOR_UNARY(name)                                                               \
    template <class V> BR_DEVICE V vector_##name(V x) {                                     \
        for (unsigned l = 0; l < sizeof(V) / sizeof(x[0]); ++l) x[l] = native_##name(x[l]); \
        return x;                                                                           \
    }
#define BR_VECTOR_BINARY(name)                                                                    \
    template <class V> BR_DEVICE V vector_##name(V x, V y) {                                      \
        for (unsigned l = 0; l < sizeof(V) / sizeof(x[0]); ++l) x[l] = native_##name(x[l], y[l]); \
        return x;                                                                                 \
    }
BR_MATH_UNARY(BR_VECTOR_UNARY)
BR_MATH_BINARY(BR_VECTOR_BINARY)
#undef BR_VECTOR_UNARY
#undef BR_VECTOR_BINARY

#if defined(__x86_64__) && defined(__gnu_linux__)
// What libmvec has had from its beginning (glibc 2.22), by the names of the x86 vector function ABI: b, d, e stand for
// SSE, AVX2 and AVX-512, then the number of lanes, then a v per vector operand.
#define BR_LIBRARY_CALL(name, symbol, vector) \
    extern "C" vector symbol(vector);         \
    BR_DEVICE vector vector_##name(vector x) { return symbol(x); }
#define BR_LIBRARY_CALL_BINARY(name, symbol, vector) \
    extern "C" vector symbol(vector, vector);        \
    BR_DEVICE vector vector_##name(vector x, vector y) { return symbol(x, y); }
#define BR_LIBRARY(isa, doubles, floats, f64_vector, f32_vector)           \
    BR_LIBRARY_CALL(exp, _ZGV##isa##N##doubles##v_exp, f64_vector)         \
    BR_LIBRARY_CALL(exp, _ZGV##isa##N##floats##v_expf, f32_vector)         \
    BR_LIBRARY_CALL(log, _ZGV##isa##N##doubles##v_log, f64_vector)         \
    BR_LIBRARY_CALL(log, _ZGV##isa##N##floats##v_logf, f32_vector)         \
    BR_LIBRARY_CALL(sin, _ZGV##isa##N##doubles##v_sin, f64_vector)         \
    BR_LIBRARY_CALL(sin, _ZGV##isa##N##floats##v_sinf, f32_vector)         \
    BR_LIBRARY_CALL(cos, _ZGV##isa##N##doubles##v_cos, f64_vector)         \
    BR_LIBRARY_CALL(cos, _ZGV##isa##N##floats##v_cosf, f32_vector)         \
    BR_LIBRARY_CALL_BINARY(pow, _ZGV##isa##N##doubles##vv_pow, f64_vector) \
    BR_LIBRARY_CALL_BINARY(pow, _ZGV##isa##N##floats##vv_powf, f32_vector)
BR_LIBRARY(b, 2, 4, f64x2, f32x4)
#if defined(__AVX2__)
BR_LIBRARY(d, 4, 8, f64x4, f32x8)
#endif
#if defined(__AVX512F__)
BR_LIBRARY(e, 8, 16, f64x8, f32x16)
#endif
#undef BR_LIBRARY
#undef BR_LIBRARY_CALL
#undef BR_LIBRARY_CALL_BINARY
#endif

#define BR_NATIVE_LANES(name)                                                    \
    template <class T> BR_DEVICE pack<T> native_##name(const pack<T>& x) {       \
        pack<T> r;                                                               \
        for (int k = 0; k < pack<T>::count; ++k) r.q[k] = vector_##name(x.q[k]); \
        return r;                                                                \
    }
#define BR_NATIVE_LANES_BINARY(name)                                                         \
    template <class T> BR_DEVICE pack<T> native_##name(const pack<T>& x, const pack<T>& y) { \
        pack<T> r;                                                                           \
        for (int k = 0; k < pack<T>::count; ++k) r.q[k] = vector_##name(x.q[k], y.q[k]);     \
        return r;                                                                            \
    }
BR_MATH_UNARY(BR_NATIVE_LANES)
BR_MATH_BINARY(BR_NATIVE_LANES_BINARY)
#undef BR_NATIVE_LANES
#undef BR_NATIVE_LANES_BINARY
#endif

template <class R> BR_DEVICE void native_sincos(const R& x, R& sine, R& cosine) {
    sine = native_sin(x);
    cosine = native_cos(x);
}

}  // namespace detail
}  // namespace lanes

#endif
