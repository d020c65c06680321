//! Expressions evaluated with derivatives, by forward-mode dual numbers whose parts are bounded as in [`interval`].

use std::f64::consts::{LN_2, LN_10};

use super::interval::{self, Enclosure, Interval};
use super::{Inputs, NAMES};
use crate::system::expr::{Expr, Head, Infix};

/// A number and its derivative; `None` could be anything.
#[derive(Clone, Copy, Debug)]
struct Dual {
    value: Option<Interval>,
    rate: Option<Interval>,
}

#[derive(Clone, Copy, Debug)]
enum Value {
    Number(Dual),
    Condition(Option<bool>),
}

/// Bounds of the derivative in the direction in which the names change at the rates given, if rounding allows any.
pub(in crate::system) fn rate(expr: &Expr, inputs: &Inputs, rates: &Inputs) -> Option<Interval> {
    match evaluate(expr, inputs, rates) {
        Value::Number(dual) => dual.rate,
        Value::Condition(_) => panic!("a condition"),
    }
}

fn exactly(value: f64) -> Interval {
    Interval { low: value, high: value }
}

fn negated(a: Interval) -> Interval {
    Interval { low: -a.high, high: -a.low }
}

fn sum(a: Interval, b: Interval) -> Option<Interval> {
    Interval::widened(a.low + b.low, a.high + b.high, 1e-14)
}

fn product(a: Interval, b: Interval) -> Option<Interval> {
    a.corners(b, |x, y| x * y)
}

fn quotient(a: Interval, b: Interval) -> Option<Interval> {
    // Where the divisor may be next to zero its reciprocal, which derivatives use, may overflow.
    if b.magnitude().low < 1e-100 { None } else { a.corners(b, |x, y| x / y) }
}

fn evaluate(expr: &Expr, inputs: &Inputs, rates: &Inputs) -> Value {
    let operands: Vec<Value> = expr.syntax().operands.iter().map(|operand| evaluate(operand, inputs, rates)).collect();
    let number = |index: usize| match operands[index] {
        Value::Number(dual) => dual,
        Value::Condition(_) => panic!("a condition"),
    };
    let condition = |index: usize| match operands[index] {
        Value::Condition(known) => known,
        Value::Number(_) => panic!("a number"),
    };
    match &expr.syntax().head {
        Head::Number(value) => Value::Number(constant(*value)),
        Head::Name(name) => {
            let position = NAMES.iter().position(|known| known == name).expect("a known name");
            let value = Interval::widened(inputs[position], inputs[position], 0.0);
            Value::Number(Dual { value, rate: Some(exactly(rates[position])) })
        }
        Head::Negate => {
            let Dual { value, rate } = number(0);
            Value::Number(Dual { value: value.map(negated), rate: rate.map(negated) })
        }
        Head::Not => Value::Condition(condition(0).map(|known| !known)),
        Head::Infix(Infix::And) => Value::Condition(match (condition(0), condition(1)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }),
        Head::Infix(Infix::Or) => Value::Condition(match (condition(0), condition(1)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        }),
        Head::Infix(op @ (Infix::Add | Infix::Subtract | Infix::Multiply | Infix::Divide | Infix::Power)) => {
            Value::Number(arithmetic(*op, number(0), number(1)))
        }
        Head::Infix(op) => {
            let bounds = number(0).value.zip(number(1).value);
            Value::Condition(bounds.and_then(|(a, b)| match interval::infix(*op, a, b) {
                Enclosure::Condition(known) => known,
                Enclosure::Number(_) => None,
            }))
        }
        Head::Call(name) if name == "select" => Value::Number(chosen(condition(0), number(1), number(2))),
        Head::Call(name) if operands.len() == 1 => Value::Number(unary(name, number(0))),
        Head::Call(name) => Value::Number(binary(name, number(0), number(1))),
        Head::Derivative(_) => panic!("no derivatives in random expressions"),
    }
}

fn constant(value: f64) -> Dual {
    Dual { value: Interval::widened(value, value, 0.0), rate: Some(exactly(0.0)) }
}

fn chosen(first: Option<bool>, a: Dual, b: Dual) -> Dual {
    match first {
        Some(first) => {
            if first {
                a
            } else {
                b
            }
        }
        None => Dual { value: None, rate: None },
    }
}

/// The dual number of a value and of a rate that only exists where both operands do.
fn dual(value: Option<Interval>, rate: Option<Interval>) -> Dual {
    Dual { value, rate: value.and(rate) }
}

fn arithmetic(op: Infix, a: Dual, b: Dual) -> Dual {
    let value = a.value.zip(b.value).and_then(|(a, b)| match interval::infix(op, a, b) {
        Enclosure::Number(value) => value,
        Enclosure::Condition(_) => None,
    });
    let rate = || {
        let (x, y, dx, dy) = (a.value?, b.value?, a.rate?, b.rate?);
        match op {
            Infix::Add => sum(dx, dy),
            Infix::Subtract => sum(dx, negated(dy)),
            Infix::Multiply => sum(product(dx, y)?, product(x, dy)?),
            Infix::Divide => quotient(sum(dx, negated(product(value?, dy)?))?, y),
            _ => power_rate(x, y, dx, dy),
        }
    };
    dual(value, rate())
}

fn power_rate(x: Interval, y: Interval, dx: Interval, dy: Interval) -> Option<Interval> {
    let is_zero = |bounds: Interval| bounds.low == 0.0 && bounds.high == 0.0;
    let of_base = if is_zero(dx) || is_zero(y) {
        exactly(0.0)
    } else {
        // Exact where the exponent is, so that the power of a negative base keeps its meaning.
        let less = Interval { low: y.low - 1.0, high: y.high - 1.0 };
        product(dx, product(y, interval::power(x, less)?)?)?
    };
    let of_exponent = if is_zero(dy) {
        exactly(0.0)
    } else {
        product(dy, product(interval::power(x, y)?, interval::unary("log", x)?)?)?
    };
    sum(of_base, of_exponent)
}

fn unary(name: &str, a: Dual) -> Dual {
    let value = a.value.and_then(|a| interval::unary(name, a));
    let rate = || {
        let (x, dx, value) = (a.value?, a.rate?, value?);
        let one = exactly(1.0);
        let call = |name| interval::unary(name, x);
        let by = |divisor: Option<Interval>| quotient(dx, divisor?);
        let times = |factor: Option<Interval>| product(dx, factor?);
        match name {
            // Not at the kink itself, nor where rounding decides on which side a value is.
            "abs" if x.contains(0.0) => None,
            "abs" => Some(if x.low > 0.0 { dx } else { negated(dx) }),
            "sign" | "floor" | "ceil" => Some(exactly(0.0)),
            "sqrt" => by(product(exactly(2.0), value)),
            "exp" => times(Some(value)),
            "exp2" => times(product(value, exactly(LN_2))),
            "expm1" => times(sum(value, one)),
            "log" | "ln" => by(Some(x)),
            "log2" => by(product(x, exactly(LN_2))),
            "log10" => by(product(x, exactly(LN_10))),
            "log1p" => by(sum(one, x)),
            "sin" => times(call("cos")),
            "cos" => times(call("sin").map(negated)),
            "tan" => times(sum(one, product(value, value)?)),
            "asin" | "acos" => {
                let root = interval::unary("sqrt", product(sum(one, negated(x))?, sum(one, x)?)?);
                by(root).map(|rate| if name == "asin" { rate } else { negated(rate) })
            }
            "atan" => by(sum(one, product(x, x)?)),
            "sinh" => times(call("cosh")),
            "cosh" => times(call("sinh")),
            "tanh" => times(sum(one, negated(product(value, value)?))),
            _ => panic!("unknown function {name}"),
        }
    };
    dual(value, rate())
}

fn binary(name: &str, a: Dual, b: Dual) -> Dual {
    let value = a.value.zip(b.value).and_then(|(a, b)| interval::binary(name, a, b));
    let rate = || {
        let (x, y, dx, dy) = (a.value?, b.value?, a.rate?, b.rate?);
        match name {
            "min" | "max" => {
                let first = if name == "min" { x.high < y.low } else { x.low > y.high };
                let second = if name == "min" { y.high < x.low } else { y.low > x.high };
                (first != second).then_some(if first { dx } else { dy })
            }
            "atan2" => {
                let divisor = sum(product(x, x)?, product(y, y)?)?;
                quotient(sum(product(dx, y)?, negated(product(x, dy)?))?, divisor)
            }
            "hypot" => quotient(sum(product(x, dx)?, product(y, dy)?)?, value?),
            _ => panic!("unknown function {name}"),
        }
    };
    dual(value, rate())
}
