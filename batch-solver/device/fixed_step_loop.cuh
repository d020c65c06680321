// The time loop for steps of a size all runs share.
//
// Events cut the integration into segments: segment g makes steps[g] steps of size dt from start[g], then, where last[g] is positive, one shorter step that ends exactly at the
// event. Everything that controls the loop is the same for all runs, so there is nothing to mask; time is start + step number × dt and does not accumulate rounding errors.
template <class System, class Step, class Controller, class Output, class Summary, class Buffers> struct fixed_step_loop {
    static constexpr int n = Buffers::n;
    using state_t = typename Buffers::state_type;
    using runs_t = lane_runs<false>;

    /// How far the runs are.
    struct progress {
        /// Attempts, those of runs that have ended included.
        int attempt = 0;
        /// Of steps that iterate: what all attempts of a run took, and how many were solved.
        step_report taken = step_report::none();
        count_t steps{0};
    };

    template <class C> BR_DEVICE static void run(const frame& f, state_t& s, Buffers& b, const C& c, const ivp_arrays& a) {
        const runs_t runs(f);
        BR_UNROLL_FULL
        for (int i = 0; i < Buffers::parameter_count; ++i) b.parameters[i] = runs.load(a.parameters, i);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) b.state[i] = runs.load(a.initial, i);
        const scalar dt = Controller::step_size(s.controller);
        Step::begin(f, s.step, mask(true), real(a.start[0]), b.state, b.parameters, c);
        const int events = a.counts[count_events];
        int row = 0, window = 0;
        progress p;
        for (int g = 0; g < events; ++g) {
            const int whole = a.steps[g];
            const scalar start = a.start[g], last = a.last[g];
#if BR_GPU
            // Counting and branching take issue slots from the arithmetic: a tenth of a small system's step.
            BR_UNROLL((n <= 4 ? 4 : 1))
#endif
            for (int k = 0; k < whole; ++k) advance(f, s, b, c, a, runs, p, fma(scalar(k), dt, start), dt);
            if (last > scalar(0)) advance(f, s, b, c, a, runs, p, fma(scalar(whole), dt, start), last);
            arrive(f, s, b, c, a, runs, g, fma(scalar(whole), dt, start) + last, row, window);
        }

        mask finite(true);
        UNROLL_STATES
        for (int i = 0; i < n; ++i) finite = finite & isfinite(b.state[i]);
        i32 outcome = select(finite, i32(0), i32(status_not_finite));
        if constexpr (Step::iterates) {
            const step_report& taken = p.taken;
            outcome = select(taken.solved(), outcome, convert<int>(taken.status));
            if constexpr (Buffers::save_counters) {
                const count_t unsolved = select(taken.solved(), count_t(0), count_t(1));
                const count_t counted[] = {p.steps, unsolved, unsolved, taken.iterations, taken.linear_iterations, taken.residuals};
                for (int k = 0; k < 6; ++k) a.counters.store(k, convert<int>(counted[k]));
            }
        }
        a.status.store(0, outcome);
    }

  private:
    template <class C>
    BR_DEVICE static void advance(const frame& f, state_t& s, Buffers& b, const C& c, const ivp_arrays& a, const runs_t& runs, [[maybe_unused]] progress& p,
                                  scalar t, scalar h) {
        [[maybe_unused]] mask solved(true);
        if constexpr (Step::iterates) {
            // A run ends where its equations are not solved: nothing that is saved from there on is a number.
            const step_scope scope{a.tolerances, p.taken.solved()};
            p.taken.add(Step::step(f, s.step, scope, real(t), h, b.state, b.parameters, c, b.proposed_state));
            solved = p.taken.solved();
            const real nan = from_bits(lane<detail::bits_t<scalar>>(-1));
            UNROLL_STATES
            for (int i = 0; i < n; ++i) b.proposed_state[i] = select(solved, b.proposed_state[i], nan);
            if constexpr (Buffers::save_counters) p.steps = p.steps + select(solved, count_t(1), count_t(0));
        } else {
            Step::step(f, s.step, step_scope{a.tolerances, mask(true)}, real(t), h, b.state, b.parameters, c, b.proposed_state);
        }
        if constexpr (Buffers::trace) {
            if (p.attempt < a.counts[count_trace_rows]) {
                record_attempt<Step, n>(f, s.step, runs, a, p.attempt, real(t), real(h), real(0), select(solved, real(1), real(0)));
            }
            ++p.attempt;
        }
        UNROLL_STATES
        for (int i = 0; i < n; ++i) b.state[i] = b.proposed_state[i];
        placement_fence<Buffers>();
    }

    template <class C>
    BR_DEVICE static void arrive(const frame& f, state_t& s, Buffers& b, const C& c, const ivp_arrays& a, const runs_t& runs, int event, scalar t,
                                 int& row, int& window) {
        if constexpr (Output::observables > 0 || Summary::observables > 0) {
            System::observables_of(real(t), b.state, b.parameters, c, b.observables);
        }
        int kind = event_save;
        if constexpr (Summary::active) {
            kind = a.kinds[event];
            if (kind & event_sample) Summary::sample(f, s.summary, b.state, b.observables, mask(true));
            if (kind & event_window) Summary::write(f, s.summary, runs, a, window++, mask(true));
        }
        if (kind & event_save) Output::save(runs, a, b.state, b.observables, row++);
    }
};
