//! Derivatives of random expressions.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};

use super::*;
use crate::system::expr::Expr;
use crate::system::testing::{self, Inputs as Values, dual};
use crate::system::tests::{arguments, system_of};

const FUSED: EmitOptions = EmitOptions { fuse: true, ..UNFUSED };

/// How many derivatives could be bounded, were not bounded to zero, and were looked at.
#[derive(Clone, Copy, Default)]
struct Counts {
    bounded: usize,
    nonzero: usize,
    all: usize,
}

fn check(found: f64, expr: &Expr, at: &Values, rates: &Values, counts: &Cell<Counts>) -> Result<(), TestCaseError> {
    let mut seen = counts.get();
    seen.all += 1;
    if let Some(bounds) = dual::rate(expr, at, rates) {
        seen.bounded += 1;
        seen.nonzero += usize::from(bounds.low > 0.0 || bounds.high < 0.0);
        let inside = bounds.low <= found && found <= bounds.high;
        prop_assert!(inside, "{expr} at {at:?} along {rates:?} is {found:e}, outside of {bounds:?}");
    }
    counts.set(seen);
    Ok(())
}

#[test]
fn derivatives_agree_with_dual_numbers() {
    let mut runner = TestRunner::new(ProptestConfig::with_cases(300));
    let counts = Cell::new(Counts::default());
    let directions = prop::collection::vec(-2.0..2.0_f64, 4);
    let strategy = (testing::expression(), prop::collection::vec(testing::inputs(), 8), directions);
    let outcome = runner.run(&strategy, |(expr, rows, direction)| {
        let system = system_of(std::slice::from_ref(&expr));
        let sparsity = system.jacobian_sparsity();
        for options in [UNFUSED, FUSED] {
            let jacobian = system.jacobian_program(options);
            let by_time = system.time_derivative_program(options);
            let product = system.jacobian_vector_program(options);
            let all = system.linearisation_program(options);
            for at in &rows {
                let (t, y, p, c, d) = arguments(&system, at);
                let rates = [direction[3]];
                let mut along = vec![0.0; y.len()];
                along[..3].copy_from_slice(&direction[..3]);
                let inputs = Inputs::new(t, &y, &p, &c).drivers(&d).driver_rates(&rates).direction(&along);
                let run = |program: &Program| program.evaluate_with(&inputs).expect("right lengths");
                let entries = run(&jacobian);
                for column in 0..3 {
                    let found = sparsity.position(3, column).map_or(0.0, |entry| entries[entry]);
                    let mut by_state = [0.0; 7];
                    by_state[1 + column] = 1.0;
                    check(found, &expr, at, &by_state, &counts)?;
                    if let Some(entry) = sparsity.position(3, column) {
                        check(run(&all)[y.len() + entry], &expr, at, &by_state, &counts)?;
                    }
                }
                let time_and_driver = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, rates[0]];
                check(run(&by_time)[3], &expr, at, &time_and_driver, &counts)?;
                check(run(&all)[y.len() + entries.len() + 3], &expr, at, &time_and_driver, &counts)?;
                let [vx, vy, vz] = [along[0], along[1], along[2]];
                check(run(&product)[3], &expr, at, &[0.0, vx, vy, vz, 0.0, 0.0, 0.0], &counts)?;
            }
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let Counts { bounded, nonzero, all } = counts.get();
    assert!(3 * bounded > all && 8 * nonzero > all, "only {bounded} of {all} could be bounded, {nonzero} not to zero");
}

proptest! {
    #[test]
    fn the_diagonal_is_that_of_the_jacobian(
        expressions in prop::collection::vec(testing::expression(), 3),
        at in testing::inputs(),
    ) {
        let mut builder = System::builder("random").parameter("p", 0.5).constant("k", 1.25).driver("u");
        for (name, value) in ["x", "y", "z"].into_iter().zip(&expressions) {
            let state = builder.add_state(name, 1.0);
            builder.derivative(&state, value);
        }
        builder.add_observable("seen", ["p", "k", "u"].map(Expr::symbol).into_iter().sum::<Expr>());
        let system = builder.build().expect("random systems are valid");
        let (t, y, p, c, d) = arguments(&system, &at);
        let of = |program: Program| program.evaluate_driven(t, &y, &p, &c, &d).expect("right lengths");
        let (entries, sparsity) = (of(system.jacobian_program(UNFUSED)), system.jacobian_sparsity());
        for (state, value) in of(system.jacobian_diagonal_program(UNFUSED)).into_iter().enumerate() {
            let expected = sparsity.position(state, state).map_or(0.0, |entry| entries[entry]);
            prop_assert!(value == expected || (value.is_nan() && expected.is_nan()), "{value} and {expected}");
        }
    }

    #[test]
    fn sparsity_is_what_differentiation_finds(expressions in prop::collection::vec(testing::expression(), 1..4)) {
        let system = system_of(&expressions);
        let found = system.arena.clone().gradients(&system.derivatives, &system.state_symbols());
        let columns: Vec<Vec<usize>> =
            found.into_iter().map(|row| row.into_iter().map(|(column, _)| column).collect()).collect();
        let sparsity = system.jacobian_sparsity();
        prop_assert_eq!(sparsity.rows().collect::<Vec<_>>(), columns.iter().map(Vec::as_slice).collect::<Vec<_>>());
        prop_assert_eq!(system.jacobian_program(UNFUSED).outputs.len(), sparsity.nonzeros());
        for (index, (row, column)) in sparsity.positions().enumerate() {
            prop_assert_eq!(sparsity.position(row, column), Some(index));
        }
    }
}
