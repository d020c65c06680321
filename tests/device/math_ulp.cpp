// Measures the error of every elementary function against the C library's in long double, over random and special
// arguments; prints the largest, and fails above the promised 4 ulp, or where a special value differs from C's (Annex
// F).

#include <cstdio>
#include <functional>

#include "device.hpp"
#include "samples.hpp"

using lanes::LANES;
using lanes::real;
using lanes::scalar;
using samples::Random;

static const double promised = 4;
static bool failed = false;

struct Argument {
    scalar x, y;
};

/// Evaluates `ours` on packs of arguments and compares each lane.
template <class Ours, class Exact>
void measure(const char* name, const std::vector<Argument>& arguments, Ours ours, Exact exact) {
    double worst = 0;
    Argument where = {0, 0};
    scalar got_there = 0;
    for (std::size_t first = 0; first < arguments.size(); first += LANES) {
        real x, y;
        for (int l = 0; l < LANES; ++l) {
            const Argument& a = arguments[first + l < arguments.size() ? first + l : arguments.size() - 1];
            lanes::set_lane(x, l, a.x);
            lanes::set_lane(y, l, a.y);
        }
        const real result = ours(x, y);
        for (int l = 0; l < LANES; ++l) {
            const Argument a = {lanes::get_lane(x, l), lanes::get_lane(y, l)};
            const scalar got = lanes::get_lane(result, l);
            const double error = samples::error_in_ulp(got, exact((long double)a.x, (long double)a.y));
            if (error > worst) worst = error, where = a, got_there = got;
        }
    }
    std::printf("%-6s %-7s %8.3f ulp at (%.17g, %.17g) = %.17g\n", sizeof(scalar) == 4 ? "f32" : "f64", name, worst,
                double(where.x), double(where.y), double(got_there));
    if (!(worst <= promised)) failed = true;
}

static std::vector<Argument> one_argument(std::initializer_list<std::pair<double, double>> ranges) {
    Random random(1);
    std::vector<Argument> all;
    for (scalar x : samples::special_numbers<scalar>()) all.push_back({x, 0});
    for (int i = 0; i < 60000; ++i) all.push_back({samples::any_number<scalar>(random), 0});
    for (auto [lo, hi] : ranges)
        for (int i = 0; i < 40000; ++i) all.push_back({scalar(random.uniform(lo, hi)), 0});
    return all;
}

static std::vector<Argument> two_arguments(bool powers) {
    Random random(2);
    std::vector<Argument> all;
    for (scalar x : samples::special_numbers<scalar>())
        for (scalar y : samples::special_numbers<scalar>()) all.push_back({x, y});
    for (int i = 0; i < 40000; ++i)
        all.push_back({samples::any_number<scalar>(random), samples::any_number<scalar>(random)});
    for (int i = 0; i < 40000; ++i) all.push_back({scalar(random.uniform(-10, 10)), scalar(random.uniform(-10, 10))});
    if (powers) {
        // Results over the whole range: y = z / log2(x).
        const double limit = sizeof(scalar) == 4 ? 151 : 1080;
        for (int i = 0; i < 100000; ++i) {
            const scalar x = std::fabs(samples::any_number<scalar>(random));
            all.push_back({x, scalar(random.uniform(-limit, limit) / std::log2(double(x)))});
        }
        for (int i = 0; i < 60000; ++i) {
            const scalar x = scalar(random.uniform(0.4, 2.5));
            all.push_back({x, scalar(random.uniform(-limit, limit) / std::log2(double(x)))});
        }
        for (int i = 0; i < 20000; ++i)
            all.push_back({scalar(random.uniform(-30, 30)), scalar(std::floor(random.uniform(-40, 40)))});
    } else {
        // Comparable and very different magnitudes.
        for (int i = 0; i < 60000; ++i) {
            const scalar x = samples::any_number<scalar>(random);
            all.push_back({x, scalar(x * random.uniform(-3, 3))});
        }
    }
    return all;
}

int main() {
    const double widest = sizeof(scalar) == 4 ? 105 : 750;
#define ONE(name, reference, ...)                                                                      \
    measure(                                                                                           \
        #name, one_argument({__VA_ARGS__}), [](const real& x, const real&) { return lanes::name(x); }, \
        [](long double x, long double) { return reference; })
#define TWO(name, reference, powers)                                                                  \
    measure(                                                                                          \
        #name, two_arguments(powers), [](const real& x, const real& y) { return lanes::name(x, y); }, \
        [](long double x, long double y) { return reference; })
    using range = std::pair<double, double>;
    ONE(exp, std::exp(x), range(-1, 1), range(-widest, widest));
    ONE(exp2, std::exp2(x), range(-1, 1), range(-1.5 * widest, 1.5 * widest));
    ONE(expm1, std::expm1(x), range(-1, 1), range(-1e-3, 1e-3), range(-45, widest));
    ONE(log, std::log(x), range(0.5, 2), range(0.99, 1.01), range(0, 1e6));
    ONE(log2, std::log2(x), range(0.5, 2), range(0.99, 1.01), range(0, 1e6));
    ONE(log10, std::log10(x), range(0.5, 2), range(0.99, 1.01), range(0, 1e6));
    ONE(log1p, std::log1p(x), range(-1, 1), range(-1e-3, 1e-3), range(-0.3, 0.5), range(0, 1e6));
    ONE(sin, std::sin(x), range(-4, 4), range(-100, 100), range(-7e4, 7e4), range(-2e9, 2e9));
    ONE(cos, std::cos(x), range(-4, 4), range(-100, 100), range(-7e4, 7e4), range(-2e9, 2e9));
    ONE(tan, std::tan(x), range(-4, 4), range(-100, 100), range(-7e4, 7e4), range(-2e9, 2e9));
    ONE(asin, std::asin(x), range(-1, 1), range(-0.51, 0.51), range(0.99, 1));
    ONE(acos, std::acos(x), range(-1, 1), range(-0.51, 0.51), range(0.99, 1));
    ONE(atan, std::atan(x), range(-1, 1), range(-10, 10), range(0.41, 0.42), range(2.41, 2.42));
    ONE(sinh, std::sinh(x), range(-1, 1), range(-25, 25), range(-widest, widest));
    ONE(cosh, std::cosh(x), range(-1, 1), range(-25, 25), range(-widest, widest));
    ONE(tanh, std::tanh(x), range(-1, 1), range(-25, 25));
    ONE(cbrt, std::cbrt(x), range(-8, 8), range(-1e6, 1e6));
    TWO(pow, std::pow(x, y), true);
    TWO(atan2, std::atan2(x, y), false);
    TWO(hypot, std::hypot(x, y), false);

    // The cheap power of controllers promises a relative error of 1e-6 for |y log2 x| <= 10.
    Random random(3);
    double worst = 0;
    for (int i = 0; i < 100000; ++i) {
        const scalar x = scalar(std::exp2(random.uniform(-20, 20))), y = scalar(random.uniform(-0.5, 0.5));
        const double exact = std::pow(double(x), double(y));
        worst =
            std::fmax(worst, std::fabs(double(lanes::get_lane(lanes::approx_pow(real(x), y), LANES - 1)) / exact - 1));
    }
    std::printf("approx_pow: relative error %.2g\n", worst);
    const bool approximate = !(worst < 1e-6);
    return failed || approximate ? 1 : 0;
}
