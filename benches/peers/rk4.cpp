// The Lorenz system by the classical Runge–Kutta method, written by hand: what the generated kernel is measured against.
//
//     rk4            answers each line `<what> <precision>` on standard input with `RESULT <what> <precision> <value>`,
//                    so that another program can take turns with it: short rounds in alternation see the same load.
//
// <precision> is f32 or f64, <what> one of
//     peak           instructions per second of independent arithmetic in the step's mix of native vector instructions
//     vector         runs per second of a loop over packs of native vectors
//     scalar         runs per second of a plain loop over one run at a time
//     error          largest difference of any final value to one found with a tenth of the step
//     batch          seconds that batches.hpp asks for, in double precision
//
// One formula, that of the generated kernel: a stage derivative is added at once to what needs it (column-oriented), products of the step size and
// coefficients are made before the loop (prescaled), and the step is y + h/6 (k1 + 2 k2 + 2 k3 + k4) (sum form). Compile with the flags of
// generated kernels; `questions` and the benchmark `lorenz` do.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

#include "batches.hpp"
#include "vectors.hpp"

namespace {

constexpr int runs = 10'000, steps = 1'000;
/// Floating-point instructions of a step of one native vector: 26 fma, 8 multiplications, 11 additions.
constexpr int instructions = 45;

/// Native vectors per pack: three fill the latency of a step's longest chain, and more would spill.
constexpr int vectors = 3;

/// U values of V that go through the same arithmetic: enough independent instructions to hide the latency of each.
template <class V, int U> struct pack {
    V q[U];
};

template <class T> struct weights {
    T sigma, beta, half, whole, sixth;
    explicit weights(T h) : sigma(10), beta(T(8) / T(3)), half(h * T(0.5)), whole(h), sixth(h * T(1.0 / 6.0)) {}
};

template <class T, class V, int U> INLINE void derivative(const weights<T>& w, const pack<V, U>& rho, const pack<V, U>* y, pack<V, U>* d) {
    EACH d[0].q[k] = w.sigma * (y[1].q[k] - y[0].q[k]);
    EACH d[1].q[k] = fma_of(y[0].q[k], rho.q[k] - y[2].q[k], -y[1].q[k]);
    EACH d[2].q[k] = fma_of(y[0].q[k], y[1].q[k], -(w.beta * y[2].q[k]));
}

/// z = y + h d, and sum += m d, or sum = d for m = 0.
template <class T, class V, int U> INLINE void contribute(T h, T m, const pack<V, U>* y, const pack<V, U>* d, pack<V, U>* z, pack<V, U>* sum) {
    // The inputs of the next stage first: they are what it waits for.
    UNROLL for (int i = 0; i < 3; ++i) EACH z[i].q[k] = fma_of(V{} + h, d[i].q[k], y[i].q[k]);
    UNROLL for (int i = 0; i < 3; ++i) EACH sum[i].q[k] = m == T(0) ? d[i].q[k] : fma_of(V{} + m, d[i].q[k], sum[i].q[k]);
}

template <class T, class V, int U> INLINE void integrate(const weights<T>& w, const pack<V, U>& rho, pack<V, U>* y, int count = steps) {
    pack<V, U> d[3], z[3], sum[3];
    for (int step = 0; step < count; ++step) {
        derivative(w, rho, y, d);
        contribute(w.half, T(0), y, d, z, sum);
        derivative(w, rho, z, d);
        contribute(w.half, T(2), y, d, z, sum);
        derivative(w, rho, z, d);
        contribute(w.whole, T(2), y, d, z, sum);
        derivative(w, rho, z, d);
        UNROLL for (int i = 0; i < 3; ++i) EACH sum[i].q[k] = sum[i].q[k] + d[i].q[k];
        UNROLL for (int i = 0; i < 3; ++i) EACH y[i].q[k] = fma_of(V{} + w.sixth, sum[i].q[k], y[i].q[k]);
    }
}

/// x, y, z of run r at data[r], data[runs + r], data[2 runs + r]; one pack of slack.
template <class T> struct batch {
    std::vector<T> data = std::vector<T>(3 * runs + 4 * lanes<T>), rho = std::vector<T>(runs + 4 * lanes<T>);
    batch() {
        for (int r = 0; r < runs; ++r) rho[r] = T(21.0 * r / (runs - 1));
    }
    void keep() {
        volatile T sum = 0;
        for (T value : data) sum = sum + value;
    }
};

template <class T, int U> __attribute__((noinline)) double vector_loop(batch<T>& b) {
    using V = native<T>;
    const weights<T> w(T(1e-3));
    constexpr int width = lanes<T> * U;
    const double begin = seconds();
    for (int r = 0; r < runs; r += width) {
        const int first = r + width <= runs ? r : runs - width;
        pack<V, U> rho, y[3];
        std::memcpy(&rho, &b.rho[first], sizeof rho);
        EACH y[0].q[k] = V{} + T(1), y[1].q[k] = V{}, y[2].q[k] = V{};
        integrate(w, rho, y);
        for (int i = 0; i < 3; ++i) std::memcpy(&b.data[i * runs + first], &y[i], sizeof y[i]);
    }
    const double elapsed = seconds() - begin;
    b.keep();
    return runs / elapsed;
}

/// The largest change of a final value of every tenth run when steps are a tenth as long.
template <class T> double error(const batch<T>& b) {
    double largest = 0;
    for (int r = 0; r < runs; r += 10) {
        pack<double, 1> rho{{double(b.rho[r])}}, fine[3] = {{{1.0}}, {{0.0}}, {{0.0}}};
        pack<T, 1> swept{{b.rho[r]}}, y[3] = {{{T(1)}}, {{T(0)}}, {{T(0)}}};
        integrate(weights<double>(1e-4), rho, fine, 10 * steps);
        integrate(weights<T>(T(1e-3)), swept, y);
        for (int i = 0; i < 3; ++i) largest = std::max(largest, std::fabs(double(y[i].q[0]) - fine[i].q[0]));
    }
    return largest;
}

/// A batch of double precision; the end of its arrays is filled up to a pack.
double batch_seconds(batch_shape shape) {
    using V = f64_vector;
    constexpr int width = lanes<double> * vectors;
    return seconds_of_batch([shape] {
        const weights<double> w(1e-3);
        const int padded = (shape.runs + width - 1) / width * width;
        std::vector<double> data(3 * padded);
        share_out(shape, width, [&](auto next) {
            for (int first, last; next(first, last);) {
                for (int r = first; r < last; r += width) {
                    double swept[width];
                    for (int l = 0; l < width; ++l) swept[l] = 21.0 * shape.share(r + l);
                    pack<V, vectors> rho, y[3];
                    std::memcpy(&rho, swept, sizeof rho);
                    for (int k = 0; k < vectors; ++k) y[0].q[k] = V{} + 1.0, y[1].q[k] = V{}, y[2].q[k] = V{};
                    integrate(w, rho, y);
                    for (int i = 0; i < 3; ++i) std::memcpy(&data[i * padded + r], &y[i], sizeof y[i]);
                }
            }
        });
    });
}

template <class T> __attribute__((noinline)) double scalar_loop(batch<T>& b) {
    const weights<T> w(T(1e-3));
    constexpr int part = runs / 4;
    const double begin = seconds();
    for (int r = 0; r < part; ++r) {
        pack<T, 1> rho{{b.rho[r * 4]}}, y[3] = {{{T(1)}}, {{T(0)}}, {{T(0)}}};
        integrate(w, rho, y);
        for (int i = 0; i < 3; ++i) b.data[i * runs + r] = y[i].q[0];
    }
    const double elapsed = seconds() - begin;
    b.keep();
    return part / elapsed;
}

/// Chains of independent instructions, enough that no latency shows: the rate is that of the execution units.
template <class T> __attribute__((noinline)) double peak(batch<T>& b) {
    using V = native<T>;
    constexpr int chains = 12, rounds = 30'000;
    V x[chains], one = V{} + T(1), zero = V{};
    UNROLL for (int k = 0; k < chains; ++k) x[k] = V{} + b.rho[k];
    // The values are hidden, or the arithmetic would be seen to change nothing.
    asm volatile("" : "+v"(one), "+v"(zero));
    const double begin = seconds();
    for (int round = 0; round < rounds; ++round) {
        UNROLL for (int i = 0; i < instructions; ++i) {
            UNROLL for (int k = 0; k < chains; ++k) {
                if (i % 6 == 0) {
                    x[k] = x[k] * one;
                } else if (i % 4 == 3) {
                    x[k] = x[k] + zero;
                } else {
                    x[k] = fma_of(x[k], one, zero);
                }
            }
        }
    }
    const double elapsed = seconds() - begin;
    UNROLL for (int k = 0; k < chains; ++k) b.data[k] = x[k][0];
    b.keep();
    return double(instructions) * chains * rounds / elapsed;
}

template <class T> double measure(const char* what) {
    static batch<T> b;
    if (!std::strcmp(what, "peak")) return peak(b);
    if (!std::strcmp(what, "scalar")) return scalar_loop(b);
    if (!std::strcmp(what, "vector")) return vector_loop<T, vectors>(b);
    if (!std::strcmp(what, "error")) return error(b);
    return 0;
}

}  // namespace

int main() {
    char what[16], precision[64];
    while (std::scanf("%15s %63s", what, precision) == 2) {
        const bool is_double = !std::strncmp(precision, "f64", 3);
        const double value = !std::strcmp(what, "batch") ? batch_seconds(shape_of(precision)) : is_double ? measure<double>(what) : measure<float>(what);
        std::printf("RESULT %s %s %.6e\n", what, precision, value);
        std::fflush(stdout);
    }
}
