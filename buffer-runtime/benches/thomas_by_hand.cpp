// The tridiagonal solver of examples/thomas.cuh as one would write it by hand with vector types: the same formula, the same arrays, no
// buffers, masks or generated structs. BY_HAND_BYTES is the width of a vector; runs are a multiple of its lanes.

typedef double vector __attribute__((vector_size(BY_HAND_BYTES)));
constexpr int N = 16;
constexpr int LANES = BY_HAND_BYTES / int(sizeof(double));

namespace {

inline vector load(const double* p) {
    vector v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
}

inline void store(double* p, const vector& v) { __builtin_memcpy(p, &v, sizeof v); }

inline vector fused(const vector& a, const vector& b, const vector& c) {
#if defined(__clang__)
    return __builtin_elementwise_fma(a, b, c);
#elif BY_HAND_BYTES == 64
    return __builtin_ia32_vfmaddpd512_mask(a, b, c, -1, 4);
#elif BY_HAND_BYTES == 32 && defined(__x86_64__)
    return __builtin_ia32_vfmaddpd256(a, b, c);
#else
    vector r;
    for (int l = 0; l < LANES; ++l) r[l] = __builtin_fma(a[l], b[l], c[l]);
    return r;
#endif
}

inline vector magnitude(const vector& a) {
    typedef long long integers __attribute__((vector_size(BY_HAND_BYTES)));
    return (vector)((integers)a & 0x7fffffffffffffffLL);
}

}  // namespace

extern "C" __attribute__((visibility("default")))
void thomas_by_hand(const double* lower, const double* diagonal, const double* upper, const double* rhs, double* x, double* error, long long runs) {
    for (long long run = 0; run < runs; run += LANES) {
        vector ratio[N], solution[N];
        vector factor = 1.0 / load(diagonal + run);
        ratio[0] = load(upper + run) * factor;
        solution[0] = load(rhs + run) * factor;
        for (int i = 1; i < N; ++i) {
            const vector below = load(lower + i * runs + run);
            factor = 1.0 / fused(-below, ratio[i - 1], load(diagonal + i * runs + run));
            ratio[i] = load(upper + i * runs + run) * factor;
            solution[i] = fused(-below, solution[i - 1], load(rhs + i * runs + run)) * factor;
        }
        for (int i = N - 2; i >= 0; --i) solution[i] = fused(-ratio[i], solution[i + 1], solution[i]);
        vector worst = {};
        for (int i = 0; i < N; ++i) {
            const vector left = i > 0 ? load(lower + i * runs + run) * solution[i - 1] : vector{};
            const vector right = i + 1 < N ? load(upper + i * runs + run) * solution[i + 1] : vector{};
            const vector residual = magnitude(
                fused(load(diagonal + i * runs + run), solution[i], left) + (right - load(rhs + i * runs + run)));
            worst = residual > worst ? residual : worst;
            store(x + i * runs + run, solution[i]);
        }
        store(error + run, worst);
    }
}
