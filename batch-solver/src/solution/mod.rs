//! Results of a solve.

mod status;
mod summaries;
mod trace;

use std::time::Duration;

use buffer_runtime::nvrtc::KernelResources;
use ndarray::{ArrayView2, ArrayView3};

use crate::choice::Choice;
use crate::fnv::Fnv1a;
use crate::step::Evaluations;

pub use status::{Failure, Status};
pub use summaries::Summaries;
pub use trace::{Attempt, Trace, TracedRun};

/// Where the time of a solve went.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Timings {
    /// Generating and compiling the kernel; zero when it was at hand.
    pub compile: Duration,
    /// The kernel.
    pub kernel: Duration,
    /// All of it.
    pub total: Duration,
}

/// Saved values in the precision of the kernel: time × variable × run, run fastest.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Single precision.
    F32(Vec<f32>),
    /// Double precision.
    F64(Vec<f64>),
}

impl Values {
    /// The value at a position, in double precision.
    pub fn get(&self, index: usize) -> Option<f64> {
        match self {
            Self::F32(values) => values.get(index).map(|value| f64::from(*value)),
            Self::F64(values) => values.get(index).copied(),
        }
    }
}

impl Default for Values {
    fn default() -> Self {
        Self::F64(Vec::new())
    }
}

/// A precision that saved values can have.
pub trait Scalar: Sized + Copy + 'static {
    /// The values, if they have this precision.
    fn of(values: &Values) -> Option<&[Self]>;
}

impl Scalar for f32 {
    fn of(values: &Values) -> Option<&[Self]> {
        match values {
            Values::F32(values) => Some(values),
            Values::F64(_) => None,
        }
    }
}

impl Scalar for f64 {
    fn of(values: &Values) -> Option<&[Self]> {
        match values {
            Values::F64(values) => Some(values),
            Values::F32(_) => None,
        }
    }
}

/// The saved states and observables of a batch, with a status for each run.
#[derive(Clone, Debug)]
pub struct Solution {
    pub(crate) times: Vec<f64>,
    /// All states of the system.
    pub(crate) system_states: Vec<String>,
    /// Those saved.
    pub(crate) state_names: Vec<String>,
    pub(crate) observable_names: Vec<String>,
    pub(crate) runs: usize,
    /// Where the first run stands in its batch, which has `batch_runs`.
    pub(crate) first_run: usize,
    pub(crate) batch_runs: usize,
    pub(crate) states: Values,
    pub(crate) observables: Values,
    pub(crate) status: Vec<i32>,
    pub(crate) timings: Timings,
    pub(crate) summaries: Summaries,
    /// Steps of each run where all take the same.
    pub(crate) steps: Option<u64>,
    pub(crate) resources: Option<KernelResources>,
    /// Steps of all runs, then refused attempts of all runs; empty when not counted.
    pub(crate) counters: Vec<i32>,
    pub(crate) counted: Counted,
    pub(crate) trace: Trace,
    pub(crate) choice: Option<Choice>,
}

/// What evaluations of the right-hand side follow from a number of attempts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counted {
    pub(crate) evaluations: Evaluations,
    /// The size of the first step was chosen, which takes two evaluations.
    pub(crate) chosen_first_step: bool,
}

/// What a run took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Steps that were made.
    pub steps: u64,
    /// Attempts that were refused: because of their error, or because their equations were not solved.
    pub rejections: u64,
    /// Attempts among the refused whose equations were not solved.
    pub unsolved: u64,
    /// Evaluations of the right-hand side, those of the first step's size included.
    pub right_hand_sides: u64,
    /// Newton iterations, summed over the stages of all attempts.
    pub newton_iterations: u64,
    /// Iterations of a linear solver, summed over all Newton iterations; none where matrices are factorised.
    pub linear_iterations: u64,
    /// Factorisations of a matrix with the Jacobian, each of a real or complex matrix, or of one of all stages together.
    pub factorisations: Factorisations,
}

/// Factorisations by what they were for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Factorisations {
    /// For steps that were made.
    pub accepted: u64,
    /// For attempts that were refused because of their error.
    pub refused: u64,
    /// For attempts whose equations were not solved.
    pub unsolved: u64,
    /// For iterations that have a matrix of their own.
    pub iterations: u64,
}

impl Factorisations {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.accepted + self.refused + self.unsolved + self.iterations
    }
}

impl Solution {
    /// The times of the saved values.
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// Number of runs.
    pub fn runs(&self) -> usize {
        self.runs
    }

    /// Which runs of its batch a solution has: all, or those of one part of [`Solver::parts`](crate::Solver::parts).
    pub fn runs_of_batch(&self) -> std::ops::Range<usize> {
        self.first_run..self.first_run + self.runs
    }

    /// Names of the state variables, in the order of the middle axis of [`states`](Self::states).
    pub fn state_names(&self) -> &[String] {
        &self.state_names
    }

    /// Names of the observables, in the order of the middle axis of [`observables`](Self::observables).
    pub fn observable_names(&self) -> &[String] {
        &self.observable_names
    }

    /// The states, time × variable × run; `None` if the kernel computed in the other precision.
    ///
    /// ```no_run
    /// # fn show(solution: batch_solver::Solution) {
    /// let last = solution.times().len() - 1;
    /// let x_of_run_7 = solution.states::<f64>().map(|states| states[[last, 0, 7]]);
    /// # let _ = x_of_run_7;
    /// # }
    /// ```
    pub fn states<T: Scalar>(&self) -> Option<ArrayView3<'_, T>> {
        let shape = (self.times.len(), self.state_names.len(), self.runs);
        ArrayView3::from_shape(shape, T::of(&self.states)?).ok()
    }

    /// The observables, time × variable × run; `None` if the kernel computed in the other precision or none were saved.
    pub fn observables<T: Scalar>(&self) -> Option<ArrayView3<'_, T>> {
        let shape = (self.times.len(), self.observable_names.len(), self.runs);
        ArrayView3::from_shape(shape, T::of(&self.observables)?).ok()
    }

    /// One state or observable by name, time × run; `None` as for [`states`](Self::states), or if there is no such variable.
    pub fn variable<T: Scalar>(&self, name: &str) -> Option<ArrayView2<'_, T>> {
        let at = |names: &[String]| names.iter().position(|other| other == name);
        let (view, index) = match at(&self.state_names) {
            Some(index) => (self.states::<T>()?, index),
            None => (self.observables::<T>()?, at(&self.observable_names)?),
        };
        Some(view.index_axis_move(ndarray::Axis(1), index))
    }

    /// One saved state in double precision, whatever the kernel's; `None` out of range.
    pub fn state(&self, time: usize, variable: usize, run: usize) -> Option<f64> {
        let inside = time < self.times.len() && variable < self.state_names.len() && run < self.runs;
        inside.then(|| (time * self.state_names.len() + variable) * self.runs + run).and_then(|at| self.states.get(at))
    }

    /// The states of a run at the last saved time, in double precision.
    pub fn final_state(&self, run: usize) -> Option<Vec<f64>> {
        let last = self.times.len().checked_sub(1)?;
        (0..self.state_names.len()).map(|variable| self.state(last, variable, run)).collect()
    }

    /// How a run ended.
    pub fn status(&self, run: usize) -> Option<Status> {
        self.status.get(run).copied().map(Status)
    }

    /// Number of runs that did not reach their end.
    pub fn failed(&self) -> usize {
        self.status.iter().filter(|status| **status != 0).count()
    }

    /// The method that was chosen for the batch, and why; `None` if it was given.
    pub fn choice(&self) -> Option<&Choice> {
        self.choice.as_ref()
    }

    /// Where the time went.
    pub fn timings(&self) -> Timings {
        self.timings
    }

    /// The metrics that summarise variables over windows of time.
    pub fn summaries(&self) -> &Summaries {
        &self.summaries
    }

    /// The steps of the runs that were traced.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Steps of each run where all take the same; 0 where runs choose their own, see [`counters`](Self::counters).
    pub fn steps(&self) -> u64 {
        self.steps.unwrap_or(0)
    }

    /// Steps of all runs together; those of runs that choose their own only where they were counted (`save_counters`).
    pub fn total_steps(&self) -> u64 {
        let counted = || self.counters.iter().take(self.runs).map(|steps| u64::from(steps.unsigned_abs())).sum();
        self.steps.map_or_else(counted, |steps| steps * self.runs as u64)
    }

    /// Steps per run: the mean, rounded, where runs choose their own.
    pub fn steps_per_run(&self) -> u64 {
        let runs = self.runs.max(1) as u64;
        (self.total_steps() + runs / 2) / runs
    }

    /// Registers, stack, spills and shared memory of a GPU kernel.
    pub fn resources(&self) -> Option<&KernelResources> {
        self.resources.as_ref()
    }

    /// What a run took; `None` when it was not counted (`save_counters`), or there is no such run. Steps of a fixed size need not be counted, but iterations do.
    pub fn counters(&self, run: usize) -> Option<Counters> {
        let count = |row: usize| {
            let counted = self.counters.get(row * self.runs + run);
            counted.filter(|_| run < self.runs).map(|count| u64::from(count.unsigned_abs()))
        };
        // Counted ones come first: a run whose equations were not solved has made fewer than the others.
        let (steps, rejections) = match count(0).zip(count(1)) {
            Some(counted) => counted,
            None => (self.steps.filter(|_| run < self.runs)?, 0),
        };
        if self.counted.evaluations.per_residual > 0 && self.counters.is_empty() {
            return None;
        }
        let [unsolved, newton_iterations, linear_iterations, residuals] =
            [2, 3, 4, 5].map(|row| count(row).unwrap_or_default());
        let Counted { evaluations, chosen_first_step } = self.counted;
        let before = evaluations.at_start + if chosen_first_step { 2 } else { 0 };
        let of_attempts = (steps + rejections) * evaluations.per_attempt;
        Some(Counters {
            steps,
            rejections,
            unsolved,
            right_hand_sides: before + of_attempts + residuals * evaluations.per_residual,
            newton_iterations,
            linear_iterations,
            factorisations: Factorisations {
                accepted: steps * evaluations.factorisations,
                refused: rejections.saturating_sub(unsolved) * evaluations.factorisations,
                unsolved: unsolved * evaluations.factorisations,
                iterations: newton_iterations * evaluations.per_iteration,
            },
        })
    }

    /// A fingerprint of the saved states' bits: equal results have equal fingerprints (64-bit FNV-1a).
    pub fn checksum(&self) -> u64 {
        fn hash<const N: usize>(words: impl Iterator<Item = [u8; N]>) -> u64 {
            let mut hash = Fnv1a::new();
            words.for_each(|word| hash.add(&word));
            hash.finish()
        }
        match &self.states {
            Values::F32(values) => hash(values.iter().map(|value| value.to_le_bytes())),
            Values::F64(values) => hash(values.iter().map(|value| value.to_le_bytes())),
        }
    }
}
