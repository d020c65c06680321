//! Launches: the arrays of runs in the kernel's precision, and what comes back.

use std::ops::Range;
use std::time::{Duration, Instant};

use buffer_runtime::{Device, Precision, args};

use super::arrays::{COUNTERS, Rows, Runs, Shared, Written};
use super::{KernelReal, Solver};
use crate::batch::Batch;
use crate::error::SolveError;
use crate::integrate::{LoopConfig, Recording, Schedule};
use crate::solution::{Counted, Solution, Summaries, Timings, Trace, TracedRun};

/// Values of an attempt in a trace beside its stages' derivatives.
const TRACE_HEAD: usize = 4;

impl Solver {
    /// Refuses what is wrong with the times of a batch, its durations and its traced runs.
    pub(super) fn check_times(&self, batch: &Batch, runs: usize, span: &Range<f64>) -> Result<(), SolveError> {
        let config = self.plan.config();
        let schedule = Schedule::new(span, &recording(config))?;
        check_durations(batch, &schedule, config.settling_time)?;
        if self.plan.precision() == Precision::F32 && (config.runs_are_separate() || !self.system.is_autonomous()) {
            check_single_precision(batch, span)?;
        }
        if !config.runs_are_separate() {
            schedule.fixed_steps(config.controller.dt())?;
        }
        traced_runs(config, runs).map(drop)
    }

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

        let variables = &config.variables;
        let (state_names, observable_names) = (saved.state_names(variables), saved.observable_names(variables));
        let summarised_names = summarised.names(variables);
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
            let mut written = Written::new(rows, few.count);
            self.launch(&few, &shared, rows, &mut written)?;
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
            system_states: self.system.states().iter().map(|state| state.name.clone()).collect(),
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
        let mut all = Written::new(rows, chosen.len());
        let mut runs = Runs::default();
        if at_a_time >= chosen.len() {
            self.on_threads(|| self.take_runs(batch, chosen, schedule, &mut runs));
            let compile = self.launch(&runs, shared, rows, &mut all)?;
            return Ok((all, compile));
        }
        // One part's arrays serve the next: new memory costs more than what is done with it.
        let (mut written, mut compile) = (Written::new(rows, 0), Duration::ZERO);
        for first in chosen.clone().step_by(at_a_time.max(1)) {
            let part = first..(first + at_a_time).min(chosen.end);
            written.resize(rows, part.len());
            self.on_threads(|| self.take_runs(batch, part, schedule, &mut runs));
            compile += self.launch(&runs, shared, rows, &mut written)?;
            self.on_threads(|| all.place(&written, first - chosen.start));
            all.elapsed += written.elapsed;
        }
        Ok((all, compile))
    }

    /// Does what Rayon spreads with as many threads as launches have.
    fn on_threads<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match &self.device {
            Device::Cpu(cpu) => cpu.install(work),
            _ => work(),
        }
    }

    /// Compiles if need be and runs the kernel, which writes arrays of the right lengths; how long compiling took.
    fn launch<T: KernelReal>(
        &mut self,
        runs: &Runs<T>,
        shared: &Shared<T>,
        rows: Rows,
        written: &mut Written<T>,
    ) -> Result<Duration, SolveError> {
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
        let Runs { initial, parameters, ends, .. } = runs;
        let Shared { constants, tolerances, times, kinds, steps, start, last, scales, driver_values, counts } = shared;
        let launched = kernel.launch(
            count,
            args! { initial, parameters, ends, constants, counts: counts, times, kinds, steps, start, last, tolerances, scales, driver_values,
            states: &mut written.states, observables: &mut written.observables, summaries: &mut written.summaries,
            status: &mut written.status, counters: &mut written.counters, trace: &mut written.trace },
        )?;
        written.elapsed = launched.elapsed();
        Ok(compile)
    }
}

pub(super) fn recording(config: &LoopConfig) -> Recording<'_> {
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

/// How many numbers of single precision a span has at least: its end is then within half a percent of what it is meant to be.
const TIMES: f64 = 100.0;

/// The time is advanced, or shown to the equations, in single precision.
fn check_single_precision(batch: &Batch, span: &Range<f64>) -> Result<(), SolveError> {
    let near = span.start.abs().max(span.end.abs());
    let spacing = f64::from(f32::EPSILON) * 2.0_f64.powf(near.log2().floor());
    let duration = batch.run_durations().iter().copied().fold(span.end - span.start, f64::min);
    if duration >= TIMES * spacing { Ok(()) } else { Err(SolveError::TooFewTimes { near, spacing, duration }) }
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
