//! Newton's method for the equations of implicit steps, and first guesses for it.

mod predictor;

use buffer_runtime::{Buffer, Buffers, setting_enum};

pub use predictor::{
    DensePredictorAllocators, DensePredictorConfig, DensePredictorInputs, DensePredictorSettings, Nodes,
};

use crate::linear::{LinearSolver, LinearSolverConfig, LinearSolverInputs, MatrixForm, SystemStructure};
use crate::tableau::FirkTableau;

setting_enum! {
    /// Which Jacobian Newton's method has.
    pub enum NewtonJacobian {
        /// One within the step, for all iterations of all stages (simplified Newton): one factorisation a step.
        Frozen = "frozen",
        /// That of each iterate: fewer iterations, each with a factorisation of its own.
        Exact = "exact",
    }
}

impl NewtonJacobian {
    /// Whether each iteration has a matrix of its own.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self == Self::Exact
    }
}

/// Equations that Newton's method is to solve.
#[derive(Clone, Debug)]
pub struct StageEquations {
    /// The system.
    pub structure: SystemStructure,
    /// Whether equations and linear algebra are inlined.
    pub inlined: bool,
    /// How the linear equations of an iteration are solved.
    pub linear_solver: LinearSolver,
    /// Which Jacobian there is.
    pub jacobian: NewtonJacobian,
    /// The method whose stages are solved for together; `None` where it is one stage at a time.
    pub coupled: Option<&'static FirkTableau>,
}

impl StageEquations {
    /// The equations of one stage at a time, or of all stages of `coupled` together.
    #[must_use]
    pub fn new(
        structure: &SystemStructure,
        inlined: bool,
        linear_solver: LinearSolver,
        jacobian: NewtonJacobian,
        coupled: Option<&'static FirkTableau>,
    ) -> Self {
        Self { structure: structure.clone(), inlined, linear_solver, jacobian, coupled }
    }

    /// Stages that are solved for together.
    #[must_use]
    pub fn stages(&self) -> usize {
        self.coupled.map_or(1, FirkTableau::stages)
    }

    /// The matrix of an iteration.
    #[must_use]
    pub fn form(&self) -> MatrixForm {
        match (self.coupled, self.jacobian) {
            (None, _) => MatrixForm::One,
            (Some(tableau), NewtonJacobian::Frozen) => MatrixForm::Blocks(tableau),
            (Some(tableau), NewtonJacobian::Exact) => MatrixForm::Coupled(tableau),
        }
    }
}

/// Compile settings of Newton's method.
///
/// Iterations end where the error that is left is below a part `kappa` of the tolerance, as the rate of convergence tells (E. Hairer, G. Wanner, Solving Ordinary Differential
/// Equations II, 2nd ed., Springer 1996, §IV.8); the rate is kept from one solution to the next, so that a good first guess takes one iteration.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "newton", template = "newton")]
pub struct NewtonConfig {
    /// State variables.
    #[input]
    pub n: usize,
    /// The equations.
    #[input]
    pub equations: StageEquations,
    /// Stages that are solved for together.
    #[input]
    pub stages: usize,
    /// Whether each iteration has a matrix of its own.
    #[input]
    pub exact: bool,
    /// Iterations before a step is given up.
    #[setting(default = 10, range = 1..=100)]
    pub max_iterations: u32,
    /// Error that iterations may leave, as a part of the tolerance of a step; 0 takes min(0.01, √rtol), but not less than rounding allows.
    #[setting(default = 0.0, range = 0.0..=1.0, argument)]
    pub kappa: f64,
    /// Absolute tolerance of the iteration; 0 takes that of the steps.
    #[setting(default = 0.0, min = 0.0, argument)]
    pub atol: f64,
    /// Relative tolerance of the iteration; 0 takes that of the steps.
    #[setting(default = 0.0, min = 0.0, argument)]
    pub rtol: f64,
    /// Go only so far along each correction that the residual decreases: for equations with bad first guesses.
    #[setting(default = false)]
    pub line_search: bool,
    /// Halvings of a correction before a step is given up.
    #[setting(default = 8, range = 1..=50)]
    pub max_backtracks: u32,
    /// Solves the linear equations of an iteration.
    #[child(prefix = "krylov", inputs = LinearSolverInputs::of(equations, stages * n))]
    pub linear: LinearSolverConfig,
    /// Inverse tolerances of all states in this step.
    #[buffer(len = n, persistent)]
    pub weights: Buffer,
    /// Error that iterations may leave in this step, in units of the tolerance.
    #[buffer(len = 1, persistent)]
    pub threshold: Buffer,
    /// Residual of the equations.
    #[buffer(len = stages * n)]
    pub residual: Buffer,
    /// Correction of an iteration.
    #[buffer(len = stages * n)]
    pub delta: Buffer,
    /// Rate of convergence of the last solution; 0 where there is none.
    #[buffer(len = 1, persistent, zeroed)]
    pub previous_theta: Buffer,
    /// Residual after a part of a correction.
    #[buffer(len = if line_search { stages * n } else { 0 })]
    pub residual_temp: Buffer,
    /// Where a line search begins.
    #[buffer(len = if line_search { stages * n } else { 0 })]
    pub stage_base_bt: Buffer,
}
