//! The functions that equations may call.

use super::arena::{BinaryOp, UnaryOp};

/// What a function name of the equation language stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Unary(UnaryOp),
    Binary(BinaryOp),
    /// A binary operation folded from the left over two or more arguments: `min`, `max`.
    Fold(BinaryOp),
    /// `if(condition, a, b)`, also `select`.
    Select,
    /// `piecewise(a, condition, b, condition, …, otherwise)`: the first value whose condition holds.
    Piecewise,
}

/// How many arguments a function takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arity {
    Exactly(usize),
    AtLeast(usize),
    OddAtLeast(usize),
}

impl Arity {
    pub(crate) fn accepts(self, count: usize) -> bool {
        match self {
            Self::Exactly(wanted) => count == wanted,
            Self::AtLeast(least) => count >= least,
            Self::OddAtLeast(least) => count >= least && count % 2 == 1,
        }
    }

    pub(crate) fn describe(self) -> String {
        match self {
            Self::Exactly(1) => "1 argument".to_owned(),
            Self::Exactly(wanted) => format!("{wanted} arguments"),
            Self::AtLeast(least) => format!("at least {least} arguments"),
            Self::OddAtLeast(least) => format!("an odd number of arguments, at least {least}"),
        }
    }
}

/// All function names, in the order of the documentation.
pub(crate) const FUNCTIONS: &[(&str, Function)] = &[
    ("exp", Function::Unary(UnaryOp::Exp)),
    ("exp2", Function::Unary(UnaryOp::Exp2)),
    ("expm1", Function::Unary(UnaryOp::Expm1)),
    ("log", Function::Unary(UnaryOp::Log)),
    ("ln", Function::Unary(UnaryOp::Log)),
    ("log2", Function::Unary(UnaryOp::Log2)),
    ("log10", Function::Unary(UnaryOp::Log10)),
    ("log1p", Function::Unary(UnaryOp::Log1p)),
    ("sqrt", Function::Unary(UnaryOp::Sqrt)),
    ("cbrt", Function::Unary(UnaryOp::Cbrt)),
    ("pow", Function::Binary(BinaryOp::Pow)),
    ("hypot", Function::Binary(BinaryOp::Hypot)),
    ("sin", Function::Unary(UnaryOp::Sin)),
    ("cos", Function::Unary(UnaryOp::Cos)),
    ("tan", Function::Unary(UnaryOp::Tan)),
    ("asin", Function::Unary(UnaryOp::Asin)),
    ("acos", Function::Unary(UnaryOp::Acos)),
    ("atan", Function::Unary(UnaryOp::Atan)),
    ("atan2", Function::Binary(BinaryOp::Atan2)),
    ("sinh", Function::Unary(UnaryOp::Sinh)),
    ("cosh", Function::Unary(UnaryOp::Cosh)),
    ("tanh", Function::Unary(UnaryOp::Tanh)),
    ("abs", Function::Unary(UnaryOp::Abs)),
    ("sign", Function::Unary(UnaryOp::Sign)),
    ("floor", Function::Unary(UnaryOp::Floor)),
    ("ceil", Function::Unary(UnaryOp::Ceil)),
    ("min", Function::Fold(BinaryOp::Min)),
    ("max", Function::Fold(BinaryOp::Max)),
    ("if", Function::Select),
    ("select", Function::Select),
    ("piecewise", Function::Piecewise),
];

/// Named numbers.
pub(crate) const NUMBERS: &[(&str, f64)] = &[("pi", std::f64::consts::PI), ("e", std::f64::consts::E)];

/// The independent variable.
pub(crate) const TIME: &str = "t";

impl Function {
    pub(crate) fn named(name: &str) -> Option<Self> {
        FUNCTIONS.iter().find(|(known, _)| *known == name).map(|&(_, function)| function)
    }

    pub(crate) fn arity(self) -> Arity {
        match self {
            Self::Unary(_) => Arity::Exactly(1),
            Self::Binary(_) => Arity::Exactly(2),
            Self::Fold(_) => Arity::AtLeast(2),
            Self::Select => Arity::Exactly(3),
            Self::Piecewise => Arity::OddAtLeast(3),
        }
    }
}
