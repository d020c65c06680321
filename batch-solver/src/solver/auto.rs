//! The method that is chosen where none is given.

use std::ops::Range;

use buffer_runtime::Value;

use super::Solver;
use crate::algorithm::Algorithm;
use crate::batch::Batch;
use crate::choice::{Choice, ProbedRun, Question};
use crate::controller::StepController;
use crate::error::SolveError;
use crate::integrate::Schedule;

impl Solver {
    /// The method that [`solve`](Self::solve) chooses for this batch and time span where the setting `algorithm` is "auto", and why; with the precision, tolerances and `step_controller` as
    /// they are set. [`choice`](crate::choice) tells the rule.
    ///
    /// # Errors
    /// When the batch does not fit the system, or the time span is impossible.
    pub fn choose(&self, batch: &Batch, span: Range<f64>) -> Result<Choice, SolveError> {
        Ok(self.answer(&self.question(batch, &span)?))
    }

    /// The choice for a batch where the method is not given.
    pub(super) fn choose_method(&mut self, batch: &Batch, span: &Range<f64>) -> Result<Option<Choice>, SolveError> {
        if self.is_given("algorithm") {
            return Ok(None);
        }
        let question = self.question(batch, span)?;
        let choice = self.answer(&question);
        self.chooser.remember(question, &choice);
        Ok(Some(choice))
    }

    /// Lets the default method stand in for a chosen one without an error estimate, which refuses controllers that may be set; the one that was there.
    pub(super) fn stand_in(&mut self) -> Result<Option<Algorithm>, SolveError> {
        let config = self.plan.config();
        let suggested = config.suggested;
        if suggested.has_error_estimate() {
            return Ok(None);
        }
        self.set_inputs(config.per_run_end, config.driver_order, Algorithm::default())?;
        Ok(Some(suggested))
    }

    fn answer(&self, question: &Question) -> Choice {
        let structure = &self.plan.config().structure;
        self.chooser.choose(question, structure, &self.constants, self.drivers.as_ref())
    }

    fn question(&self, batch: &Batch, span: &Range<f64>) -> Result<Question, SolveError> {
        let runs = batch.check(&self.system)?;
        Schedule::check_span(span)?;
        let values = |quantities: &[crate::system::Quantity], run| {
            quantities.iter().map(|quantity| batch.value_in(&quantity.name, quantity.value, run)).collect()
        };
        let duration = |run: usize| batch.own_durations().and_then(|durations| durations.get(run).copied());
        let mut looked_at = vec![0, runs / 2, runs.saturating_sub(1)];
        looked_at.dedup();
        let config = self.plan.config();
        let fixed = self.is_given("step_controller") && config.step_controller == StepController::Fixed;
        Ok(Question {
            runs: looked_at
                .into_iter()
                .map(|run| ProbedRun {
                    initial: values(self.system.states(), run),
                    parameters: values(self.system.parameters(), run),
                    begin: span.start,
                    end: duration(run).map_or(span.end, |duration| span.start + duration),
                })
                .collect(),
            atol: config.atol.clone(),
            rtol: config.rtol.clone(),
            precision: config.precision,
            fixed: fixed.then(|| config.controller.dt()),
        })
    }

    /// Whether the user gave a setting of the loop a value.
    fn is_given(&self, key: &str) -> bool {
        self.plan.settings().get(key).is_some_and(|value| *value != Value::Auto)
    }
}
