// The time loop for steps whose size follows an error estimate, each run's its own.
//
// Everything that outlives an iteration is per lane and committed by select: a lane's result does not depend on which runs are its neighbours. A step that would pass the
// next time to save is shortened to end there, so that saved values are solutions and not interpolants.
template <class System, class Step, class Controller, class Buffers> struct adaptive_loop {
    static constexpr int n = Buffers::n;
    using state_t = typename Buffers::state_type;

    template <class C>
    BR_DEVICE static void run(const frame& f, state_t& s, Buffers& b, const C& c, const broadcast_array<scalar>& times, int rows,
                              scalar start, const broadcast_array<scalar>& tolerances, const output_array<scalar>& states,
                              const output_array<scalar>& observables, const output_array<int>& status, const output_array<int>& counters) {
        running_time<scalar> t{real(start)};
        real h = initial_step(f, s, b, c, start, times[rows - 1], tolerances);
        Step::begin(f, s.step, t.value(), b.state, b.parameters, c);

        i32 row(0), steps(0), rejections(0), outcome(0);
        // Times to save at that are the start itself.
        int first = 0;
        for (; first < rows && times[first] <= start; ++first) save(b, c, i32(first), t.value(), mask(true), states, observables);
        row = i32(first);
        mask active(first < rows);
        real target = real(times[first < rows ? first : rows - 1]);
        int iteration = 0;
        while (any(active)) {
            // A remainder of less than a thousandth of a step is taken along rather than left for a step of its own.
            const real left = t.until(target);
            const mask ends = h * scalar(1.001) >= left;
            const real step = select(ends, left, h);
            Step::step_with_error(f, s.step, t.value(), step, b.state, b.parameters, c, b.proposed_state, b.error);
            const real norm = squared_norm(b, tolerances);
            const mask accepted = active & (norm <= scalar(1));
            const mask refused = active & !accepted;

            // A step too short to change the time can never get anywhere.
            const mask stuck = active & t.is_lost(step);
            const real gain = Controller::gain(f, s.controller, norm, accepted, step);
            const real wanted = step * gain;
            const mask truncated = ends & accepted & (step < h);
            const mask too_small = refused & (wanted < s.controller.dt_min);
            Controller::commit(f, s.controller, norm, step, accepted & !truncated);
            Step::commit(f, s.step, accepted);

            BR_UNROLL_FULL
            for (int i = 0; i < n; ++i) b.state[i] = select(accepted, b.proposed_state[i], b.state[i]);
            t.advance(step, target, accepted, ends);
            // A step shortened for a time to save says nothing about the next one's size, unless it failed.
            const real bounded = min(max(wanted, real(s.controller.dt_min)), real(s.controller.dt_max));
            h = select(active & !truncated, bounded, h);
            steps = select(accepted, steps + i32(1), steps);
            rejections = select(refused, rejections + i32(1), rejections);

            const mask saves = accepted & ends;
            if (any(saves)) {
                save(b, c, row, t.value(), saves, states, observables);
                row = select(saves, row + i32(1), row);
                active = active & (row < i32(rows));
                target = select(saves, gather(times.data, min(row, i32(rows - 1))), target);
            }
            ++iteration;
            const mask late = active & mask(iteration >= int(s.controller.max_steps));
            outcome = select(too_small, i32(status_step_too_small), outcome);
            outcome = select(stuck, i32(status_stagnation), outcome);
            outcome = select(late, i32(status_max_steps), outcome);
            active = active & !too_small & !stuck & !late;
            placement_fence<Buffers>();
        }

        status[0] = outcome;
        if constexpr (Buffers::save_counters) {
            counters[0] = steps;
            counters[1] = rejections;
        }
        // What a run that ended early never reached is marked, not left over.
        const mask short_of_end = row < i32(rows);
        if (any(short_of_end)) {
            const real nan = from_bits(lane<detail::bits_t<scalar>>(-1));
            for (int missing = 0; missing < rows; ++missing) {
                const mask here = short_of_end & (row <= i32(missing));
                for (int i = 0; i < n; ++i) states.store(missing * n + i, nan, here);
                if constexpr (Buffers::save_observables) {
                    for (int i = 0; i < Buffers::observable_count; ++i) observables.store(missing * Buffers::observable_count + i, nan, here);
                }
            }
        }
    }

  private:
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

    /// The step the user gave, or one from the size of the solution and its derivatives: Hairer, Nørsett & Wanner, Solving Ordinary Differential
    /// Equations I (2nd ed.), p. 169.
    template <class C>
    BR_DEVICE static real initial_step(const frame& f, state_t& s, Buffers& b, const C& c, scalar start, scalar end,
                                       const broadcast_array<scalar>& tolerances) {
        const scalar most = min(scalar(s.controller.dt_max), scalar(end - start));
        if (s.controller.dt > scalar(0)) return real(min(scalar(s.controller.dt), most));
        // The arrays of the first step are free until it begins: `error` holds f0, `proposed_state` an Euler step.
        System::rhs(real(start), b.state, b.parameters, c, b.error);
        real y(0), f0(0);
        BR_UNROLL_FULL
        for (int i = 0; i < n; ++i) {
            const real scale = scalar(1) / fma(tolerances[n + i], abs(b.state[i]), real(tolerances[i]));
            y = fma(b.state[i] * scale, b.state[i] * scale, y);
            f0 = fma(b.error[i] * scale, b.error[i] * scale, f0);
        }
        y = sqrt(y * scalar(1.0 / n));
        f0 = sqrt(f0 * scalar(1.0 / n));
        const mask tiny = (y < scalar(1e-5)) | (f0 < scalar(1e-5));
        const real h0 = min(select(tiny, real(scalar(1e-6)), scalar(0.01) * (y / f0)), real(most));
        BR_UNROLL_FULL
        for (int i = 0; i < n; ++i) b.proposed_state[i] = fma(h0, b.error[i], b.state[i]);
        local_array<scalar, n> f1;
        System::rhs(start + h0, b.proposed_state, b.parameters, c, f1);
        real change(0);
        BR_UNROLL_FULL
        for (int i = 0; i < n; ++i) {
            const real scale = scalar(1) / fma(tolerances[n + i], abs(b.state[i]), real(tolerances[i]));
            const real d = (f1[i] - b.error[i]) * scale;
            change = fma(d, d, change);
        }
        change = sqrt(change * scalar(1.0 / n)) / h0;
        const real largest = max(f0, change);
        const real by_order = approx_pow(scalar(0.01) / max(largest, real(scalar(1e-15))), real(scalar(1) / scalar(Step::order + 1)));
        const real h1 = select(largest <= scalar(1e-15), max(real(scalar(1e-6)), h0 * scalar(1e-3)), by_order);
        const real h = min(min(scalar(100) * h0, h1), real(most));
        // Not finite where the derivative is not: the loop then ends the run with its status.
        return select(h > scalar(0), h, real(scalar(s.controller.dt_min)));
    }

    template <class C>
    BR_DEVICE static void save(Buffers& b, const C& c, const i32& row, const real& t, const mask& m, const output_array<scalar>& states,
                               const output_array<scalar>& observables) {
        // A computed index would keep the state in memory through the whole loop.
        BR_UNROLL_FULL
        for (int i = 0; i < n; ++i) states.store(row * n + i, b.state[i], m);
        if constexpr (Buffers::save_observables) {
            System::observables_of(t, b.state, b.parameters, c, b.observables);
            BR_UNROLL_FULL
            for (int i = 0; i < Buffers::observable_count; ++i) {
                observables.store(row * Buffers::observable_count + i, b.observables[i], m);
            }
        }
    }
};
