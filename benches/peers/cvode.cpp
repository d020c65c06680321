// Three stiff systems by SUNDIALS' CVODE, one run after the other as an expert would write it: backward differentiation with the exact Jacobian and dense factors,
// and one solver for all runs of a system. The Lorenz system by its Adams formulas with iterations to a fixed point.
//
//     cvode          answers each line `<what> <problem>:<relative>:<absolute>` on standard input with `RESULT <what> <problem>:<relative>:<absolute> <value>`
//
// <problem> is R, H or P of stiff.hpp or L for the Lorenz system, <what> one of
//     speed          runs per second, of as many runs all over the sweep as half a second has room for
//     steps          mean number of steps per run, `rejected` of attempts refused because of their error
//     error          largest difference of any final value to one found with tolerances of 1e-12 and 1e-16
//     scaled         the same in units of 1e-8 + 1e-4 |value|
//     batch          seconds that batches.hpp asks for; a thread has a solver of its own
//     version        SUNDIALS' version
//
// The benchmarks compile it for speed and link sundials_cvode, sundials_nvecserial, sundials_sunmatrixdense, sundials_sunlinsoldense and sundials_sunnonlinsolfixedpoint, from version 7 on sundials_core as well;
// needs SUNDIALS, which the program `sundials` builds for speed (Debian: libsundials-dev, which is not optimised).
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_config.h>
#include <sunlinsol/sunlinsol_dense.h>
#include <sunmatrix/sunmatrix_dense.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>
#include <type_traits>
#include <vector>

#include "batches.hpp"
#include "clock.hpp"
#include "lorenz.hpp"
#include "stiff.hpp"

namespace {

void check(int status, const char* call) {
    if (status >= 0) return;
    std::fprintf(stderr, "%s: error %d\n", call, status);
    std::exit(1);
}

#if SUNDIALS_VERSION_MAJOR >= 6
/// The environment of all objects of a thread.
SUNContext context() {
    thread_local SUNContext created = [] {
        SUNContext c;
#if SUNDIALS_VERSION_MAJOR >= 7
        check(SUNContext_Create(SUN_COMM_NULL, &c), "SUNContext_Create");
#else
        check(SUNContext_Create(nullptr, &c), "SUNContext_Create");
#endif
        return c;
    }();
    return created;
}
#define WITH_CONTEXT(...) __VA_ARGS__, context()
#else
#define WITH_CONTEXT(...) __VA_ARGS__
#endif

template <class Problem> int derivative(double, N_Vector y, N_Vector d, void* k) {
    Problem::derivative(*static_cast<double*>(k), NV_DATA_S(y), NV_DATA_S(d));
    return 0;
}

template <class Problem> constexpr bool is_stiff = !std::is_same_v<Problem, lorenz>;

/// The parameter of one of the usual runs.
template <class Problem> double swept(int run) { return Problem::at(double(run) / (runs - 1)); }

/// The matrix is of zeros when this is called.
template <class Problem> int jacobian(double, N_Vector y, N_Vector, SUNMatrix matrix, void* k, N_Vector, N_Vector, N_Vector) {
    double* columns = SM_DATA_D(matrix);
    Problem::jacobian(*static_cast<double*>(k), NV_DATA_S(y), [=](int i, int j) -> double& { return columns[j * Problem::n + i]; });
    return 0;
}

/// A solver for all runs of a problem.
template <class Problem> class solver {
  public:
    static constexpr int n = Problem::n;
    using state = std::array<double, n>;

    solver() {
        std::copy_n(Problem::initial, n, NV_DATA_S(y));
        check(CVodeInit(memory, derivative<Problem>, 0.0, y), "CVodeInit");
        check(CVodeSetUserData(memory, &k), "CVodeSetUserData");
        if constexpr (is_stiff<Problem>) {
            matrix = SUNDenseMatrix(WITH_CONTEXT(n, n));
            linear = SUNLinSol_Dense(WITH_CONTEXT(y, matrix));
            check(CVodeSetLinearSolver(memory, linear, matrix), "CVodeSetLinearSolver");
            check(CVodeSetJacFn(memory, jacobian<Problem>), "CVodeSetJacFn");
        } else {
            iteration = SUNNonlinSol_FixedPoint(WITH_CONTEXT(y, 0));
            check(CVodeSetNonlinearSolver(memory, iteration), "CVodeSetNonlinearSolver");
        }
        check(CVodeSetMaxNumSteps(memory, 1'000'000), "CVodeSetMaxNumSteps");
    }
    solver(const solver&) = delete;
    ~solver() {
        CVodeFree(&memory);
        if (iteration) SUNNonlinSolFree(iteration);
        if (linear) SUNLinSolFree(linear);
        if (matrix) SUNMatDestroy(matrix);
        N_VDestroy(y);
    }

    state integrate(int run, double relative, double absolute) { return integrate_with(swept<Problem>(run), relative, absolute); }

    state integrate_with(double parameter, double relative, double absolute) {
        k = parameter;
        std::copy_n(Problem::initial, n, NV_DATA_S(y));
        check(CVodeReInit(memory, 0.0, y), "CVodeReInit");
        check(CVodeSStolerances(memory, relative, absolute), "CVodeSStolerances");
        double t = 0.0;
        check(CVode(memory, Problem::end, y, &t, CV_NORMAL), "CVode");
        state found;
        std::copy_n(NV_DATA_S(y), n, found.begin());
        return found;
    }
    /// Of the last run: accepted steps, and attempts that were refused because of their error.
    long steps() const {
        long count = 0;
        check(CVodeGetNumSteps(memory, &count), "CVodeGetNumSteps");
        return count;
    }
    long rejected() const {
        long count = 0;
        check(CVodeGetNumErrTestFails(memory, &count), "CVodeGetNumErrTestFails");
        return count;
    }

  private:
    double k = 0.0;
    N_Vector y = N_VNew_Serial(WITH_CONTEXT(n));
    SUNMatrix matrix = nullptr;
    SUNLinearSolver linear = nullptr;
    SUNNonlinearSolver iteration = nullptr;
    void* memory = CVodeCreate(WITH_CONTEXT(is_stiff<Problem> ? CV_BDF : CV_ADAMS));
};

template <class Problem> double speed(solver<Problem>& solve, double relative, double absolute) {
    const double begin = seconds();
    double elapsed = 0.0, sum = 0.0;
    int done = 0;
    for (; done < runs && elapsed < 0.5; elapsed = seconds() - begin) {
        // 617 has no divisor in common with 1000, so that any number of runs is spread over the sweep.
        sum += solve.integrate(done++ * 617 % runs, relative, absolute)[0];
    }
    volatile double keep = sum;
    (void)keep;
    return done / elapsed;
}

/// The mean over all runs of what is counted in each.
template <class Problem> double mean(solver<Problem>& solve, double relative, double absolute, long (solver<Problem>::*count)() const) {
    double sum = 0.0;
    for (int run = 0; run < runs; ++run) solve.integrate(run, relative, absolute), sum += double((solve.*count)());
    return sum / runs;
}

/// The largest difference in units of absolute_unit + relative_unit |value|.
template <class Problem> double error(solver<Problem>& solve, double relative, double absolute, double relative_unit, double absolute_unit) {
    static const std::vector<typename solver<Problem>::state> reference = [&] {
        std::vector<typename solver<Problem>::state> exact;
        for (int run = 0; run < runs; ++run) exact.push_back(solve.integrate(run, 1e-12, 1e-16));
        return exact;
    }();
    double largest = 0.0;
    for (int run = 0; run < runs; ++run) {
        const auto found = solve.integrate(run, relative, absolute);
        for (int i = 0; i < Problem::n; ++i) {
            const double value = reference[run][i];
            largest = std::max(largest, std::fabs(found[i] - value) / (absolute_unit + relative_unit * std::fabs(value)));
        }
    }
    return largest;
}

template <class Problem> double batch(batch_shape shape, double relative, double absolute) {
    return seconds_of_batch([=] {
        std::vector<typename solver<Problem>::state> states(shape.runs);
        share_out(shape, 1, [&](auto next) {
            // Kept from one batch to the next where the thread is.
            thread_local solver<Problem> solve;
            for (int first, last; next(first, last);) {
                for (int run = first; run < last; ++run) states[run] = solve.integrate_with(Problem::at(shape.share(run)), relative, absolute);
            }
        });
    });
}

template <class Problem> double measure(const char* what, const char* argument, double relative, double absolute) {
    if (!std::strcmp(what, "batch")) return batch<Problem>(shape_of(argument), relative, absolute);
    static solver<Problem> solve;
    const auto is = [what](const char* name) { return !std::strcmp(what, name); };
    return is("speed")      ? speed(solve, relative, absolute)
           : is("steps")    ? mean(solve, relative, absolute, &solver<Problem>::steps)
           : is("rejected") ? mean(solve, relative, absolute, &solver<Problem>::rejected)
           : is("error")    ? error(solve, relative, absolute, 0.0, 1.0)
           : is("scaled")   ? error(solve, relative, absolute, 1e-4, 1e-8)
                            : 0.0;
}

}  // namespace

int main() {
    char what[16], argument[64], problem;
    double relative, absolute;
    while (std::scanf("%15s %63s", what, argument) == 2) {
        if (!std::strcmp(what, "version")) {
            std::printf("RESULT version %s %s\n", argument, SUNDIALS_VERSION);
            std::fflush(stdout);
            continue;
        }
        if (std::sscanf(argument, "%c:%lg:%lg", &problem, &relative, &absolute) != 3) break;
        const double value = problem == 'R'   ? measure<robertson>(what, argument, relative, absolute)
                             : problem == 'H' ? measure<hires>(what, argument, relative, absolute)
                             : problem == 'P' ? measure<pollution>(what, argument, relative, absolute)
                             : problem == 'L' ? measure<lorenz>(what, argument, relative, absolute)
                                              : 0.0;
        std::printf("RESULT %s %s %.6e\n", what, argument, value);
        std::fflush(stdout);
    }
}
