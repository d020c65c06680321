//! What the parts of a batch took, put together, and how it is told.

use std::time::Duration;

use batch_solver::{Choice, Model, Solution};
use serde::{Deserialize, Serialize};

use crate::output::tell;

/// Sums over the parts that were solved, those before an interruption included.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Totals {
    pub(crate) runs: usize,
    pub(crate) failed: usize,
    /// The first run that failed, and its status.
    first_failed: Option<(usize, String)>,
    /// None where runs choose their own and nobody counted them.
    steps: Option<u64>,
    pub(crate) kernel_seconds: f64,
    pub(crate) compile_seconds: f64,
}

/// The line `--json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Summary {
    pub(crate) runs: usize,
    pub(crate) failed: usize,
    /// Whether all runs of the batch are there.
    pub(crate) complete: bool,
    /// Wall time from reading the model to the written table.
    pub(crate) seconds: f64,
    pub(crate) kernel_seconds: f64,
    pub(crate) compile_seconds: f64,
    /// Steps of each run; nothing where they were not counted.
    pub(crate) steps: Option<u64>,
    pub(crate) device: String,
    pub(crate) algorithm: &'static str,
    /// Why it was chosen, and how stiff the batch seemed; nothing where it was given.
    pub(crate) reason: Option<String>,
    pub(crate) stiffness: Option<f64>,
}

impl Totals {
    pub(crate) fn add(&mut self, part: &Solution) {
        let failed = |run: &usize| part.status(*run).is_some_and(|status| !status.is_success());
        if self.first_failed.is_none()
            && let Some(run) = (0..part.runs()).find(failed)
        {
            let status = part.status(run).map(|status| status.to_string()).unwrap_or_default();
            self.first_failed = Some((part.runs_of_batch().start + run, status));
        }
        let timings = part.timings();
        let steps = Some(part.total_steps()).filter(|_| part.steps() > 0 || part.counters(0).is_some());
        self.steps = if self.runs == 0 { steps } else { self.steps.zip(steps).map(|(before, here)| before + here) };
        self.runs += part.runs();
        self.failed += part.failed();
        self.kernel_seconds += timings.kernel.as_secs_f64();
        self.compile_seconds += timings.compile.as_secs_f64();
    }

    /// Steps of a run, the mean where runs choose their own; none where they were not counted.
    pub(crate) fn steps_per_run(&self) -> Option<u64> {
        let runs = self.runs.max(1) as u64;
        self.steps.map(|steps| (steps + runs / 2) / runs)
    }

    pub(crate) fn report(&self, model: &Model, device: &str, choice: Option<&Choice>, elapsed: Duration) {
        if let Some(choice) = choice {
            tell(&format!("algorithm: {choice}"));
        }
        tell(&format!("{} on {device}", model.description().unwrap_or(model.name())));
        let runs = self.runs;
        let steps = self.steps_per_run().map_or_else(String::new, |steps| format!(" of {steps} step{}", plural(steps)));
        tell(&format!(
            "{runs} run{}{steps} in {:.3} s: {:.3} s compiling, {:.3} s integrating, {:.0} trajectories per second",
            plural(runs as u64),
            elapsed.as_secs_f64(),
            self.compile_seconds,
            self.kernel_seconds,
            runs as f64 / self.kernel_seconds.max(1e-9),
        ));
        if let Some((run, status)) = &self.first_failed {
            tell(&format!("{} of {runs} runs failed, the first of them run {run}: {status}", self.failed));
        }
    }
}

fn plural(count: u64) -> &'static str {
    if count == 1 { "" } else { "s" }
}
