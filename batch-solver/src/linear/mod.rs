//! Linear systems within implicit steps.
//!
//! [`SparseLu`] analyses the pattern of a Jacobian once, on the host; [`LuConfig`] declares the factory that factorises and solves on the device, lane by lane.
//! [`SteepestDescentConfig`], [`MinimalResidualConfig`] and [`BicgstabConfig`] declare iterations that need products with the matrix alone.

mod code;
mod direct;
mod host;
mod krylov;
mod lu;
mod solver;
mod structure;
mod symbolic;
#[cfg(test)]
mod tests;

pub use code::{LuCode, STRAIGHT_LINE_LIMIT};
pub use direct::{BlockTables, DirectAllocators, DirectConfig, DirectInputs, DirectSettings, MatrixForm};
pub use krylov::{
    BicgstabAllocators, BicgstabConfig, BicgstabInputs, BicgstabSettings, JacobiAllocators, JacobiConfig, JacobiInputs,
    JacobiSettings, MinimalResidualAllocators, MinimalResidualConfig, MinimalResidualInputs, MinimalResidualSettings,
    NeumannAllocators, NeumannConfig, NeumannInputs, NeumannSettings, NoPreconditionerAllocators,
    NoPreconditionerConfig, NoPreconditionerInputs, NoPreconditionerSettings, Preconditioner, PreconditionerAllocators,
    PreconditionerConfig, PreconditionerInputs, PreconditionerSettings, SteepestDescentAllocators,
    SteepestDescentConfig, SteepestDescentInputs, SteepestDescentSettings,
};
pub use lu::{LuAllocators, LuConfig, LuInputs, LuPrecision, LuSettings};
pub use solver::{LinearSolver, LinearSolverAllocators, LinearSolverConfig, LinearSolverInputs, LinearSolverSettings};
pub use structure::SystemStructure;
pub use symbolic::SparseLu;
