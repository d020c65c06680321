// The time of a run that chooses its own steps.
//
// In double precision a number. In single precision an unevaluated sum of two, so that a step far below the spacing of the numbers at t still counts: Dekker's sum (Numerische
// Mathematik 18 (1971) 224), free of error unless a step is longer than the time is far from zero, and then as exact as the step.
template <class T> struct running_time {
    BR_DEVICE explicit running_time(const real& start) : t(start) {}
    BR_DEVICE const real& value() const { return t; }
    /// Begins again in the lanes of `m`.
    BR_DEVICE void restart(const real& start, const mask& m) { t = select(m, start, t); }
    /// Time left until `target`.
    BR_DEVICE real until(const real& target) const { return target - t; }
    /// Whether a step is too short to change the time.
    BR_DEVICE mask is_lost(const real& step) const { return t + step == t; }
    /// Adds the step in the lanes of `accepted`; where it `ends` at `target`, the time is that number.
    BR_DEVICE void advance(const real& step, const real& target, const mask& accepted, const mask& ends) {
        t = select(accepted, select(ends, target, t + step), t);
    }
    real t;
};

/// Single precision; a template so that only kernels that use it compile it.
template <class Real> struct compensated_time {
    BR_DEVICE explicit compensated_time(const Real& start) : t(start), rest(scalar(0)) {}
    BR_DEVICE const Real& value() const { return t; }
    BR_DEVICE void restart(const Real& start, const mask& m) {
        t = select(m, start, t);
        rest = select(m, Real(scalar(0)), rest);
    }
    BR_DEVICE Real until(const Real& target) const { return (target - t) - rest; }
    BR_DEVICE mask is_lost(const Real& step) const { return (t + (rest + step) == t) & (rest + step == rest); }
    BR_DEVICE void advance(const Real& step, const Real& target, const mask& accepted, const mask& ends) {
        const Real small = rest + step;
        const Real sum = t + small;
        const Real error = small - (sum - t);
        t = select(accepted, select(ends, target, sum), t);
        rest = select(accepted, select(ends, Real(scalar(0)), error), rest);
    }
    Real t, rest;
};

template <> struct running_time<float> : compensated_time<real> {
    using compensated_time<real>::compensated_time;
};
