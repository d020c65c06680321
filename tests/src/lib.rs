//! Factories the integration tests share: a time loop that owns a step, a step that owns solvers, none of them with device code.
#![allow(
    clippy::unwrap_used,
    clippy::should_implement_trait,
    reason = "helpers of tests: what goes wrong here fails a test"
)]

pub mod gpu;
pub mod kernels;
pub mod python;
pub mod sanitize;

use buffer_runtime::{Buffer, Buffers, setting_enum};

setting_enum! {
    /// Which step the loop owns.
    pub enum Algorithm {
        /// Explicit.
        Explicit = "explicit",
        /// Implicit.
        Implicit = "implicit",
    }
}

/// The root: a time loop.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "time_loop", template = "time_loop", validate = Self::check)]
pub struct LoopConfig {
    /// State variables.
    #[input]
    pub n: usize,
    /// Step to take.
    #[setting(default = Algorithm::Implicit)]
    pub algorithm: Algorithm,
    /// Smallest step.
    #[setting(default = 1e-6, gt = 0.0, argument)]
    pub dt_min: f64,
    /// Largest step; follows the smallest unless set.
    #[setting(default = dt_min * 1e6, gt = 0.0, argument)]
    pub dt_max: f64,
    /// Save every this many steps.
    #[setting(default = 1, range = 1..=1_000_000)]
    pub save_every: u32,
    /// Current state.
    #[buffer(len = n)]
    pub state: Buffer,
    /// State at the end of the step.
    #[buffer(len = n)]
    pub proposed_state: Buffer,
    /// Counters of one run.
    #[buffer(len = 4, zeroed, persistent)]
    pub counters: Buffer<i32>,
    /// The step.
    #[child(inputs = match algorithm {
        Algorithm::Explicit => StepInputs::Erk(ErkInputs { n }),
        Algorithm::Implicit => StepInputs::Dirk(DirkInputs { n }),
    })]
    pub step: StepConfig,
}

impl LoopConfig {
    fn check(&self) -> Result<(), String> {
        if self.dt_min > self.dt_max {
            return Err(format!("dt_min = {} exceeds dt_max = {}", self.dt_min, self.dt_max));
        }
        Ok(())
    }
}

/// A step of either kind.
#[derive(Clone, Debug, Buffers)]
pub enum StepConfig {
    /// Explicit.
    Erk(ErkConfig),
    /// Implicit.
    Dirk(DirkConfig),
}

/// An explicit Runge–Kutta step.
#[derive(Clone, Debug, Buffers)]
pub struct ErkConfig {
    /// State variables.
    #[input]
    pub n: usize,
    /// Derivative at the end of the step.
    #[buffer(len = n, persistent)]
    pub stage_rhs: Buffer,
    /// Contributions to later stages.
    #[buffer(len = 6 * n)]
    pub stage_accumulator: Buffer,
}

/// An implicit step.
#[derive(Clone, Debug, Buffers)]
pub struct DirkConfig {
    /// State variables.
    #[input]
    pub n: usize,
    /// Estimate the error by a second solve.
    #[setting(default = false)]
    pub smoothed_error: bool,
    /// Derivative at the end of the step.
    #[buffer(len = n, persistent)]
    pub stage_rhs: Buffer,
    /// Contributions to later stages.
    #[buffer(len = 3 * n)]
    pub accumulator: Buffer,
    /// Base state of the stage.
    #[buffer(len = n, aliases = accumulator)]
    pub stage_base: Buffer,
    /// Solves the stages.
    #[child(prefix = "newton", with(n))]
    pub newton: NewtonConfig,
    /// Solves for the error.
    #[child(prefix = "error", with(n), when = smoothed_error, aliases = newton)]
    pub error: Option<NewtonConfig>,
}

/// Newton's method.
#[derive(Clone, Debug, Buffers)]
pub struct NewtonConfig {
    /// Unknowns.
    #[input]
    pub n: usize,
    /// Iterations before giving up.
    #[setting(default = 8, range = 1..=100)]
    pub max_iters: u32,
    /// Correction.
    #[buffer(len = n)]
    pub delta: Buffer,
    /// Residual.
    #[buffer(len = n)]
    pub residual: Buffer,
}
