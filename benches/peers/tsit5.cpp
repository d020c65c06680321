// The Lorenz system by the adaptive method of Tsitouras, written by hand: what the generated adaptive kernel is measured against.
//
//     tsit5          answers each line `<what> <precision>` on standard input with `RESULT <what> <precision> <value>`,
//                    so that another program can take turns with it: short rounds in alternation see the same load.
//
// <precision> is f32 or f64, <what> one of
//     vector         runs per second of a loop over packs of native vectors, each lane with its own time and step size
//     vector1 .. 3   the same with that many native vectors per pack; `vector` has the number that was fastest when first asked
//     shuffled       `vector`, its runs in random order, so that neighbours need unlike numbers of steps
//     refill         as `shuffled`, but a lane that is done takes the next run
//     scalar         runs per second of the same loop over one run at a time
//     attempts       mean number of attempted steps per run
//     error          largest difference of any final value to one found with tolerances of 1e-12
//     batch          seconds that batches.hpp asks for, in double precision
//
// One algorithm, that of the generated kernel: the step is committed by select where the squared norm of the error is at most 1, the gain is 0.9 norm^-0.12 held within 0.2 and 10,
// the last stage is the next step's first, the first step is Hairer's, the last is shortened to end at 1. What is done better by hand: weighted sums of derivatives are
// formed in units of the step, which takes one product per sum; and a lane that is done needs no mask, because a step of length 0 changes nothing.
// Compile with the flags of generated kernels; `questions` and the benchmark `adaptive` do.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

#include "adaptive.hpp"
#include "batches.hpp"

#define COMPONENTS UNROLL for (int i = 0; i < n; ++i)

namespace {

constexpr int runs = 10'000, n = 3, stages = 7, most_attempts = 1'000'000;

constexpr double a[stages][stages] = {
    {},
    {0.161},
    {-0.008480655492356989, 0.335480655492357},
    {2.8971530571054935, -6.359448489975075, 4.3622954328695815},
    {5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525},
    {5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383},
    {0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774},
};
constexpr double embedded[stages] = {0.09824077787029101, 0.010816434459656746, 0.4720087724042376, 1.5237195812770048,
                                     -3.872426680888636,  2.7827926300289607,   -1.0 / 66.0};

/// Row `stages` is the estimate of the error.
constexpr double weight(int row, int j) { return row < stages ? a[row][j] : a[stages - 1][j] - embedded[j]; }

template <class V> INLINE void derivative(V rho, const V* y, V* d) {
    d[0] = all<V>(10) * (y[1] - y[0]);
    d[1] = fma_of(y[0], rho - y[2], -y[1]);
    d[2] = fma_of(y[0], y[1], -(all<V>(8.0 / 3.0) * y[2]));
}

/// A vector of runs on their way.
template <class V> struct runs_of {
    time_of<V> time;
    V rho, y[n], first[n], h;

    INLINE void begin(V swept, double tolerance) {
        rho = swept, time = time_of<V>{};
        y[0] = all<V>(1), y[1] = V{}, y[2] = V{};
        derivative(rho, y, first);
        h = first_step<n>(y, first, tolerance, tolerance, 5, 1.0, [swept](const V* at, V* d) { derivative(swept, at, d); });
    }
};

/// The weighted sum of the derivatives before it in a row of the tableau.
template <class V> INLINE void row_sum(int row, const V (*d)[n], V* sum) {
    UNROLL for (int j = 0; j < row; ++j) {
        const V w = in_register(all<V>(weight(row, j)));
        COMPONENTS sum[i] = j == 0 ? w * d[j][i] : fma_of(w, d[j][i], sum[i]);
    }
}

/// One attempt of every lane. A lane at 1 takes a step of length 0, which leaves it as it is.
template <class V, int U> INLINE void attempt(runs_of<V>* r, double tolerance) {
    V step[U], d[U][stages][n], z[U][n];
    decltype(V{} < V{}) ends[U];
    EACH {
        const V left = r[k].time.left(1);
        ends[k] = r[k].h * all<V>(1.001) >= left;
        step[k] = ends[k] ? left : r[k].h;
        COMPONENTS d[k][0][i] = r[k].first[i];
    }
    // Row by row of the tableau: derivatives are written once and read where they are needed, which takes a third of the stores of sums that are all kept up to date.
    UNROLL for (int s = 1; s < stages; ++s) {
        V sum[U][n];
        UNROLL for (int j = 0; j < s; ++j) {
            const V w = in_register(all<V>(weight(s, j)));
            EACH COMPONENTS sum[k][i] = j == 0 ? w * d[k][j][i] : fma_of(w, d[k][j][i], sum[k][i]);
        }
        EACH {
            COMPONENTS z[k][i] = fma_of(step[k], sum[k][i], r[k].y[i]);
            derivative(r[k].rho, z[k], d[k][s]);
        }
    }
    V norm[U], gain[U];
    EACH {
        V sum[n], squares{};
        row_sum(stages, d[k], sum);
        COMPONENTS {
            const V largest = max_of(abs_of(r[k].y[i]), abs_of(z[k][i]));
            const V ratio = sum[i] * reciprocal(fma_of(all<V>(tolerance), largest, all<V>(tolerance)));
            squares = fma_of(ratio, ratio, squares);
        }
        // The order of the operands makes a norm of NaN a large one.
        norm[k] = min_of(squares * (step[k] * step[k] * all<V>(1.0 / n)), all<V>(1e16));
    }
    EACH gain[k] = all<V>(0.9) * power(max_of(norm[k], all<V>(1e-14)), -0.12);
    EACH {
        const auto accepted = norm[k] <= all<V>(1);
        r[k].time.advance(step[k], accepted, ends[k], 1);
        r[k].h = step[k] * min_of(max_of(gain[k], all<V>(0.2)), all<V>(10));
        COMPONENTS r[k].y[i] = accepted ? z[k][i] : r[k].y[i];
        COMPONENTS r[k].first[i] = accepted ? d[k][stages - 1][i] : r[k].first[i];
    }
}

template <class V, int U> INLINE bool any_active(const runs_of<V>* r) {
    auto active = r[0].time.t < all<V>(1);
    EACH active |= r[k].time.t < all<V>(1);
    return any(active);
}

/// x, y, z of run r at data[r], data[runs + r], data[2 runs + r].
template <class T> struct batch {
    std::vector<T> data = std::vector<T>(n * runs), rho = std::vector<T>(runs), h = std::vector<T>(runs);
    explicit batch(bool shuffled) {
        for (int r = 0; r < runs; ++r) rho[r] = T(21.0 * r / (runs - 1));
        unsigned long long state = 1;
        for (int r = runs - 1; shuffled && r > 0; --r) {
            state = state * 6364136223846793005 + 1442695040888963407;
            std::swap(rho[r], rho[(state >> 33) % unsigned(r + 1)]);
        }
    }
};

/// All runs, a pack at a time; returns the attempts of all runs if they are wanted.
template <class V, int U, bool COUNT = false, class T = element<V>> __attribute__((noinline)) double integrate(batch<T>& b, double tolerance) {
    constexpr int width = int(sizeof(V) / sizeof(T)), pack = width * U;
    double attempts = 0;
    for (int block = 0; block < runs; block += pack) {
        const int first_run = std::min(block, runs - pack);
        runs_of<V> r[U];
        EACH {
            V rho;
            std::memcpy(&rho, &b.rho[first_run + k * width], sizeof rho);
            r[k].begin(rho, tolerance);
        }
        for (int count = 0; any_active<V, U>(r) && count < most_attempts; ++count) {
            if constexpr (COUNT) {
                T times[pack];
                EACH std::memcpy(times + k * width, &r[k].time.t, sizeof(V));
                for (int l = block - first_run; l < pack; ++l) attempts += times[l] < T(1);
            }
            attempt<V, U>(r, tolerance);
        }
        EACH COMPONENTS std::memcpy(&b.data[i * runs + first_run + k * width], &r[k].y[i], sizeof(V));
    }
    return attempts;
}

/// Looking for lanes that are done costs more than an attempt that some of them sit out.
constexpr int attempts_between_refills = 2;

/// All runs, each lane taking the next one soon after it is done.
template <class V, int U, class T = element<V>> __attribute__((noinline)) void refill(batch<T>& b, double tolerance) {
    constexpr int width = lanes<T>, pack = width * U;
    for (int block = 0; block < runs; block += width) {
        const int first_run = std::min(block, runs - width);
        runs_of<V> r;
        std::memcpy(&r.rho, &b.rho[first_run], sizeof r.rho);
        r.begin(r.rho, tolerance);
        std::memcpy(&b.h[first_run], &r.h, sizeof r.h);
    }
    runs_of<V> r[U];
    int run_of[pack], next = pack;
    for (int l = 0; l < pack; ++l) run_of[l] = l;
    EACH {
        V rho;
        std::memcpy(&rho, &b.rho[k * width], sizeof rho);
        r[k].begin(rho, tolerance);
    }
    while (next < runs) {
        for (int again = 0; again < attempts_between_refills; ++again) attempt<V, U>(r, tolerance);
        auto done = r[0].time.t >= all<V>(1);
        EACH done |= r[k].time.t >= all<V>(1);
        if (!any(done)) continue;
        T y[n][pack], rho[pack], h[pack], t[pack];
        EACH {
            const int at = k * width;
            COMPONENTS std::memcpy(&y[i][at], &r[k].y[i], sizeof(V));
            std::memcpy(&rho[at], &r[k].rho, sizeof(V)), std::memcpy(&h[at], &r[k].h, sizeof(V)), std::memcpy(&t[at], &r[k].time.t, sizeof(V));
        }
        for (int l = 0; l < pack; ++l) {
            if (t[l] < T(1)) continue;
            COMPONENTS b.data[i * runs + run_of[l]] = y[i][l];
            if (next == runs) continue;
            rho[l] = b.rho[next], h[l] = b.h[next], t[l] = 0, run_of[l] = next++;
        }
        EACH {
            const V before = r[k].time.t;
            std::memcpy(&r[k].rho, &rho[k * width], sizeof(V)), std::memcpy(&r[k].h, &h[k * width], sizeof(V)), std::memcpy(&r[k].time.t, &t[k * width], sizeof(V));
            const auto fresh = r[k].time.t < before;
            r[k].time.rest = fresh ? V{} : r[k].time.rest;
            COMPONENTS r[k].y[i] = fresh ? all<V>(i == 0) : r[k].y[i];
            // The same bits in lanes that go on: the derivative they have is that of their state.
            derivative(r[k].rho, r[k].y, r[k].first);
        }
    }
    for (int count = 0; any_active<V, U>(r) && count < most_attempts; ++count) attempt<V, U>(r, tolerance);
    for (int l = 0; l < pack; ++l) COMPONENTS b.data[i * runs + run_of[l]] = r[l / width].y[i][l % width];
}

template <class F> double runs_per_second(F&& all_runs) {
    const double begin = seconds();
    all_runs();
    return runs / (seconds() - begin);
}

constexpr double tolerance = 1e-6;

template <class T> double vector_loop(batch<T>& b, int vectors) {
    return with_vectors(vectors, [&](auto u) { return runs_per_second([&] { integrate<native<T>, u()>(b, tolerance); }); });
}

template <class T> double error(const batch<T>& b) {
    batch<double> reference(false);
    integrate<native<double>, 1>(reference, 1e-12);
    double largest = 0;
    for (int at = 0; at < n * runs; ++at) largest = std::max(largest, std::fabs(double(b.data[at]) - reference.data[at]));
    return largest;
}

/// A batch of double precision by packs of so many vectors; the end of its arrays is filled up to a pack.
template <int U> double batch_seconds(batch_shape shape) {
    using V = f64_vector;
    constexpr int width = lanes<double>, pack = width * U;
    return seconds_of_batch([shape] {
        const int padded = (shape.runs + pack - 1) / pack * pack;
        std::vector<double> data(n * padded);
        share_out(shape, pack, [&](auto next) {
            for (int first, last; next(first, last);) {
                for (int block = first; block < last; block += pack) {
                    runs_of<V> r[U];
                    EACH {
                        V rho;
                        UNROLL for (int l = 0; l < width; ++l) rho[l] = 21.0 * shape.share(block + k * width + l);
                        r[k].begin(rho, tolerance);
                    }
                    for (int count = 0; any_active<V, U>(r) && count < most_attempts; ++count) attempt<V, U>(r, tolerance);
                    EACH COMPONENTS std::memcpy(&data[i * padded + block + k * width], &r[k].y[i], sizeof(V));
                }
            }
        });
    });
}

template <class T> double measure(const char* what, const char* argument) {
    static batch<T> sorted(false), shuffled(true);
    static const int vectors = fastest([](int each) { return vector_loop(sorted, each); });
    const auto is = [what](const char* name) { return !std::strcmp(what, name); };
    if (is("vector")) return vector_loop(sorted, vectors);
    if (is("vector1")) return vector_loop(sorted, 1);
    if (is("vector2")) return vector_loop(sorted, 2);
    if (is("vector3")) return vector_loop(sorted, 3);
    if (is("vectors")) return vectors;
    if (is("batch")) return with_vectors(vectors, [&](auto u) { return batch_seconds<u()>(shape_of(argument)); });
    if (is("shuffled")) return vector_loop(shuffled, vectors);
    if (is("refill")) {
        return with_vectors(vectors, [&](auto u) { return runs_per_second([&] { refill<native<T>, u()>(shuffled, tolerance); }); });
    }
    if (is("scalar")) return runs_per_second([] { integrate<T, 1>(sorted, tolerance); });
    const double attempts = integrate<native<T>, 1, true>(sorted, tolerance) / runs;
    return is("attempts") ? attempts : is("error") ? error(sorted) : 0;
}

}  // namespace

int main() {
    char what[16], precision[64];
    while (std::scanf("%15s %63s", what, precision) == 2) {
        const bool is_double = !std::strncmp(precision, "f64", 3);
        std::printf("RESULT %s %s %.6e\n", what, precision, is_double ? measure<double>(what, precision) : measure<float>(what, precision));
        std::fflush(stdout);
    }
}
