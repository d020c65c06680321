//! Step size controllers: one factory each, chosen by the setting `step_controller`.

mod error;
mod fixed;

use buffer_runtime::{Buffers, setting_enum};

pub use error::{
    GustafssonControllerAllocators, GustafssonControllerConfig, GustafssonControllerInputs,
    GustafssonControllerSettings, IControllerAllocators, IControllerConfig, IControllerInputs, IControllerSettings,
    PiControllerAllocators, PiControllerConfig, PiControllerInputs, PiControllerSettings, PidControllerAllocators,
    PidControllerConfig, PidControllerInputs, PidControllerSettings,
};
pub use fixed::{FixedControllerAllocators, FixedControllerConfig, FixedControllerInputs, FixedControllerSettings};

use crate::algorithm::Algorithm;
use crate::tableau::PreferredController;

setting_enum! {
    /// How the step size is chosen.
    pub enum StepController {
        /// It stays as the user gave it.
        Fixed = "fixed",
        /// From the last error.
        I = "i",
        /// From the last two errors.
        Pi = "pi",
        /// From the last three errors.
        Pid = "pid",
        /// From the last two errors and steps.
        Gustafsson = "gustafsson",
    }
}

impl StepController {
    /// The controller that suits a method.
    pub fn of(algorithm: Algorithm) -> Self {
        match algorithm.preferred_controller() {
            _ if !algorithm.has_error_estimate() => Self::Fixed,
            Some(PreferredController::Gustafsson) => Self::Gustafsson,
            Some(PreferredController::ProportionalIntegral) => Self::Pi,
            _ => Self::I,
        }
    }

    /// Whether it needs an error estimate.
    pub fn is_adaptive(self) -> bool {
        self != Self::Fixed
    }
}

/// The controller of an integration.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "controller")]
pub enum ControllerConfig {
    /// Constant step size.
    Fixed(FixedControllerConfig),
    /// Elementary.
    I(IControllerConfig),
    /// Proportional–integral.
    Pi(PiControllerConfig),
    /// Proportional–integral–derivative.
    Pid(PidControllerConfig),
    /// Predictive.
    Gustafsson(GustafssonControllerConfig),
}

impl ControllerInputs {
    /// The inputs of a controller for a method.
    pub fn of(controller: StepController, algorithm: Algorithm) -> Self {
        let order = algorithm.controller_order();
        match controller {
            StepController::Fixed => Self::Fixed(FixedControllerInputs {}),
            StepController::I => Self::I(IControllerInputs { order }),
            StepController::Pi => Self::Pi(PiControllerInputs { order }),
            StepController::Pid => Self::Pid(PidControllerInputs { order }),
            StepController::Gustafsson => Self::Gustafsson(GustafssonControllerInputs { order }),
        }
    }
}

impl ControllerConfig {
    /// Whether the kernel chooses the size of the first step.
    pub(crate) fn chooses_first_step(&self) -> bool {
        !matches!(self, Self::Fixed(_)) && self.dt() == 0.0
    }

    /// The step size the user gave: of all steps, or of the first (0: chosen by the kernel).
    pub fn dt(&self) -> f64 {
        match self {
            Self::Fixed(config) => config.dt,
            Self::I(config) => config.dt,
            Self::Pi(config) => config.dt,
            Self::Pid(config) => config.dt,
            Self::Gustafsson(config) => config.dt,
        }
    }
}
