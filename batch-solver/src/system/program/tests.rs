use super::*;
use crate::system::{EmitOptions, System, SystemError};

/// The emitted right-hand side of `x` in terms of the states `x` and `y` and the constant `k`, which all are used.
fn program(value: &str, fuse: bool) -> Program {
    let system = System::builder("test")
        .equations(&format!("dx = {value}; dy = x + y + k"))
        .states([("x", 0.0), ("y", 0.0)])
        .constant("k", 3.0)
        .build()
        .unwrap_or_else(|errors| panic!("{errors}"));
    let program = system.derivative_program(EmitOptions { fuse, ..EmitOptions::default() });
    assert_eq!(program.outputs.len(), 2);
    program
}

/// The fused multiply-adds of `value`, as the values of their operands with signs, at x = 2, y = 5 and k = 3.
fn fused(value: &str) -> Vec<(f64, f64, f64)> {
    let program = program(value, true);
    let at = |id: ValueId| {
        let output = Output { value: id, after: 0 };
        let part = Program { outputs: vec![output], ..program.clone() };
        part.evaluate(0.0, &[2.0, 5.0], &[], &[3.0]).expect("right lengths")[0]
    };
    let operations = program.operations.iter();
    operations
        .filter_map(|operation| match *operation {
            Operation::Fma { a, b, c, minus_product, minus_addend } => {
                let signed = |value: f64, minus: bool| if minus { -value } else { value };
                Some((signed(at(a), minus_product), at(b), signed(at(c), minus_addend)))
            }
            _ => None,
        })
        .collect()
}

#[test]
fn products_used_once_are_fused_with_their_sum() {
    assert_eq!(fused("x*y + k"), [(2.0, 5.0, 3.0)]);
    assert_eq!(fused("k + x*y"), [(2.0, 5.0, 3.0)]);
    assert_eq!(fused("x*y - k"), [(2.0, 5.0, -3.0)]);
    assert_eq!(fused("k - x*y"), [(-2.0, 5.0, 3.0)]);
    assert_eq!(fused("x*y + k*x"), [(2.0, 5.0, 6.0)]);
    assert_eq!(fused("x*y - k*x"), [(2.0, 5.0, -6.0)]);
    assert_eq!(fused("-(x*y) - k"), [(-2.0, 5.0, -3.0)]);
    assert_eq!(fused("x*y + k*x + y*7"), [(2.0, 5.0, 6.0), (5.0, 7.0, 16.0)]);
}

#[test]
fn products_used_twice_are_computed_once() {
    assert_eq!(fused("x*y + sin(x*y)"), []);
    assert_eq!(program("x*y + sin(x*y)", true).counts().multiplications, 1);
    assert_eq!(fused("x + y"), []);
    assert_eq!(program("x*y + k", false).counts().fused, 0);
}

#[test]
fn fused_operations_round_once() {
    // The last bit of x² = 1 + 2⁻²⁹ + 2⁻⁶⁰ does not fit a binary64 number.
    let x = 1.0 + 2.0_f64.powi(-30);
    let run = |fuse| program("x*x - y", fuse).evaluate(0.0, &[x, 1.0], &[], &[0.0]).expect("right lengths")[0];
    assert_eq!(run(true), x.mul_add(x, -1.0));
    assert_eq!(run(false), x * x - 1.0);
    assert_ne!(run(true), run(false));
}

#[test]
fn single_precision_rounds_literals_and_operations() {
    let result = program("0.1*x + y", true).evaluate(0.0_f32, &[3.0, 0.7], &[], &[0.0]).expect("right lengths");
    assert_eq!(result[0], 0.1_f32.mul_add(3.0, 0.7));
}

#[test]
fn deeper_operands_come_first_and_results_are_stored_at_once() {
    let program = program("x/(y*y + x*k)", true);
    let needs_nothing = |operation: &Operation<ValueId>| matches!(operation, Operation::Input(_));
    // The quotient's divisor is computed before its dividend is read a second time; then the first result is stored.
    let quotient = program.operations.iter().position(|o| matches!(o, Operation::Binary(BinaryOp::Div, ..)));
    assert_eq!(program.outputs[0].after, quotient.expect("there is one") + 1);
    assert!(program.outputs[0].after < program.operations.len());
    assert!(needs_nothing(&program.operations[0]));
    for (index, operation) in program.operations.iter().enumerate() {
        assert!(operation.operands().all(|operand| operand.0 < index), "operands come first");
    }
}

#[test]
fn live_values_stay_few_in_a_long_sum() {
    // A balanced tree of 64 leaves needs 7 registers in the order of Sethi and Ullman, 64 level by level.
    let leaf = |n: usize| format!("sin({n}*x)");
    let mut level: Vec<String> = (1..=64).map(leaf).collect();
    while level.len() > 1 {
        level = level.chunks(2).map(|pair| format!("({})", pair.join(" + "))).collect();
    }
    let program = program(&level[0], false);
    let sum = program.outputs[0].after;
    let mut last_use = vec![0; program.operations.len()];
    for (index, operation) in program.operations.iter().enumerate().take(sum) {
        operation.operands().for_each(|operand| last_use[operand.0] = index);
    }
    let is_value = |index: usize| !matches!(program.operations[index], Operation::Literal(_) | Operation::Input(_));
    let live = |at: usize| (0..at).filter(|&index| is_value(index) && last_use[index] > at).count();
    assert!((0..sum).map(live).max().expect("not empty") <= 7);
}

#[test]
fn wrong_lengths_are_refused() {
    let error = program("x", true).evaluate(0.0, &[1.0], &[], &[1.0]).expect_err("a state is missing");
    assert_eq!(error.to_string(), "the system has 2 states, but 1 values were given");
    assert!(matches!(
        program("x", true).evaluate(0.0, &[1.0, 2.0], &[1.0], &[1.0]),
        Err(SystemError::WrongLength { expected: 0, found: 1, .. })
    ));
}

#[test]
fn operations_are_counted_by_sort() {
    let counts = program("sqrt(x*y + k)/exp(x) + abs(-y) + if(x < y, x^2, cbrt(y))", true).counts();
    let expected = OperationCounts {
        additions: 4,
        multiplications: 1,
        fused: 1,
        divisions: 1,
        square_roots: 1,
        functions: 2,
        others: 3,
    };
    assert_eq!(counts, expected);
    assert_eq!((counts.total(), counts.flops()), (13, 11));
}

#[test]
fn live_values_are_counted() {
    let live = |equations: &str, states: &[&str]| {
        let states = states.iter().map(|&name| (name, 0.0));
        let system = System::builder("test").equations(equations).states(states).build();
        system.unwrap_or_else(|errors| panic!("{errors}")).derivative_program(EmitOptions::default()).live_values()
    };
    assert_eq!(live("dx = 1", &["x"]), 0, "literals are no values");
    assert_eq!(live("dx = t", &["x"]), 0, "the time is an argument");
    assert_eq!(live("dx = x", &["x"]), 1);
    assert_eq!(live("dx = exp(x)", &["x"]), 1, "the result takes the place of the operand");
    assert_eq!(live("dx = x*y; dy = 1", &["x", "y"]), 2);
    assert_eq!(live("dx = exp(x) + x; dy = x*y", &["x", "y"]), 2, "x stays for the second result");
    assert_eq!(live("dx = exp(x) + y; dy = x; dz = y", &["x", "y", "z"]), 3, "a value waits for being stored");
}
