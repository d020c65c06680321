//! One launch: the arrays of a batch in the kernel's precision, and what comes back.

use std::ops::Range;
use std::time::{Duration, Instant};

use buffer_runtime::args;

use super::{KernelReal, Solver};
use crate::batch::Batch;
use crate::error::SolveError;
use crate::integrate::{FixedSteps, LoopConfig, Recording, Schedule};
use crate::memory;
use crate::output::Selection;
use crate::solution::{Counted, Solution, Summaries, Timings, Trace, TracedRun};
use crate::system::Quantity;

/// Length of `counts`; its positions are named in `device/ivp_arrays.cuh`.
pub(super) const COUNTS: usize = 7;
/// Length of `scales`.
pub(super) const SCALES: usize = 2;
/// Rows of `counters`: steps, and attempts that were refused.
const COUNTERS: usize = 2;
/// Rows of `counters` where equations are solved by iteration: besides, attempts that were not solved, Newton iterations, linear iterations, residuals.
const ITERATION_COUNTERS: usize = 6;
/// Values of an attempt in a trace beside its stages' derivatives.
const TRACE_HEAD: usize = 4;

/// How many rows each output has per run.
#[derive(Clone, Copy, Debug, Default)]
struct Rows {
    states: usize,
    observables: usize,
    summaries: usize,
    counters: usize,
    trace: usize,
}

/// What differs from run to run.
struct Runs<T> {
    count: usize,
    initial: Vec<T>,
    parameters: Vec<T>,
    ends: Vec<T>,
}

/// What all runs of a launch share.
struct Shared<T> {
    constants: Vec<T>,
    tolerances: Vec<T>,
    times: Vec<T>,
    kinds: Vec<i32>,
    steps: Vec<i32>,
    start: Vec<T>,
    last: Vec<T>,
    scales: Vec<T>,
    driver_values: Vec<T>,
    counts: [i32; COUNTS],
}

/// What a launch wrote.
struct Written<T> {
    states: Vec<T>,
    observables: Vec<T>,
    summaries: Vec<T>,
    status: Vec<i32>,
    counters: Vec<i32>,
    trace: Vec<T>,
    elapsed: Duration,
}

impl Solver {
    pub(super) fn solve_in<T: KernelReal>(&mut self, batch: &Batch, span: Range<f64>) -> Result<Solution, SolveError> {
        let begin = Instant::now();
        let runs = batch.check(&self.system)?;
        let config = self.plan.config();
        let schedule = Schedule::new(&span, &recording(config))?;
        check_durations(batch, &schedule, config.settling_time)?;
        let separate = config.runs_are_separate();
        let fixed = match separate {
            true => None,
            false => Some(schedule.fixed_steps(config.controller.dt())?),
        };
        let traced = traced_runs(config, runs)?;
        let (saved, summarised) = (&config.output.saved, &config.summary.summarised);
        let columns = config.summary.metrics.columns().to_vec();
        let rows = Rows {
            states: schedule.saves.len() * saved.states(),
            observables: schedule.saves.len() * saved.observables(),
            summaries: schedule.windows.len() * summarised.len() * columns.len(),
            // Steps of a fixed size are the same for all runs, and known here.
            counters: match (config.save_counters, config.algorithm.iterates()) {
                (true, true) => ITERATION_COUNTERS,
                (true, false) if separate => COUNTERS,
                _ => 0,
            },
            trace: 0,
        };
        self.check_memory(runs, rows, size_of::<T>())?;

        let names = |chosen: &Selection| {
            let variables = &config.variables;
            (chosen.state_names(variables), chosen.observable_names(variables))
        };
        let (state_names, observable_names) = names(saved);
        let summarised_names = {
            let (states, observables) = names(summarised);
            [states, observables].concat()
        };
        let counted = Counted {
            evaluations: config.step.evaluations(config.step_controller.is_adaptive()),
            chosen_first_step: config.controller.chooses_first_step(),
        };
        let (stages, trace_steps) = (config.algorithm.stages(), usize::try_from(config.trace_steps).unwrap_or(0));

        let inputs = self.runs::<T>(batch, runs, &schedule);
        let mut shared = self.shared::<T>(&schedule, fixed.as_ref());
        let (written, compile) = self.launch(&inputs, &shared, rows)?;
        let resources = self.kernel.as_ref().and_then(|kernel| kernel.resources().cloned());
        let steps = if separate { None } else { fixed.map(|fixed| fixed.total()) };

        let mut trace = Trace { stages, states: self.system.states().len(), runs: Vec::new() };
        if !traced.is_empty() {
            let fields = TRACE_HEAD + stages * trace.states;
            let few = inputs.chosen(&traced);
            let rows = Rows { trace: trace_steps * fields, ..rows };
            self.check_memory(few.count, rows, size_of::<T>())?;
            shared.counts[4] = i32::try_from(trace_steps).unwrap_or(i32::MAX);
            let (written, _) = self.launch(&few, &shared, rows)?;
            for (column, run) in traced.iter().enumerate() {
                let attempts = match steps {
                    Some(steps) => usize::try_from(steps).unwrap_or(usize::MAX),
                    None => written
                        .counters
                        .iter()
                        .skip(column)
                        .step_by(few.count)
                        .take(COUNTERS)
                        .map(|count| count.unsigned_abs() as usize)
                        .sum(),
                };
                let values =
                    written.trace.iter().skip(column).step_by(few.count).take(attempts.min(trace_steps) * fields);
                trace.runs.push(TracedRun {
                    run: *run,
                    attempts,
                    fields,
                    values: values.map(|value| T::to_f64(*value)).collect(),
                });
            }
        }
        Ok(Solution {
            times: schedule.saves,
            state_names,
            observable_names,
            runs,
            first_run: 0,
            batch_runs: runs,
            states: T::values(written.states),
            observables: T::values(written.observables),
            summaries: Summaries {
                variables: summarised_names,
                columns,
                windows: schedule.windows,
                runs,
                values: T::values(written.summaries),
            },
            status: written.status,
            timings: Timings { compile, kernel: written.elapsed, total: begin.elapsed() },
            steps,
            counters: written.counters,
            counted,
            trace,
            resources,
            choice: None,
        })
    }

    /// Refuses what does not fit into memory before anything is allocated.
    fn check_memory(&self, runs: usize, rows: Rows, value_bytes: usize) -> Result<(), SolveError> {
        let ends = usize::from(self.plan.config().per_run_end);
        let inputs = [self.system.states().len(), self.system.parameters().len(), ends];
        let outputs = [rows.states, rows.observables, rows.summaries, rows.counters, rows.trace];
        let rows = inputs.iter().chain(&outputs).fold(0_usize, |sum, rows| sum.saturating_add(*rows));
        memory::check(runs, rows, value_bytes)
    }

    fn runs<T: KernelReal>(&self, batch: &Batch, count: usize, schedule: &Schedule) -> Runs<T> {
        let ends = batch.own_durations().unwrap_or_default();
        Runs {
            count,
            initial: columns(batch, self.system.states(), count),
            parameters: columns(batch, self.system.parameters(), count),
            ends: ends.iter().map(|duration| T::from_f64(schedule.end_after(*duration))).collect(),
        }
    }

    fn shared<T: KernelReal>(&self, schedule: &Schedule, fixed: Option<&FixedSteps>) -> Shared<T> {
        let config = self.plan.config();
        let n = self.system.states().len();
        let real = |values: &[f64]| values.iter().map(|value| T::from_f64(*value)).collect::<Vec<T>>();
        let count = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
        let padded = |mut values: Vec<T>| {
            // A kernel looks at the first element whatever the length.
            if values.is_empty() {
                values.push(T::from_f64(schedule.begin));
            }
            values
        };
        let tolerance = |tolerance: &crate::integrate::Tolerance| {
            (0..n).map(|state| T::from_f64(tolerance.of(state))).collect::<Vec<T>>()
        };
        let rate = if schedule.sample_interval > 0.0 { schedule.sample_interval.recip() } else { 0.0 };
        let begin = [schedule.begin];
        let (steps, start, last): (&[i32], &[f64], &[f64]) = match fixed {
            Some(fixed) => (&fixed.steps, &fixed.start, &fixed.last),
            None => (&[], &begin, &[]),
        };
        Shared {
            constants: real(&self.constants),
            tolerances: [tolerance(&config.atol), tolerance(&config.rtol)].concat(),
            times: padded(real(&schedule.times)),
            kinds: if schedule.kinds.is_empty() { vec![0] } else { schedule.kinds.clone() },
            steps: steps.to_vec(),
            start: real(start),
            last: real(last),
            scales: real(&[rate, rate * rate]),
            driver_values: match &self.drivers {
                Some(drivers) => real(&[&[drivers.t0(), drivers.inverse_period()], drivers.coefficients()].concat()),
                None => real(&[0.0, 0.0]),
            },
            counts: [
                count(schedule.times.len()),
                count(schedule.saves.len()),
                count(schedule.windows.len()),
                schedule.end_row.map_or(-1, count),
                0,
                self.drivers.as_ref().map_or(0, |drivers| count(drivers.segments())),
                self.drivers.as_ref().map_or(0, |drivers| i32::from(drivers.wraps())),
            ],
        }
    }

    /// Compiles if need be, runs the kernel, and returns what it wrote and how long compiling took.
    fn launch<T: KernelReal>(
        &mut self,
        runs: &Runs<T>,
        shared: &Shared<T>,
        rows: Rows,
    ) -> Result<(Written<T>, Duration), SolveError> {
        let count = runs.count;
        let (kernel, compile) = self.kernel()?;
        for (name, rows) in [
            ("times", shared.times.len()),
            ("kinds", shared.kinds.len()),
            ("steps", shared.steps.len()),
            ("start", shared.start.len()),
            ("last", shared.last.len()),
            ("driver_values", shared.driver_values.len()),
            ("states", rows.states),
            ("observables", rows.observables),
            ("summaries", rows.summaries),
            ("counters", rows.counters),
            ("trace", rows.trace),
        ] {
            kernel.set_rows(name, rows).map_err(buffer_runtime::DeviceError::from)?;
        }
        let mut written = Written {
            states: vec![T::default(); rows.states * count],
            observables: vec![T::default(); rows.observables * count],
            summaries: vec![T::default(); rows.summaries * count],
            status: vec![0; count],
            counters: vec![0; rows.counters * count],
            trace: vec![T::default(); rows.trace * count],
            elapsed: Duration::ZERO,
        };
        let Runs { initial, parameters, ends, .. } = runs;
        let Shared { constants, tolerances, times, kinds, steps, start, last, scales, driver_values, counts } = shared;
        let launched = kernel.launch(
            count,
            args! { initial, parameters, ends, constants, counts: counts, times, kinds, steps, start, last, tolerances, scales, driver_values,
            states: &mut written.states, observables: &mut written.observables, summaries: &mut written.summaries,
            status: &mut written.status, counters: &mut written.counters, trace: &mut written.trace },
        )?;
        written.elapsed = launched.elapsed();
        Ok((written, compile))
    }
}

impl<T: Copy> Runs<T> {
    /// Only these runs, in this order.
    fn chosen(&self, runs: &[usize]) -> Self {
        let pick = |values: &[T]| {
            let rows = values.chunks(self.count.max(1));
            rows.flat_map(|row| runs.iter().filter_map(|run| row.get(*run).copied())).collect()
        };
        Self {
            count: runs.len(),
            initial: pick(&self.initial),
            parameters: pick(&self.parameters),
            ends: pick(&self.ends),
        }
    }
}

fn recording(config: &LoopConfig) -> Recording<'_> {
    Recording {
        save_every: config.save_every,
        t_eval: config.t_eval.as_deref(),
        save_last: config.save_last,
        saves: !config.output.saved.is_empty(),
        summarises: !config.summaries.is_empty() && !config.summary.summarised.is_empty(),
        summarise_every: config.summarise_every,
        sample_every: config.sample_summaries_every,
        settling_time: config.settling_time,
        own_ends: config.per_run_end,
    }
}

/// Every run has to end after recording began, and within the span.
fn check_durations(batch: &Batch, schedule: &Schedule, settling_time: f64) -> Result<(), SolveError> {
    let (from, to) = (schedule.begin + settling_time, schedule.end);
    let fits = |duration: f64| {
        let end = schedule.end_after(duration);
        end.is_finite() && end > from && end <= to
    };
    match batch.own_durations().unwrap_or_default().iter().enumerate().find(|(_, duration)| !fits(**duration)) {
        Some((run, duration)) => Err(SolveError::Duration { run, duration: *duration, from, to }),
        None => Ok(()),
    }
}

/// The runs to trace.
fn traced_runs(config: &LoopConfig, runs: usize) -> Result<Vec<usize>, SolveError> {
    if !config.trace {
        return Ok(Vec::new());
    }
    let inside =
        |run: i64| usize::try_from(run).ok().filter(|run| *run < runs).ok_or(SolveError::TraceRun { run, runs });
    config.trace_runs.iter().map(|run| inside(*run)).collect()
}

/// One row per quantity, one column per run.
fn columns<T: KernelReal>(batch: &Batch, quantities: &[Quantity], runs: usize) -> Vec<T> {
    let mut values = vec![T::default(); quantities.len() * runs];
    for (quantity, row) in quantities.iter().zip(values.chunks_mut(runs.max(1))) {
        batch.fill(&quantity.name, quantity.value, T::from_f64, row);
    }
    values
}
