use buffer_runtime::{Buffer, Buffers};

use crate::linear::{LinearSolver, SystemStructure};
use crate::newton::{NewtonConfig, NewtonJacobian, StageEquations};

macro_rules! backwards_euler {
    ($(#[$meta:meta])* $config:ident, $group:tt, $template:tt; $(#[$increment:meta])*) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Buffers)]
        #[buffers(name = $group, template = $template)]
        pub struct $config {
            /// State variables.
            #[input]
            pub n: usize,
            /// Pattern of the Jacobian, and the size of the equations as code.
            #[input]
            pub structure: SystemStructure,
            /// Whether equations and linear algebra are inlined where they are called.
            #[input]
            pub inlined: bool,
            /// Whether the derivative is kept for a trace.
            #[input]
            pub trace: bool,
            /// How the linear equations of an iteration are solved.
            #[setting(default = LinearSolver::Lu)]
            pub linear_solver: LinearSolver,
            /// Which Jacobian Newton's method has.
            #[setting(default = NewtonJacobian::Frozen)]
            pub newton_jacobian: NewtonJacobian,
            /// Solves the equations of the step.
            #[child(prefix = "newton", with(n, stages = 1, exact = newton_jacobian.is_exact(), equations = StageEquations::new(structure, inlined, *linear_solver, *newton_jacobian, None)))]
            pub newton: NewtonConfig,
            $(#[$increment])*
            pub increment_cache: Buffer,
            /// Derivative at the end of the last step, where it is traced.
            #[buffer(len = if trace { n } else { 0 }, persistent)]
            pub trace_derivatives: Buffer,
        }
    };
}

backwards_euler! {
    /// Compile settings of the backward Euler step, whose first guess is the increment of the step before.
    BackwardsEulerConfig, "backwards_euler", "backwards_euler_step";
    /// Increment of the step, then the first guess for the next one.
    #[buffer(len = n, persistent, zeroed)]
}

backwards_euler! {
    /// Compile settings of the backward Euler step with a predictor: its first guess is an explicit step.
    BackwardsEulerPcConfig, "backwards_euler_pc", "backwards_euler_pc_step";
    /// Increment of the step: as predicted, then as corrected.
    #[buffer(len = n)]
}
