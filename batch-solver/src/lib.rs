//! Batches of ordinary differential equations, integrated on the GPU or on the vector units of a CPU.
//!
//! * [`system`]: equations, as text or as Rust expressions, become a [`System`] that can be evaluated and emitted as
//!   device code.
//! * [`tableau`]: the coefficients of Runge–Kutta methods, as data.

pub mod system;
pub mod tableau;

pub use system::{
    EmitOptions, EmittedSystem, Expr, System, SystemBuilder, SystemError, SystemErrors,
};
pub use tableau::{ErkTableau, UnknownTableau};
