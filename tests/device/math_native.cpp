// BR_MATH_NATIVE: the vendors' functions give what the names say, to a few ulp, on packs and on one value.

#include <cstdio>

#include "device.hpp"
#include "samples.hpp"

using lanes::LANES;
using lanes::real;
using lanes::scalar;

static int failures = 0;

template <class Ours, class Exact> void check(const char* name, double lo, double hi, Ours ours, Exact exact) {
    samples::Random random(5);
    for (int i = 0; i < 2000; ++i) {
        const scalar x = scalar(random.uniform(lo, hi));
        const double error = samples::error_in_ulp(lanes::get_lane(ours(real(x)), i % LANES), exact((long double)x));
        if (error > 4 && ++failures < 20) std::printf("%s(%.17g): %.3g ulp\n", name, double(x), error);
    }
}

int main() {
#define ONE(name, lo, hi)                                                                                           \
    check(#name, lo, hi, [](const real& x) { return lanes::name(x); }, [](long double x) { return std::name(x); }); \
    check(                                                                                                          \
        #name, lo, hi, [](const real& x) { return real(lanes::name(lanes::get_lane(x, 0))); },                      \
        [](long double x) { return std::name(x); });
    ONE(exp, -20, 20)
    ONE(exp2, -20, 20)
    ONE(expm1, -2, 2) ONE(log, 0.1, 10) ONE(log2, 0.1, 10) ONE(log10, 0.1, 10) ONE(log1p, -0.5, 10) ONE(sin, -3, 3)
        ONE(cos, -1.5, 1.5) ONE(tan, -1, 1) ONE(asin, -1, 1) ONE(acos, -1, 1) ONE(atan, -9, 9) ONE(sinh, -3, 3)
            ONE(cosh, -3, 3) ONE(tanh, -3, 3) ONE(cbrt, -9, 9) check(
                "pow", 0.1, 9, [](const real& x) { return lanes::pow(x, scalar(1.5)); },
                [](long double x) { return std::pow(x, 1.5L); });
    check(
        "atan2", -9, 9, [](const real& x) { return lanes::atan2(x, 2); },
        [](long double x) { return std::atan2(x, 2.0L); });
    check(
        "hypot", -9, 9, [](const real& x) { return lanes::hypot(x, 2); },
        [](long double x) { return std::hypot(x, 2.0L); });
    real sine, cosine;
    lanes::sincos(real(1), sine, cosine);
    if (std::fabs(double(lanes::get_lane(sine, 0)) - std::sin(1.0)) > 1e-6 ||
        std::fabs(double(lanes::get_lane(cosine, 0)) - std::cos(1.0)) > 1e-6)
        ++failures;
    std::printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
