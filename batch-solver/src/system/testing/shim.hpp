// The vocabulary of device code for one lane, for tests of emitted code. Before it: BR_REAL, BITS, FORMAT.
#include <cinttypes>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <type_traits>
#include <vector>

#define BR_DEVICE inline
#define BR_NOINLINE inline __attribute__((noinline))

using scalar = BR_REAL;

struct real {
    scalar value;
    real() = default;
    real(scalar value) : value(value) {}
    // Any other number would promote or round silently.
    template <class T, class = std::enable_if_t<std::is_arithmetic<T>::value && !std::is_same<T, scalar>::value>>
    real(T) = delete;
};

struct mask {
    bool value;
};

#define BR_OPERATOR(op, result)                                                                 \
    inline result operator op(const real& a, const real& b) { return {a.value op b.value}; }
BR_OPERATOR(+, real)
BR_OPERATOR(-, real)
BR_OPERATOR(*, real)
BR_OPERATOR(/, real)
BR_OPERATOR(<, mask)
BR_OPERATOR(<=, mask)
BR_OPERATOR(>, mask)
BR_OPERATOR(>=, mask)
BR_OPERATOR(==, mask)
BR_OPERATOR(!=, mask)

inline real operator-(const real& a) { return {-a.value}; }
inline mask operator!(const mask& a) { return {!a.value}; }
inline mask operator&(const mask& a, const mask& b) { return {a.value && b.value}; }
inline mask operator|(const mask& a, const mask& b) { return {a.value || b.value}; }
inline real select(const mask& m, const real& a, const real& b) { return m.value ? a : b; }
inline real fma(const real& a, const real& b, const real& c) { return {std::fma(a.value, b.value, c.value)}; }
inline real min(const real& a, const real& b) { return a.value < b.value ? a : b; }
inline real max(const real& a, const real& b) { return a.value > b.value ? a : b; }
inline real abs(const real& a) { return {std::fabs(a.value)}; }

#define BR_UNARY(name) \
    inline real name(const real& a) { return {std::name(a.value)}; }
BR_UNARY(floor)
BR_UNARY(ceil)
BR_UNARY(sqrt)
BR_UNARY(cbrt)
BR_UNARY(exp)
BR_UNARY(exp2)
BR_UNARY(expm1)
BR_UNARY(log)
BR_UNARY(log2)
BR_UNARY(log10)
BR_UNARY(log1p)
BR_UNARY(sin)
BR_UNARY(cos)
BR_UNARY(tan)
BR_UNARY(asin)
BR_UNARY(acos)
BR_UNARY(atan)
BR_UNARY(sinh)
BR_UNARY(cosh)
BR_UNARY(tanh)

#define BR_BINARY(name) \
    inline real name(const real& a, const real& b) { return {std::name(a.value, b.value)}; }
BR_BINARY(pow)
BR_BINARY(atan2)
BR_BINARY(hypot)

inline bool read(scalar& value) {
    std::uint64_t wide = 0;
    if (std::scanf("%" SCNx64, &wide) != 1) return false;
    const BITS bits = static_cast<BITS>(wide);
    std::memcpy(&value, &bits, sizeof value);
    return true;
}

inline void write(const real& result) {
    BITS bits;
    std::memcpy(&bits, &result.value, sizeof bits);
    std::printf(FORMAT, bits);
}

// Constants, and drivers and their rates as if they did not depend on the time.
struct constants_and_drivers {
    std::vector<scalar> constants;
    std::vector<real> drivers, rates;
    scalar operator[](std::size_t index) const { return constants[index]; }
    const std::vector<real>& drivers_at(const real&) const { return drivers; }
    const std::vector<real>& driver_rates_at(const real&) const { return rates; }
};

// Reads rows of time, states, parameters, constants and drivers to the end of the input; writes derivatives and
// observables.
template <class System>
int run() {
    scalar t;
    while (read(t)) {
        std::vector<scalar> inputs(System::states + System::parameters + System::constants + System::drivers);
        for (scalar& input : inputs) {
            if (!read(input)) return 1;
        }
        const auto parameters = inputs.begin() + System::states, constants = parameters + System::parameters;
        const std::vector<real> y(inputs.begin(), parameters), p(parameters, constants);
        const auto drivers = constants + System::constants;
        const constants_and_drivers c{{constants, drivers}, {drivers, inputs.end()}, {}};
        std::vector<real> dydt(System::states), out(System::observables);
        System::rhs(t, y, p, c, dydt);
        System::observables_of(t, y, p, c, out);
        for (const real& result : dydt) write(result);
        for (const real& result : out) write(result);
    }
    return 0;
}

// Reads rows of time, states, parameters, constants, drivers, their rates and a direction to the end of the input;
// writes the linearisation, the product of the Jacobian with the direction, and its diagonal.
template <class System>
int run_derivatives() {
    scalar t;
    while (read(t)) {
        const auto take = [](int count) {
            std::vector<scalar> values(static_cast<std::size_t>(count));
            for (scalar& value : values) {
                if (!read(value)) std::abort();
            }
            return values;
        };
        const auto lanes = [](const std::vector<scalar>& values) { return std::vector<real>(values.begin(), values.end()); };
        const auto y = lanes(take(System::states)), p = lanes(take(System::parameters));
        const auto constants = take(System::constants);
        const auto drivers = lanes(take(System::drivers)), rates = lanes(take(System::drivers));
        const auto v = lanes(take(System::states));
        const constants_and_drivers c{constants, drivers, rates};
        const std::size_t states = System::states, times = System::autonomous ? 0 : states;
        std::vector<real> dydt(states), jacobian(System::jacobian_nonzeros), dfdt(times), result(states), diagonal(states);
        System::linearise(t, y, p, c, dydt, jacobian, dfdt);
        System::jacobian_vector(t, y, p, c, v, result);
        System::jacobian_diagonal(t, y, p, c, diagonal);
        for (const auto* results : {&dydt, &jacobian, &dfdt, &result, &diagonal}) {
            for (const real& value : *results) write(value);
        }
    }
    return 0;
}
