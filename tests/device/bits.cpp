// Prints a hash of the bits of every elementary function over fixed arguments, and of a small kernel over a batch with
// a tail: one line each. The lines must be the same for every vector width, pack, optimisation level and compiler.
// Functions are those of lanes of BR_REAL, and of ALSO (float or double), if it is defined: lanes narrower or wider
// than the kernel's.

#include <cstdio>

#include "device.hpp"
#include "samples.hpp"

namespace lanes::checks {

/// FNV-1a over the representations; every NaN counts as one.
class Hash {
  public:
    template <class T> void add(T value) {
        if (value != value) value = T(-1.25);
        unsigned char bytes[sizeof value];
        std::memcpy(bytes, &value, sizeof value);
        for (unsigned char byte : bytes) state = (state ^ byte) * 0x100000001b3u;
    }
    unsigned long long state = 0xcbf29ce484222325u;
};

/// A multiple of every number of lanes: 64, 48, 32, 24 …
constexpr std::size_t values = 192 * 64;

template <class T> struct Arguments {
    Arguments() {
        samples::Random random(11);
        x = samples::special_numbers<T>();
        y = x;
        const std::size_t special = x.size();
        x.resize(values), y.resize(values);
        for (std::size_t i = special; i < values; ++i) {
            x[i] = i % 3 == 0 ? samples::any_number<T>(random)
                              : T(random.uniform(-1, 1) * std::exp2(random.uniform(-4, 9)));
            y[i] = i % 5 == 0 ? samples::any_number<T>(random) : T(random.uniform(-8, 8));
        }
        // Every special number beside many others.
        for (std::size_t i = 0; i < special; ++i) x[values - 1 - 13 * i] = x[i], y[values - 1 - 17 * i] = y[i];
    }
    std::vector<T> x, y;
};

template <class T, class Function> void print(const char* name, const Arguments<T>& arguments, Function function) {
    Hash hash;
    T out[LANES];
    for (std::size_t i = 0; i < values; i += LANES) {
        store(out, function(load(&arguments.x[i]), load(&arguments.y[i])));
        for (T value : out) hash.add(value);
    }
    std::printf("%s %s %016llx\n", name, sizeof(T) == 4 ? "f32" : "f64", hash.state);
}

template <class T> void print_functions() {
    const Arguments<T> arguments;
    using R = lane<T>;
#define ONE(name) print(#name, arguments, [](const R& x, const R&) { return name(x); });
#define TWO(name) print(#name, arguments, [](const R& x, const R& y) { return name(x, y); });
    ONE(exp)
    ONE(exp2)
    ONE(expm1) ONE(log) ONE(log2) ONE(log10) ONE(log1p) ONE(sin) ONE(cos) ONE(tan) ONE(asin) ONE(acos) ONE(atan)
        ONE(sinh) ONE(cosh) ONE(tanh) ONE(cbrt) TWO(pow) TWO(atan2) TWO(hypot) TWO(approx_pow)
            print("sincos", arguments, [](const R& x, const R&) {
                R sine, cosine;
                sincos(x, sine, cosine);
                return sine + cosine;
            });
    print("arithmetic", arguments, [](const R& x, const R& y) {
        const R a = fma(x, y, sqrt(abs(x))) / (y + T(3)), b = min(rint(a), max(floor(x), y));
        return select((a < b) | isnan(a), copysign(a, b) - trunc(x), convert<T>(to_int(b, -100, 100)) * ceil(y));
    });
}

/// Explicit Euler steps of the Lorenz system until a time that differs between runs, the state in shared memory.
BR_NOINLINE void integrate(const frame& at, const scalar* rho, const scalar* end, scalar* out, int* steps) {
    const input_array<scalar> rhos(rho, at), ends(end, at);
    const output_array<scalar> states(out, at);
    const output_array<int> counts(steps, at);
    shared_array<scalar, 3, 0> state(at);
    shared_array<int, 1, 3 * sizeof(scalar)> count(at);
    fill(state, real(1));
    count[0] = 0;
    const scalar dt = scalar(0.01);
    real t = 0;
    const real r = rhos[0];
    mask active = t < ends[0];
    while (any(active)) {
        const real x = state[0], y = state[1], z = state[2];
        state[0] = select(active, fma(dt * 10, y - x, x), x);
        state[1] = select(active, fma(dt, fma(x, r - z, -y), y), y);
        state[2] = select(active, fma(dt, fma(x, y, -z * sin(z)), z), z);
        count[0] = select(active, count[0] + 1, count[0]);
        t = select(active, t + dt, t);
        active &= t < ends[0];
        placement_fence();
    }
    for (int i = 0; i < 3; ++i) states[i] = state[i];
    counts[0] = count[0];
}

void print_kernel() {
    const long long runs = 131;
    std::vector<scalar> rho(runs), end(runs), out(3 * runs);
    std::vector<int> steps(runs);
    for (long long i = 0; i < runs; ++i) rho[i] = scalar(20) + scalar(i) / 8, end[i] = scalar(0.5) + scalar(i % 7) / 4;
    shared_storage<3 * sizeof(scalar) + sizeof(int)> shared;
    float_environment environment;
    for (long long run = 0; run < runs; run += LANES) {
        integrate(frame::at(run, runs, shared.bytes), rho.data(), end.data(), out.data(), steps.data());
    }
    Hash hash;
    for (scalar value : out) hash.add(value);
    for (int count : steps) hash.add(count);
    std::printf("kernel %s %016llx\n", sizeof(scalar) == 4 ? "f32" : "f64", hash.state);
}

}  // namespace lanes::checks

int main() {
    lanes::checks::print_functions<lanes::scalar>();
#if defined(ALSO)
    lanes::checks::print_functions<ALSO>();
#endif
    lanes::checks::print_kernel();
}
