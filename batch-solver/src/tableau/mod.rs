//! Tableaus of Runge–Kutta and Rosenbrock methods: data only.
//!
//! A tableau holds the published coefficients and nothing else. Whatever a stepper may exploit — first same as last,
//! a row of `a` that equals the weights, vanishing coefficients — is derived from the coefficients, never from the
//! name of the method. The tests check each tableau against the order conditions of all rooted trees up to its order.
//!
//! * [`erk`]: explicit Runge–Kutta methods.
//! * [`rosenbrock`]: Rosenbrock and W-methods, linearly implicit.
//! * [`dirk`]: diagonally implicit Runge–Kutta methods, which solve for one stage after the other.
//! * [`firk`]: fully implicit Runge–Kutta methods, which solve for all stages at once, and the blocks that take these
//!   apart.

mod coefficients;
mod dense;
pub mod dirk;
pub mod erk;
pub mod firk;
mod names;
#[cfg(test)]
mod order_conditions;
#[cfg(test)]
mod problems;
#[cfg(test)]
mod rooted_trees;
pub mod rosenbrock;
#[cfg(test)]
mod runge_kutta;
#[cfg(test)]
mod stability;
#[cfg(test)]
mod tests;

pub use dirk::{DirkProperties, DirkTableau};
pub use erk::{ErkProperties, ErkTableau};
pub use firk::{Blocks, ComplexBlock, ErrorWeights, FirkProperties, FirkTableau, RealBlock};
pub use names::UnknownTableau;
pub use rosenbrock::{RosenbrockProperties, RosenbrockTableau};

/// Families of step size controllers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PreferredController {
    /// The elementary controller: the step follows the last error estimate.
    Integral,
    /// The proportional–integral controller: the step follows the last two error estimates
    /// (K. Gustafsson, ACM TOMS 17 (1991) 533–554).
    ProportionalIntegral,
    /// Gustafsson's predictive controller: the step follows the last two error estimates and steps
    /// (K. Gustafsson, ACM TOMS 20 (1994) 496–517).
    Gustafsson,
}
