use buffer_runtime::{Buffers, setting_enum};

use super::direct::{BlockTables, DirectConfig, DirectInputs};
use super::krylov::{
    BicgstabConfig, BicgstabInputs, MinimalResidualConfig, MinimalResidualInputs, SteepestDescentConfig,
    SteepestDescentInputs,
};
use crate::newton::StageEquations;

setting_enum! {
    /// How linear equations are solved.
    pub enum LinearSolver {
        /// Sparse LU factorisation.
        Lu = "lu",
        /// BiCGSTAB, which knows the matrix by its products with vectors alone: nothing of n × n is stored.
        Bicgstab = "bicgstab",
        /// Minimal residual, likewise.
        MinimalResidual = "minimal_residual",
        /// Steepest descent, likewise.
        SteepestDescent = "steepest_descent",
    }
}

impl LinearSolver {
    /// Whether matrices are factorised.
    #[must_use]
    pub fn is_direct(self) -> bool {
        self == Self::Lu
    }
}

/// The solver of linear equations of implicit steps.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "linear_solver")]
pub enum LinearSolverConfig {
    /// Factorisation.
    Lu(DirectConfig),
    /// BiCGSTAB.
    Bicgstab(BicgstabConfig),
    /// Minimal residual.
    MinimalResidual(MinimalResidualConfig),
    /// Steepest descent.
    SteepestDescent(SteepestDescentConfig),
}

impl LinearSolverInputs {
    /// The inputs for the equations of a step, of a number of unknowns.
    pub fn of(equations: &StageEquations, unknowns: usize) -> Self {
        let StageEquations { structure, inlined, linear_solver, .. } = equations;
        let form = equations.form();
        match linear_solver {
            LinearSolver::Lu => Self::Lu(DirectInputs {
                n: structure.n(),
                structure: structure.clone(),
                inlined: *inlined,
                form,
                blocks: BlockTables::of(form),
            }),
            LinearSolver::Bicgstab => Self::Bicgstab(BicgstabInputs { n: unknowns }),
            LinearSolver::MinimalResidual => Self::MinimalResidual(MinimalResidualInputs { n: unknowns }),
            LinearSolver::SteepestDescent => Self::SteepestDescent(SteepestDescentInputs { n: unknowns }),
        }
    }
}
