// Summaries of sampled variables, accumulated while a run goes on: no trajectory is stored.
//
// Which accumulators a variable has is decided by the host from the metrics asked for, so that metrics share them: `slot_…` is the position of one in the variable's part of
// the buffer, or -1. A sample that is not a number makes every metric of its window not a number, as NumPy's functions do; only peaks
// before it keep their numbers.
template <class System, class Buffers> struct summary_metrics {
    using metrics = typename Buffers::metrics;
    static constexpr int states = Buffers::summarised_states, observables = Buffers::summarised_observables;
    /// Values per window: all metrics of a variable, then those of the next.
    static constexpr int values = (states + observables) * metrics::columns;
    static constexpr bool active = values > 0;
    using state_t = typename Buffers::state_type;

    /// Takes one sample of every variable in the lanes of `m`.
    template <class Y, class O> BR_DEVICE static void sample(const frame& f, state_t& s, const Y& state, const O& observed, const mask& m) {
        Buffers b(f, s);
        const i32 in_window = b.samples[0], in_run = b.samples[1];
        sample_states<0>(b, state, in_window, in_run, m);
        sample_observables<0>(b, observed, in_window, in_run, m);
        b.samples[0] = select(m, in_window + i32(1), in_window);
        b.samples[1] = select(m, in_run + i32(1), in_run);
    }

    /// Stores the window that ends in the lanes of `m`, and begins the next.
    template <class Runs, class Row>
    BR_DEVICE static void write(const frame& f, state_t& s, const Runs& runs, const ivp_arrays& a, const Row& window, const mask& m) {
        Buffers b(f, s);
        const real count = convert<scalar>(b.samples[0]);
        const Row first = window * values;
        BR_UNROLL_FULL
        for (int k = 0; k < states; ++k) {
            write_variable(b.state_summary, k * metrics::slots, b.samples[1], count, runs, a, first + k * metrics::columns, m);
        }
        BR_UNROLL_FULL
        for (int k = 0; k < observables; ++k) {
            write_variable(b.observable_summary, k * metrics::slots, b.samples[1], count, runs, a, first + (states + k) * metrics::columns, m);
        }
        b.samples[0] = select(m, i32(0), b.samples[0]);
    }

  private:
    // Recursion rather than loops: see output_writer.
    template <int k, class Y> BR_DEVICE static void sample_states(Buffers& b, const Y& state, const i32& in_window, const i32& in_run, const mask& m) {
        if constexpr (k < states) {
            constexpr int at = Buffers::summarised_state(k);
            accumulate(b.state_summary, k * metrics::slots, state[at], in_window, in_run, m);
            sample_states<k + 1>(b, state, in_window, in_run, m);
        }
    }
    template <int k, class O> BR_DEVICE static void sample_observables(Buffers& b, const O& observed, const i32& in_window, const i32& in_run, const mask& m) {
        if constexpr (k < observables) {
            constexpr int at = Buffers::summarised_observable(k);
            accumulate(b.observable_summary, k * metrics::slots, observed[at], in_window, in_run, m);
            sample_observables<k + 1>(b, observed, in_window, in_run, m);
        }
    }

    /// What `value` becomes with another sample: at the first of a window that sample itself.
    template <class Slots>
    BR_DEVICE static void update(Slots& slots, int at, const real& first_value, const real& value, const mask& first, const mask& m) {
        slots[at] = select(m, select(first, first_value, value), slots[at]);
    }

    /// Whether x is to replace the extreme so far: beyond it, or not a number. An extreme that is not a number stays.
    static BR_DEVICE mask above(const real& x, const real& extreme) { return (x > extreme) | isnan(x); }
    static BR_DEVICE mask below(const real& x, const real& extreme) { return (x < extreme) | isnan(x); }

    template <class Slots> BR_DEVICE static void keep_largest(Slots& slots, int at, const real& x, const mask& first, const mask& m) {
        update(slots, at, x, select(above(x, slots[at]), x, slots[at]), first, m);
    }
    template <class Slots> BR_DEVICE static void keep_smallest(Slots& slots, int at, const real& x, const mask& first, const mask& m) {
        update(slots, at, x, select(below(x, slots[at]), x, slots[at]), first, m);
    }

    template <class Slots>
    BR_DEVICE static void accumulate(Slots& slots, int at, const real& x, const i32& in_window, const i32& in_run, const mask& m) {
        const mask first = in_window == i32(0);
        if constexpr (metrics::slot_sum >= 0) update(slots, at + metrics::slot_sum, x, slots[at + metrics::slot_sum] + x, first, m);
        if constexpr (metrics::slot_square_sum >= 0) {
            auto& sum = slots[at + metrics::slot_square_sum];
            update(slots, at + metrics::slot_square_sum, x * x, fma(x, x, sum), first, m);
        }
        if constexpr (metrics::slot_shift >= 0) {
            // Sums of differences to the window's first sample, near its mean: the squares then do not cancel (Chan, Golub & LeVeque, The American Statistician 37
            // (1983) 242, shifted data).
            const real shift = select(first, x, slots[at + metrics::slot_shift]);
            const real d = x - shift;
            update(slots, at + metrics::slot_shifted_sum, d, slots[at + metrics::slot_shifted_sum] + d, first, m);
            update(slots, at + metrics::slot_shifted_square_sum, d * d, fma(d, d, slots[at + metrics::slot_shifted_square_sum]), first, m);
            slots[at + metrics::slot_shift] = select(m, shift, slots[at + metrics::slot_shift]);
        }
        if constexpr (metrics::slot_max >= 0) keep_largest(slots, at + metrics::slot_max, x, first, m);
        if constexpr (metrics::slot_min >= 0) keep_smallest(slots, at + metrics::slot_min, x, first, m);
        if constexpr (metrics::slot_magnitude >= 0) keep_largest(slots, at + metrics::slot_magnitude, abs(x), first, m);
        if constexpr (metrics::slot_previous >= 0) {
            const real previous = slots[at + metrics::slot_previous];
            const mask second = in_run >= i32(1), third = in_run >= i32(2);
            derivative<metrics::slot_slope_max, metrics::slot_slope_min, 1>(slots, at, x - previous, in_window, in_run, m & second);
            if constexpr (metrics::slot_before >= 0) {
                const real before = slots[at + metrics::slot_before];
                const real difference = (x - previous) - (previous - before);
                derivative<metrics::slot_curvature_max, metrics::slot_curvature_min, 2>(slots, at, difference, in_window, in_run, m & third);
                if constexpr (metrics::peaks > 0) {
                    peak(slots, at + metrics::slot_peaks, metrics::peaks, (previous > before) & (previous > x) & third, first, in_run, m);
                }
                if constexpr (metrics::negative_peaks > 0) {
                    peak(slots, at + metrics::slot_negative_peaks, metrics::negative_peaks, (previous < before) & (previous < x) & third, first, in_run, m);
                }
                slots[at + metrics::slot_before] = select(m, previous, before);
            }
            slots[at + metrics::slot_previous] = select(m, x, previous);
        }
    }

    /// Extremes of a difference that exists from sample number `order` of the run on.
    template <int largest, int smallest, int order, class Slots>
    BR_DEVICE static void derivative(Slots& slots, int at, const real& difference, const i32& in_window, const i32& in_run, const mask& m) {
        const mask first = (in_window == i32(0)) | (in_run == i32(order));
        if constexpr (largest >= 0) keep_largest(slots, at + largest, difference, first, m);
        if constexpr (smallest >= 0) keep_smallest(slots, at + smallest, difference, first, m);
    }

    /// Notes the number of the sample before this one, if `found`: a count, then the numbers.
    template <class Slots>
    BR_DEVICE static void peak(Slots& slots, int at, int most, const mask& found, const mask& first, const i32& in_run, const mask& m) {
        const real number = convert<scalar>(in_run - i32(1));
        const real noted = select(first, real(0), slots[at]);
        BR_UNROLL_FULL
        for (int k = 0; k < most; ++k) slots[at + 1 + k] = select(m & found & (noted == scalar(k)), number, slots[at + 1 + k]);
        slots[at] = select(m, select(found, noted + scalar(1), noted), slots[at]);
    }

    template <class Slots, class Runs, class Row>
    BR_DEVICE static void write_variable(const Slots& slots, int at, const i32& in_run, const real& count, const Runs& runs, const ivp_arrays& a,
                                         const Row& first, const mask& m) {
        real mean(0), variance(0);
        if constexpr (metrics::slot_sum >= 0) mean = slots[at + metrics::slot_sum] / count;
        if constexpr (metrics::slot_shift >= 0) {
            const real d = slots[at + metrics::slot_shifted_sum] / count;
            mean = slots[at + metrics::slot_shift] + d;
            variance = fma(-d, d, slots[at + metrics::slot_shifted_square_sum] / count);
            // Rounding may leave a little less than nothing; a NaN stays.
            variance = select(variance < scalar(0), real(0), variance);
        }
        // NaN where there are too few samples for a difference.
        const real slope_scale = select(in_run >= i32(2), real(a.scales[0]), nan());
        const real curvature_scale = select(in_run >= i32(3), real(a.scales[1]), nan());
        BR_UNROLL_FULL
        for (int column = 0; column < metrics::columns; ++column) {
            real value(0);
            const int index = metrics::column_index(column);
            switch (metrics::column_kind(column)) {
                case metrics::kind_mean: value = mean; break;
                case metrics::kind_max: value = slot<metrics::slot_max>(slots, at); break;
                case metrics::kind_min: value = slot<metrics::slot_min>(slots, at); break;
                case metrics::kind_rms:
                    if constexpr (metrics::slot_square_sum >= 0) {
                        value = sqrt(slots[at + metrics::slot_square_sum] / count);
                    } else {
                        value = sqrt(fma(mean, mean, variance));
                    }
                    break;
                case metrics::kind_std: value = sqrt(variance); break;
                case metrics::kind_max_magnitude:
                    if constexpr (metrics::slot_magnitude >= 0) {
                        value = slots[at + metrics::slot_magnitude];
                    } else {
                        const real high = abs(slot<metrics::slot_max>(slots, at)), low = abs(slot<metrics::slot_min>(slots, at));
                        value = select(above(high, low), high, low);
                    }
                    break;
                case metrics::kind_peak: value = noted<metrics::slot_peaks>(slots, at, index); break;
                case metrics::kind_negative_peak: value = noted<metrics::slot_negative_peaks>(slots, at, index); break;
                case metrics::kind_dxdt_max: value = slot<metrics::slot_slope_max>(slots, at) * slope_scale; break;
                case metrics::kind_dxdt_min: value = slot<metrics::slot_slope_min>(slots, at) * slope_scale; break;
                case metrics::kind_d2xdt2_max: value = slot<metrics::slot_curvature_max>(slots, at) * curvature_scale; break;
                case metrics::kind_d2xdt2_min: value = slot<metrics::slot_curvature_min>(slots, at) * curvature_scale; break;
            }
            runs.store(a.summaries, first + column, value, m);
        }
    }

    template <int position, class Slots> BR_DEVICE static real slot([[maybe_unused]] const Slots& slots, [[maybe_unused]] int at) {
        if constexpr (position >= 0) {
            return slots[at + position];
        } else {
            return real(0);
        }
    }

    /// The number of a peak, NaN if there were fewer.
    template <int position, class Slots>
    BR_DEVICE static real noted([[maybe_unused]] const Slots& slots, [[maybe_unused]] int at, [[maybe_unused]] int index) {
        if constexpr (position >= 0) {
            return select(slots[at + position] > scalar(index), real(slots[at + position + 1 + index]), nan());
        } else {
            return nan();
        }
    }

    static BR_DEVICE real nan() { return from_bits(lane<detail::bits_t<scalar>>(-1)); }
};
