/// The steps of chosen runs, refused attempts included.
///
/// Recorded with the settings `trace`, `trace_runs` and `trace_steps`; empty without them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    pub(crate) stages: usize,
    pub(crate) states: usize,
    pub(crate) runs: Vec<TracedRun>,
}

/// The steps of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct TracedRun {
    pub(crate) run: usize,
    pub(crate) attempts: usize,
    pub(crate) fields: usize,
    pub(crate) values: Vec<f64>,
}

/// One attempt of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attempt<'a> {
    /// Time at the start of the step.
    pub t: f64,
    /// Size of the step.
    pub dt: f64,
    /// The error in units of the tolerance: a step is accepted up to 1. Zero for steps of a fixed size.
    pub error_norm: f64,
    /// Whether the step was made.
    pub accepted: bool,
    /// The derivatives of the stages: those of all states at the first stage, then at the next.
    pub stage_derivatives: &'a [f64],
}

impl Trace {
    /// The traced runs, in the order of the setting `trace_runs`.
    pub fn runs(&self) -> &[TracedRun] {
        &self.runs
    }

    /// Stages of a step.
    pub fn stages(&self) -> usize {
        self.stages
    }

    /// State variables.
    pub fn states(&self) -> usize {
        self.states
    }
}

impl TracedRun {
    /// The run's number in the batch.
    pub fn run(&self) -> usize {
        self.run
    }

    /// Attempts the run made; more than were recorded if `trace_steps` is less.
    pub fn total_attempts(&self) -> usize {
        self.attempts
    }

    /// The recorded attempts, in order.
    pub fn attempts(&self) -> impl ExactSizeIterator<Item = Attempt<'_>> {
        self.values.chunks_exact(self.fields.max(1)).map(|row| match row {
            [t, dt, error_norm, accepted, stage_derivatives @ ..] => {
                Attempt { t: *t, dt: *dt, error_norm: *error_norm, accepted: *accepted != 0.0, stage_derivatives }
            }
            _ => Attempt { t: f64::NAN, dt: f64::NAN, error_norm: f64::NAN, accepted: false, stage_derivatives: &[] },
        })
    }
}
