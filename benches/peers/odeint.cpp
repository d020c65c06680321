// The Lorenz system by Boost.Odeint, one run after the other as its users write it: controlled Dormand–Prince steps, and classical Runge–Kutta steps of a fixed size.
//
//     odeint         answers each line `<what> <problem>[:<relative>:<absolute>]` on standard input with `RESULT <what> <problem>… <value>`
//
// <problem> is L with steps that are chosen, F with 1,000 of 1e-3; <what> one of
//     speed          runs per second
//     attempts       mean number of attempted steps per run, where they are chosen
//     error          largest difference of any final value to one found with tolerances of 1e-13
//     batch          seconds that batches.hpp asks for
//     version        Boost's version
//
// `questions` and the benchmarks compile it for speed; needs Boost's headers (Debian: libboost-dev).
#include <algorithm>
#include <array>
#include <boost/numeric/odeint.hpp>
#include <boost/version.hpp>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <vector>

#include "batches.hpp"
#include "clock.hpp"
#include "lorenz.hpp"

namespace {

namespace odeint = boost::numeric::odeint;
using state = std::array<double, lorenz::n>;

constexpr int runs = 10'000, steps = 1'000;

/// How to integrate.
struct way {
    bool fixed;
    double relative, absolute;
};

struct swept_lorenz {
    double rho;
    void operator()(const state& y, state& d, double) const { lorenz::derivative(rho, y.data(), d.data()); }
};

/// Counts how often the derivative is wanted: once for the first step, and six times for each attempt.
struct counted_lorenz {
    swept_lorenz system;
    long* calls;
    void operator()(const state& y, state& d, double t) const {
        ++*calls;
        system(y, d, t);
    }
};

template <class System> state integrate(const System& system, way how) {
    state y = {1.0, 0.0, 0.0};
    if (how.fixed) {
        odeint::integrate_n_steps(odeint::runge_kutta4<state>(), system, y, 0.0, lorenz::end / steps, steps);
    } else {
        auto stepper = odeint::make_controlled<odeint::runge_kutta_dopri5<state>>(how.absolute, how.relative);
        odeint::integrate_adaptive(stepper, system, y, 0.0, lorenz::end, 1e-3);
    }
    return y;
}

double rho(int run) { return lorenz::at(double(run) / (runs - 1)); }

std::vector<state> all_runs(way how) {
    std::vector<state> states(runs);
    for (int run = 0; run < runs; ++run) states[run] = integrate(swept_lorenz{rho(run)}, how);
    return states;
}

double speed(way how) {
    const double begin = seconds();
    const std::vector<state> states = all_runs(how);
    const double elapsed = seconds() - begin;
    volatile double keep = states[runs - 1][0];
    (void)keep;
    return runs / elapsed;
}

double attempts(way how) {
    long calls = 0;
    for (int run = 0; run < runs; ++run) integrate(counted_lorenz{{rho(run)}, &calls}, how);
    return double(calls - runs) / 6 / runs;
}

double error(way how) {
    static const std::vector<state> reference = all_runs({false, 1e-13, 1e-13});
    const std::vector<state> states = all_runs(how);
    double largest = 0;
    for (int run = 0; run < runs; ++run) {
        for (int i = 0; i < lorenz::n; ++i) largest = std::max(largest, std::fabs(states[run][i] - reference[run][i]));
    }
    return largest;
}

double batch(batch_shape shape, way how) {
    return seconds_of_batch([=] {
        std::vector<state> states(shape.runs);
        share_out(shape, 1, [&](auto next) {
            for (int first, last; next(first, last);) {
                for (int run = first; run < last; ++run) states[run] = integrate(swept_lorenz{lorenz::at(shape.share(run))}, how);
            }
        });
    });
}

}  // namespace

int main() {
    char what[16], argument[64];
    while (std::scanf("%15s %63s", what, argument) == 2) {
        if (!std::strcmp(what, "version")) {
            std::printf("RESULT version %s %d.%d\n", argument, BOOST_VERSION / 100'000, BOOST_VERSION / 100 % 1'000);
            std::fflush(stdout);
            continue;
        }
        way how{argument[0] == 'F', 1e-6, 1e-6};
        std::sscanf(argument, "L:%lg:%lg", &how.relative, &how.absolute);
        const double value = !std::strcmp(what, "speed")      ? speed(how)
                             : !std::strcmp(what, "attempts") ? attempts(how)
                             : !std::strcmp(what, "error")    ? error(how)
                             : !std::strcmp(what, "batch")    ? batch(shape_of(argument), how)
                                                              : 0;
        std::printf("RESULT %s %s %.6e\n", what, argument, value);
        std::fflush(stdout);
    }
}
