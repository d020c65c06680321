//! Random expressions, and evaluations of them that know nothing of the arena.

pub(super) mod cpp;
pub(super) mod dual;
pub(super) mod interval;
pub(super) mod plain;

use proptest::prelude::*;

use super::expr::{Condition, Expr, select};

/// The names that random expressions use: the time, states, a parameter, a constant and a driver.
pub(super) const NAMES: [&str; 7] = ["t", "x", "y", "z", "p", "k", "u"];

/// Values for [`NAMES`].
pub(super) type Inputs = [f64; 7];

/// Numbers that simplification treats in a special way, and others.
pub(super) fn literal() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => prop::sample::select(vec![0.0, 1.0, -1.0, 2.0, -2.0, 0.5, 0.25, 4.0, 1.5, -0.5, 3.0, 1e-3, 1.0 / 3.0, 7.0]),
        1 => -8.0..8.0_f64,
    ]
}

/// Ordinary inputs, with a few special ones.
pub(super) fn inputs() -> impl Strategy<Value = Inputs> {
    let special = vec![0.0, -0.0, 1.0, -1.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e300, -1e300, 5e-324, 1e-310];
    let value = prop_oneof![8 => -3.0..3.0_f64, 2 => 0.0..50.0_f64, 1 => prop::sample::select(special)];
    prop::array::uniform7(value)
}

/// Expressions of every kind the language has.
pub(super) fn expression() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        3 => prop::sample::select(NAMES.to_vec()).prop_map(Expr::symbol),
        2 => literal().prop_map(Expr::from),
    ];
    leaf.prop_recursive(6, 48, 3, |inner| {
        let pair = || (inner.clone(), inner.clone());
        prop_oneof![
            5 => pair().prop_map(|(a, b)| a + b),
            5 => pair().prop_map(|(a, b)| a - b),
            6 => pair().prop_map(|(a, b)| a * b),
            3 => pair().prop_map(|(a, b)| a / b),
            2 => inner.clone().prop_map(|a| -a),
            2 => (inner.clone(), literal()).prop_map(|(a, b)| a.pow(b)),
            1 => pair().prop_map(|(a, b)| a.pow(b)),
            2 => (prop::sample::select(UNARY.to_vec()), inner.clone()).prop_map(|(name, a)| Expr::call(name, [a])),
            2 => (prop::sample::select(BINARY.to_vec()), pair()).prop_map(|(name, (a, b))| Expr::call(name, [a, b])),
            2 => (condition(inner.clone()), pair()).prop_map(|(c, (a, b))| select(&c, a, b)),
        ]
    })
}

/// Expressions whose simplification is exact: without powers, and with literals no operation of which is zero.
pub(super) fn exact_expression() -> impl Strategy<Value = Expr> {
    let exact_literal = prop::sample::select(vec![1.0, -1.0, 2.0, 0.5, -0.25, 3.0, 0.1, 1e300]);
    let leaf = prop_oneof![
        3 => prop::sample::select(NAMES.to_vec()).prop_map(Expr::symbol),
        2 => exact_literal.prop_map(Expr::from),
    ];
    leaf.prop_recursive(6, 48, 3, |inner| {
        let pair = || (inner.clone(), inner.clone());
        prop_oneof![
            4 => pair().prop_map(|(a, b)| a + b),
            4 => pair().prop_map(|(a, b)| a - b),
            5 => pair().prop_map(|(a, b)| a * b),
            5 => pair().prop_map(|(a, b)| a / b),
            5 => inner.clone().prop_map(|a| -a),
            2 => inner.clone().prop_map(|a| a.abs()),
            1 => pair().prop_map(|(a, b)| a.min(b)),
            2 => (condition(inner.clone()), pair()).prop_map(|(c, (a, b))| select(&c, a, b)),
        ]
    })
}

/// Without `cbrt`: Rust's standard library brings its own, whose last bit is not that of the C library.
const UNARY: [&str; 22] = [
    "exp", "exp2", "expm1", "log", "ln", "log2", "log10", "log1p", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan",
    "sinh", "cosh", "tanh", "abs", "sign", "floor", "ceil",
];

const BINARY: [&str; 4] = ["min", "max", "atan2", "hypot"];

fn condition(inner: impl Strategy<Value = Expr> + Clone + 'static) -> impl Strategy<Value = Condition> {
    let comparison = (0..6, inner.clone(), inner).prop_map(|(kind, a, b)| match kind {
        0 => a.lt(b),
        1 => a.le(b),
        2 => a.gt(b),
        3 => a.ge(b),
        4 => a.equals(b),
        _ => a.differs(b),
    });
    comparison.prop_recursive(2, 4, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a & b),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a | b),
            inner.prop_map(|a| !a),
        ]
    })
}
