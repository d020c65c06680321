// The Lorenz system, swept over rho, for programs that integrate it one run after the other.
#pragma once

namespace {

struct lorenz {
    static constexpr int n = 3;
    static constexpr double end = 1.0, initial[n] = {1.0, 0.0, 0.0};

    static double at(double share) { return 21.0 * share; }

    static void derivative(double rho, const double* y, double* d) {
        d[0] = 10.0 * (y[1] - y[0]);
        d[1] = y[0] * (rho - y[2]) - y[1];
        d[2] = y[0] * y[1] - 8.0 / 3.0 * y[2];
    }
};

}  // namespace
