// What the steps of all families have in common: what a time loop gives them, what it asks of them, and what they tell it.

/// What a time loop gives a step besides the state.
struct step_scope {
    /// Absolute tolerances of all states, then the relative ones.
    const broadcast_array<scalar>& tolerances;
    /// Lanes whose result is used. Others may be computed with, and take no part in decisions.
    mask wanted;
};

/// Integers as wide as the scalars: a mask of comparisons selects among them without being converted.
using count_t = lane<detail::bits_t<scalar>>;

/// What the equations of a step took, per lane: bits of ivp_status.cuh where they were not solved, and counts. An iteration evaluates the residual once, a line search more often.
struct step_report {
    count_t status, iterations, linear_iterations, residuals;

    BR_DEVICE static step_report none() { return {count_t(0), count_t(0), count_t(0), count_t(0)}; }

    BR_DEVICE mask solved() const { return status == count_t(0); }

    BR_DEVICE void add(const step_report& other) {
        status = status | other.status;
        iterations = iterations + other.iterations;
        linear_iterations = linear_iterations + other.linear_iterations;
        residuals = residuals + other.residuals;
    }
};

/// Steps that have an explicit form or solve linear equations only: they always have a result, and remember nothing.
template <class Buffers> struct plain_step {
    static constexpr bool iterates = false;
    using state_t = typename Buffers::state_type;

    template <class Y, class P, class C> BR_DEVICE static void begin(const frame&, state_t&, const mask&, const real&, const Y&, const P&, const C&) {}
    BR_DEVICE static void commit(const frame&, state_t&, const mask&, const real&, const step_report&) {}

    /// The derivative of state i at stage j of the last step, for a trace.
    BR_DEVICE static real stage_derivative(const frame& f, state_t& s, int j, int i) {
        Buffers b(f, s);
        return b.trace_derivatives[j * Buffers::n + i];
    }
};

/// Steps that solve equations by iteration, which may fail: `step` and `step_with_error` return a step_report.
template <class Buffers> struct iterating_step : plain_step<Buffers> {
    static constexpr bool iterates = true;
};

/// In place of an array that nobody reads.
struct discarded {
    struct element {
        template <class V> BR_DEVICE void operator=(const V&) const {}
    };
    BR_DEVICE element operator[](int) const { return {}; }
};
