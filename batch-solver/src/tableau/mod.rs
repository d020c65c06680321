//! Butcher tableaus: data only.
//!
//! A tableau holds the published coefficients and nothing else. Whatever a stepper may exploit — first same as last,
//! a row of `a` that equals the weights, vanishing coefficients — is derived from the coefficients, never from the
//! name of the method. The tests check each tableau against the order conditions of all rooted trees up to its order.

pub mod erk;
pub mod rosenbrock;

pub use erk::{ErkProperties, ErkTableau, PreferredController, UnknownTableau};
pub use rosenbrock::RosenbrockTableau;
