// Whole batches, for all programs that are asked how long one takes:
//
//     batch <argument>/<runs>/<threads>      seconds on the wall from the range of a parameter to the final states of so many runs, by so many threads
//
// <argument> is that of the program's other questions. Up to 1,000 runs are spread evenly over the range, each in the middle of its part, so that a single run is a typical one;
// more repeat these, so that neighbours always differ. Short batches are repeated, the first is not counted.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

#include "clock.hpp"

namespace {

struct batch_shape {
    int runs = 1, threads = 1;
    /// Where a run is in the range of the parameter, from 0 to 1.
    double share(int run) const { return (run % most_values + 0.5) / std::min(runs, most_values); }
    static constexpr int most_values = 1'000;
};

inline batch_shape shape_of(const char* argument) {
    batch_shape shape;
    if (const char* at = std::strchr(argument, '/')) std::sscanf(at, "/%d/%d", &shape.runs, &shape.threads);
    shape.runs = std::max(shape.runs, 1), shape.threads = std::max(shape.threads, 1);
    return shape;
}

/// Calls `work(next)` on so many threads. `next(first, last)` gives it some of the runs, multiples of `unit` at a time, until there are none left. Threads are started for
/// each batch, which takes some ten microseconds each, and no more than have something to do.
template <class Work> void share_out(batch_shape shape, int unit, Work&& work) {
    const int units = (shape.runs + unit - 1) / unit, threads = std::min(shape.threads, units);
    // Small enough that threads are done together, large enough that the counter costs nothing.
    const int part = unit * std::max(1, units / (16 * threads));
    std::atomic<int> done{0};
    const auto next = [&](int& first, int& last) {
        first = done.fetch_add(part), last = std::min(first + part, shape.runs);
        return first < last;
    };
    std::vector<std::thread> others;
    for (int thread = 1; thread < threads; ++thread) others.emplace_back([&] { work(next); });
    work(next);
    for (std::thread& other : others) other.join();
}

/// Seconds on the wall that `all_runs` takes.
template <class F> double seconds_of_batch(F&& all_runs) {
    constexpr double enough = 5e-3;
    double begin = wall_seconds();
    all_runs();
    const double first = wall_seconds() - begin;
    // What has taken long enough has warmed up on the way.
    if (first > 20 * enough) return first;
    int count = 0;
    double elapsed = 0;
    for (begin = wall_seconds(); elapsed < enough; elapsed = wall_seconds() - begin) all_runs(), ++count;
    return elapsed / count;
}

}  // namespace
