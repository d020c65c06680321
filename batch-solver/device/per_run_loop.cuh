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
        /// Lanes that have a run; lanes that make no steps, because they have none or wait for what is to be done at a stop.
        mask active, waiting;
        /// Accepted steps. Integers as wide as the scalars, so that a mask of theirs selects without being converted.
        lane<detail::bits_t<scalar>> steps;
        /// Next event, rows saved, windows of samples ended.
        i32 event, row, window;
        /// What ended the run early, 0 if nothing did.
        i32 outcome;
        /// Of steps that iterate: why the last attempt was not solved, and what all attempts took.
        step_report last;
        count_t unsolved, iterations, linear_iterations, residuals;
        /// Attempts less `iteration`, for lanes that make steps; all attempts, for lanes that wait at a stop.
        i32 attempts;
        /// Iterations since lanes last began runs, and at how many of them a lane may have made all attempts it has.
        int iteration, late_at;
    };
    using wide = decltype(progress::steps);

    template <class C> BR_DEVICE static void run(const frame& f, state_t& s, Buffers& b, const C& c, const ivp_arrays& a) {
        runs_t runs(f);
        const real start(a.start[0]);
        const i32 none_yet(0);
        progress p{running_time<scalar>(start), real(1), start, start, mask(false), mask(true), wide(0), none_yet, none_yet, none_yet, none_yet,
                   step_report::none(), count_t(0), count_t(0), count_t(0), count_t(0), none_yet, 0, 0};
        p.late_at = most_attempts(s);
        if constexpr (Buffers::refill) {
            first_steps(f, s, b, c, a);
        } else {
            begin(f, s, b, c, a, runs, p, mask(true));
        }
        for (;;) {
            settle(f, s, b, c, a, runs, p);
            if constexpr (Buffers::refill) {
                const mask idle = !p.active;
                if (runs.any_left() && enough(idle)) {
                    p.attempts = select(p.active, p.attempts + i32(p.iteration), i32(0));
                    p.late_at = max(p.late_at - p.iteration, 0);
                    p.iteration = 0;
                    begin(f, s, b, c, a, runs, p, runs.take(idle));
                    continue;
                }
            }
            if (none(p.active)) break;
            // Attempts until enough lanes have stopped. A loop in a loop, so that nothing rare is between two attempts.
            do {
                mask stops, failed, too_small;
                do {
                    stops = attempt(f, s, b, c, a, runs, p, failed, too_small);
                    placement_fence<Buffers>();
                } while (none(stops) && !late_soon(p));
                p.waiting = p.waiting | stops;
                p.attempts = select(stops, p.attempts + i32(p.iteration), p.attempts);
                p.outcome = select(too_small, i32(status_step_too_small) | cause(p), p.outcome);
                p.outcome = select(failed, i32(status_stagnation) | cause(p), p.outcome);
                if constexpr (!adaptive && Step::iterates) p.outcome = select(stops & !p.last.solved(), cause(p), p.outcome);
            } while (!all(p.waiting) && !enough(p.active & p.waiting) && !late_soon(p));
        }
    }

  private:
    /// Whether it is time to see to these lanes. What is done for a few occupies all, and costs more than letting them wait.
    BR_DEVICE static bool enough(const mask& lanes) { return 3 * count(lanes) >= LANES; }

    /// Everything that is to be done before the next step: at stops, and for runs that end.
    template <class C>
    BR_DEVICE static void settle(const frame& f, state_t& s, Buffers& b, const C& c, const ivp_arrays& a, const runs_t& runs, progress& p) {
        const mask failed = p.active & (p.outcome != i32(0));
        if (any(failed)) finish(a, runs, p, failed);
        // An event may be at the start of a run, and two may be nearer to each other than the precision of time.
        for (mask stops; any(stops = p.active & (p.t.value() >= p.target));) {
            // Where steps went on to here; what follows is the same for lanes that stopped now or before.
            p.attempts = select(stops & !p.waiting, p.attempts + i32(p.iteration), p.attempts);
            p.waiting = p.waiting | stops;
            arrive(f, s, b, c, a, runs, p, stops);
        }
        p.attempts = select(p.active & p.waiting, p.attempts - i32(p.iteration), p.attempts);
        p.waiting = !p.active;
        if constexpr (adaptive) {
            if (late_soon(p)) {
                const mask late = p.active & (p.attempts + i32(p.iteration) >= i32(most_attempts(s)));
                if (any(late)) {
                    p.outcome = select(late, i32(status_max_steps) | cause(p), p.outcome);
                    p.attempts = select(late, p.attempts + i32(p.iteration), p.attempts);
                    finish(a, runs, p, late);
                }
                // The bound has grown with every run that lanes took. Without this each attempt after the first max_steps of them all would be followed by a look at the counts.
                p.late_at = most_attempts(s);
                const i32 counted = p.attempts;
                for_each_lane(p.active, [&](int l) { p.late_at = min(p.late_at, most_attempts(s) - get_lane(counted, l)); });
            }
        }
    }

    /// Why the equations of the last attempt were not solved.
    BR_DEVICE static i32 cause([[maybe_unused]] const progress& p) {
        if constexpr (Step::iterates) {
            return convert<int>(p.last.status);
        } else {
            return i32(0);
        }
    }

    /// Attempts before a run ends, as many as can be counted.
    BR_DEVICE static int most_attempts([[maybe_unused]] const state_t& s) {
        if constexpr (adaptive) {
            return int(s.controller.max_steps);
        } else {
            return 2147483647;
        }
    }

    /// Whether a lane may have made all attempts it has.
    BR_DEVICE static bool late_soon(const progress& p) { return adaptive && p.iteration >= p.late_at; }

    /// Puts the lanes of `fresh` at the start of their runs.
    template <class C>
    BR_DEVICE static void begin(const frame& f, state_t& s, Buffers& b, const C& c, const ivp_arrays& a, const runs_t& runs, progress& p,
                                const mask& fresh) {
        runs.template load<Buffers::parameter_count>(a.parameters, fresh, b.parameters);
        runs.template load<n>(a.initial, fresh, b.state);
        if constexpr (Buffers::refill) s.reset(f, fresh);
        const real start(a.start[0]);
        p.t.restart(start, fresh);
        p.event = select(fresh, i32(0), p.event);
        p.row = select(fresh, i32(0), p.row);
        p.window = select(fresh, i32(0), p.window);
        p.steps = select(fresh, wide(0), p.steps);
        if constexpr (Step::iterates) {
            p.last = step_report::none();
            count_t* const counts[] = {&p.unsolved, &p.iterations, &p.linear_iterations, &p.residuals};
            for (count_t* counted : counts) *counted = select(fresh, count_t(0), *counted);
        }
        // All of these are at the first event.
        real target(a.times[0]);
        if constexpr (Buffers::per_run_end) {
            p.end = load_one(runs, a.ends, fresh, p.end);
            target = a.counts[count_events] > 0 ? min(target, p.end) : p.end;
        }
        p.target = select(fresh, target, p.target);
        if constexpr (!adaptive) {
            p.h = real(Controller::step_size(s.controller));
        } else if constexpr (has_first_steps) {
            p.h = load_one(runs, first_steps_of(f, a), fresh, p.h);
        } else {
            p.h = select(fresh, first_step(s, b, c, a, p.end), p.h);
        }
        Step::begin(f, s.step, fresh, start, b.state, b.parameters, c);
        p.active = p.active | fresh;
        p.waiting = p.waiting & !fresh;
    }

    BR_DEVICE static real load_one(const runs_t& runs, const input_array<scalar>& array, const mask& m, const real& other) {
        local_array<scalar, 1> value;
        value[0] = other;
        runs.template load<1>(array, m, value);
        return value[0];
    }

    /// The size of the first step of the runs whose state and parameters the buffers hold.
    template <class C> BR_DEVICE static real first_step(state_t& s, Buffers& b, const C& c, const ivp_arrays& a, const real& end) {
        const real start(a.start[0]);
        const scalar last = a.times[max(a.counts[count_events] - 1, 0)];
        const real span = Buffers::per_run_end ? end - start : real(last - a.start[0]);
        const real most = min(real(scalar(s.controller.dt_max)), span);
        if (s.controller.dt > scalar(0)) return min(real(scalar(s.controller.dt)), most);
        // The arrays of the first step are free until it begins.
        const real h = initial_step<System, n>(Step::order, start, most, b.state, b.parameters, c, a.tolerances, b.error, b.proposed_state);
        // Not finite where the derivative is not: the loop then ends the run with its status.
        const real least(scalar(s.controller.dt_min));
        return select(h > scalar(0), min(max(h, least), most), least);
    }

    /// Whether the first steps of all runs are made beforehand, all lanes at once: where lanes take new runs a few at a time. They are kept where the runs' results will be.
    static constexpr bool has_first_steps = Buffers::refill && adaptive && !BR_ONE_LANE && (Output::states > 0 || Summary::active);

    BR_DEVICE static input_array<scalar> first_steps_of(const frame& f, const ivp_arrays& a) {
        return input_array<scalar>(Output::states > 0 ? a.states.data : a.summaries.data, f);
    }

    template <class C> BR_DEVICE static void first_steps([[maybe_unused]] const frame& f, [[maybe_unused]] state_t& s, [[maybe_unused]] Buffers& b, [[maybe_unused]] const C& c, [[maybe_unused]] const ivp_arrays& a) {
#if !BR_ONE_LANE
        if constexpr (has_first_steps) {
            const output_array<scalar>& kept = Output::states > 0 ? a.states : a.summaries;
            for (long long run = f.run; run < f.end; run += LANES) {
                const frame here = frame::over(run, f.end, f.runs, f.shared);
                const auto load = [&](const input_array<scalar>& array, int row) { return input_array<scalar>(array.data, here)[row]; };
                BR_UNROLL_FULL
                for (int i = 0; i < Buffers::parameter_count; ++i) b.parameters[i] = load(a.parameters, i);
                UNROLL_STATES
                for (int i = 0; i < n; ++i) b.state[i] = load(a.initial, i);
                const real end = Buffers::per_run_end ? load(a.ends, 0) : real(0);
                output_array<scalar>(kept.data, here).store(0, first_step(s, b, c, a, end));
            }
        }
#endif
    }

    /// One attempt of a step in all lanes that make steps; the result has the lanes that arrived at their next stop, and those that failed: for the time to be `failed` and `too_small`.
    template <class C>
    BR_DEVICE static mask attempt(const frame& f, state_t& s, Buffers& b, const C& c, const ivp_arrays& a, const runs_t& runs, progress& p, mask& failed,
                                  mask& too_small) {
        // A remainder of less than a thousandth of a step is taken along rather than left for a step of its own.
        const real left = p.t.until(p.target);
        const mask ends = p.h * scalar(1.001) >= left;
        const real step = select(ends, left, p.h);
        // A step too short to change the time can never get anywhere.
        // A thread that waits is alone and makes no attempts.
        const mask waiting = BR_ONE_LANE ? mask(false) : p.waiting;
        failed = p.t.is_lost(step) & !waiting;
        too_small = mask(false);
        mask accepted = !waiting;
        real norm(0);
        const real began = p.t.value();
        if constexpr (adaptive) {
            attempt_step(f, s, b, c, a, p, began, step, waiting);
            norm = squared_norm(b, a.tolerances);
            // An attempt that was not solved has an error without bounds.
            if constexpr (Step::iterates) norm = select(p.last.solved(), norm, real(scalar(1e16)));
            const mask fits = norm <= scalar(1);
            accepted = fits & !waiting;
            const real wanted = step * Controller::gain(f, s.controller, norm, accepted, step);
            too_small = (wanted < s.controller.dt_min) & !(waiting | fits);
            // A step shortened for an event says nothing about the next one's size, unless it failed.
            const mask truncated = ends & accepted & (step < p.h);
            Controller::commit(f, s.controller, norm, step, accepted & !truncated);
            const real bounded = at_most(at_least(wanted, real(s.controller.dt_min)), real(s.controller.dt_max));
            p.h = select(waiting | truncated, p.h, bounded);
            Step::commit(f, s.step, accepted, step, p.last);
        } else {
            attempt_step(f, s, b, c, a, p, began, step, waiting);
            if constexpr (Step::iterates) accepted = accepted & p.last.solved();
        }
        if constexpr (Buffers::trace) {
            const i32 attempt = p.attempts + i32(p.iteration);
            const mask traced = (attempt < i32(a.counts[count_trace_rows])) & !waiting;
            record_attempt<Step, n>(f, s.step, runs, a, attempt, began, step, norm, select(accepted, real(1), real(0)), traced);
        }
        UNROLL_STATES
        for (int i = 0; i < n; ++i) b.state[i] = select(accepted, b.proposed_state[i], b.state[i]);
        p.t.advance(step, p.target, accepted, ends);
        if constexpr (Buffers::save_counters) p.steps = select(accepted, p.steps + wide(1), p.steps);
        ++p.iteration;
        mask stops = (accepted & ends) | failed | too_small;
        if constexpr (!adaptive && Step::iterates) stops = stops | (!p.last.solved() & !waiting);
        return stops;
    }

    /// One step from the state in the buffers, with an error where it is adaptive; what its equations took is counted in lanes that make steps.
    template <class C>
    BR_DEVICE static void attempt_step(const frame& f, state_t& s, Buffers& b, const C& c, const ivp_arrays& a, [[maybe_unused]] progress& p, const real& began,
                                       const real& step, const mask& waiting) {
        const step_scope scope{a.tolerances, !waiting};
        const auto make = [&] {
            if constexpr (adaptive) {
                return Step::step_with_error(f, s.step, scope, began, step, b.state, b.parameters, c, b.proposed_state, b.error);
            } else {
                return Step::step(f, s.step, scope, began, step, b.state, b.parameters, c, b.proposed_state);
            }
        };
        if constexpr (Step::iterates) {
            p.last = make();
            if constexpr (Buffers::save_counters) {
                p.unsolved = p.unsolved + select(p.last.solved() | waiting, count_t(0), count_t(1));
                p.iterations = p.iterations + p.last.iterations;
                p.linear_iterations = p.linear_iterations + p.last.linear_iterations;
                p.residuals = p.residuals + p.last.residuals;
            }
        } else {
            make();
        }
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
                UNROLL_STATES
                for (int i = 0; i < n; ++i) finite = finite & isfinite(b.state[i]);
            }
            p.outcome = select(at_end & !finite, i32(status_not_finite), p.outcome);
            finish(a, runs, p, at_end);
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
    BR_DEVICE static void finish(const ivp_arrays& a, const runs_t& runs, progress& p, const mask& m) {
        runs.store(a.status, 0, p.outcome, m);
        if constexpr (Buffers::save_counters) {
            const i32 steps = convert<int>(p.steps);
            runs.store(a.counters, 0, steps, m);
            runs.store(a.counters, 1, p.attempts - steps, m);
            if constexpr (Step::iterates) {
                runs.store(a.counters, 2, convert<int>(p.unsolved), m);
                runs.store(a.counters, 3, convert<int>(p.iterations), m);
                runs.store(a.counters, 4, convert<int>(p.linear_iterations), m);
                runs.store(a.counters, 5, convert<int>(p.residuals), m);
            }
        }
        const real nan = from_bits(lane<detail::bits_t<scalar>>(-1));
        // The row for the end is not one of those that follow each other.
        const int rows = a.counts[count_save_rows] - (a.counts[count_end_row] >= 0 ? 1 : 0);
        if (any(m & (p.row < i32(rows)))) {
            for (int row = 0; row < rows; ++row) fill_row(a, runs, row, nan, m & (p.row <= i32(row)));
        }
        const mask failed = m & (p.outcome != i32(0));
        if (a.counts[count_end_row] >= 0 && any(failed)) fill_row(a, runs, a.counts[count_end_row], nan, failed);
        if constexpr (Summary::active) {
            constexpr int values = Summary::values;
            for (int window = 0; window < a.counts[count_windows]; ++window) {
                const mask missing = m & (p.window <= i32(window));
                for (int k = 0; k < values; ++k) runs.store(a.summaries, window * values + k, nan, missing);
            }
        }
        p.outcome = select(m, i32(0), p.outcome);
        p.active = p.active & !m;
        p.waiting = p.waiting | m;
    }

    BR_DEVICE static void fill_row(const ivp_arrays& a, const runs_t& runs, int row, const real& value, const mask& m) {
        for (int k = 0; k < Output::states; ++k) runs.store(a.states, row * Output::states + k, value, m);
        for (int k = 0; k < Output::observables; ++k) runs.store(a.observables, row * Output::observables + k, value, m);
    }

    /// Mean over the states of (error / (atol + rtol max(|before|, |after|)))²; a value that is not finite counts as very large.
    BR_DEVICE static real squared_norm(Buffers& b, const broadcast_array<scalar>& tolerances) {
        real sum(0);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) {
            const real scale = fma(tolerances[n + i], at_least(abs(b.proposed_state[i]), abs(b.state[i])), real(tolerances[i]));
            const real ratio = b.error[i] * approx_reciprocal(scale);
            sum = fma(ratio, ratio, sum);
        }
        // A norm that is not a number becomes a large one.
        return at_most(sum * scalar(1.0 / n), real(scalar(1e16)));
    }
};
