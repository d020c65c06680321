// What the hand-written loops with steps of their own share.
#pragma once

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "vectors.hpp"

namespace {

/// The time of each lane, from 0 to an end. In single precision it is the sum of two numbers, so that small steps count.
template <class V> struct time_of {
    using T = element<V>;
    V t, rest;

    INLINE V left(double end) const { return sizeof(T) == 8 ? all<V>(end) - t : (all<V>(end) - t) - rest; }

    template <class M> INLINE void advance(V step, M accepted, M ends, double end) {
        if constexpr (sizeof(T) == 8) {
            t = accepted ? (ends ? all<V>(end) : t + step) : t;
        } else {
            const V small = rest + step, sum = t + small;
            const V error = small - (sum - t);
            t = accepted ? (ends ? all<V>(end) : sum) : t;
            rest = accepted ? (ends ? V{} : error) : rest;
        }
    }
};

/// The root of the mean square of x in units of the tolerances at y.
template <int n, class V> INLINE V size_of(const V* x, const V* y, double absolute, double relative) {
    V sum{};
    UNROLL for (int i = 0; i < n; ++i) {
        const V ratio = x[i] / fma_of(all<V>(relative), abs_of(y[i]), all<V>(absolute));
        sum = fma_of(ratio, ratio, sum);
    }
    return sqrt_of(sum * all<V>(1.0 / n));
}

/// Hairer's first step of a method of that order, from y with the derivative d; `derivative(y, d)` is the system.
template <int n, class V, class F> INLINE V first_step(const V* y, const V* d, double absolute, double relative, int order, double end, F&& derivative) {
    const V size = size_of<n>(y, y, absolute, relative), slope = size_of<n>(d, y, absolute, relative);
    const V h0 = min_of(all<V>(0.01) * (size / slope), all<V>(end));
    V z[n], change[n];
    UNROLL for (int i = 0; i < n; ++i) z[i] = fma_of(h0, d[i], y[i]);
    derivative(z, change);
    UNROLL for (int i = 0; i < n; ++i) change[i] = change[i] - d[i];
    const V largest = max_of(slope, size_of<n>(change, y, absolute, relative) / h0);
    return min_of(min_of(all<V>(100) * h0, power(all<V>(0.01) / largest, 1.0 / (order + 1))), all<V>(end));
}

/// Calls f with the number of native vectors per pack as a type.
template <class F> auto with_vectors(int vectors, F&& f) {
    if (vectors == 1) return f(std::integral_constant<int, 1>());
    if (vectors == 2) return f(std::integral_constant<int, 2>());
    return f(std::integral_constant<int, 3>());
}

/// The number of native vectors per pack for which `speed(vectors)` is highest: how many there are registers for depends on the processor.
template <class F> int fastest(F&& speed) {
    double best[4] = {};
    for (int round = 0; round < 20; ++round) {
        for (int vectors = 1; vectors <= 3; ++vectors) best[vectors] = std::max(best[vectors], speed(vectors));
    }
    return int(std::max_element(best, best + 4) - best);
}

}  // namespace
