// A benchmark, not a test: nanoseconds per value of each elementary function in lanes, and of a loop over the C
// library's.
//
//     g++ -std=c++17 -O2 -march=native -ffp-contract=off -fno-math-errno -fno-strict-aliasing -DBR_REAL=double -DBR_VECTOR_BYTES=64
//         -DBR_PACK=1 math_speed.cpp -o math_speed && ./math_speed        (-DBR_MATH_NATIVE=1 … -lmvec: the vendors' functions)

#include <chrono>
#include <cmath>
#include <cstdio>

#include "device.hpp"

using lanes::LANES;
using lanes::real;
using lanes::scalar;

constexpr int values = 48 * 64;
alignas(64) static scalar x[values], y[values], result[values];

template <class Body> double nanoseconds(Body body) {
    double best = 1e30;
    for (int repeat = 0; repeat < 15; ++repeat) {
        const auto start = std::chrono::steady_clock::now();
        for (int pass = 0; pass < 4; ++pass) {
            body();
            asm volatile("" ::: "memory");
        }
        const double elapsed =
            std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
        best = elapsed < best ? elapsed : best;
    }
    return best / (4 * values);
}

template <class Ours, class Theirs> void compare(const char* name, double lo, double hi, Ours ours, Theirs theirs) {
    for (int i = 0; i < values; ++i) {
        x[i] = scalar(lo + (hi - lo) * ((i * 7919) % values + 0.5) / values);
        y[i] = scalar(0.5 + 3.0 * ((i * 104729) % values) / values);
    }
    const double lanes_time = nanoseconds([&] {
        for (int i = 0; i < values; i += LANES) lanes::store(result + i, ours(lanes::load(x + i), lanes::load(y + i)));
    });
    const double library_time = nanoseconds([&] {
        for (int i = 0; i < values; ++i) result[i] = theirs(x[i], y[i]);
    });
    std::printf("%-11s %7.2f ns %7.2f ns %6.1f x\n", name, lanes_time, library_time, library_time / lanes_time);
}

int main() {
    std::printf("%s, %d lanes: this library, C library, ratio\n", sizeof(scalar) == 4 ? "f32" : "f64", LANES);
#define ONE(name, lo, hi)                                                         \
    compare(                                                                      \
        #name, lo, hi, [](const real& a, const real&) { return lanes::name(a); }, \
        [](scalar a, scalar) { return std::name(a); })
#define TWO(name, lo, hi)                                                              \
    compare(                                                                           \
        #name, lo, hi, [](const real& a, const real& b) { return lanes::name(a, b); }, \
        [](scalar a, scalar b) { return std::name(a, b); })
    ONE(exp, -20, 20);
    ONE(exp2, -20, 20);
    ONE(expm1, -2, 2);
    ONE(log, 0.01, 100);
    ONE(log2, 0.01, 100);
    ONE(log10, 0.01, 100);
    ONE(log1p, -0.9, 10);
    ONE(sin, -10, 10);
    ONE(cos, -10, 10);
    ONE(tan, -10, 10);
    ONE(asin, -1, 1);
    ONE(acos, -1, 1);
    ONE(atan, -10, 10);
    ONE(sinh, -5, 5);
    ONE(cosh, -5, 5);
    ONE(tanh, -3, 3);
    ONE(cbrt, -100, 100);
    TWO(pow, 0.01, 100);
    TWO(atan2, -10, 10);
    TWO(hypot, -10, 10);
    compare(
        "approx_pow", 0.01, 100, [](const real& a, const real& b) { return lanes::approx_pow(a, b); },
        [](scalar a, scalar b) { return std::pow(a, b); });
}
