//! Emitted derivatives.

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;
use crate::system::expr::{Expr, select};
use crate::system::testing;
use crate::system::testing::cpp::{self, Entry, Precision};
use crate::system::tests::{arguments, canonical_f32, canonical_f64, system_of};

#[test]
fn the_text_of_a_linearisation() {
    let expected = "\
struct test_system {
    static constexpr int states = 2, parameters = 0, constants = 0, observables = 0;
    static constexpr bool autonomous = false;
    static constexpr int jacobian_nonzeros = 3;

    template <class Y, class P, class C, class D>
    BR_DEVICE static void rhs(const real& t, const Y& y, const P&, const C&, D& dydt) {
        const real y1 = y[1];
        dydt[0] = y1;  // dx/dt
        const real y0 = y[0];
        const real v0 = fma(-y0, y0, real(scalar(1.0)));
        const real v1 = scalar(5.0) * v0;
        const real v2 = fma(v1, y1, -y0);
        const real v3 = cos(t);
        const real v4 = v2 + v3;
        dydt[1] = v4;  // dy/dt
    }

    template <class Y, class P, class C, class O>
    BR_DEVICE static void observables_of(const real&, const Y&, const P&, const C&, O&) {
    }

    template <class Y, class P, class C, class D, class J, class T>
    BR_DEVICE static void linearise(const real& t, const Y& y, const P&, const C&, D& dydt, J& jacobian, T& dfdt) {
        const real y1 = y[1];
        dydt[0] = y1;  // dx/dt
        jacobian[0] = real(scalar(1.0));  // d(dx/dt)/dy
        dfdt[0] = real(scalar(0.0));  // d(dx/dt)/dt
        const real y0 = y[0];
        const real v0 = fma(-y0, y0, real(scalar(1.0)));
        const real v1 = scalar(5.0) * v0;
        const real v2 = fma(v1, y1, -y0);
        const real v3 = cos(t);
        const real v4 = v2 + v3;
        dydt[1] = v4;  // dy/dt
        const real v5 = scalar(10.0) * y0;
        const real v6 = fma(-v5, y1, real(scalar(-1.0)));
        jacobian[1] = v6;  // d(dy/dt)/dx
        jacobian[2] = v1;  // d(dy/dt)/dy
        const real v7 = sin(t);
        const real v8 = -v7;
        dfdt[1] = v8;  // d(dy/dt)/dt
    }
};
";
    let options = EmitOptions { linearisation: true, ..EmitOptions::default() };
    let emitted = oscillator().emit(options);
    let plain = oscillator().emit(EmitOptions::default());
    assert_eq!(plain.linearisation_statements, 0);
    assert_eq!(emitted.text, expected, "{}", emitted.text);
    assert_eq!(emitted.linearisation_statements, 9);
    assert_eq!((emitted.statements, emitted.operations), (plain.statements, plain.operations));
}

/// A sum large enough to be divided, with a condition and values that all terms share.
fn large() -> Expr {
    let [x, y, z, u] = ["x", "y", "z", "u"].map(Expr::symbol);
    let term = |k: u32| {
        let inner = Expr::from(f64::from(k)) * &x + &y;
        select(&(&x * &y).lt(&z), inner.clone().tanh() * &u, (inner + z.clone().exp()).sin())
    };
    (1..=200).map(term).sum()
}

#[test]
fn compiled_derivatives_give_the_bits_of_the_program() {
    let Some(compiler) = cpp::compiler() else {
        return;
    };
    let config = ProptestConfig { cases: 1, max_shrink_iters: 4, ..ProptestConfig::default() };
    let strategy = (
        prop::collection::vec(testing::expression(), 50),
        prop::collection::vec((testing::inputs(), -2.0..2.0_f64), 16),
        any::<bool>(),
    );
    for outline in [false, true] {
        let outcome = TestRunner::new(config.clone()).run(&strategy, |(mut expressions, rows, bake_constants)| {
            expressions.push(large());
            let system = system_of(&expressions);
            let options = EmitOptions {
                bake_constants,
                fuse: true,
                linearisation: true,
                jacobian_vector: true,
                jacobian_diagonal: true,
                outline,
            };
            let emitted = system.emit(options);
            let programs = [
                system.linearisation_program(options),
                system.jacobian_vector_program(options),
                system.jacobian_diagonal_program(options),
            ];
            let parts = emitted.text.matches("static void linearise_").count();
            prop_assert_eq!(parts > 1, outline, "{} statements", emitted.linearisation_statements);
            let holds_condition = |line: &str| line.contains("const mask m") && line.contains(" = held[");
            prop_assert_eq!(emitted.text.lines().any(holds_condition), outline);
            prop_assert_eq!(emitted.linearisation_statements, programs[0].statements());
            prop_assert_eq!(emitted.jacobian_vector_statements, programs[1].statements());
            prop_assert_eq!(emitted.jacobian_diagonal_statements, programs[2].statements());
            for precision in [Precision::F64, Precision::F32] {
                let (mut inputs, mut expected) = (Vec::new(), Vec::new());
                for (at, rate) in &rows {
                    let (t, y, p, c, d) = arguments(&system, at);
                    let v: Vec<f64> = (0..y.len()).map(|i| (i as f64).mul_add(0.25, *rate)).collect();
                    let r = [*rate];
                    let all = [&[t][..], &y, &p, &c, &d, &r, &v].concat();
                    match precision {
                        Precision::F64 => {
                            let values = Inputs::new(t, &y, &p, &c).drivers(&d).driver_rates(&r).direction(&v);
                            inputs.push(all.iter().map(|value| value.to_bits()).collect());
                            let results = programs
                                .iter()
                                .flat_map(|program| program.evaluate_with(&values).expect("right lengths"));
                            expected.push(results.map(canonical_f64).collect::<Vec<_>>());
                        }
                        Precision::F32 => {
                            let narrow =
                                |values: &[f64]| values.iter().map(|&value| value as f32).collect::<Vec<f32>>();
                            let (y, p, c, d, r, v) =
                                (narrow(&y), narrow(&p), narrow(&c), narrow(&d), narrow(&r), narrow(&v));
                            let values = Inputs::new(t as f32, &y, &p, &c).drivers(&d).driver_rates(&r).direction(&v);
                            inputs.push(narrow(&all).iter().map(|value| u64::from(value.to_bits())).collect());
                            let results = programs
                                .iter()
                                .flat_map(|program| program.evaluate_with(&values).expect("right lengths"));
                            expected.push(results.map(canonical_f32).collect::<Vec<_>>());
                        }
                    }
                }
                let found = cpp::run(&compiler, &emitted, Entry::derivatives(&system), precision, &inputs);
                let canonical = |bits: u64| match precision {
                    Precision::F64 => canonical_f64(f64::from_bits(bits)),
                    Precision::F32 => canonical_f32(f32::from_bits(bits as u32)),
                };
                for (row, (found, expected)) in found.iter().zip(&expected).enumerate() {
                    let found: Vec<u64> = found.iter().copied().map(canonical).collect();
                    prop_assert_eq!(&found, expected, "row {}", row);
                }
            }
            Ok(())
        });
        if let Err(error) = outcome {
            panic!("{error}");
        }
    }
}

#[test]
fn a_divided_function_is_called_like_a_whole_one() {
    let system = system_of(&[large()]);
    let options = EmitOptions {
        linearisation: true,
        jacobian_vector: true,
        jacobian_diagonal: true,
        outline: true,
        ..EmitOptions::default()
    };
    let text = system.emit(options).text;
    for part in [
        "BR_NOINLINE static void rhs(const real& t, const Y& y, const P& p, const C& c, D& dydt) {",
        "template <class Y, class P, class C, class D, class J, class T, class H>\n    BR_NOINLINE static void linearise_1(",
        "BR_DEVICE static void linearise(const real& t, const Y& y, const P& p, const C& c, D& dydt, J& jacobian, T& dfdt) {\n        real held[",
        "linearise_2(t, y, p, c, dydt, jacobian, dfdt, held);",
        "const auto& r = c.driver_rates_at(t);",
        "static void jacobian_vector(const real& t, const Y& y, const P& p, const C& c, const V& v, R& result) {",
        "BR_NOINLINE static void jacobian_diagonal(const real&, const Y&, const P&, const C&, R& result) {",
    ] {
        assert!(text.contains(part), "`{part}` is missing in\n{text}");
    }
    assert!(text.contains("BR_DEVICE static void observables_of("));
}
