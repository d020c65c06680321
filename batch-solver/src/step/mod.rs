//! Steps: one family of methods per file, one generic step each.

mod erk;
mod euler;

use buffer_runtime::Buffers;

pub use erk::{ErkAllocators, ErkConfig, ErkInputs, ErkSettings};
pub use euler::{EulerAllocators, EulerConfig, EulerInputs, EulerSettings};

use crate::algorithm::Algorithm;

/// The step of an integration: which family depends on the algorithm.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "step")]
pub enum StepConfig {
    /// Explicit Euler.
    Euler(EulerConfig),
    /// Explicit Runge–Kutta.
    Erk(ErkConfig),
}

impl StepInputs {
    /// The inputs of the step of an algorithm, for a system of `n` state variables; `adaptive` if an error estimate is wanted, `trace` if the stages are to be recorded.
    pub fn of(algorithm: Algorithm, n: usize, adaptive: bool, trace: bool) -> Self {
        match algorithm {
            Algorithm::Euler => Self::Euler(EulerInputs { n, trace }),
            Algorithm::Erk(tableau) => Self::Erk(ErkInputs { n, tableau, adaptive, trace }),
        }
    }
}

/// Evaluations of the right-hand side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evaluations {
    /// At the start of a run.
    pub(crate) at_start: u64,
    /// In every attempt of a step.
    pub(crate) per_attempt: u64,
}

impl StepConfig {
    /// What the step evaluates.
    pub(crate) fn evaluations(&self) -> Evaluations {
        match self {
            Self::Euler(_) => Evaluations { at_start: 0, per_attempt: 1 },
            Self::Erk(config) => {
                let reused = u64::from(config.tableau.fsal());
                Evaluations { at_start: reused, per_attempt: config.tableau.stages() as u64 - reused }
            }
        }
    }

    /// Stages of a step.
    pub(crate) fn stages(&self) -> usize {
        match self {
            Self::Euler(_) => 1,
            Self::Erk(config) => config.tableau.stages(),
        }
    }
}
