//! Expressions evaluated with bounds on their rounding errors.
//!
//! Each operation is carried out on intervals and widened by more than its rounding errors, so that every evaluation
//! that rounds in another order, or fuses, lies inside. `None` is "could be anything": not finite, outside of a
//! function's domain, or next to a pole.

use super::plain::call;
use super::{Inputs, NAMES};
use crate::system::expr::{Expr, Head, Infix};

/// Bounds of a number.
#[derive(Clone, Copy, Debug)]
pub(in crate::system) struct Interval {
    pub(in crate::system) low: f64,
    pub(in crate::system) high: f64,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Enclosure {
    Number(Option<Interval>),
    /// `None` if rounding errors decide.
    Condition(Option<bool>),
}

/// Bounds of the value, if rounding errors allow any.
pub(in crate::system) fn enclose(expr: &Expr, inputs: &Inputs) -> Option<Interval> {
    match enclosure(expr, inputs) {
        Enclosure::Number(interval) => interval,
        Enclosure::Condition(_) => panic!("a condition"),
    }
}

impl Interval {
    /// The interval widened by the rounding errors of one operation, if it is finite.
    pub(super) fn widened(low: f64, high: f64, relative: f64) -> Option<Self> {
        let margin = relative * low.abs().max(high.abs()) + 1e-290;
        let widened = Self { low: low - margin, high: high + margin };
        (widened.low.is_finite() && widened.high.is_finite() && widened.high.abs().max(widened.low.abs()) < 1e100)
            .then_some(widened)
    }

    /// The range of a function that is monotone in each argument, from its values at the corners.
    fn of_corners(corners: &[f64], relative: f64) -> Option<Self> {
        if corners.iter().any(|corner| corner.is_nan()) {
            return None;
        }
        let low = corners.iter().copied().fold(f64::INFINITY, f64::min);
        let high = corners.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Self::widened(low, high, relative)
    }

    pub(super) fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    pub(super) fn magnitude(self) -> Self {
        let (low, high) = (self.low.abs(), self.high.abs());
        Self { low: if self.contains(0.0) { 0.0 } else { low.min(high) }, high: low.max(high) }
    }

    pub(super) fn corners(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Option<Self> {
        let [(a, b), (c, d)] = [(self.low, self.high), (other.low, other.high)];
        Self::of_corners(&[f(a, c), f(a, d), f(b, c), f(b, d)], 1e-13)
    }
}

fn enclosure(expr: &Expr, inputs: &Inputs) -> Enclosure {
    let operands: Vec<Enclosure> = expr.syntax().operands.iter().map(|operand| enclosure(operand, inputs)).collect();
    let number = |index: usize| match &operands[index] {
        Enclosure::Number(interval) => *interval,
        Enclosure::Condition(_) => panic!("a condition"),
    };
    let condition = |index: usize| match &operands[index] {
        Enclosure::Condition(known) => *known,
        Enclosure::Number(_) => panic!("a number"),
    };
    match &expr.syntax().head {
        Head::Number(value) => Enclosure::Number(Interval::widened(*value, *value, 0.0)),
        Head::Name(name) => {
            let position = NAMES.iter().position(|known| known == name).expect("a known name");
            Enclosure::Number(Interval::widened(inputs[position], inputs[position], 0.0))
        }
        Head::Negate => Enclosure::Number(number(0).map(|a| Interval { low: -a.high, high: -a.low })),
        Head::Not => Enclosure::Condition(condition(0).map(|known| !known)),
        Head::Infix(Infix::And) => Enclosure::Condition(match (condition(0), condition(1)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }),
        Head::Infix(Infix::Or) => Enclosure::Condition(match (condition(0), condition(1)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        }),
        Head::Infix(op) => match (number(0), number(1)) {
            (Some(a), Some(b)) => infix(*op, a, b),
            _ if matches!(op, Infix::Add | Infix::Subtract | Infix::Multiply | Infix::Divide | Infix::Power) => {
                Enclosure::Number(None)
            }
            _ => Enclosure::Condition(None),
        },
        Head::Call(name) if name == "select" => Enclosure::Number(match condition(0) {
            Some(known) => number(if known { 1 } else { 2 }),
            None => number(1).zip(number(2)).map(|(a, b)| Interval { low: a.low.min(b.low), high: a.high.max(b.high) }),
        }),
        Head::Call(name) if operands.len() == 1 => Enclosure::Number(number(0).and_then(|a| unary(name, a))),
        Head::Call(name) => Enclosure::Number(number(0).zip(number(1)).and_then(|(a, b)| binary(name, a, b))),
        Head::Derivative(_) => panic!("no derivatives in random expressions"),
    }
}

pub(super) fn infix(op: Infix, a: Interval, b: Interval) -> Enclosure {
    let decided = |yes: bool, no: bool| {
        Enclosure::Condition(if yes {
            Some(true)
        } else if no {
            Some(false)
        } else {
            None
        })
    };
    let apart = a.high < b.low || b.high < a.low;
    match op {
        Infix::Less | Infix::LessEqual => decided(a.high < b.low, b.high < a.low),
        Infix::Greater | Infix::GreaterEqual => decided(b.high < a.low, a.high < b.low),
        Infix::Equal => decided(false, apart),
        Infix::NotEqual => decided(apart, false),
        Infix::Add => Enclosure::Number(Interval::widened(a.low + b.low, a.high + b.high, 1e-14)),
        Infix::Subtract => Enclosure::Number(Interval::widened(a.low - b.high, a.high - b.low, 1e-14)),
        Infix::Multiply => Enclosure::Number(a.corners(b, |x, y| x * y)),
        Infix::Divide if b.contains(0.0) => Enclosure::Number(None),
        Infix::Divide => Enclosure::Number(a.corners(b, |x, y| x / y)),
        Infix::Power => Enclosure::Number(power(a, b)),
        Infix::And | Infix::Or => Enclosure::Condition(None),
    }
}

pub(super) fn power(a: Interval, b: Interval) -> Option<Interval> {
    let exponent = (b.low / 2.0 + b.high / 2.0).round();
    let is_integer = b.low == exponent && b.high == exponent;
    if a.low > 1e-100 {
        return a.corners(b, f64::powf);
    }
    if !is_integer || exponent.abs() > 32.0 || (exponent < 0.0 && a.contains(0.0)) {
        return None;
    }
    let magnitude = a.magnitude();
    let even = exponent.rem_euclid(2.0) == 0.0;
    let (low, high) = if even { (magnitude.low, magnitude.high) } else { (a.low, a.high) };
    Interval::of_corners(&[low.powf(exponent), high.powf(exponent)], 1e-13)
}

pub(super) fn unary(name: &str, a: Interval) -> Option<Interval> {
    let ends = |x: Interval| Interval::of_corners(&[call(name, &[x.low]), call(name, &[x.high])], 1e-14);
    match name {
        "sin" | "cos" => {
            let (middle, reach) = (a.low / 2.0 + a.high / 2.0, a.high - a.low);
            let value = call(name, &[middle]);
            // The derivative is at most 1.
            (reach < 1.0).then(|| Interval::widened(value - reach - 1e-15, value + reach + 1e-15, 1e-14)).flatten()
        }
        "tan" if a.low < -1.4 || a.high > 1.4 => None,
        "abs" | "cosh" => ends(a.magnitude()),
        "log" | "ln" | "log2" | "log10" | "sqrt" if a.low <= 1e-250 => None,
        "log1p" if a.low <= -1.0 => None,
        // Steep at the ends of the domain, where a rounding error of the argument may leave it.
        "asin" | "acos" if a.low <= -1.0 || a.high >= 1.0 => None,
        _ => ends(a),
    }
}

pub(super) fn binary(name: &str, a: Interval, b: Interval) -> Option<Interval> {
    match name {
        // The angle jumps on the negative half of the axis and has no limit at the origin.
        "atan2" if b.low <= 0.0 && a.contains(0.0) => None,
        "hypot" => a.magnitude().corners(b.magnitude(), f64::hypot),
        _ => a.corners(b, |x, y| call(name, &[x, y])),
    }
}
