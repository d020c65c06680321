//! Tableaus of Runge–Kutta and Rosenbrock methods: data only.
//!
//! A tableau holds the published coefficients and nothing else. Whatever a stepper may exploit — first same as last,
//! a row of `a` that equals the weights, vanishing coefficients — is derived from the coefficients, never from the
//! name of the method. The tests check each tableau against the order conditions of all rooted trees up to its order.

mod coefficients;
pub mod erk;
mod names;
#[cfg(test)]
mod rooted_trees;
pub mod rosenbrock;

pub use erk::{ErkProperties, ErkTableau};
pub use names::UnknownTableau;
pub use rosenbrock::{RosenbrockProperties, RosenbrockTableau};

/// Families of step size controllers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PreferredController {
    /// The elementary controller: the step follows the last error estimate.
    Integral,
    /// Gustafsson's predictive controller: the step follows the last two error estimates and steps
    /// (K. Gustafsson, ACM TOMS 20 (1994) 496–517).
    Gustafsson,
}
