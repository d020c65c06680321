//! Batches of ordinary differential equations, integrated on the GPU or on the vector units of a CPU.
//!
//! * [`system`]: equations, as text or as Rust expressions, become a [`System`] that can be evaluated and emitted as
//!   device code.
//! * [`tableau`]: the coefficients of Runge–Kutta methods, as data.

pub mod algorithm;
pub mod batch;
pub mod controller;
mod device;
mod error;
pub mod integrate;
mod memory;
pub mod solution;
mod solver;
pub mod step;
pub mod system;
pub mod tableau;

pub use algorithm::Algorithm;
pub use batch::{Batch, BatchError, linspace};
pub use error::SolveError;
pub use integrate::LoopConfig;
pub use solution::{Solution, Status};
pub use solver::Solver;
pub use system::{
    EmitOptions, EmittedSystem, Expr, System, SystemBuilder, SystemError, SystemErrors,
};
pub use tableau::{ErkTableau, UnknownTableau};
