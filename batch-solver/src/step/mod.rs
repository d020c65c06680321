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
    /// The inputs of the step of an algorithm, for a system of `n` state variables; `adaptive` if an error estimate is wanted.
    pub fn of(algorithm: Algorithm, n: usize, adaptive: bool) -> Self {
        match algorithm {
            Algorithm::Euler => Self::Euler(EulerInputs { n }),
            Algorithm::Erk(tableau) => Self::Erk(ErkInputs { n, tableau, adaptive }),
        }
    }
}
