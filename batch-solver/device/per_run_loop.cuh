// The time loop for runs that each have their own steps, or their own end.
//
// Everything that outlives an iteration is per lane and committed by select: a lane's result does not depend on which runs are its neighbours, nor on which runs the lane had
// before. A step that would pass the next event is shortened to end there, so that saved values are solutions and not interpolants.
template <class System, class Step, class Controller, class Output, class Summary, class Buffers> struct per_run_loop {
    static constexpr int n = Buffers::n;
    static constexpr bool adaptive = Controller::adaptive;
    using state_t = typename Buffers::state_type;
    using runs_t = lane_runs<Buffers::refill>;

    /// Where each lane is in its run.
    struct progress {
        running_time<scalar> t;
        /// Size of the next step, time to stop at next, end of the run where runs have their own.
        real h, target, end;
        mask active;
        /// Next event, rows saved, windows of samples ended, accepted steps.
        i32 event, row, window, steps;
        /// Attempts made before `iteration` was last zero.
        i32 earlier;
        /// Iterations since lanes last began runs, and a bound for the attempts of any active lane before.
        int iteration;
        long long oldest;
        BR_DEVICE i32 attempts() const { return earlier + iteration; }
    };

    template <class C> BR_DEVICE static void run(const frame& f, state_t& s, Buffers& b, const C& c, const ivp_arrays& a) {
        runs_t runs(f);
        const real start(a.start[0]);
        progress p{running_time<scalar>(start), real(1), start, start, mask(false), i32(0), i32(0), i32(0), i32(0), i32(0), 0, 0};
        const bool due_at_start = a.counts[count_events] > 0 && a.times[0] <= a.start[0];
        mask due(false);
        if constexpr (!Buffers::refill) {
            begin(f, s, b, c, a, runs, p, mask(true));
            due = mask(due_at_start);
        }
        for (;;) {
            while (any(due)) {
                arrive(f, s, b, c, a, runs, p, due);
                // Events nearer to each other than the precision of time are at the same time.
                due = due & p.active & (p.target <= p.t.value());
            }
            if constexpr (adaptive) {
                if (p.iteration + p.oldest >= s.controller.max_steps) {
                    const mask late = p.active & (p.attempts() >= i32(int(s.controller.max_steps)));
                    if (any(late)) finish(b, a, runs, p, late, i32(status_max_steps));
                }
            }
            if constexpr (Buffers::refill) {
                if (!all(p.active)) {
                    const mask idle = !p.active;
                    // A few idle lanes cost less than beginning their runs one by one, which occupies all lanes.
                    if (runs.any_left() && (4 * count(idle) >= LANES)) {
                        const mask fresh = runs.take(idle);
                        p.earlier = select(p.active, p.attempts(), i32(0));
                        p.oldest += p.iteration;
                        p.iteration = 0;
                        begin(f, s, b, c, a, runs, p, fresh);
                        due = fresh & mask(due_at_start);
                        if (due_at_start) continue;
                    }
                    if (none(p.active)) break;
                }
            } else {
                if (none(p.active)) break;
            }
            due = attempt(f, s, b, c, a, runs, p);
            placement_fence<Buffers>();
        }
    }

  private:
    /// Puts the lanes of `fresh` at the start of their runs.
    template <class C>
    BR_DEVICE static void begin(const frame& f, state_t& s, Buffers& b, const C& c, const ivp_arrays& a, const runs_t& runs, progress& p,
                                const mask& fresh) {
        BR_UNROLL_FULL
        for (int i = 0; i < Buffers::parameter_count; ++i) b.parameters[i] = select(fresh, runs.load(a.parameters, i), b.parameters[i]);
        BR_UNROLL_FULL
        for (int i = 0; i < n; ++i) b.state[i] = select(fresh, runs.load(a.initial, i), b.state[i]);
        if constexpr (Buffers::refill) s.reset(f, fresh);
        const real start(a.start[0]);
        p.t.restart(start, fresh);
        p.event = select(fresh, i32(0), p.event);
        p.row = select(fresh, i32(0), p.row);
        p.window = select(fresh, i32(0), p.window);
        p.steps = select(fresh, i32(0), p.steps);
        if constexpr (Buffers::per_run_end) p.end = select(fresh, runs.load(a.ends, 0), p.end);
        next_target(a, p, fresh);
        if constexpr (adaptive) {
            const scalar last = a.times[max(a.counts[count_events] - 1, 0)];
            const real span = Buffers::per_run_end ? p.end - start : real(last - a.start[0]);
            const real most = min(real(scalar(s.controller.dt_max)), span);
            real h(scalar(s.controller.dt));
            if (s.controller.dt > scalar(0)) {
                h = min(h, most);
            } else {
                // The arrays of the first step are free until it begins.
                h = initial_step<System, n>(Step::order, start, most, b.state, b.parameters, c, a.tolerances, b.error, b.proposed_state);
                // Not finite where the derivative is not: the loop then ends the run with its status.
                h = select(h > scalar(0), h, real(scalar(s.controller.dt_min)));
            }
            p.h = select(fresh, h, p.h);
        } else {
            p.h = real(Controller::step_size(s.controller));
        }
        Step::begin(f, s.step, fresh, start, b.state, b.parameters, c);
        p.active = p.active | fresh;
    }

    /// One attempt of a step in all active lanes; the result has the lanes that arrived at their next stop.
    template <class C>
    BR_DEVICE static mask attempt(const frame& f, state_t& s, Buffers& b, const C& c, const ivp_arrays& a, const runs_t& runs, progress& p) {
        // A remainder of less than a thousandth of a step is taken along rather than left for a step of its own.
        const real left = p.t.until(p.target);
        const mask ends = p.h * scalar(1.001) >= left;
        const real step = select(ends, left, p.h);
        // A step too short to change the time can never get anywhere.
        mask stuck = p.active & p.t.is_lost(step), accepted = p.active;
        mask too_small(false);
        real norm(0);
        const real began = p.t.value();
        if constexpr (adaptive) {
            Step::step_with_error(f, s.step, began, step, b.state, b.parameters, c, b.proposed_state, b.error);
            norm = squared_norm(b, a.tolerances);
            accepted = p.active & (norm <= scalar(1));
            const real wanted = step * Controller::gain(f, s.controller, norm, accepted, step);
            too_small = p.active & !accepted & (wanted < s.controller.dt_min);
            // A step shortened for an event says nothing about the next one's size, unless it failed.
            const mask truncated = ends & accepted & (step < p.h);
            Controller::commit(f, s.controller, norm, step, accepted & !truncated);
            const real bounded = min(max(wanted, real(s.controller.dt_min)), real(s.controller.dt_max));
            p.h = select(p.active & !truncated, bounded, p.h);
            Step::commit(f, s.step, accepted);
        } else {
            Step::step(f, s.step, began, step, b.state, b.parameters, c, b.proposed_state);
        }
        if constexpr (Buffers::trace) {
            const i32 attempt = p.attempts();
            const mask traced = p.active & (attempt < i32(a.counts[count_trace_rows]));
            record_attempt<Step, n>(f, s.step, runs, a, attempt, began, step, norm, select(accepted, real(1), real(0)), traced);
        }
        BR_UNROLL_FULL
        for (int i = 0; i < n; ++i) b.state[i] = select(accepted, b.proposed_state[i], b.state[i]);
        p.t.advance(step, p.target, accepted, ends);
        p.steps = select(accepted, p.steps + i32(1), p.steps);
        ++p.iteration;
        const mask failed = stuck | too_small;
        if (any(failed)) {
            finish(b, a, runs, p, failed, select(stuck, i32(status_stagnation), i32(status_step_too_small)));
        }
        return accepted & ends & p.active;
    }

    /// Everything that happens at the stops the lanes of `due` have arrived at.
    template <class C>
    BR_DEVICE static void arrive(const frame& f, state_t& s, Buffers& b, const C& c, const ivp_arrays& a, const runs_t& runs, progress& p,
                                 const mask& due) {
        const int events = a.counts[count_events];
        if constexpr (Output::observables > 0 || Summary::observables > 0) {
            System::observables_of(p.t.value(), b.state, b.parameters, c, b.observables);
        }
        mask at_event = due, at_end(false);
        if constexpr (Buffers::per_run_end) {
            const real time = gather(a.times.data, min(p.event, i32(max(events - 1, 0))));
            at_event = due & (p.event < i32(events)) & (time <= p.t.value());
            at_end = due & (p.t.value() >= p.end);
        }
        mask saves = at_event;
        if constexpr (Summary::active) {
            const i32 kind = gather(a.kinds.data, min(p.event, i32(max(events - 1, 0))));
            saves = at_event & ((kind & i32(event_save)) != i32(0));
            const mask samples = at_event & ((kind & i32(event_sample)) != i32(0));
            if (any(samples)) Summary::sample(f, s.summary, b.state, b.observables, samples);
            const mask ended = at_event & ((kind & i32(event_window)) != i32(0));
            if (any(ended)) {
                Summary::write(f, s.summary, runs, a, p.window, ended);
                p.window = select(ended, p.window + i32(1), p.window);
            }
        }
        if (any(saves)) {
            if (a.counts[count_save_rows] == 1) {
                Output::save(runs, a, b.state, b.observables, 0, saves);
            } else {
                Output::save(runs, a, b.state, b.observables, p.row, saves);
            }
            p.row = select(saves, p.row + i32(1), p.row);
        }
        p.event = select(at_event, p.event + i32(1), p.event);
        if constexpr (Buffers::per_run_end) {
            if (a.counts[count_end_row] >= 0 && any(at_end)) Output::save(runs, a, b.state, b.observables, a.counts[count_end_row], at_end);
        } else {
            at_end = due & (p.event >= i32(events));
        }
        if (any(at_end)) {
            mask finite(true);
            if constexpr (!adaptive) {
                BR_UNROLL_FULL
                for (int i = 0; i < n; ++i) finite = finite & isfinite(b.state[i]);
            }
            finish(b, a, runs, p, at_end, select(finite, i32(0), i32(status_not_finite)));
        }
        const mask going = due & p.active;
        if (any(going)) next_target(a, p, going);
    }

    /// The time the lanes of `m` stop at next.
    BR_DEVICE static void next_target(const ivp_arrays& a, progress& p, const mask& m) {
        const int events = a.counts[count_events];
        real time = gather(a.times.data, min(p.event, i32(max(events - 1, 0))));
        if constexpr (Buffers::per_run_end) time = select(p.event < i32(events), min(time, p.end), p.end);
        p.target = select(m, time, p.target);
    }

    /// Ends the runs of the lanes of `m`: leaves their status and counters, and NaN where nothing was saved.
    BR_DEVICE static void finish(Buffers&, const ivp_arrays& a, const runs_t& runs, progress& p, const mask& m, const i32& outcome) {
        runs.store(a.status, 0, outcome, m);
        if constexpr (Buffers::save_counters) {
            runs.store(a.counters, 0, p.steps, m);
            runs.store(a.counters, 1, p.attempts() - p.steps, m);
        }
        const real nan = from_bits(lane<detail::bits_t<scalar>>(-1));
        // The row for the end is not one of those that follow each other.
        const int rows = a.counts[count_save_rows] - (a.counts[count_end_row] >= 0 ? 1 : 0);
        if (any(m & (p.row < i32(rows)))) {
            for (int row = 0; row < rows; ++row) fill_row(a, runs, row, nan, m & (p.row <= i32(row)));
        }
        const mask failed = m & (outcome != i32(0));
        if (a.counts[count_end_row] >= 0 && any(failed)) fill_row(a, runs, a.counts[count_end_row], nan, failed);
        if constexpr (Summary::active) {
            constexpr int values = Summary::values;
            for (int window = 0; window < a.counts[count_windows]; ++window) {
                const mask missing = m & (p.window <= i32(window));
                for (int k = 0; k < values; ++k) runs.store(a.summaries, window * values + k, nan, missing);
            }
        }
        p.active = p.active & !m;
    }

    BR_DEVICE static void fill_row(const ivp_arrays& a, const runs_t& runs, int row, const real& value, const mask& m) {
        for (int k = 0; k < Output::states; ++k) runs.store(a.states, row * Output::states + k, value, m);
        for (int k = 0; k < Output::observables; ++k) runs.store(a.observables, row * Output::observables + k, value, m);
    }

    /// Mean over the states of (error / (atol + rtol max(|before|, |after|)))²; a value that is not finite counts as very large.
    BR_DEVICE static real squared_norm(Buffers& b, const broadcast_array<scalar>& tolerances) {
        real sum(0);
        BR_UNROLL_FULL
        for (int i = 0; i < n; ++i) {
            const real scale = fma(tolerances[n + i], max(abs(b.state[i]), abs(b.proposed_state[i])), real(tolerances[i]));
            const real ratio = b.error[i] * approx_reciprocal(scale);
            sum = fma(ratio, ratio, sum);
        }
        const real norm = sum * scalar(1.0 / n);
        return select(norm <= scalar(1e16), norm, real(scalar(1e16)));
    }
};
