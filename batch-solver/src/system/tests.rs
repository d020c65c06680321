use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::testing::cpp::{self, Entry, Precision};
use super::testing::{self, Inputs, interval, plain};
use super::*;

const FUSED: EmitOptions = EmitOptions { fuse: true, ..UNFUSED };

/// A system whose states have the given right-hand sides and that uses every name of [`testing::NAMES`].
pub(super) fn system_of(right_hand_sides: &[Expr]) -> System {
    let mut builder = System::builder("random").states([("x", 1.0), ("y", 2.0), ("z", 3.0)]);
    builder.add_parameter("p", 0.5);
    builder.add_constant("k", 1.25);
    builder.add_driver("u");
    for name in ["x", "y", "z"] {
        builder.derivative(&Expr::symbol(name), testing::NAMES.map(Expr::symbol).into_iter().sum::<Expr>());
    }
    for (index, value) in right_hand_sides.iter().enumerate() {
        let state = builder.add_state(format!("s{index}"), 0.0);
        builder.derivative(&state, value);
    }
    builder.add_observable("seen", right_hand_sides[0].clone() + Expr::symbol("dx"));
    builder.build().expect("random systems are valid")
}

/// Time, states, parameters, constants and drivers of `system` from the values of [`testing::NAMES`].
pub(super) fn arguments(
    system: &System,
    &[t, x, y, z, p, k, u]: &Inputs,
) -> (f64, Vec<f64>, [f64; 1], [f64; 1], [f64; 1]) {
    let mut states = vec![x, y, z];
    states.resize(system.states().len(), 0.0);
    (t, states, [p], [k], [u])
}

fn derivatives(program: &Program, system: &System, inputs: &Inputs) -> Vec<f64> {
    let (t, y, p, c, d) = arguments(system, inputs);
    program.evaluate_driven(t, &y, &p, &c, &d).expect("the lengths are right")
}

fn same_bits(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

proptest! {
    #[test]
    fn what_is_printed_parses_to_the_same_system(expr in testing::expression()) {
        let system = system_of(std::slice::from_ref(&expr));
        let reparsed: Expr = expr.to_string().parse().expect("printed expressions parse");
        prop_assert_eq!(&system_of(&[reparsed]), &system);
        let simplified = system.right_hand_side(3).expect("has four states").to_string();
        let reparsed: Expr = simplified.parse().expect("printed expressions parse");
        prop_assert_eq!(&system_of(&[reparsed]).arena, &system.arena, "{}", simplified);
    }

    #[test]
    fn a_rebuilt_arena_is_the_same_and_holds_nothing_else(expr in testing::expression()) {
        let system = system_of(&[expr]);
        let roots: Vec<_> = system.derivatives.iter().copied().chain(system.observables.iter().map(|o| o.value)).collect();
        let (rebuilt, new_roots) = system.arena.rebuild(&roots, |_| None);
        prop_assert_eq!(&rebuilt, &system.arena);
        prop_assert_eq!(new_roots, roots);
    }

    #[test]
    fn exact_simplifications_keep_every_bit(
        expr in testing::exact_expression(),
        inputs in prop::collection::vec(testing::inputs(), 8),
    ) {
        let system = system_of(std::slice::from_ref(&expr));
        let program = system.derivative_program(UNFUSED);
        for inputs in &inputs {
            // The sign of a zero is documented to change.
            let mut met_zero = false;
            let expected = plain::evaluate(&expr, inputs, &mut |value| met_zero |= value == 0.0);
            let found = derivatives(&program, &system, inputs)[3];
            prop_assert!(met_zero || same_bits(found, expected), "{expr}: {found:e} instead of {expected:e}");
        }
    }

    #[test]
    fn baking_constants_changes_rounding_only(expr in testing::expression(), inputs in testing::inputs()) {
        let system = system_of(std::slice::from_ref(&expr));
        let inputs = { let mut inputs = inputs; inputs[5] = 1.25; inputs };
        for fuse in [false, true] {
            let baked = system.derivative_program(EmitOptions { bake_constants: true, fuse, ..EmitOptions::default() });
            within_bounds(&expr, &inputs, derivatives(&baked, &system, &inputs)[3])?;
        }
    }
}

/// Checks a value against the bounds of the expression as written; says whether there were any.
fn within_bounds(expr: &Expr, inputs: &Inputs, value: f64) -> Result<bool, TestCaseError> {
    let Some(bounds) = interval::enclose(expr, inputs) else {
        return Ok(false);
    };
    let inside = bounds.low <= value && value <= bounds.high;
    prop_assert!(inside, "{expr} at {inputs:?} is {value:e}, outside of {bounds:?}");
    Ok(true)
}

#[test]
fn evaluation_agrees_with_the_expression_as_written() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(400));
    let counts = std::cell::Cell::new((0, 0));
    let strategy = (testing::expression(), prop::collection::vec(testing::inputs(), 8));
    let outcome = runner.run(&strategy, |(expr, rows)| {
        let system = system_of(std::slice::from_ref(&expr));
        let (fused, unfused) = (system.derivative_program(FUSED), system.derivative_program(UNFUSED));
        for inputs in &rows {
            let (t, y, p, c, d) = arguments(&system, inputs);
            let direct = system.evaluate_driven(t, &y, &p, &c, &d).expect("the lengths are right")[3];
            prop_assert!(same_bits(direct, derivatives(&unfused, &system, inputs)[3]));
            let bounded = within_bounds(&expr, inputs, direct)?;
            within_bounds(&expr, inputs, derivatives(&fused, &system, inputs)[3])?;
            let (checked, all) = counts.get();
            counts.set((checked + usize::from(bounded), all + 1));
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let (checked, all) = counts.get();
    assert!(2 * checked > all, "only {checked} of {all} evaluations could be bounded");
}

#[test]
fn compiled_code_gives_the_bits_of_the_program() {
    let Some(compiler) = cpp::compiler() else {
        return;
    };
    let config = ProptestConfig { cases: 2, max_shrink_iters: 16, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let strategy = (
        prop::collection::vec(testing::expression(), 40),
        prop::collection::vec(testing::inputs(), 40),
        any::<bool>(),
        any::<bool>(),
    );
    let outcome = runner.run(&strategy, |(expressions, rows, bake_constants, fuse)| {
        let system = system_of(&expressions);
        let options = EmitOptions { bake_constants, fuse, ..EmitOptions::default() };
        let emitted = system.emit(options);
        let programs = [system.derivative_program(options), system.observable_program(options)];
        let rows: Vec<_> = rows.iter().map(|inputs| arguments(&system, inputs)).collect();

        let expected: Vec<Vec<u64>> = rows
            .iter()
            .map(|(t, y, p, c, d)| {
                let results =
                    programs.iter().flat_map(|program| program.evaluate_driven(*t, y, p, c, d).expect("right lengths"));
                results.map(canonical_f64).collect()
            })
            .collect();
        let bits: Vec<Vec<u64>> = rows
            .iter()
            .map(|(t, y, p, c, d)| {
                [*t].iter().chain(y).chain(p).chain(c).chain(d).map(|value| value.to_bits()).collect()
            })
            .collect();
        let found = cpp::run(&compiler, &emitted, Entry::values(&system), Precision::F64, &bits);
        compare(&expressions, &found, &expected, |bits| canonical_f64(f64::from_bits(bits)))?;

        let narrow = |values: &[f64]| values.iter().map(|&value| value as f32).collect::<Vec<f32>>();
        let expected: Vec<Vec<u64>> = rows
            .iter()
            .map(|(t, y, p, c, d)| {
                let (t, y, p, c, d) = (*t as f32, narrow(y), narrow(p), narrow(c), narrow(d));
                let results = programs
                    .iter()
                    .flat_map(|program| program.evaluate_driven(t, &y, &p, &c, &d).expect("right lengths"));
                results.map(canonical_f32).collect()
            })
            .collect();
        let bits: Vec<Vec<u64>> = rows
            .iter()
            .map(|(t, y, p, c, d)| {
                [*t].iter()
                    .chain(y)
                    .chain(p)
                    .chain(c)
                    .chain(d)
                    .map(|&value| u64::from((value as f32).to_bits()))
                    .collect()
            })
            .collect();
        let found = cpp::run(&compiler, &emitted, Entry::values(&system), Precision::F32, &bits);
        compare(&expressions, &found, &expected, |bits| canonical_f32(f32::from_bits(bits as u32)))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

fn compare(
    expressions: &[Expr],
    found: &[Vec<u64>],
    expected: &[Vec<u64>],
    canonical: impl Fn(u64) -> u64,
) -> Result<(), TestCaseError> {
    for (row, (found, expected)) in found.iter().zip(expected).enumerate() {
        for (output, (&found, &expected)) in found.iter().zip(expected).enumerate() {
            let expr = output.checked_sub(3).and_then(|index| expressions.get(index));
            prop_assert_eq!(canonical(found), expected, "row {}, output {}: {:?}", row, output, expr);
        }
    }
    Ok(())
}

/// The bits, one pattern for all NaN.
pub(super) fn canonical_f64(value: f64) -> u64 {
    if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }
}

pub(super) fn canonical_f32(value: f32) -> u64 {
    u64::from(if value.is_nan() { f32::NAN.to_bits() } else { value.to_bits() })
}
