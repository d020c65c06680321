//! Derivatives, against arithmetic that knows nothing of the arena.

use super::*;

fn system(equations: &str, states: &[&str]) -> System {
    let builder = System::builder("test").equations(equations).states(states.iter().map(|&name| (name, 0.5)));
    builder.build().unwrap_or_else(|errors| panic!("{errors}"))
}

/// The Van der Pol oscillator.
fn oscillator() -> System {
    system("dx = y; dy = 5*(1 - x^2)*y - x + cos(t)", &["x", "y"])
}

#[test]
fn the_jacobian_of_an_oscillator() {
    let system = oscillator();
    let sparsity = system.jacobian_sparsity();
    assert_eq!(sparsity.positions().collect::<Vec<_>>(), [(0, 1), (1, 0), (1, 1)]);
    assert_eq!((sparsity.n(), sparsity.nonzeros(), sparsity.row(0), sparsity.row(1)), (2, 3, &[1][..], &[0, 1][..]));
    assert_eq!((sparsity.position(1, 1), sparsity.position(0, 0), sparsity.position(2, 0)), (Some(2), None, None));
    assert_eq!(sparsity.row(2), &[] as &[usize]);
    assert_eq!(system.jacobian(0.0, &[2.0, 3.0], &[], &[]), Ok(vec![1.0, -61.0, -15.0]));
    assert_eq!(system.time_derivative(1.0, &[2.0, 3.0], &[], &[]), Ok(vec![0.0, -1.0_f64.sin()]));
    assert!(!system.is_autonomous());
    let all = system.linearisation_program(UNFUSED).evaluate(1.0, &[2.0, 3.0], &[], &[]);
    assert_eq!(all, Ok(vec![3.0, -47.0 + 1.0_f64.cos(), 1.0, -61.0, -15.0, 0.0, -1.0_f64.sin()]));
}
