//! The time loop: the root of the factory tree.

mod schedule;

use buffer_runtime::{Buffer, Buffers, Precision};

pub(crate) use schedule::{Schedule, save_times};

use crate::algorithm::Algorithm;
use crate::controller::{FixedControllerConfig, FixedControllerInputs};
use crate::step::{StepConfig, StepInputs};

/// Compile settings of the time loop.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "integration", template = "fixed_step_loop")]
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
    /// Precision of all real arithmetic.
    #[setting(default = Precision::F64, argument)]
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
    /// Parameters of the run.
    #[buffer(len = parameter_count)]
    pub parameters: Buffer,
    /// Observables of the current state.
    #[buffer(len = observable_count)]
    pub observables: Buffer,

    /// Advances the state.
    #[child(inputs = StepInputs::of(*algorithm, n))]
    pub step: StepConfig,
    /// Chooses the step size.
    #[child(inputs = FixedControllerInputs {})]
    pub controller: FixedControllerConfig,
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
