//! Derivatives, against arithmetic that knows nothing of the arena.

mod device;
mod driven;
mod functions;
mod random;
mod structure;

use super::*;

fn system(equations: &str, states: &[&str]) -> System {
    let builder = System::builder("test").equations(equations).states(states.iter().map(|&name| (name, 0.5)));
    builder.build().unwrap_or_else(|errors| panic!("{errors}"))
}

/// A Van der Pol oscillator with a drive.
fn oscillator() -> System {
    system("dx = y; dy = 5*(1 - x^2)*y - x + cos(t)", &["x", "y"])
}
