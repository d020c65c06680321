// The Lorenz system by Boost.Odeint's controlled Dormand–Prince steps, one run after the other as its users write it.
//
//     odeint         answers each line `<what> <tolerance>` on standard input with `RESULT <what> <tolerance> <value>`
//
// <tolerance> is the absolute and the relative one, <what> one of
//     speed          runs per second
//     attempts       mean number of attempted steps per run
//     error          largest difference of any final value to one found with tolerances of 1e-13
//
// `run` and the benchmark `adaptive` compile it for speed; needs Boost's headers (Debian: libboost-dev).
#include <algorithm>
#include <array>
#include <boost/numeric/odeint.hpp>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

#include "clock.hpp"

namespace {

namespace odeint = boost::numeric::odeint;
using state = std::array<double, 3>;

constexpr int runs = 10'000;

struct lorenz {
    double rho;
    void operator()(const state& y, state& d, double) const {
        d[0] = 10.0 * (y[1] - y[0]);
        d[1] = y[0] * (rho - y[2]) - y[1];
        d[2] = y[0] * y[1] - 8.0 / 3.0 * y[2];
    }
};

/// Counts how often the derivative is wanted: once for the first step, and six times for each attempt.
struct counted_lorenz {
    lorenz system;
    long* calls;
    void operator()(const state& y, state& d, double t) const {
        ++*calls;
        system(y, d, t);
    }
};

template <class System> state integrate(const System& system, double tolerance) {
    state y = {1.0, 0.0, 0.0};
    auto stepper = odeint::make_controlled<odeint::runge_kutta_dopri5<state>>(tolerance, tolerance);
    odeint::integrate_adaptive(stepper, system, y, 0.0, 1.0, 1e-3);
    return y;
}

double rho(int run) { return 21.0 * run / (runs - 1); }

std::vector<state> all_runs(double tolerance) {
    std::vector<state> states(runs);
    for (int run = 0; run < runs; ++run) states[run] = integrate(lorenz{rho(run)}, tolerance);
    return states;
}

double speed(double tolerance) {
    const double begin = seconds();
    const std::vector<state> states = all_runs(tolerance);
    const double elapsed = seconds() - begin;
    volatile double keep = states[runs - 1][0];
    (void)keep;
    return runs / elapsed;
}

double attempts(double tolerance) {
    long calls = 0;
    for (int run = 0; run < runs; ++run) integrate(counted_lorenz{{rho(run)}, &calls}, tolerance);
    return double(calls - runs) / 6 / runs;
}

double error(double tolerance) {
    static const std::vector<state> reference = all_runs(1e-13);
    const std::vector<state> states = all_runs(tolerance);
    double largest = 0;
    for (int run = 0; run < runs; ++run) {
        for (int i = 0; i < 3; ++i) largest = std::max(largest, std::fabs(states[run][i] - reference[run][i]));
    }
    return largest;
}

}  // namespace

int main() {
    char what[16];
    double tolerance;
    while (std::scanf("%15s %lg", what, &tolerance) == 2) {
        const double value = !std::strcmp(what, "speed")      ? speed(tolerance)
                             : !std::strcmp(what, "attempts") ? attempts(tolerance)
                             : !std::strcmp(what, "error")    ? error(tolerance)
                                                              : 0;
        std::printf("RESULT %s %g %.6e\n", what, tolerance, value);
        std::fflush(stdout);
    }
}
