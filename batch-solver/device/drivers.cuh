// Drivers: functions of time that all runs share, piecewise polynomials over equal segments of time.
//
// The polynomial of a segment is one of x = (t - start of the segment) / period, 0 <= x <= 1. Its coefficients lie by segment, driver and power, powers fastest, so that a
// lane reads all drivers of its segment from one place.

/// The drivers of a batch: DRIVERS polynomials of degree ORDER per segment.
template <int DRIVERS, int ORDER> struct driver_set {
    static constexpr int drivers = DRIVERS, order = ORDER, stride = DRIVERS * (ORDER + 1);

    /// From t0 on, `count` segments, each the inverse of `per_time` long. They repeat for all times where `repeat`, else drivers are zero outside.
    BR_DEVICE driver_set(const scalar* values, scalar start, scalar per_time, int count, bool repeat)
        : coefficients(values), t0(start), inverse_period(per_time), inverse_count(scalar(1) / scalar(count)),
          slack((sizeof(scalar) == 4 ? scalar(9.5367431640625e-7) : scalar(1.7763568394002505e-15)) * (abs(start * per_time) + scalar(count))),
          segments(count), wrap(repeat) {}

    /// out[i] is driver i at time t.
    template <class Out> BR_DEVICE void evaluate(const real& t, Out& out) const {
        at<false>(t, out);
    }

    /// out[i] is the derivative of driver i with respect to the time, at time t: at a sample that of the segment which begins there, zero where drivers are zero.
    template <class Out> BR_DEVICE void evaluate_rates(const real& t, Out& out) const {
        at<true>(t, out);
    }

    const scalar* coefficients;
    scalar t0, inverse_period, inverse_count;
    /// Eight units in the last place of u: the first and the last sample are inside however their times were rounded.
    scalar slack;
    int segments;
    bool wrap;

  private:
    /// The polynomials of the segment of t, or their derivatives; zero outside of the samples.
    template <bool RATES, class Out> BR_DEVICE void at(const real& t, Out& out) const {
        const scalar count = scalar(segments);
        const real u = (t - t0) * inverse_period;
        real place = u;
        if (wrap) place = fma(real(-count), floor(u * inverse_count), u);
        place = min(max(place, real(scalar(0))), real(count));
        const i32 segment = to_int(place, 0, segments - 1);
        const real x = place - convert<scalar>(segment);
#if !BR_ONE_LANE
        // Lanes of equal steps, and lanes within a sample of each other, need no gathering.
        const int first = get_lane(segment, 0);
        if (all(segment == i32(first))) {
            const scalar* c = coefficients + static_cast<long long>(first) * stride;
            horner<RATES>(x, out, [&](int i) { return real(c[i]); });
        } else
#endif
        {
            const i32 start = segment * stride;
            horner<RATES>(x, out, [&](int i) { return gather(coefficients, start + i); });
        }
        if (!wrap) {
            const mask inside = (u >= -slack) & (u <= count + slack);
            BR_UNROLL_FULL
            for (int i = 0; i < DRIVERS; ++i) out[i] = select(inside, real(out[i]), real(scalar(0)));
        }
    }

    template <bool RATES, class Out, class Coefficient> BR_DEVICE void horner(const real& x, Out& out, const Coefficient& c) const {
        BR_UNROLL_FULL
        for (int i = 0; i < DRIVERS; ++i) {
            const int first = i * (ORDER + 1);
            if constexpr (RATES) {
                real sum = scalar(ORDER) * c(first + ORDER);
                BR_UNROLL_FULL
                for (int power = ORDER - 1; power >= 1; --power) sum = fma(sum, x, scalar(power) * c(first + power));
                out[i] = sum * inverse_period;
            } else {
                real sum = c(first + ORDER);
                BR_UNROLL_FULL
                for (int power = ORDER - 1; power >= 0; --power) sum = fma(sum, x, c(first + power));
                out[i] = sum;
            }
        }
    }
};

/// The constants of a system with drivers: what its functions take as `c`. C is what they take without drivers, Values an array for the drivers at a time, Rates one for
/// their time derivatives: an empty one where no function asks for them.
template <class C, class Drivers, class Values, class Rates> struct driven_constants {
    BR_DEVICE driven_constants(const C& of_system, const Drivers& set, Values& at_time, Rates& rates_at_time)
        : constants(of_system), drivers(set), values(at_time), rates(rates_at_time) {}

    BR_DEVICE scalar operator[](int i) const { return constants[i]; }

    BR_DEVICE const Values& drivers_at(const real& t) const {
        drivers.evaluate(t, values);
        return values;
    }

    BR_DEVICE const Rates& driver_rates_at(const real& t) const {
        drivers.evaluate_rates(t, rates);
        return rates;
    }

    const C& constants;
    const Drivers& drivers;
    Values& values;
    Rates& rates;
};
