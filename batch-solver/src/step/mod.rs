//! Steps: one family of methods per file, one generic step each.

mod erk;
mod euler;
mod rosenbrock;
mod tables;

use buffer_runtime::Buffers;

pub use erk::{ErkAllocators, ErkConfig, ErkInputs, ErkSettings};
pub use euler::{EulerAllocators, EulerConfig, EulerInputs, EulerSettings};
pub use rosenbrock::{RosenbrockAllocators, RosenbrockConfig, RosenbrockInputs, RosenbrockSettings};

use crate::algorithm::Algorithm;
use crate::linear::SystemStructure;

/// The step of an integration: which family depends on the algorithm.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "step")]
pub enum StepConfig {
    /// Explicit Euler.
    Euler(EulerConfig),
    /// Explicit Runge–Kutta.
    Erk(ErkConfig),
    /// Rosenbrock.
    Rosenbrock(RosenbrockConfig),
}

/// What a step is made for, besides its method.
#[derive(Clone, Copy, Debug)]
pub struct StepTarget<'a> {
    /// The system.
    pub structure: &'a SystemStructure,
    /// Whether an error estimate is wanted.
    pub adaptive: bool,
    /// Whether equations are inlined.
    pub inlined: bool,
    /// Whether the stages are to be recorded.
    pub trace: bool,
}

impl StepInputs {
    /// The inputs of the step of an algorithm.
    pub fn of(algorithm: Algorithm, target: StepTarget<'_>) -> Self {
        let StepTarget { structure, adaptive, inlined, trace } = target;
        let n = structure.n();
        match algorithm {
            Algorithm::Euler => Self::Euler(EulerInputs { n, trace }),
            Algorithm::Erk(tableau) => Self::Erk(ErkInputs { n, tableau, adaptive, trace }),
            Algorithm::Rosenbrock(tableau) => {
                Self::Rosenbrock(RosenbrockInputs { n, tableau, structure: structure.clone(), inlined, trace })
            }
        }
    }
}

/// What a step does with the equations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evaluations {
    /// Evaluations of the right-hand side at the start of a run.
    pub(crate) at_start: u64,
    /// Evaluations in every attempt of a step.
    pub(crate) per_attempt: u64,
    /// Factorisations in every attempt of a step.
    pub(crate) factorisations: u64,
}

impl StepConfig {
    /// What the step evaluates.
    pub(crate) fn evaluations(&self) -> Evaluations {
        match self {
            Self::Euler(_) => Evaluations { per_attempt: 1, ..Evaluations::default() },
            Self::Erk(config) => {
                let reused = u64::from(config.tableau.fsal());
                let per_attempt = config.tableau.stages() as u64 - reused;
                Evaluations { at_start: reused, per_attempt, ..Evaluations::default() }
            }
            Self::Rosenbrock(config) => {
                let stages = 0..config.tableau.stages();
                let evaluated = stages.filter(|&stage| !config.tableau.repeats(stage)).count();
                Evaluations { at_start: 0, per_attempt: evaluated as u64, factorisations: 1 }
            }
        }
    }
}
