// Stiff systems by Boost.Odeint's Rosenbrock method of order 4, one run after the other as its users write it: with the exact Jacobian, in the vectors and matrices of uBLAS.
//
//     odeint_stiff   answers each line `<what> <problem>:<relative>:<absolute>` on standard input with `RESULT <what> <problem>:<relative>:<absolute> <value>`
//
// <problem> is R or H of stiff.hpp, <what> one of
//     scaled         largest difference of any final value of every tenth run to one found with tolerances of 1e-10 and 1e-14, in units of 1e-8 + 1e-4 |value|
//     batch          seconds that batches.hpp asks for
//
// `questions` and the benchmarks compile it for speed; needs Boost's headers (Debian: libboost-dev).
// Without this uBLAS checks every index.
#define BOOST_UBLAS_NDEBUG
#include <algorithm>
#include <boost/numeric/odeint.hpp>
#include <boost/numeric/ublas/matrix.hpp>
#include <boost/numeric/ublas/vector.hpp>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

#include "batches.hpp"
#include "stiff.hpp"

namespace {

namespace odeint = boost::numeric::odeint;
using state = boost::numeric::ublas::vector<double>;
using square = boost::numeric::ublas::matrix<double>;

template <class Problem> state integrate(double k, double relative, double absolute) {
    state y(Problem::n);
    std::copy_n(Problem::initial, Problem::n, y.begin());
    const auto derivative = [k](const state& at, state& d, double) { Problem::derivative(k, &at[0], &d[0]); };
    const auto jacobian = [k](const state& at, square& matrix, double, state& change) {
        std::fill(matrix.data().begin(), matrix.data().end(), 0.0);
        std::fill(change.begin(), change.end(), 0.0);
        Problem::jacobian(k, &at[0], [&](int i, int j) -> double& { return matrix(i, j); });
    };
    auto stepper = odeint::make_controlled<odeint::rosenbrock4<double>>(absolute, relative);
    odeint::integrate_adaptive(stepper, std::make_pair(derivative, jacobian), y, 0.0, Problem::end, 1e-6);
    return y;
}

template <class Problem> std::vector<state> every_tenth(double relative, double absolute) {
    std::vector<state> states;
    for (int run = 0; run < runs; run += 10) states.push_back(integrate<Problem>(Problem::swept(run), relative, absolute));
    return states;
}

template <class Problem> double scaled(double relative, double absolute) {
    static const std::vector<state> reference = every_tenth<Problem>(1e-10, 1e-14);
    const std::vector<state> states = every_tenth<Problem>(relative, absolute);
    double largest = 0;
    for (std::size_t run = 0; run < states.size(); ++run) {
        for (int i = 0; i < Problem::n; ++i) {
            const double value = reference[run][i];
            largest = std::max(largest, std::fabs(states[run][i] - value) / (1e-8 + 1e-4 * std::fabs(value)));
        }
    }
    return largest;
}

template <class Problem> double batch(batch_shape shape, double relative, double absolute) {
    return seconds_of_batch([=] {
        std::vector<state> states(shape.runs);
        share_out(shape, 1, [&](auto next) {
            for (int first, last; next(first, last);) {
                for (int run = first; run < last; ++run) states[run] = integrate<Problem>(Problem::at(shape.share(run)), relative, absolute);
            }
        });
    });
}

template <class Problem> double measure(const char* what, const char* argument, double relative, double absolute) {
    if (!std::strcmp(what, "batch")) return batch<Problem>(shape_of(argument), relative, absolute);
    return !std::strcmp(what, "scaled") ? scaled<Problem>(relative, absolute) : 0.0;
}

}  // namespace

int main() {
    char what[16], argument[64], problem;
    double relative, absolute;
    while (std::scanf("%15s %63s", what, argument) == 2 && std::sscanf(argument, "%c:%lg:%lg", &problem, &relative, &absolute) == 3) {
        const double value = problem == 'R'   ? measure<robertson>(what, argument, relative, absolute)
                             : problem == 'H' ? measure<hires>(what, argument, relative, absolute)
                                              : 0.0;
        std::printf("RESULT %s %s %.6e\n", what, argument, value);
        std::fflush(stdout);
    }
}
