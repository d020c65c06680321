//! Steps: one family of methods per file, one generic step each.

mod backwards_euler;
mod crank_nicolson;
mod dirk;
mod erk;
mod euler;
mod firk;
mod rosenbrock;

use buffer_runtime::Buffers;

pub use backwards_euler::{
    BackwardsEulerAllocators, BackwardsEulerConfig, BackwardsEulerInputs, BackwardsEulerPcAllocators,
    BackwardsEulerPcConfig, BackwardsEulerPcInputs, BackwardsEulerPcSettings, BackwardsEulerSettings,
};
pub use crank_nicolson::{CrankNicolsonAllocators, CrankNicolsonConfig, CrankNicolsonInputs, CrankNicolsonSettings};
pub use dirk::{DirkAllocators, DirkConfig, DirkInputs, DirkSettings};
pub use erk::{ErkAllocators, ErkConfig, ErkInputs, ErkSettings};
pub use euler::{EulerAllocators, EulerConfig, EulerInputs, EulerSettings};
pub use firk::{CoupledPlaces, FirkAllocators, FirkConfig, FirkInputs, FirkSettings};
pub use rosenbrock::{RosenbrockAllocators, RosenbrockConfig, RosenbrockInputs, RosenbrockSettings};

use crate::algorithm::Algorithm;
use crate::linear::{LinearSolver, SystemStructure};
use crate::newton::NewtonJacobian;

/// Statements of equations and linear algebra up to which stages are unrolled.
const UNROLLED_STAGES: usize = 150;

/// The step of an integration: which family depends on the algorithm.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "step")]
pub enum StepConfig {
    /// Explicit Euler.
    Euler(EulerConfig),
    /// Explicit Runge–Kutta.
    Erk(ErkConfig),
    /// Backward Euler.
    BackwardsEuler(BackwardsEulerConfig),
    /// Backward Euler with a predictor.
    BackwardsEulerPc(BackwardsEulerPcConfig),
    /// Crank–Nicolson.
    CrankNicolson(CrankNicolsonConfig),
    /// Diagonally implicit Runge–Kutta.
    Dirk(DirkConfig),
    /// Fully implicit Runge–Kutta.
    Firk(FirkConfig),
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
        let (n, structure) = (structure.n(), structure.clone());
        match algorithm {
            Algorithm::Euler => Self::Euler(EulerInputs { n, trace }),
            Algorithm::Erk(tableau) => Self::Erk(ErkInputs { n, tableau, adaptive, trace }),
            Algorithm::BackwardsEuler => Self::BackwardsEuler(BackwardsEulerInputs { n, structure, inlined, trace }),
            Algorithm::BackwardsEulerPc => {
                Self::BackwardsEulerPc(BackwardsEulerPcInputs { n, structure, inlined, trace })
            }
            Algorithm::CrankNicolson => Self::CrankNicolson(CrankNicolsonInputs { n, structure, inlined, trace }),
            Algorithm::Dirk(tableau) => Self::Dirk(DirkInputs { n, tableau, structure, adaptive, inlined, trace }),
            Algorithm::Firk(tableau) => {
                let places = CoupledPlaces::new(&structure, tableau.stages());
                Self::Firk(FirkInputs { n, tableau, structure, places, adaptive, inlined, trace })
            }
            Algorithm::Rosenbrock(tableau) => {
                Self::Rosenbrock(RosenbrockInputs { n, tableau, structure, inlined, trace })
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
    /// Evaluations in every residual of equations that are solved by iteration.
    pub(crate) per_residual: u64,
    /// Factorisations in every attempt of a step.
    pub(crate) factorisations: u64,
    /// Factorisations in every iteration.
    pub(crate) per_iteration: u64,
}

impl StepConfig {
    /// What the step evaluates; `adaptive` where it estimates its error.
    pub(crate) fn evaluations(&self, adaptive: bool) -> Evaluations {
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
                Evaluations { per_attempt: evaluated as u64, factorisations: 1, ..Evaluations::default() }
            }
            Self::BackwardsEuler(config) => newton(config.linear_solver, config.newton_jacobian, 1),
            Self::BackwardsEulerPc(config) => {
                Evaluations { per_attempt: 1, ..newton(config.linear_solver, config.newton_jacobian, 1) }
            }
            Self::CrankNicolson(config) => {
                // The second one is of the step that estimates the error.
                let matrices = if adaptive { 2 } else { 1 };
                Evaluations { per_attempt: 1, ..newton(config.linear_solver, config.newton_jacobian, matrices) }
            }
            Self::Dirk(config) => {
                let of_newton = newton(config.linear_solver, config.newton_jacobian, 1);
                // Where iterations have matrices of their own, that of the error estimate is another one.
                let separate = config.linear_solver.is_direct() && config.newton_jacobian.is_exact();
                let of_error = config.adaptive && config.smoothed_error && separate;
                Evaluations { at_start: 1, factorisations: of_newton.factorisations + u64::from(of_error), ..of_newton }
            }
            Self::Firk(config) => {
                let blocks = config.tableau.blocks();
                let matrices = blocks.pairs.len() + usize::from(blocks.real.is_some());
                let of_newton = newton(config.linear_solver, config.newton_jacobian, matrices as u64);
                let starts = config.adaptive && config.tableau.has_start_error();
                let of_error = config.error_solver.is_some() && config.linear_solver.is_direct();
                Evaluations {
                    per_attempt: u64::from(starts),
                    per_residual: config.tableau.stages() as u64,
                    factorisations: of_newton.factorisations + u64::from(of_error),
                    ..of_newton
                }
            }
        }
    }

    /// How linear equations are solved, if there are any.
    pub(crate) fn linear_solver(&self) -> Option<LinearSolver> {
        match self {
            Self::Euler(_) | Self::Erk(_) => None,
            Self::Rosenbrock(_) => Some(LinearSolver::Lu),
            Self::BackwardsEuler(config) => Some(config.linear_solver),
            Self::BackwardsEulerPc(config) => Some(config.linear_solver),
            Self::CrankNicolson(config) => Some(config.linear_solver),
            Self::Dirk(config) => Some(config.linear_solver),
            Self::Firk(config) => Some(config.linear_solver),
        }
    }
}

/// Newton's method with a number of matrices.
fn newton(linear_solver: LinearSolver, jacobian: NewtonJacobian, matrices: u64) -> Evaluations {
    let (factorisations, per_iteration) = match (linear_solver.is_direct(), jacobian) {
        (false, _) => (0, 0),
        (true, NewtonJacobian::Frozen) => (matrices, 0),
        (true, NewtonJacobian::Exact) => (0, 1),
    };
    Evaluations { per_residual: 1, factorisations, per_iteration, ..Evaluations::default() }
}
