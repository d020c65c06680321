// Controllers of the step size: gains from the squared norm of the error estimate.
//
// Exponents are those of the norm halved. A step after a rejected one follows the proportional term alone, and never grows; what a controller remembers of earlier steps is
// committed for accepted steps that were not shortened.
template <class Buffers> struct controller_base {
    static constexpr bool adaptive = true;
    using state_t = typename Buffers::state_type;

    /// 1 / (2 (q + 1)), q the smaller order of the pair.
    static BR_DEVICE constexpr scalar unit() { return scalar(0.5 / (Buffers::order + 1)); }

    /// norm^exponent, for squared norms up to 1e16 and exponents up to 2.25, of either sign: gains are at most 9, and the order at least 1.
    static BR_DEVICE real power(const real& norm, scalar exponent) {
        // Below this the gain is at its bound for every order.
        return approx_pow_bounded(at_least(norm, real(scalar(1e-14))), real(exponent));
    }

    /// Bounds of a gain; small corrections of accepted steps, inside the dead band, are left out.
    static BR_DEVICE real settle(const state_t& s, const real& gain, [[maybe_unused]] const mask& accepted) {
        const real bounded = at_most(at_least(gain, real(s.min_gain)), real(s.max_gain));
        if constexpr (Buffers::deadband_min < Buffers::deadband_max) {
            const mask small = accepted & (bounded >= Buffers::deadband_min) & (bounded <= Buffers::deadband_max);
            return select(small, real(1), bounded);
        } else {
            return bounded;
        }
    }
};

/// Elementary controller: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I (2nd ed.), p. 168.
template <class System, class Buffers> struct i_controller : controller_base<Buffers> {
    using base = controller_base<Buffers>;
    using state_t = typename base::state_t;

    BR_DEVICE static real gain(const frame&, state_t& s, const real& norm, const mask& accepted, const real&) {
        return base::settle(s, s.safety * base::power(norm, -s.kp * base::unit()), accepted);
    }
    BR_DEVICE static void commit(const frame&, state_t&, const real&, const real&, const mask&) {}
};

/// Proportional–integral controller: K. Gustafsson, ACM TOMS 17 (1991) 533–554.
template <class System, class Buffers> struct pi_controller : controller_base<Buffers> {
    using base = controller_base<Buffers>;
    using state_t = typename base::state_t;

    BR_DEVICE static real gain(const frame& f, state_t& s, const real& norm, const mask& accepted, const real&) {
        Buffers b(f, s);
        const real proportional = s.safety * base::power(norm, -s.kp * base::unit());
        const real before = select(b.timestep_memory[0] > scalar(0), real(b.timestep_memory[0]), norm);
        const real both = proportional * base::power(before, -s.ki * base::unit());
        return base::settle(s, select(accepted, both, proportional), accepted);
    }
    BR_DEVICE static void commit(const frame& f, state_t& s, const real& norm, const real&, const mask& m) {
        Buffers b(f, s);
        b.timestep_memory[0] = select(m, max(norm, real(scalar(1e-14))), b.timestep_memory[0]);
    }
};

/// Proportional–integral–derivative controller: G. Söderlind, ACM TOMS 29 (2003) 1–26.
template <class System, class Buffers> struct pid_controller : controller_base<Buffers> {
    using base = controller_base<Buffers>;
    using state_t = typename base::state_t;

    BR_DEVICE static real gain(const frame& f, state_t& s, const real& norm, const mask& accepted, const real&) {
        Buffers b(f, s);
        const real proportional = s.safety * base::power(norm, -s.kp * base::unit());
        const real before = select(b.timestep_memory[0] > scalar(0), real(b.timestep_memory[0]), norm);
        const real earlier = select(b.timestep_memory[1] > scalar(0), real(b.timestep_memory[1]), before);
        const real all = proportional * base::power(before, -s.ki * base::unit()) * base::power(earlier, -s.kd * base::unit());
        return base::settle(s, select(accepted, all, proportional), accepted);
    }
    BR_DEVICE static void commit(const frame& f, state_t& s, const real& norm, const real&, const mask& m) {
        Buffers b(f, s);
        b.timestep_memory[1] = select(m, real(b.timestep_memory[0]), b.timestep_memory[1]);
        b.timestep_memory[0] = select(m, max(norm, real(scalar(1e-14))), b.timestep_memory[0]);
    }
};

/// Predictive controller: K. Gustafsson, ACM TOMS 20 (1994) 496–517. The step before is remembered by its size times the gain its error would have called for, so that one power
/// serves both estimates: (norm² / norm before)^-e = (norm^-e)² / (norm before)^-e.
template <class System, class Buffers> struct gustafsson_controller : controller_base<Buffers> {
    using base = controller_base<Buffers>;
    using state_t = typename base::state_t;

    BR_DEVICE static real gain(const frame& f, state_t& s, const real& norm, const mask& accepted, const real& step) {
        Buffers b(f, s);
        const real basic = base::power(norm, -base::unit());
        // 0 where there is no step before, which predicts nothing.
        const real inverse = b.timestep_memory[0];
        const real predicted = step * inverse * basic * basic;
        const mask follows = accepted & (inverse > scalar(0));
        return base::settle(s, s.safety * select(follows, min(predicted, basic), basic), accepted);
    }
    BR_DEVICE static void commit(const frame& f, state_t& s, const real& norm, const real& step, const mask& m) {
        Buffers b(f, s);
        b.timestep_memory[0] = select(m, approx_reciprocal(step * base::power(norm, -base::unit())), real(b.timestep_memory[0]));
    }
};
