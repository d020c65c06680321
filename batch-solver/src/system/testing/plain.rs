//! Expressions evaluated exactly as written.

use super::{Inputs, NAMES};
use crate::system::expr::{Expr, Head, Infix};

/// A value of a syntax tree.
#[derive(Clone, Copy, Debug)]
pub(in crate::system) enum Value {
    Number(f64),
    Condition(bool),
}

impl Value {
    fn number(self) -> f64 {
        match self {
            Self::Number(value) => value,
            Self::Condition(_) => panic!("a condition"),
        }
    }

    fn condition(self) -> bool {
        match self {
            Self::Condition(value) => value,
            Self::Number(_) => panic!("a number"),
        }
    }
}

/// The value as written; every number computed on the way is shown to `observe`.
pub(in crate::system) fn evaluate(expr: &Expr, inputs: &Inputs, observe: &mut impl FnMut(f64)) -> f64 {
    value(expr, inputs, observe).number()
}

fn value(expr: &Expr, inputs: &Inputs, observe: &mut impl FnMut(f64)) -> Value {
    let operands: Vec<Value> = expr.syntax().operands.iter().map(|operand| value(operand, inputs, observe)).collect();
    let number = |index: usize| operands[index].number();
    let result = match &expr.syntax().head {
        Head::Number(value) => Value::Number(*value),
        Head::Name(name) => {
            let position = NAMES.iter().position(|known| known == name).expect("a known name");
            Value::Number(inputs[position])
        }
        Head::Negate => Value::Number(-number(0)),
        Head::Not => Value::Condition(!operands[0].condition()),
        Head::Infix(op) => match op {
            Infix::Or => Value::Condition(operands[0].condition() | operands[1].condition()),
            Infix::And => Value::Condition(operands[0].condition() & operands[1].condition()),
            Infix::Less => Value::Condition(number(0) < number(1)),
            Infix::LessEqual => Value::Condition(number(0) <= number(1)),
            Infix::Greater => Value::Condition(number(0) > number(1)),
            Infix::GreaterEqual => Value::Condition(number(0) >= number(1)),
            Infix::Equal => Value::Condition(number(0) == number(1)),
            Infix::NotEqual => Value::Condition(number(0) != number(1)),
            Infix::Add => Value::Number(number(0) + number(1)),
            Infix::Subtract => Value::Number(number(0) - number(1)),
            Infix::Multiply => Value::Number(number(0) * number(1)),
            Infix::Divide => Value::Number(number(0) / number(1)),
            Infix::Power => Value::Number(number(0).powf(number(1))),
        },
        Head::Call(name) if name == "select" => {
            Value::Number(if operands[0].condition() { number(1) } else { number(2) })
        }
        Head::Call(name) => {
            let arguments: Vec<f64> = operands.iter().map(|operand| operand.number()).collect();
            Value::Number(call(name, &arguments))
        }
        Head::Derivative(_) => panic!("no derivatives in random expressions"),
    };
    if let Value::Number(value) = result {
        observe(value);
    }
    result
}

/// A built-in function of numbers.
pub(in crate::system) fn call(name: &str, arguments: &[f64]) -> f64 {
    let x = arguments[0];
    match (name, arguments) {
        ("min", &[_, y]) => {
            if x < y {
                x
            } else {
                y
            }
        }
        ("max", &[_, y]) => {
            if x > y {
                x
            } else {
                y
            }
        }
        ("atan2", &[_, y]) => x.atan2(y),
        ("hypot", &[_, y]) => x.hypot(y),
        ("exp", _) => x.exp(),
        ("exp2", _) => x.exp2(),
        ("expm1", _) => x.exp_m1(),
        ("log" | "ln", _) => x.ln(),
        ("log2", _) => x.log2(),
        ("log10", _) => x.log10(),
        ("log1p", _) => x.ln_1p(),
        ("sqrt", _) => x.sqrt(),
        ("cbrt", _) => x.cbrt(),
        ("sin", _) => x.sin(),
        ("cos", _) => x.cos(),
        ("tan", _) => x.tan(),
        ("asin", _) => x.asin(),
        ("acos", _) => x.acos(),
        ("atan", _) => x.atan(),
        ("sinh", _) => x.sinh(),
        ("cosh", _) => x.cosh(),
        ("tanh", _) => x.tanh(),
        ("abs", _) => x.abs(),
        ("sign", _) if x == 0.0 || x.is_nan() => x,
        ("sign", _) => x.signum(),
        ("floor", _) => x.floor(),
        ("ceil", _) => x.ceil(),
        _ => panic!("unknown function {name}"),
    }
}
