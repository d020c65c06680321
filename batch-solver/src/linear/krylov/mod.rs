//! Matrix-free linear solvers: iterations that know a matrix by its products with vectors.

mod preconditioner;
#[cfg(test)]
mod tests;

use buffer_runtime::{Buffer, Buffers};

pub use preconditioner::{
    JacobiAllocators, JacobiConfig, JacobiInputs, JacobiSettings, NeumannAllocators, NeumannConfig, NeumannInputs,
    NeumannSettings, NoPreconditionerAllocators, NoPreconditionerConfig, NoPreconditionerInputs,
    NoPreconditionerSettings, Preconditioner, PreconditionerAllocators, PreconditionerConfig, PreconditionerInputs,
    PreconditionerSettings,
};

macro_rules! krylov_solver {
    (
        $(#[$meta:meta])*
        $config:ident, $name:tt;
        buffers { $($(#[$buffer_meta:meta])* $buffer:ident;)* }
        preconditioned $(#[$vector_meta:meta])* $vector:ident;
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Buffers)]
        #[buffers(name = $name, template = $name)]
        pub struct $config {
            /// Unknowns.
            #[input]
            pub n: usize,
            /// Iterations before a solution is given up.
            #[setting(default = 50, range = 1..=10_000, argument)]
            pub max_iterations: u32,
            /// Norm of the residual to reach, in parts of that of the right-hand side. Newton's iteration contracts no faster than by this factor, and stops where what is
            /// left of a correction is below a hundredth of the tolerance: a tenth of that share is for the linear solution.
            #[setting(default = 1e-3, min = 0.0, lt = 1.0, argument)]
            pub reduction: f64,
            /// Norm of the residual that is small enough whatever the right-hand side, in units of the tolerance: a tenth of the share that Newton's iteration stops at.
            #[setting(default = 1e-3, min = 0.0, argument)]
            pub floor: f64,
            /// What the residuals are preconditioned by.
            #[setting(default = Preconditioner::None)]
            pub preconditioner: Preconditioner,
            /// The preconditioner; its settings go by the solver's label.
            #[child(inputs = PreconditionerInputs::of(*preconditioner, n))]
            pub preconditioning: PreconditionerConfig,
            /// Residual, in units of the largest entry of the right-hand side.
            #[buffer(len = n)]
            pub residual: Buffer,
            $(
                $(#[$buffer_meta])*
                #[buffer(len = n)]
                pub $buffer: Buffer,
            )*
            $(#[$vector_meta])*
            #[buffer(len = if *preconditioner == Preconditioner::None { 0 } else { n })]
            pub $vector: Buffer,
        }
    };
}

krylov_solver! {
    /// Compile settings of steepest descent: for matrices that are symmetric and positive definite, or nearly so. It may diverge for others.
    SteepestDescentConfig, "steepest_descent";
    buffers {
        /// Product of the matrix with the direction.
        temp;
    }
    preconditioned
    /// The preconditioned residual, which is the direction.
    preconditioned_vec;
}

krylov_solver! {
    /// Compile settings of the minimal residual iteration: the residual never grows, and vanishes where the matrix times the inverse of the preconditioner has a definite symmetric part.
    MinimalResidualConfig, "minimal_residual";
    buffers {
        /// Product of the matrix with the direction.
        temp;
    }
    preconditioned
    /// The preconditioned residual, which is the direction.
    preconditioned_vec;
}

krylov_solver! {
    /// Compile settings of BiCGSTAB: for any matrix, with two products by it in each iteration.
    BicgstabConfig, "bicgstab";
    buffers {
        /// The first residual, which the others become orthogonal to.
        r0_hat;
        /// Direction.
        p;
        /// Product of the matrix with the preconditioned direction.
        v;
        /// Product of the matrix with the preconditioned residual.
        tmp;
    }
    preconditioned
    /// The preconditioned direction, then the preconditioned residual.
    s_hat;
}
