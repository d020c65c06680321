//! Implicit steps that solve their equations by Newton's method.
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod coefficients;
mod counts;
mod failures;
mod identical_bits;
mod linear_solvers;
mod memory;
mod settings;
mod solutions;
mod stability;
#[path = "../support/mod.rs"]
mod support;

use batch_solver::Algorithm;

/// All methods with Newton's iteration.
fn methods() -> impl Iterator<Item = Algorithm> {
    Algorithm::all().filter(Algorithm::iterates)
}

/// Those of them that estimate their error.
fn adaptive_methods() -> impl Iterator<Item = Algorithm> {
    methods().filter(Algorithm::has_error_estimate)
}
