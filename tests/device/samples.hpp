// Arguments to test functions with: every kind of number, reproducibly.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

namespace samples {

/// A small generator of uniform bits (splitmix64).
class Random {
  public:
    explicit Random(std::uint64_t seed) : state(seed) {}
    std::uint64_t bits() {
        std::uint64_t z = (state += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }
    double uniform(double lo, double hi) { return lo + (hi - lo) * (double(bits() >> 11) * 0x1p-53); }

  private:
    std::uint64_t state;
};

/// Any number: a uniform choice among representations.
template <class T> T any_number(Random& random) {
    const std::uint64_t b = random.bits();
    T x;
    std::memcpy(&x, &b, sizeof x);
    return x;
}

/// Zeros, infinities, NaN, the limits of the format, and numbers at which functions change their ways.
template <class T> std::vector<T> special_numbers() {
    using L = std::numeric_limits<T>;
    std::vector<T> positive = {0,
                               L::denorm_min(),
                               3 * L::denorm_min(),
                               L::min(),
                               L::min() * T(0.75),
                               L::epsilon(),
                               T(1e-3),
                               T(0.25),
                               T(1) / T(3),
                               T(0.5),
                               T(0.75),
                               T(1),
                               T(1.5),
                               T(2),
                               T(2.5),
                               T(3),
                               T(4),
                               T(5),
                               T(10),
                               T(16),
                               T(23),
                               T(101),
                               T(1e4),
                               T(123457),
                               T(8388607),
                               T(8388608),
                               T(16777217),
                               T(1e15),
                               T(9007199254740991),
                               T(1e22),
                               T(1e30),
                               L::max() / 2,
                               L::max(),
                               L::infinity()};
    std::vector<T> all;
    for (T x : positive) {
        for (T y : {x, std::nextafter(x, L::infinity()), std::nextafter(x, T(0))}) all.push_back(y), all.push_back(-y);
    }
    for (int k = 1; k <= 40; ++k) {
        const T x = T(k * 0.78539816339744830962);  // next to multiples of pi/4
        all.push_back(x), all.push_back(-x);
    }
    all.push_back(L::quiet_NaN());
    return all;
}

/// Whether two numbers are the same, all NaN being one.
template <class T> bool same(T a, T b) {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
    return std::memcmp(&a, &b, sizeof a) == 0;
}

/// |got - exact| in units of the last place of `exact`. An overflow counts as the power of two where it begins.
template <class T> double error_in_ulp(T got, long double exact) {
    using L = std::numeric_limits<T>;
    if (std::isnan(got) || std::isnan(exact)) return std::isnan(got) && std::isnan(exact) ? 0 : 1e30;
    if (std::isinf(exact) || exact == 0) return same(got, T(exact)) ? 0 : 1e30;
    int exponent;
    std::frexp(exact, &exponent);
    exponent = exponent > L::max_exponent ? L::max_exponent : exponent;
    const int last =
        exponent - L::digits > L::min_exponent - L::digits ? exponent - L::digits : L::min_exponent - L::digits;
    const long double ulp = std::ldexp(1.0L, last);
    const long double overflow = std::ldexp(1.0L, L::max_exponent);
    const long double bound = std::fabs(exact) > overflow ? std::copysign(overflow, exact) : exact;
    const long double value = std::isinf(got) ? std::copysign(overflow, (long double)got) : (long double)got;
    if (std::signbit(got) != std::signbit(exact)) return 1e30;
    return double(std::fabs(value - bound) / ulp);
}

}  // namespace samples
