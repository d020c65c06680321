//! Launches: the arrays of runs in the kernel's precision, and what comes back.

use std::ops::Range;
use std::time::{Duration, Instant};

use buffer_runtime::{Precision, args};

use super::{KernelReal, Solver};
use crate::batch::Batch;
use crate::error::SolveError;
use crate::integrate::{FixedSteps, LoopConfig, Recording, Schedule};
use crate::memory::RunBytes;
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

impl Rows {
    fn per_run(self, value_bytes: usize, inputs: usize) -> RunBytes {
        let real = [self.states, self.observables, self.summaries, self.trace];
        let outputs = real.iter().fold(0_usize, |sum, rows| sum.saturating_add(*rows));
        RunBytes::new(value_bytes, inputs, outputs, self.counters + 1)
    }
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
    /// Integrates some of the runs of a batch that was checked and has `batch_runs`.
    pub(super) fn solve_in<T: KernelReal>(
        &mut self,
        batch: &Batch,
        batch_runs: usize,
        span: Range<f64>,
        chosen: Range<usize>,
    ) -> Result<Solution, SolveError> {
        let begin = Instant::now();
        let (first_run, runs) = (chosen.start, chosen.len());
        let config = self.plan.config();
        let schedule = Schedule::new(&span, &recording(config))?;
        check_durations(batch, &schedule, config.settling_time)?;
        let separate = config.runs_are_separate();
        let fixed = match separate {
            true => None,
            false => Some(schedule.fixed_steps(config.controller.dt())?),
        };
        let mut traced = traced_runs(config, batch_runs)?;
        traced.retain(|run| chosen.contains(run));
        let (saved, summarised) = (&config.output.saved, &config.summary.summarised);
        let rows = self.rows(&schedule);
        let at_a_time = self.runs_at_a_time(runs, rows, size_of::<T>())?;

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
        let columns = config.summary.metrics.columns().to_vec();
        let (stages, trace_steps) = (config.algorithm.stages(), usize::try_from(config.trace_steps).unwrap_or(0));

        let mut shared = self.shared::<T>(&schedule, fixed.as_ref());
        let (written, compile) = self.launch_all(batch, chosen, at_a_time, &schedule, &shared, rows)?;
        let resources = self.kernel.as_ref().and_then(|kernel| kernel.resources().cloned());
        let steps = if separate { None } else { fixed.map(|fixed| fixed.total()) };

        let mut trace = Trace { stages, states: self.system.states().len(), runs: Vec::new() };
        if !traced.is_empty() {
            let fields = TRACE_HEAD + stages * trace.states;
            let few = self.these_runs(batch, &traced, &schedule);
            let rows = Rows { trace: trace_steps.saturating_mul(fields), ..rows };
            rows.per_run(size_of::<T>(), self.input_rows()).check(few.count, few.count)?;
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
            first_run,
            batch_runs,
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

    /// Rows of the kernel's outputs, but for a trace.
    fn rows(&self, schedule: &Schedule) -> Rows {
        let config = self.plan.config();
        let (saved, summarised) = (&config.output.saved, &config.summary.summarised);
        Rows {
            states: schedule.saves.len() * saved.states(),
            observables: schedule.saves.len() * saved.observables(),
            summaries: schedule.windows.len() * summarised.len() * config.summary.metrics.columns().len(),
            // Steps of a fixed size are the same for all runs, and known here.
            counters: match (config.save_counters, config.algorithm.iterates()) {
                (true, true) => ITERATION_COUNTERS,
                (true, false) if config.runs_are_separate() => COUNTERS,
                _ => 0,
            },
            trace: 0,
        }
    }

    /// Bytes of a run's arrays, inputs and outputs.
    pub(super) fn run_bytes(&self, span: &Range<f64>) -> Result<u64, SolveError> {
        let schedule = Schedule::new(span, &recording(self.plan.config()))?;
        let value_bytes = match self.plan.precision() {
            Precision::F32 => size_of::<f32>(),
            Precision::F64 => size_of::<f64>(),
        };
        Ok(self.rows(&schedule).per_run(value_bytes, self.input_rows()).both())
    }

    /// Rows of the kernel's inputs that differ from run to run.
    fn input_rows(&self) -> usize {
        let ends = usize::from(self.plan.config().per_run_end);
        self.system.states().len() + self.system.parameters().len() + ends
    }

    /// How many runs to launch at a time. Refuses what does not fit into memory before anything is allocated.
    fn runs_at_a_time(&self, runs: usize, rows: Rows, value_bytes: usize) -> Result<usize, SolveError> {
        let bytes = rows.per_run(value_bytes, self.input_rows());
        let at_a_time = bytes.runs_at_a_time(runs, &self.device, self.memory_budget)?;
        bytes.check(runs, at_a_time)?;
        Ok(at_a_time)
    }

    /// Neighbouring runs of a batch.
    fn runs<T: KernelReal>(&self, batch: &Batch, chosen: Range<usize>, schedule: &Schedule) -> Runs<T> {
        let columns = |quantities: &[Quantity]| {
            let mut values = vec![T::default(); quantities.len() * chosen.len()];
            for (quantity, row) in quantities.iter().zip(values.chunks_mut(chosen.len().max(1))) {
                batch.fill(&quantity.name, quantity.value, T::from_f64, chosen.start, row);
            }
            values
        };
        let ends = batch.own_durations().and_then(|durations| durations.get(chosen.clone())).unwrap_or_default();
        Runs {
            count: chosen.len(),
            initial: columns(self.system.states()),
            parameters: columns(self.system.parameters()),
            ends: ends.iter().map(|duration| T::from_f64(schedule.end_after(*duration))).collect(),
        }
    }

    /// A few runs of a batch, in this order.
    fn these_runs<T: KernelReal>(&self, batch: &Batch, chosen: &[usize], schedule: &Schedule) -> Runs<T> {
        let columns = |quantities: &[Quantity]| {
            let of_all = |quantity: &Quantity| {
                let value = |run: &usize| T::from_f64(batch.value_in(&quantity.name, quantity.value, *run));
                chosen.iter().map(value).collect::<Vec<T>>()
            };
            quantities.iter().flat_map(of_all).collect()
        };
        let ends = batch.own_durations().unwrap_or_default();
        let end = |run: &usize| ends.get(*run).map(|duration| T::from_f64(schedule.end_after(*duration)));
        Runs {
            count: chosen.len(),
            initial: columns(self.system.states()),
            parameters: columns(self.system.parameters()),
            ends: chosen.iter().filter_map(end).collect(),
        }
    }

    /// Launches the kernel for some runs of a batch, `at_a_time` of them in a launch; what it wrote and how long compiling took.
    fn launch_all<T: KernelReal>(
        &mut self,
        batch: &Batch,
        chosen: Range<usize>,
        at_a_time: usize,
        schedule: &Schedule,
        shared: &Shared<T>,
        rows: Rows,
    ) -> Result<(Written<T>, Duration), SolveError> {
        if at_a_time >= chosen.len() {
            return self.launch(&self.runs(batch, chosen, schedule), shared, rows);
        }
        let (mut all, mut compile) = (Written::new(rows, chosen.len()), Duration::ZERO);
        for first in chosen.clone().step_by(at_a_time.max(1)) {
            let part = first..(first + at_a_time).min(chosen.end);
            let (written, compiled) = self.launch(&self.runs(batch, part, schedule), shared, rows)?;
            all.place(&written, first - chosen.start);
            all.elapsed += written.elapsed;
            compile += compiled;
        }
        Ok((all, compile))
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
        let mut written = Written::new(rows, count);
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

impl<T: KernelReal> Written<T> {
    fn new(rows: Rows, count: usize) -> Self {
        let real = |rows: usize| vec![T::default(); rows * count];
        Self {
            states: real(rows.states),
            observables: real(rows.observables),
            summaries: real(rows.summaries),
            status: vec![0; count],
            counters: vec![0; rows.counters * count],
            trace: real(rows.trace),
            elapsed: Duration::ZERO,
        }
    }

    /// Puts what a launch wrote of neighbouring runs in its place among all.
    fn place(&mut self, part: &Self, first: usize) {
        fn place<V: Copy>(all: &mut [V], runs: usize, part: &[V], part_runs: usize, first: usize) {
            for (all, part) in all.chunks_mut(runs).zip(part.chunks(part_runs)) {
                all[first..first + part_runs].copy_from_slice(part);
            }
        }
        let (runs, part_runs) = (self.status.len(), part.status.len());
        place(&mut self.states, runs, &part.states, part_runs, first);
        place(&mut self.observables, runs, &part.observables, part_runs, first);
        place(&mut self.summaries, runs, &part.summaries, part_runs, first);
        place(&mut self.status, runs, &part.status, part_runs, first);
        place(&mut self.counters, runs, &part.counters, part_runs, first);
        place(&mut self.trace, runs, &part.trace, part_runs, first);
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
