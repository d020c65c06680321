//! The arrays of a launch, in the kernel's precision: what it reads and what it writes.

use std::ops::Range;
use std::time::Duration;

use buffer_runtime::Precision;
use rayon::prelude::*;

use super::launch::recording;
use super::{KernelReal, Solver};
use crate::batch::Batch;
use crate::error::SolveError;
use crate::integrate::{FixedSteps, Schedule};
use crate::memory::RunBytes;
use crate::system::Quantity;

/// Length of `counts`; its positions are named in `device/ivp_arrays.cuh`.
pub(super) const COUNTS: usize = 7;
/// Length of `scales`.
pub(super) const SCALES: usize = 2;
/// Values that a thread moves at a time.
const PIECE: usize = 1 << 14;
/// Rows of `counters`: steps, and attempts that were refused.
pub(super) const COUNTERS: usize = 2;
/// Rows of `counters` where equations are solved by iteration: besides, attempts that were not solved, Newton iterations, linear iterations, residuals.
const ITERATION_COUNTERS: usize = 6;

/// How many rows each output has per run.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rows {
    pub(super) states: usize,
    pub(super) observables: usize,
    pub(super) summaries: usize,
    pub(super) counters: usize,
    pub(super) trace: usize,
}

impl Rows {
    pub(super) fn per_run(self, value_bytes: usize, inputs: usize) -> RunBytes {
        let real = [self.states, self.observables, self.summaries, self.trace];
        let outputs = real.iter().fold(0_usize, |sum, rows| sum.saturating_add(*rows));
        RunBytes::new(value_bytes, inputs, outputs, self.counters + 1)
    }
}

/// What differs from run to run.
#[derive(Default)]
pub(super) struct Runs<T> {
    pub(super) count: usize,
    pub(super) initial: Vec<T>,
    pub(super) parameters: Vec<T>,
    pub(super) ends: Vec<T>,
}

/// What all runs of a launch share.
pub(super) struct Shared<T> {
    pub(super) constants: Vec<T>,
    pub(super) tolerances: Vec<T>,
    pub(super) times: Vec<T>,
    pub(super) kinds: Vec<i32>,
    pub(super) steps: Vec<i32>,
    pub(super) start: Vec<T>,
    pub(super) last: Vec<T>,
    pub(super) scales: Vec<T>,
    pub(super) driver_values: Vec<T>,
    pub(super) counts: [i32; COUNTS],
}

/// What a launch wrote.
pub(super) struct Written<T> {
    pub(super) states: Vec<T>,
    pub(super) observables: Vec<T>,
    pub(super) summaries: Vec<T>,
    pub(super) status: Vec<i32>,
    pub(super) counters: Vec<i32>,
    pub(super) trace: Vec<T>,
    pub(super) elapsed: Duration,
}

impl Solver {
    /// Rows of the kernel's outputs, but for a trace.
    pub(super) fn rows(&self, schedule: &Schedule) -> Rows {
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
    pub(super) fn input_rows(&self) -> usize {
        let ends = usize::from(self.plan.config().per_run_end);
        self.system.states().len() + self.system.parameters().len() + ends
    }

    /// How many runs to launch at a time. Refuses what does not fit into memory before anything is allocated.
    pub(super) fn runs_at_a_time(&self, runs: usize, rows: Rows, value_bytes: usize) -> Result<usize, SolveError> {
        let bytes = rows.per_run(value_bytes, self.input_rows());
        let at_a_time = bytes.runs_at_a_time(runs, &self.device, self.memory_budget)?;
        bytes.check(runs, at_a_time)?;
        Ok(at_a_time)
    }

    /// Neighbouring runs of a batch, in arrays that there are.
    pub(super) fn take_runs<T: KernelReal>(
        &self,
        batch: &Batch,
        chosen: Range<usize>,
        schedule: &Schedule,
        runs: &mut Runs<T>,
    ) {
        let count = chosen.len();
        let fill = |quantities: &[Quantity], values: &mut Vec<T>| {
            values.resize(quantities.len() * count, T::default());
            values.par_chunks_mut(count.max(1)).zip(quantities).for_each(|(row, quantity)| {
                row.par_chunks_mut(PIECE).enumerate().for_each(|(index, piece)| {
                    batch.fill(&quantity.name, quantity.value, T::from_f64, chosen.start + index * PIECE, piece);
                });
            });
        };
        fill(self.system.states(), &mut runs.initial);
        fill(self.system.parameters(), &mut runs.parameters);
        let durations = batch.own_durations().and_then(|durations| durations.get(chosen.clone())).unwrap_or_default();
        runs.ends.clear();
        runs.ends.extend(durations.iter().map(|duration| T::from_f64(schedule.end_after(*duration))));
        runs.count = count;
    }

    /// A few runs of a batch, in this order.
    pub(super) fn these_runs<T: KernelReal>(&self, batch: &Batch, chosen: &[usize], schedule: &Schedule) -> Runs<T> {
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

    pub(super) fn shared<T: KernelReal>(&self, schedule: &Schedule, fixed: Option<&FixedSteps>) -> Shared<T> {
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
}

impl<T: KernelReal> Written<T> {
    pub(super) fn new(rows: Rows, count: usize) -> Self {
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

    /// Makes the arrays those of another number of runs; what is in them is written over.
    pub(super) fn resize(&mut self, rows: Rows, count: usize) {
        self.states.resize(rows.states * count, T::default());
        self.observables.resize(rows.observables * count, T::default());
        self.summaries.resize(rows.summaries * count, T::default());
        self.status.resize(count, 0);
        self.counters.resize(rows.counters * count, 0);
        self.trace.resize(rows.trace * count, T::default());
    }

    /// Puts what a launch wrote of neighbouring runs in its place among all.
    pub(super) fn place(&mut self, part: &Self, first: usize) {
        fn place<V: Copy + Send + Sync>(all: &mut [V], runs: usize, part: &[V], part_runs: usize, first: usize) {
            all.par_chunks_mut(runs).zip(part.par_chunks(part_runs)).for_each(|(all, part)| {
                let pieces = all[first..first + part_runs].par_chunks_mut(PIECE);
                pieces.zip(part.par_chunks(PIECE)).for_each(|(all, part)| all.copy_from_slice(part));
            });
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
