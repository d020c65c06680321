//! Batches that are solved part by part.

use std::ops::Range;

use super::Solver;
use crate::batch::Batch;
use crate::choice::Choice;
use crate::error::SolveError;
use crate::solution::Solution;

/// Runs of a part and bytes of its arrays, unless the caller or a memory budget say otherwise.
const RUNS: usize = 1 << 18;
const BYTES: u64 = 256 << 20;

/// The parts of a batch along its runs, each solved when it is asked for. From [`Solver::parts`].
#[derive(Debug)]
pub struct Parts<'a> {
    solver: &'a mut Solver,
    batch: &'a Batch,
    span: Range<f64>,
    choice: Option<Choice>,
    /// Runs of the batch, and the first that is not solved yet.
    runs: usize,
    next: usize,
    /// Runs of a part: as asked for, and as fit.
    at_most: usize,
    fitting: usize,
    bytes_per_run: u64,
    failed: bool,
}

impl Solver {
    /// Solves a batch part by part along its runs, for results that do not fit into memory, are to be written while the rest is computed, or may be interrupted. Put together
    /// the parts are bit for bit what [`solve`](Self::solve) returns: the method is chosen once, for the whole batch, and no run depends on its neighbours.
    ///
    /// ```no_run
    /// # use batch_solver::{Batch, Solver};
    /// # fn all(solver: &mut Solver, batch: &Batch) -> Result<(), batch_solver::SolveError> {
    /// for part in solver.parts(batch, 0.0..1.0)?.at_most(100_000) {
    ///     let part = part?;
    ///     println!("runs {:?}: {} failed", part.runs_of_batch(), part.failed());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`solve`](Self::solve), for all that can be seen before a kernel is compiled; what comes after is an error of a part.
    pub fn parts<'a>(&'a mut self, batch: &'a Batch, span: Range<f64>) -> Result<Parts<'a>, SolveError> {
        let (runs, choice) = self.prepare(batch, &span)?;
        let bytes_per_run = self.run_bytes(&span)?;
        let budget = self.memory_budget.unwrap_or(BYTES);
        let fitting = usize::try_from(budget / bytes_per_run.max(1)).unwrap_or(usize::MAX).max(1);
        Ok(Parts {
            solver: self,
            batch,
            span,
            choice,
            runs,
            next: 0,
            at_most: RUNS,
            fitting,
            bytes_per_run,
            failed: false,
        })
    }

    /// Bytes that the arrays of a launch may take on the device: what the kernel reads and writes. `None`, the default, leaves it to the device: seven eighths of a card's free memory; on the CPU 4 MiB a thread, up to 64 MiB,
    /// where inputs are a good part of the arrays, so that a solve takes little more memory than its solution, and any amount for trajectories.
    ///
    /// Results do not depend on it.
    pub fn set_memory_budget(&mut self, bytes: Option<u64>) {
        self.memory_budget = bytes;
    }
}

impl Parts<'_> {
    /// Parts of so many runs, 262,144 without it; fewer where their arrays would take more than the solver's [memory budget](Solver::set_memory_budget), or 256 MiB where there is none. One run at least.
    #[must_use]
    pub fn at_most(mut self, runs: usize) -> Self {
        self.set_at_most(runs);
        self
    }

    /// Changes the number of runs of the parts that follow.
    pub fn set_at_most(&mut self, runs: usize) {
        self.at_most = runs.max(1);
    }

    /// Leaves out the runs before this one, as after an interruption.
    #[must_use]
    pub fn from_run(mut self, run: usize) -> Self {
        self.next = run;
        self
    }

    /// Runs of the batch.
    pub fn runs(&self) -> usize {
        self.runs
    }

    /// Bytes of the arrays of one run, what the kernel reads and what it writes.
    pub fn bytes_per_run(&self) -> u64 {
        self.bytes_per_run
    }

    /// The first run that is not solved yet.
    pub fn next_run(&self) -> usize {
        self.next
    }

    /// The method chosen for the batch, and why; `None` if it was given.
    pub fn choice(&self) -> Option<&Choice> {
        self.choice.as_ref()
    }

    /// The solver.
    pub fn solver(&self) -> &Solver {
        self.solver
    }
}

impl Iterator for Parts<'_> {
    type Item = Result<Solution, SolveError>;

    /// Solves the next part. After an error there are no more.
    fn next(&mut self) -> Option<Self::Item> {
        let end = self.next.saturating_add(self.at_most.min(self.fitting)).min(self.runs);
        if self.failed || self.next >= end {
            return None;
        }
        let solved = self.solver.solve_runs(self.batch, self.runs, self.span.clone(), self.next..end);
        self.failed = solved.is_err();
        Some(solved.map(|solution| {
            self.next = end;
            Solution { choice: self.choice.clone(), ..solution }
        }))
    }
}
