// Three stiff systems, each swept over one of its parameters: what they are, for all programs that integrate them.
//
//     R   Robertson's reaction: H. H. Robertson, The solution of a set of reaction rate equations, 1966
//     H   HIRES, a response of plants to light: E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, IV.10
//     P   pollution of air: J. G. Verwer, Gauss–Seidel iteration for stiff ODEs from chemical kinetics, SIAM J. Sci. Comput. 15, 1994
#pragma once

#include <cmath>

namespace {

constexpr int runs = 1'000;

/// `at` is the parameter at a share of its range, `swept` that of a run. `jacobian` adds to the zeros that `at(i, j)` refers to.
struct robertson {
    static constexpr int n = 3;
    static constexpr double end = 1e4, initial[n] = {1.0, 0.0, 0.0};

    static double at(double share) { return 0.02 + 0.04 * share; }
    static double swept(int run) { return at(double(run) / (runs - 1)); }

    static void derivative(double k1, const double* y, double* d) {
        d[0] = 1e4 * y[1] * y[2] - k1 * y[0];
        d[2] = 3e7 * y[1] * y[1];
        d[1] = -d[0] - d[2];
    }
    template <class At> static void jacobian(double k1, const double* y, At&& at) {
        at(0, 0) = -k1, at(0, 1) = 1e4 * y[2], at(0, 2) = 1e4 * y[1];
        at(2, 1) = 6e7 * y[1];
        at(1, 0) = k1, at(1, 1) = -1e4 * y[2] - 6e7 * y[1], at(1, 2) = -1e4 * y[1];
    }
};

struct hires {
    static constexpr int n = 8;
    static constexpr double end = 321.8122, initial[n] = {1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0057};

    static double at(double share) { return 1.2 + share; }
    static double swept(int run) { return at(double(run) / (runs - 1)); }

    static void derivative(double k1, const double* y, double* d) {
        const double bound = 280.0 * y[5] * y[7];
        d[0] = -k1 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007;
        d[1] = 1.71 * y[0] - 8.75 * y[1];
        d[2] = -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4];
        d[3] = 8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3];
        d[4] = -1.745 * y[4] + 0.43 * (y[5] + y[6]);
        d[5] = -bound + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6];
        d[6] = bound - 1.81 * y[6];
        d[7] = -d[6];
    }
    template <class At> static void jacobian(double k1, const double* y, At&& at) {
        const double of5 = 280.0 * y[7], of7 = 280.0 * y[5];
        at(0, 0) = -k1, at(0, 1) = 0.43, at(0, 2) = 8.32;
        at(1, 0) = 1.71, at(1, 1) = -8.75;
        at(2, 2) = -10.03, at(2, 3) = 0.43, at(2, 4) = 0.035;
        at(3, 1) = 8.32, at(3, 2) = 1.71, at(3, 3) = -1.12;
        at(4, 4) = -1.745, at(4, 5) = 0.43, at(4, 6) = 0.43;
        at(5, 3) = 0.69, at(5, 4) = 1.71, at(5, 5) = -of5 - 0.43, at(5, 6) = 0.69, at(5, 7) = -of7;
        at(6, 5) = of5, at(6, 6) = -1.81, at(6, 7) = of7;
        at(7, 5) = -of5, at(7, 6) = 1.81, at(7, 7) = -of7;
    }
};

struct pollution {
    static constexpr int n = 20, reactions = 25;
    static constexpr double end = 60.0,
                            initial[n] = {0.0, 0.2, 0.0, 0.04, 0.0, 0.0, 0.1, 0.3, 0.01, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.007, 0.0, 0.0, 0.0};

    static double at(double share) { return 0.035 * std::pow(100.0, share); }
    static double swept(int run) { return at(double(run) / (runs - 1)); }

    static void derivative(double k1, const double* y, double* d) {
        const double r[reactions + 1] = {
            0.0,                  k1 * y[0],            26.6 * y[1] * y[3],   12300.0 * y[4] * y[1], 0.00086 * y[6],        0.00082 * y[6],        15000.0 * y[6] * y[5],
            0.00013 * y[8],       24000.0 * y[8] * y[5], 16500.0 * y[10] * y[1], 9000.0 * y[10] * y[0],  0.022 * y[12],         12000.0 * y[9] * y[1],  1.88 * y[13],
            16300.0 * y[0] * y[5], 4.8e6 * y[2],         0.00035 * y[3],       0.0175 * y[3],         1e8 * y[15],           4.44e11 * y[15],       1240.0 * y[16] * y[5],
            2.1 * y[18],          5.78 * y[18],         0.0474 * y[0] * y[3], 1780.0 * y[18] * y[0],  3.12 * y[19],
        };
        d[0] = r[2] + r[3] + r[9] + r[11] + r[12] + r[22] + r[25] - (r[1] + r[10] + r[14] + r[23] + r[24]);
        d[1] = r[1] + r[21] - (r[2] + r[3] + r[9] + r[12]);
        d[2] = r[1] + r[17] + r[19] + r[22] - r[15];
        d[3] = r[15] - (r[2] + r[16] + r[17] + r[23]);
        d[4] = 2.0 * r[4] + r[6] + r[7] + r[13] + r[20] - r[3];
        d[5] = r[3] + 2.0 * r[18] - (r[6] + r[8] + r[14] + r[20]);
        d[6] = r[13] - (r[4] + r[5] + r[6]);
        d[7] = r[4] + r[5] + r[6] + r[7];
        d[8] = -(r[7] + r[8]);
        d[9] = r[7] + r[9] - r[12];
        d[10] = r[8] + r[11] - (r[9] + r[10]);
        d[11] = r[9];
        d[12] = r[10] - r[11];
        d[13] = r[12] - r[13];
        d[14] = r[14];
        d[15] = r[16] - (r[18] + r[19]);
        d[16] = -r[20];
        d[17] = r[20];
        d[18] = r[23] + r[25] - (r[21] + r[22] + r[24]);
        d[19] = r[24] - r[25];
    }
    template <class At> static void jacobian(double k1, const double* y, At&& at) {
        // What a reaction's rate changes with one of its reactants changes all species that take part.
        at(0, 0) = -k1 - 9000.0 * y[10] - 16300.0 * y[5] - 0.0474 * y[3] - 1780.0 * y[18];
        at(0, 1) = 26.6 * y[3] + 12300.0 * y[4] + 16500.0 * y[10] + 12000.0 * y[9];
        at(0, 3) = 26.6 * y[1] - 0.0474 * y[0], at(0, 4) = 12300.0 * y[1], at(0, 5) = -16300.0 * y[0];
        at(0, 9) = 12000.0 * y[1], at(0, 10) = 16500.0 * y[1] - 9000.0 * y[0], at(0, 12) = 0.022, at(0, 18) = 5.78 - 1780.0 * y[0], at(0, 19) = 3.12;
        at(1, 0) = k1, at(1, 1) = -26.6 * y[3] - 12300.0 * y[4] - 16500.0 * y[10] - 12000.0 * y[9];
        at(1, 3) = -26.6 * y[1], at(1, 4) = -12300.0 * y[1], at(1, 9) = -12000.0 * y[1], at(1, 10) = -16500.0 * y[1], at(1, 18) = 2.1;
        at(2, 0) = k1, at(2, 2) = -4.8e6, at(2, 3) = 0.0175, at(2, 15) = 4.44e11, at(2, 18) = 5.78;
        at(3, 0) = -0.0474 * y[3], at(3, 1) = -26.6 * y[3], at(3, 2) = 4.8e6, at(3, 3) = -26.6 * y[1] - 0.00035 - 0.0175 - 0.0474 * y[0];
        at(4, 1) = -12300.0 * y[4], at(4, 4) = -12300.0 * y[1], at(4, 5) = 15000.0 * y[6] + 1240.0 * y[16], at(4, 6) = 2.0 * 0.00086 + 15000.0 * y[5];
        at(4, 8) = 0.00013, at(4, 13) = 1.88, at(4, 16) = 1240.0 * y[5];
        at(5, 0) = -16300.0 * y[5], at(5, 1) = 12300.0 * y[4], at(5, 4) = 12300.0 * y[1];
        at(5, 5) = -15000.0 * y[6] - 24000.0 * y[8] - 16300.0 * y[0] - 1240.0 * y[16];
        at(5, 6) = -15000.0 * y[5], at(5, 8) = -24000.0 * y[5], at(5, 15) = 2e8, at(5, 16) = -1240.0 * y[5];
        at(6, 5) = -15000.0 * y[6], at(6, 6) = -0.00086 - 0.00082 - 15000.0 * y[5], at(6, 13) = 1.88;
        at(7, 5) = 15000.0 * y[6], at(7, 6) = 0.00086 + 0.00082 + 15000.0 * y[5], at(7, 8) = 0.00013;
        at(8, 5) = -24000.0 * y[8], at(8, 8) = -0.00013 - 24000.0 * y[5];
        at(9, 1) = 16500.0 * y[10] - 12000.0 * y[9], at(9, 8) = 0.00013, at(9, 9) = -12000.0 * y[1], at(9, 10) = 16500.0 * y[1];
        at(10, 0) = -9000.0 * y[10], at(10, 1) = -16500.0 * y[10], at(10, 5) = 24000.0 * y[8], at(10, 8) = 24000.0 * y[5];
        at(10, 10) = -16500.0 * y[1] - 9000.0 * y[0], at(10, 12) = 0.022;
        at(11, 1) = 16500.0 * y[10], at(11, 10) = 16500.0 * y[1];
        at(12, 0) = 9000.0 * y[10], at(12, 10) = 9000.0 * y[0], at(12, 12) = -0.022;
        at(13, 1) = 12000.0 * y[9], at(13, 9) = 12000.0 * y[1], at(13, 13) = -1.88;
        at(14, 0) = 16300.0 * y[5], at(14, 5) = 16300.0 * y[0];
        at(15, 3) = 0.00035, at(15, 15) = -1e8 - 4.44e11;
        at(16, 5) = -1240.0 * y[16], at(16, 16) = -1240.0 * y[5];
        at(17, 5) = 1240.0 * y[16], at(17, 16) = 1240.0 * y[5];
        at(18, 0) = 0.0474 * y[3] - 1780.0 * y[18], at(18, 3) = 0.0474 * y[0], at(18, 18) = -2.1 - 5.78 - 1780.0 * y[0], at(18, 19) = 3.12;
        at(19, 0) = 1780.0 * y[18], at(19, 18) = 1780.0 * y[0], at(19, 19) = -3.12;
    }
};

}  // namespace
