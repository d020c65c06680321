// Stiff systems by Hairer and Wanner's RODAS, written by hand: what the generated Rosenbrock kernel is measured against.
//
//     rodas4         answers each line `<what> <problem>:<precision>` on standard input with `RESULT <what> <problem>:<precision> <value>`,
//                    so that another program can take turns with it: short rounds in alternation see the same load.
//
// <problem> is R or H of stiff.hpp, <precision> f32 or f64, with other tolerances than 1e-4 and 1e-8 f64:<relative>:<absolute>; <what> one of
//     vector         runs per second of a loop over packs of native vectors, each lane with its own time and step size
//     vector1 .. 3   the same with that many native vectors per pack; `vector` has the number that was fastest when first asked
//     vectors        that number
//     scalar         runs per second of the same loop over one run at a time
//     attempts       mean number of attempted steps per run, `accepted` and `rejected` of those that were either
//     error          largest difference of any final value to one found with tolerances of 1e-10 and 1e-14
//     scaled         the same in units of 1e-8 + 1e-4 |value|
//     batch          seconds that batches.hpp asks for, in double precision
//
// One algorithm, that of the generated kernel: the step is committed by select where the squared norm of the error is at most 1, the gain is 0.9 norm^-0.125, after an accepted step
// with another before it at most Gustafsson's prediction, held within 0.2 and 10; the first step is Hairer's, the last is shortened to end at the end.
// What is done better by hand: everything is in units of the step, so that no stage divides by it; a system has its own factors (rodas4_systems.hpp);
// the prediction reuses the power of the gain; and a lane that is done needs no mask, because a step of length 0 changes nothing.
// Compile with the flags of generated kernels; `questions` and the benchmarks do.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

#include "adaptive.hpp"
#include "batches.hpp"
#include "rodas4_systems.hpp"

#define COMPONENTS UNROLL for (int i = 0; i < Problem::n; ++i)

namespace {

constexpr int stages = 6, most_attempts = 1'000'000;

struct tolerances {
    double relative, absolute;
};

/// E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, IV.7, in their transformed variables. The argument of a stage after the fifth is that of the one before
/// and the increment found there, which the method ends with as well; the last increment is the estimate of the error.
constexpr double a[stages - 1][stages] = {
    {},
    {1.544},
    {0.9466785280815826, 0.2557011698983284},
    {3.314825187068521, 2.896124015972201, 0.9986419139977817},
    {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.687886036105895},
};
constexpr double c[stages][stages] = {
    {},
    {-5.6688},
    {-2.430093356833875, -0.2063599157091915},
    {-0.1073529058151375, -9.594562251023355, -20.47028614809616},
    {7.496443313967647, -10.24680431464352, -33.99990352819905, 11.7089089320616},
    {8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054},
};

/// A vector of runs on their way.
template <class Problem, class V> struct runs_of {
    static constexpr int n = Problem::n;
    time_of<V> time;
    V parameter, y[n], h;
    /// 1 / (h norm^-0.125) of the last accepted step; large before there is one, so that it limits nothing.
    V memory;

    INLINE void begin(V swept, tolerances tol) {
        parameter = swept, time = time_of<V>{}, memory = all<V>(1e30);
        COMPONENTS y[i] = all<V>(Problem::initial[i]);
        // In units of a step of 1 it is the derivative itself.
        system_of<Problem, V> system;
        system.begin(all<V>(1), swept);
        const auto derivative = [&system](const V* at, V* d) {
            COMPONENTS d[i] = V{};
            system.add_derivative(at, d);
        };
        V d[n];
        derivative(y, d);
        h = first_step<n>(y, d, tol.absolute, tol.relative, 4, Problem::end, derivative);
    }
};

/// One attempt of every lane. A lane at the end takes a step of length 0, which leaves it as it is. `taken`, if wanted, is 1 where the step was accepted.
template <int U, class Problem, class V> INLINE void attempt(runs_of<Problem, V>* r, tolerances tol, V* taken = nullptr) {
    constexpr int n = Problem::n;
    V step[U], d[U][stages][n], z[U][n];
    decltype(V{} < V{}) ends[U];
    system_of<Problem, V> system[U];
    EACH {
        const V left = r[k].time.left(Problem::end);
        ends[k] = r[k].h * all<V>(1.001) >= left;
        step[k] = ends[k] ? left : r[k].h;
        system[k].begin(step[k], r[k].parameter);
        system[k].factor(r[k].y);
        COMPONENTS z[k][i] = r[k].y[i];
    }
    UNROLL for (int s = 0; s < stages; ++s) {
        V b[U][n];
        if (s == 0) {
            EACH COMPONENTS b[k][i] = V{};
        }
        UNROLL for (int j = 0; j < s; ++j) {
            const V w = in_register(all<V>(c[s][j]));
            EACH COMPONENTS b[k][i] = j == 0 ? w * d[k][j][i] : fma_of(w, d[k][j][i], b[k][i]);
        }
        if (s == stages - 1) {
            EACH COMPONENTS z[k][i] = z[k][i] + d[k][s - 1][i];
        } else {
            UNROLL for (int j = 0; j < s; ++j) {
                const V w = in_register(all<V>(a[s][j]));
                EACH COMPONENTS z[k][i] = fma_of(w, d[k][j][i], j == 0 ? r[k].y[i] : z[k][i]);
            }
        }
        EACH {
            system[k].add_derivative(z[k], b[k]);
            system[k].solve(b[k], d[k][s]);
        }
    }
    V norm[U], power_of[U];
    EACH {
        V squares{};
        COMPONENTS {
            const V error = d[k][stages - 1][i];
            z[k][i] = z[k][i] + error;
            const V largest = max_of(abs_of(r[k].y[i]), abs_of(z[k][i]));
            const V ratio = error * reciprocal(fma_of(all<V>(tol.relative), largest, all<V>(tol.absolute)));
            squares = fma_of(ratio, ratio, squares);
        }
        // The order of the operands makes a norm of NaN a large one.
        norm[k] = min_of(squares * all<V>(1.0 / n), all<V>(1e16));
    }
    EACH power_of[k] = power(max_of(norm[k], all<V>(1e-14)), -0.125);
    EACH {
        const auto accepted = norm[k] <= all<V>(1);
        if (taken) taken[k] = accepted ? all<V>(1) : V{};
        r[k].time.advance(step[k], accepted, ends[k], Problem::end);
        // The order of the operands makes a prediction of NaN, after a step of length 0, one that limits nothing.
        const V predicted = min_of(step[k] * r[k].memory * power_of[k] * power_of[k], power_of[k]);
        const V gain = all<V>(0.9) * (accepted ? predicted : power_of[k]);
        r[k].memory = accepted ? reciprocal(step[k] * power_of[k]) : r[k].memory;
        r[k].h = step[k] * min_of(max_of(gain, all<V>(0.2)), all<V>(10));
        COMPONENTS r[k].y[i] = accepted ? z[k][i] : r[k].y[i];
    }
}

template <int U, class Problem, class V> INLINE bool any_active(const runs_of<Problem, V>* r) {
    auto active = r[0].time.t < all<V>(Problem::end);
    EACH active |= r[k].time.t < all<V>(Problem::end);
    return any(active);
}

/// Component i of run r at data[i * runs + r].
template <class Problem, class T> struct batch {
    std::vector<T> data = std::vector<T>(Problem::n * runs), swept = std::vector<T>(runs);
    batch() {
        for (int r = 0; r < runs; ++r) swept[r] = T(Problem::swept(r));
    }
};

struct counters {
    double accepted = 0, rejected = 0;
};

/// All runs, a pack at a time; counts the steps of all runs if that is wanted.
template <class V, int U, bool COUNT = false, class Problem, class T = element<V>>
__attribute__((noinline)) counters integrate(batch<Problem, T>& b, tolerances tol) {
    constexpr int width = int(sizeof(V) / sizeof(T)), pack = width * U;
    counters counted;
    for (int block = 0; block < runs; block += pack) {
        const int first_run = std::min(block, runs - pack);
        runs_of<Problem, V> r[U];
        EACH {
            V swept;
            std::memcpy(&swept, &b.swept[first_run + k * width], sizeof swept);
            r[k].begin(swept, tol);
        }
        for (int count = 0; any_active<U>(r) && count < most_attempts; ++count) {
            if constexpr (COUNT) {
                V taken[U];
                T times[pack], ones[pack];
                EACH std::memcpy(times + k * width, &r[k].time.t, sizeof(V));
                attempt<U>(r, tol, taken);
                std::memcpy(ones, taken, sizeof ones);
                for (int l = block - first_run; l < pack; ++l) (ones[l] ? counted.accepted : counted.rejected) += times[l] < T(Problem::end);
            } else {
                attempt<U>(r, tol);
            }
        }
        EACH COMPONENTS std::memcpy(&b.data[i * runs + first_run + k * width], &r[k].y[i], sizeof(V));
    }
    return counted;
}

template <class F> double runs_per_second(F&& all_runs) {
    const double begin = seconds();
    all_runs();
    return runs / (seconds() - begin);
}

template <class Problem, class T> double vector_loop(batch<Problem, T>& b, int vectors, tolerances tol) {
    return with_vectors(vectors, [&](auto u) { return runs_per_second([&] { integrate<native<T>, u()>(b, tol); }); });
}

/// The largest difference in units of absolute + relative |value|.
template <class Problem, class T> double error(const batch<Problem, T>& b, tolerances unit) {
    static const batch<Problem, double> reference = [] {
        batch<Problem, double> exact;
        integrate<double, 1>(exact, {1e-10, 1e-14});
        return exact;
    }();
    double largest = 0;
    for (int at = 0; at < Problem::n * runs; ++at) {
        const double value = reference.data[at];
        largest = std::max(largest, std::fabs(double(b.data[at]) - value) / (unit.absolute + unit.relative * std::fabs(value)));
    }
    return largest;
}

/// A batch of double precision by packs of so many vectors; the end of its arrays is filled up to a pack.
template <class Problem, int U> double batch_seconds(batch_shape shape, tolerances tol) {
    using V = f64_vector;
    constexpr int width = lanes<double>, pack = width * U;
    return seconds_of_batch([shape, tol] {
        const int padded = (shape.runs + pack - 1) / pack * pack;
        std::vector<double> data(Problem::n * padded);
        share_out(shape, pack, [&](auto next) {
            for (int first, last; next(first, last);) {
                for (int block = first; block < last; block += pack) {
                    runs_of<Problem, V> r[U];
                    EACH {
                        V swept;
                        UNROLL for (int l = 0; l < width; ++l) swept[l] = Problem::at(shape.share(block + k * width + l));
                        r[k].begin(swept, tol);
                    }
                    for (int count = 0; any_active<U>(r) && count < most_attempts; ++count) attempt<U>(r, tol);
                    EACH COMPONENTS std::memcpy(&data[i * padded + block + k * width], &r[k].y[i], sizeof(V));
                }
            }
        });
    });
}

template <class Problem, class T> double measure(const char* what, const char* argument, tolerances tol) {
    static batch<Problem, T> b;
    static const int vectors = fastest([&](int each) { return vector_loop(b, each, tol); });
    const auto is = [what](const char* name) { return !std::strcmp(what, name); };
    if (is("vector")) return vector_loop(b, vectors, tol);
    if (is("vector1")) return vector_loop(b, 1, tol);
    if (is("vector2")) return vector_loop(b, 2, tol);
    if (is("vector3")) return vector_loop(b, 3, tol);
    if (is("vectors")) return vectors;
    if (is("batch")) return with_vectors(vectors, [&](auto u) { return batch_seconds<Problem, u()>(shape_of(argument), tol); });
    if (is("scalar")) return runs_per_second([&] { integrate<T, 1>(b, tol); });
    const counters counted = integrate<native<T>, 1, true>(b, tol);
    if (is("attempts")) return (counted.accepted + counted.rejected) / runs;
    if (is("accepted")) return counted.accepted / runs;
    if (is("rejected")) return counted.rejected / runs;
    return is("error") ? error(b, {0, 1}) : is("scaled") ? error(b, {1e-4, 1e-8}) : 0;
}

template <class Problem> double measure(const char* what, const char* argument) {
    tolerances tol{1e-4, 1e-8};
    std::sscanf(argument, "%*[^:]:%*[^:]:%lg:%lg", &tol.relative, &tol.absolute);
    const bool is_double = !std::strncmp(argument + 2, "f64", 3);
    return is_double ? measure<Problem, double>(what, argument, tol) : measure<Problem, float>(what, argument, tol);
}

}  // namespace

int main() {
    char what[16], argument[64];
    while (std::scanf("%15s %63s", what, argument) == 2) {
        const double value = argument[0] == 'R' ? measure<robertson>(what, argument) : argument[0] == 'H' ? measure<hires>(what, argument) : 0;
        std::printf("RESULT %s %s %.6e\n", what, argument, value);
        std::fflush(stdout);
    }
}
