// Checks the prelude lane by lane: each operation on packs against the C library or a one-lane definition written out
// here. Prints the failures; exits with 1 if there are any.

#include <cfenv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <type_traits>

#include "device.hpp"
#include "samples.hpp"

// Inside, as a user's code is: here sqrt is the device's and not the C library's.
namespace lanes::checks {

using samples::Random;
using samples::same;

static int failures = 0;

static void expect(bool condition, const char* what, int lane, double got = 0, double expected = 0) {
    if (condition) return;
    if (++failures <= 40) std::printf("FAILED %s, lane %d: got %.17g, expected %.17g\n", what, lane, got, expected);
}

/// Lanes with the sample's numbers from `first` on.
template <class T> lane<T> take(const std::vector<T>& numbers, std::size_t first) {
    lane<T> r;
    for (int l = 0; l < LANES; ++l) set_lane(r, l, numbers[(first + l) % numbers.size()]);
    return r;
}

template <class T> std::vector<T> real_numbers() {
    std::vector<T> numbers = samples::special_numbers<T>();
    Random random(7);
    for (int i = 0; i < 400; ++i) numbers.push_back(samples::any_number<T>(random));
    for (int i = 0; i < 400; ++i) numbers.push_back(T(random.uniform(-50, 50)));
    for (int i = -40; i < 40; ++i) numbers.push_back(T(i * 0.5));
    return numbers;
}

template <class T> std::vector<T> integers() {
    Random random(8);
    std::vector<T> numbers;
    for (int i = 0; i < 300; ++i) numbers.push_back(T(random.bits() >> 49) - T(1 << 14));
    for (int i = -20; i < 20; ++i) numbers.push_back(T(i));
    return numbers;
}

#define EACH_LANE(what, result, expression)                                       \
    for (int l = 0; l < LANES; ++l) {                                             \
        const T x = get_lane(a, l), y = get_lane(b, l), z = get_lane(c, l);       \
        static_cast<void>(x), static_cast<void>(y), static_cast<void>(z);         \
        const auto expected = (expression);                                       \
        const auto got = get_lane(result, l);                                     \
        if constexpr (std::is_floating_point_v<std::decay_t<decltype(expected)>>) \
            expect(same(got, expected), what, l, double(got), double(expected));  \
        else                                                                      \
            expect(got == expected, what, l, double(got), double(expected));      \
    }

/// Operators, comparisons and select: the same text for real and integer lanes.
template <class T> void check_common(const lane<T>& a, const lane<T>& b, const lane<T>& c) {
    EACH_LANE("+", a + b, T(x + y))
    EACH_LANE("-", a - b, T(x - y))
    EACH_LANE("*", a * b, T(x * y))
    EACH_LANE("unary -", -a, T(-x))
    EACH_LANE("lane + int", a + 3, T(x + 3))
    EACH_LANE("int - lane", 3 - a, T(3 - x))
    EACH_LANE("lane * uniform", a * T(5), T(x * 5))
    lane<T> d = a;
    d += b, d -= c, d *= 2;
    EACH_LANE("compound assignment", d, T(T(T(x + y) - z) * 2))

    const mask less = a < b, equal = a == b;
    EACH_LANE("<", less, x < y)
    EACH_LANE("<=", mask(a <= b), x <= y)
    EACH_LANE(">", mask(a > b), x > y)
    EACH_LANE(">=", mask(a >= b), x >= y)
    EACH_LANE("==", equal, x == y)
    EACH_LANE("!=", mask(a != b), x != y)
    EACH_LANE("< uniform", mask(a < T(4)), x < T(4))
    EACH_LANE("mask &", less & mask(b < c), (x < y && y < z))
    EACH_LANE("mask |", less | mask(b < c), (x < y || y < z))
    EACH_LANE("mask ^", less ^ mask(b < c), ((x < y) != (y < z)))
    EACH_LANE("mask !", !less, !(x < y))
    mask m = less;
    m &= b < c;
    m |= equal;
    m ^= mask(true);
    EACH_LANE("mask assignment", m, !((x < y && y < z) || x == y))
    EACH_LANE("select", select(less, a, b), (x < y ? x : y))
    EACH_LANE("select uniform", select(less, a, T(7)), (x < y ? x : T(7)))
    EACH_LANE("select int", select(less, 1, b), (x < y ? T(1) : y))
    EACH_LANE("select uniforms", select(less, T(1), T(0)), (x < y ? T(1) : T(0)))
    EACH_LANE("min", min(a, b), (x < y ? x : y))
    EACH_LANE("max", max(a, b), (x > y ? x : y))
    EACH_LANE("min uniform", min(a, T(2)), (x < T(2) ? x : T(2)))

    bool some = false, every = true;
    for (int l = 0; l < LANES; ++l) some |= get_lane(less, l), every &= get_lane(less, l);
    expect(any(less) == some, "any", 0);
    expect(all(less) == every, "all", 0);
    expect(none(less) == !some, "none", 0);
}

template <class T> void check_real(const lane<T>& a, const lane<T>& b, const lane<T>& c) {
    check_common<T>(a, b, c);
    EACH_LANE("/", a / b, T(x / y))
    EACH_LANE("fma", fma(a, b, c), T(std::fma(x, y, z)))
    EACH_LANE("fma uniform", fma(a, T(3), 1), T(std::fma(x, T(3), T(1))))
    EACH_LANE("sqrt", sqrt(a), T(std::sqrt(x)))
    EACH_LANE("rint", rint(a), T(std::nearbyint(x)))
    EACH_LANE("floor", floor(a), T(std::floor(x)))
    EACH_LANE("ceil", ceil(a), T(std::ceil(x)))
    EACH_LANE("trunc", trunc(a), T(std::trunc(x)))
    EACH_LANE("abs", abs(a), T(std::fabs(x)))
    EACH_LANE("copysign", copysign(a, b), T(std::copysign(x, y)))
    EACH_LANE("copysign uniform", copysign(a, T(-1)), T(std::copysign(x, T(-1))))
    EACH_LANE("isnan", mask(isnan(a)), std::isnan(x))
    EACH_LANE("isfinite", mask(isfinite(a)), std::isfinite(x))
    EACH_LANE("from_bits(bits)", from_bits(bits(a)), x)
    EACH_LANE("to_int", to_int(a, -7, 9), (!(x > T(-7)) ? -7 : x >= T(9) ? 9 : int(x)))
    const int least = std::numeric_limits<int>::min(), greatest = std::numeric_limits<int>::max();
    EACH_LANE("round_to_int", round_to_int(a),
              (!(std::nearbyint(x) > T(least))    ? least
               : std::nearbyint(x) >= T(greatest) ? greatest
                                                  : int(std::nearbyint(x))))
    EACH_LANE("convert to double", convert<double>(a), double(x))
    EACH_LANE("convert to float", convert<float>(a), float(x))
    // The same functions of one value, as used for uniforms.
    EACH_LANE("one value", fma(a, b, c), fma(x, y, z))
    EACH_LANE("one value sqrt", sqrt(a), sqrt(x))
    EACH_LANE("one value rint", rint(a), rint(x))
    EACH_LANE("one value to_int", to_int(a, -7, 9), to_int(x, -7, 9))
    EACH_LANE("one value copysign", copysign(a, b), copysign(x, y))
}

template <class T> void check_integer(const lane<T>& a, const lane<T>& b, const lane<T>& c) {
    check_common<T>(a, b, c);
    EACH_LANE("integer &", a & b, T(x & y))
    EACH_LANE("integer |", a | b, T(x | y))
    EACH_LANE("integer ^", a ^ b, T(x ^ y))
    EACH_LANE("integer & int", a & 1, T(x & 1))
    EACH_LANE(">>", a >> 3, T(x >> 3))
    EACH_LANE("<<", (a & 1023) << 3, T((x & 1023) << 3))
    EACH_LANE(">> lanes", a >> (b & 7), T(x >> (y & 7)))
    EACH_LANE("shift_left", shift_left(a, 5), T(std::make_unsigned_t<T>(x) << 5))
    EACH_LANE("shift_right_logical", shift_right_logical(a, 5), T(std::make_unsigned_t<T>(x) >> 5))
    EACH_LANE("integer abs", abs(a), T(x < 0 ? -x : x))
    EACH_LANE("convert to float", convert<float>(a), float(x))
    EACH_LANE("convert to double", convert<double>(a), double(x))
    EACH_LANE("convert to int", convert<int>(a), int(x))
    EACH_LANE("convert to long long", convert<long long>(a), (long long)(x))
}

template <class T> void check_memory() {
    constexpr int size = 4 * LANES + 8;
    T data[size], out[size];
    for (int i = 0; i < size; ++i) data[i] = T(i * 3 + 1);
    const lane<T> loaded = load(data + 1);
    i32 index, reversed;
    i64 wide;
    mask odd = false;
    for (int l = 0; l < LANES; ++l) {
        set_lane(index, l, (l * 5) % size);
        set_lane(reversed, l, LANES - 1 - l);
        set_lane(wide, l, static_cast<long long>((l * 7) % size));
        set_lane(odd, l, l % 2 == 1);
    }
    const lane<T> gathered = gather(data, index), gathered_wide = gather(data, wide);
    const lane<T> some = gather(data, index, odd, T(-1)), loaded_some = load(data + 2, odd, T(-2));
    for (int l = 0; l < LANES; ++l) {
        expect(get_lane(loaded, l) == data[l + 1], "load", l);
        expect(get_lane(gathered, l) == data[(l * 5) % size], "gather", l);
        expect(get_lane(gathered_wide, l) == data[(l * 7) % size], "gather i64", l);
        expect(get_lane(some, l) == (l % 2 == 1 ? data[(l * 5) % size] : T(-1)), "masked gather", l);
        expect(get_lane(loaded_some, l) == (l % 2 == 1 ? data[l + 2] : T(-2)), "masked load", l);
        expect(get_lane(lane_numbers(), l) == l, "lane_numbers", l);
    }
    auto clear = [&] {
        for (T& o : out) o = T(0);
    };
    clear();
    store(out + 1, loaded);
    for (int i = 0; i < size; ++i) expect(out[i] == (i >= 1 && i <= LANES ? data[i] : T(0)), "store", i);
    clear();
    store(out + 3, loaded, odd);
    for (int i = 0; i < size; ++i) {
        const int l = i - 3;
        expect(out[i] == (l >= 0 && l < LANES && l % 2 == 1 ? data[l + 1] : T(0)), "masked store", i);
    }
    clear();
    scatter(out, reversed, loaded);
    for (int l = 0; l < LANES; ++l) expect(out[LANES - 1 - l] == data[l + 1], "scatter", l);
    clear();
    scatter(out, reversed, loaded, odd);
    for (int l = 0; l < LANES; ++l)
        expect(out[LANES - 1 - l] == (l % 2 == 1 ? data[l + 1] : T(0)), "masked scatter", l);
    clear();
    scatter(out, i32(0), loaded);
    expect(out[0] == data[LANES], "scatter to one place: the last lane", 0);
}

void check_frames_and_arrays() {
    shared_storage<64> shared;
    for (long long runs : {1LL, LANES - 1LL, LANES + 0LL, LANES + 1LL, 3LL * LANES + 1}) {
        if (runs < 1) continue;
        std::vector<scalar> in(2 * runs), out(2 * runs + LANES, scalar(-1));
        std::vector<int> counts(runs + LANES, -1);
        for (std::size_t i = 0; i < in.size(); ++i) in[i] = scalar(i + 1);
        for (long long run = 0; run < runs; run += LANES) {
            const frame f = frame::at(run, runs, shared.bytes);
            const input_array<scalar> input(in.data(), f);
            const output_array<scalar> output(out.data(), f);
            const output_array<int> count(counts.data(), f);
            for (int l = 0; l < LANES; ++l) {
                const long long mine = run + l < runs ? run + l : runs - 1;
                expect(get_lane(f.active, l) == (run + l < runs), "frame active", l);
                expect(get_lane(f.run_number(), l) == mine, "frame run number", l);
                expect(get_lane(input[1], l) == in[runs + mine], "input", l);
            }
            output[0] = input[0] * 2;
            output.store(1, input[1], input[1] > scalar(runs + 1));
            count[0] = convert<int>(f.run_number());
        }
        for (long long i = 0; i < runs; ++i) {
            expect(out[i] == in[i] * 2, "output", int(i));
            expect(out[runs + i] == (i > 0 ? in[runs + i] : scalar(-1)), "masked output", int(i));
            expect(counts[i] == int(i), "output of int", int(i));
        }
        for (int l = 0; l < LANES; ++l)
            expect(out[2 * runs + l] == -1 && counts[runs + l] == -1, "nothing beyond the batch", l);
    }

    const frame f = frame::at(0, LANES, shared.bytes);
    shared_array<int, 2, 0> first(f);
    shared_array<int, 2, 8> second(f);
    shared_array<int, 4, 0> both(f);
    fill(both, i32(0));
    first[1] = 5;
    second[0] = 6;
    expect(get_lane(both[1], 0) == 5 && get_lane(both[2], LANES - 1) == 6 && get_lane(both[3], 0) == 0,
           "shared arrays overlay by byte", 0);
    shared_array<long long, 2, 0> wide(f);
    fill(wide, i64(-1));
    expect(get_lane(both[0], 0) == -1 && get_lane(both[3], LANES - 1) == -1, "shared arrays of equal bytes", 0);

    persistent_storage<scalar, 3> storage;
    persistent_array<scalar, 3> persistent(storage);
    fill(persistent, real(scalar(2)));
    persistent[1] += 1;
    expect(get_lane(storage[1], 0) == 3 && get_lane(storage[2], LANES - 1) == 2,
           "persistent array refers to its storage", 0);
    local_array<int, 0> empty;
    static_assert(decltype(empty)::length == 0);
    local_array<scalar, 2> local;
    local_array<int, 2> local_int;
    fill(local, real(1));
    fill(local_int, i32(1));
    poison(local);
    poison(local_int);
    expect(all(isnan(local[1])) == (BR_POISON == 1) && all(local_int[0] == -1) == (BR_POISON == 1), "poison", 0);
    const scalar uniform[2] = {scalar(4), scalar(5)};
    const broadcast_array<scalar> constants{uniform};
    expect(all(constants[1] * real(2) == scalar(10)), "broadcast array", 0);
    placement_fence();
}

/// 1/3, divided at run time.
__attribute__((noinline)) double third(const volatile double* numbers) { return numbers[0] / numbers[1]; }

void check_environment() {
    const double numbers[2] = {1, 3};
    const double nearest = third(numbers);
    std::fesetround(FE_UPWARD);
    const double upward = third(numbers);
    double inside;
    {
        float_environment environment;
        inside = third(numbers);
    }
    const double after = third(numbers);
    std::fesetround(FE_TONEAREST);
    expect(upward > nearest, "the test changes the rounding", 0, upward, nearest);
    expect(inside == nearest, "the default rounding inside", 0, inside, nearest);
    expect(after == upward, "the caller's rounding after", 0, after, upward);
}

template <class T> void check_reals() {
    const std::vector<T> numbers = real_numbers<T>();
    for (std::size_t i = 0; i < 3 * numbers.size(); i += LANES)
        check_real<T>(take(numbers, i), take(numbers, i * 7 + 3), take(numbers, i * 31 + 11));
}

template <class T> void check_integers() {
    const std::vector<T> numbers = integers<T>();
    for (std::size_t i = 0; i < 3 * numbers.size(); i += LANES)
        check_integer<T>(take(numbers, i), take(numbers, i * 7 + 3), take(numbers, i * 31 + 11));
}

}  // namespace lanes::checks

int main() {
    using namespace lanes::checks;
    check_reals<float>();
    check_reals<double>();
    check_integers<int>();
    check_integers<long long>();
    check_memory<float>();
    check_memory<double>();
    check_memory<int>();
    check_memory<long long>();
    check_frames_and_arrays();
    check_environment();
    std::printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
