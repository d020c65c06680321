//! The time loop: the root of the factory tree.

mod schedule;
mod tolerance;

use buffer_runtime::{Buffer, Buffers, Precision};

pub(crate) use schedule::{Schedule, save_times};
pub use tolerance::Tolerance;

use crate::algorithm::Algorithm;
use crate::controller::{ControllerConfig, ControllerInputs, StepController};
use crate::step::{StepConfig, StepInputs};

/// Compile settings of the time loop.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "integration", template = "ivp_loop", validate = Self::check)]
pub struct LoopConfig {
    /// State variables.
    #[input]
    pub n: usize,
    /// Parameters: values each run has its own of.
    #[input]
    pub parameter_count: usize,
    /// Constants passed at launch.
    #[input]
    pub constants: usize,
    /// Observables of the system.
    #[input]
    pub observable_count: usize,
    /// Method of integration.
    #[setting(default = Algorithm::default())]
    pub algorithm: Algorithm,
    /// How the step size is chosen.
    #[setting(default = StepController::of(*algorithm))]
    pub step_controller: StepController,
    /// Absolute tolerance of the error of a step: one for all states, or one for each.
    #[setting(default = Tolerance::all(1e-6), with = Tolerance::check_absolute, argument)]
    pub atol: Tolerance,
    /// Relative tolerance of the error of a step: one for all states, or one for each.
    #[setting(default = Tolerance::all(1e-3), with = Tolerance::check_relative, argument)]
    pub rtol: Tolerance,
    /// Report how many steps each run took and how many it refused.
    #[setting(default = step_controller.is_adaptive())]
    pub save_counters: bool,
    /// Precision of all real arithmetic.
    #[setting(default = Precision::F64)]
    pub precision: Precision,
    /// Time between saved states, counted from the start, which is saved too. Without it and `t_eval` only the end is saved.
    #[setting(default = None, with = check_interval, argument)]
    pub save_every: Option<f64>,
    /// Times to save at, ascending; they take precedence over `save_every`.
    #[setting(default = None, with = check_times, argument)]
    pub t_eval: Option<Vec<f64>>,
    /// Write the constants into the kernel: faster by what folds, and every change of a constant compiles.
    #[setting(default = false)]
    pub bake_constants: bool,
    /// Save the observables beside the states.
    #[setting(default = observable_count > 0)]
    pub save_observables: bool,

    /// Current state.
    #[buffer(len = n)]
    pub state: Buffer,
    /// State at the end of the step.
    #[buffer(len = n)]
    pub proposed_state: Buffer,
    /// Estimated error of the step.
    #[buffer(len = if step_controller.is_adaptive() { n } else { 0 })]
    pub error: Buffer,
    /// Parameters of the run.
    #[buffer(len = parameter_count)]
    pub parameters: Buffer,
    /// Observables of the current state.
    #[buffer(len = observable_count)]
    pub observables: Buffer,

    /// Advances the state.
    #[child(inputs = StepInputs::of(*algorithm, n, step_controller.is_adaptive()))]
    pub step: StepConfig,
    /// Chooses the step size.
    #[child(inputs = ControllerInputs::of(*step_controller, *algorithm))]
    pub controller: ControllerConfig,
}

impl LoopConfig {
    fn check(&self) -> Result<(), String> {
        if self.step_controller.is_adaptive() && !self.algorithm.has_error_estimate() {
            return Err(format!(
                "the method `{}` has no error estimate for the step controller `{}` to follow: set step_controller = \"fixed\" and dt, or choose a method with an embedded pair such as `tsit5`",
                self.algorithm, self.step_controller
            ));
        }
        for (name, tolerance) in [("atol", &self.atol), ("rtol", &self.rtol)] {
            if let Some(count) = tolerance.count().filter(|count| *count != self.n) {
                return Err(format!(
                    "{name} has {count} values for {} states: give one for all, or one for each",
                    self.n
                ));
            }
        }
        Ok(())
    }
}

fn check_interval(interval: &Option<f64>) -> Result<(), &'static str> {
    match interval {
        Some(interval) if !(interval.is_finite() && *interval > 0.0) => Err("an interval is a positive number"),
        _ => Ok(()),
    }
}

fn check_times(times: &Option<Vec<f64>>) -> Result<(), &'static str> {
    let times = times.as_deref().unwrap_or_default();
    if times.iter().any(|time| !time.is_finite()) {
        return Err("times are finite numbers");
    }
    if times.windows(2).all(|pair| pair[0] < pair[1]) { Ok(()) } else { Err("times ascend, each after the one before") }
}
