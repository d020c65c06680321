use buffer_runtime::{Buffer, Buffers};

use crate::linear::{LinearSolver, SystemStructure};
use crate::newton::{NewtonConfig, NewtonJacobian, StageEquations};

/// Compile settings of the Crank–Nicolson step. Its error estimate is the difference to a backward Euler step, for which a second system of equations is solved.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "crank_nicolson", template = "crank_nicolson_step")]
pub struct CrankNicolsonConfig {
    /// State variables.
    #[input]
    pub n: usize,
    /// Pattern of the Jacobian, and the size of the equations as code.
    #[input]
    pub structure: SystemStructure,
    /// Whether equations and linear algebra are inlined where they are called.
    #[input]
    pub inlined: bool,
    /// Whether the derivatives are kept for a trace.
    #[input]
    pub trace: bool,
    /// How the linear equations of an iteration are solved.
    #[setting(default = LinearSolver::Lu)]
    pub linear_solver: LinearSolver,
    /// Which Jacobian Newton's method has.
    #[setting(default = NewtonJacobian::Frozen)]
    pub newton_jacobian: NewtonJacobian,
    /// Solves the equations of the step, then those of the backward Euler step.
    #[child(prefix = "newton", with(n, stages = 1, exact = newton_jacobian.is_exact(), equations = StageEquations::new(structure, inlined, *linear_solver, *newton_jacobian, None)))]
    pub newton: NewtonConfig,
    /// Increment of the step.
    #[buffer(len = n)]
    pub increment: Buffer,
    /// State after half a step with the derivative at the start.
    #[buffer(len = n)]
    pub stage_base: Buffer,
    /// Derivative at the start of the step, which is not needed any more when equations are solved.
    #[buffer(len = n, aliases = newton)]
    pub dxdt: Buffer,
    /// Derivatives at the start and the end of the last step, where it is traced.
    #[buffer(len = if trace { 2 * n } else { 0 }, persistent)]
    pub trace_derivatives: Buffer,
}
