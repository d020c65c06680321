// A tree of three levels for tests: a cascade drives a filter, and a second one in the first one's space; each filter owns a limiter.
// Every kind of buffer occurs (persistent, zeroed, aliased, integer), and settings that are given at launch.

/// Clips a signal to ±bound, counts what it clipped and sums what it cut off, in eighths.
template <class Buffers> struct limiter {
    static constexpr int n = Buffers::n;
    using state = typename Buffers::state_type;

    template <class Array> BR_DEVICE static void apply(const frame& f, state& s, Array& signal) {
        Buffers b(f, s);
        for (int i = 0; i < n; ++i) {
            const real bounded = min(max(signal[i], -b.bound), b.bound);
            b.excess[i] = signal[i] - bounded;
            b.clipped[i] = b.clipped[i] + select(b.excess[i] != scalar(0), 1, 0);
            signal[i] = bounded;
        }
        placement_fence<Buffers>();
        for (int i = 0; i < n; ++i) {
            // May lie where the excess lies.
            b.eighths[i] = to_int(b.excess[i] * scalar(8), -1000, 1000);
            b.total[0] = b.total[0] + convert<long long>(b.eighths[i]);
        }
    }

    BR_DEVICE static void report(const frame& f, state& s, const output_array<int>& counts, const output_array<long long>& totals, int filter) {
        Buffers b(f, s);
        for (int i = 0; i < n; ++i) counts[filter * (n + 1) + 1 + i] = b.clipped[i];
        totals[filter] = b.total[0];
    }
};

/// A finite impulse response over the last `order` samples, then the limiter.
template <class Limiter, class Buffers> struct fir_filter {
    static constexpr int n = Buffers::n;
    static constexpr int order = Buffers::order;
    using state = typename Buffers::state_type;

    /// Before the first sample: what is persistent but not zeroed.
    BR_DEVICE static void start(const frame& f, state& s) {
        Buffers b(f, s);
        for (int i = 0; i < n; ++i) b.peak[i] = 0;
    }

    template <class Array> BR_DEVICE static void apply(const frame& f, state& s, Array& signal) {
        Buffers b(f, s);
        b.calls[0] = b.calls[0] + 1;
        for (int i = 0; i < n; ++i) {
            for (int k = order - 1; k > 0; --k) b.history[k * n + i] = b.history[(k - 1) * n + i];
            b.history[i] = signal[i];
            b.window[i] = 0;
            for (int k = 0; k < order; ++k) b.window[i] = fma(b.history[k * n + i], b.taps[k], b.window[i]);
        }
        placement_fence<Buffers>();
        Limiter::apply(f, s.limiter, b.window);
        for (int i = 0; i < n; ++i) {
            signal[i] = b.window[i];
            b.peak[i] = max(abs(b.window[i]), b.peak[i]);
        }
    }

    BR_DEVICE static void report(const frame& f, state& s, const output_array<int>& counts, const output_array<long long>& totals,
                                 const output_array<scalar>& peaks, int filter) {
        Buffers b(f, s);
        counts[filter * (n + 1)] = b.calls[0];
        for (int i = 0; i < n; ++i) peaks[filter * n + i] = b.peak[i];
        Limiter::report(f, s.limiter, counts, totals, filter);
    }
};

/// Noise per lane, a drive and an offset through the filters, accumulated with a gain.
template <class Filter, class Envelope, class Buffers> struct cascade {
    static constexpr int n = Buffers::n;
    using state = typename Buffers::state_type;

    BR_DEVICE static void run(const frame& f, state& s, const input_array<scalar>& drive, const broadcast_array<scalar>& offset,
                              const inout_array<scalar>& level, const inout_array<long long>& seed, const output_array<int>& counts,
                              const output_array<long long>& totals, const output_array<scalar>& peaks) {
        Filter::start(f, s.filter);
        if constexpr (Buffers::smooth) Envelope::start(f, s.envelope);
        begin(f, s, level, seed);
        for (int step = 0; step < Buffers::steps; ++step) advance(f, s, drive, offset);
        end(f, s, level, seed);
        Filter::report(f, s.filter, counts, totals, peaks, 0);
        if constexpr (Buffers::smooth) Envelope::report(f, s.envelope, counts, totals, peaks, 1);
    }

  private:
    BR_DEVICE static void begin(const frame& f, state& s, const inout_array<scalar>& level, const inout_array<long long>& seed) {
        Buffers b(f, s);
        b.random[0] = seed[0];
        for (int i = 0; i < n; ++i) b.mean[i] = level[i];
    }

    BR_DEVICE static void advance(const frame& f, state& s, const input_array<scalar>& drive, const broadcast_array<scalar>& offset) {
        Buffers b(f, s);
        b.step[0] = b.step[0] + 1;
        for (int i = 0; i < n; ++i) {
            // The generator of the C standard's example, 31 bits.
            b.random[0] = (b.random[0] * 1103515245LL + 12345LL) & 2147483647LL;
            const real noise = convert<scalar>(b.random[0]) * scalar(0x1p-31);
            b.sample[i] = fma(noise, drive[i], b.sum[i] + offset[i]);
        }
        placement_fence<Buffers>();
        Filter::apply(f, s.filter, b.sample);
        for (int i = 0; i < n; ++i) b.sum[i] = b.sum[i] + b.sample[i];
        // Divides by the number of the step, lane by lane; b.scaled may lie where b.sample lies.
        for (int i = 0; i < n; ++i) b.scaled[i] = b.sum[i] / convert<scalar>(b.step[0]);
        if constexpr (Buffers::smooth) Envelope::apply(f, s.envelope, b.scaled);
        for (int i = 0; i < n; ++i) b.mean[i] = fma(b.mean[i], b.gain, b.scaled[i]);
        placement_fence<Buffers>();
    }

    BR_DEVICE static void end(const frame& f, state& s, const inout_array<scalar>& level, const inout_array<long long>& seed) {
        Buffers b(f, s);
        for (int i = 0; i < n; ++i) level[i] = b.mean[i];
        seed[0] = b.random[0];
    }
};
