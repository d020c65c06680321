//! Canonicalising constructors.
//!
//! Exact: the same bits for all operands, except for the sign and payload of a NaN.
//! - Operations on literals are carried out as the same operation in binary64, when they are correctly rounded
//!   (`+ − × ÷`, `sqrt`, negation, `abs`, `sign`, `floor`, `ceil`, `min`, `max`, comparisons) and the result is finite.
//!   Elementary functions of literals stay: their last bit depends on the host's library. A result that is infinite
//!   or not a number stays an operation, so that it arises where the user wrote it.
//! - `x·1`, `x/1` → `x`; `x·(−1)`, `x/(−1)` → `−x`; `−(−x)` → `x`; `|−x|`, `||x||` → `|x|`; `min(x, x)` → `x`.
//! - `x/2ᵏ` → `x·2⁻ᵏ` for `|k| ≤ 126`, where the reciprocal is a normal number in binary32 and binary64.
//! - `a + (−b)` → `a − b`, `(−a) + b` → `b − a`, `a − (−b)` → `a + b`, with literals counted as negated if negative;
//!   a negation moves out of products and quotients, into a literal factor if there is one.
//! - `pow(x, 0)` → 1, `pow(x, 1)` → `x`, `pow(2, x)` → `exp2(x)`.
//! - `select` with a known condition or with equal branches; `select(not c, a, b)` → `select(c, b, a)`; double negation;
//!   `not (a == b)` → `a != b` and back; `and`, `or` with a known or a repeated operand.
//!
//! Changing the sign of a zero:
//! - `x + 0`, `x − 0` → `x` where `x` is `−0` (the sum would be `+0`);
//! - `0 − x` → `−x` where `x` is `+0` (the difference would be `+0`).
//!
//! Changing rounding (and replacing a call of `pow`):
//! - `pow(x, n)` with integer `|n| ≤ 32` → repeated products, by halving the exponent: at most `n − 1` roundings;
//! - `pow(x, n + ½)` with `|n + ½| ≤ 32` → `xⁿ·sqrt(x)`, which is NaN instead of `+∞` at `−∞` and may return `−0`;
//! - negative exponents of these kinds → the reciprocal, which overflows or underflows with the positive power;
//! - `pow(e, x)` → `exp(x)`, where the literal `e` is taken to mean Euler's number itself.
//!
//! Never: `0·x → 0`, `x − x → 0`, `x/x → 1` (wrong for infinities and NaN), reassociation, `not (a < b)` → `b <= a`
//! (wrong for NaN), `pow(x, 1/3)` → `cbrt(x)` (the literal is not one third).

use super::{Arena, BinaryOp, CompareOp, ExprId, Literal, Node, Symbol, UnaryOp};
use crate::system::real::Operations;

/// Largest magnitude of an exponent that is expanded into products.
const LARGEST_EXPANDED_EXPONENT: f64 = 32.0;

impl Arena {
    /// A number.
    pub(crate) fn literal(&mut self, value: f64) -> ExprId {
        self.intern(Node::Literal(Literal::new(value)))
    }

    pub(crate) fn symbol(&mut self, symbol: Symbol) -> ExprId {
        self.intern(Node::Symbol(symbol))
    }

    pub(crate) fn truth(&mut self, truth: bool) -> ExprId {
        self.intern(Node::Truth(truth))
    }

    pub(crate) fn unary(&mut self, op: UnaryOp, x: ExprId) -> ExprId {
        if let Some(value) = self.literal_value(x).and_then(|value| fold_unary(op, value)) {
            return self.literal(value);
        }
        match (op, self.node(x)) {
            (UnaryOp::Neg, Node::Unary(UnaryOp::Neg, y)) => y,
            (UnaryOp::Abs, Node::Unary(UnaryOp::Neg, y)) => self.unary(UnaryOp::Abs, y),
            (UnaryOp::Abs, Node::Unary(UnaryOp::Abs, _)) => x,
            _ => self.intern(Node::Unary(op, x)),
        }
    }

    pub(crate) fn binary(&mut self, op: BinaryOp, a: ExprId, b: ExprId) -> ExprId {
        if let (Some(left), Some(right)) = (self.literal_value(a), self.literal_value(b))
            && let Some(value) = fold_binary(op, left, right)
        {
            return self.literal(value);
        }
        match op {
            BinaryOp::Add => self.sum(a, b),
            BinaryOp::Sub => self.difference(a, b),
            BinaryOp::Mul => self.product(a, b),
            BinaryOp::Div => self.quotient(a, b),
            BinaryOp::Pow => self.power(a, b),
            BinaryOp::Min | BinaryOp::Max if a == b => a,
            _ => self.intern(Node::Binary(op, a, b)),
        }
    }

    pub(crate) fn compare(&mut self, op: CompareOp, a: ExprId, b: ExprId) -> ExprId {
        if let (Some(left), Some(right)) = (self.literal_value(a), self.literal_value(b)) {
            return self.truth(left.compare(op, right));
        }
        let node = Node::Compare(op, a, b);
        if op.commutes() { self.intern_commuting(node, Node::Compare(op, b, a)) } else { self.intern(node) }
    }

    pub(crate) fn not(&mut self, condition: ExprId) -> ExprId {
        match self.node(condition) {
            Node::Truth(truth) => self.truth(!truth),
            Node::Not(inner) => inner,
            Node::Compare(CompareOp::Eq, a, b) => self.compare(CompareOp::Ne, a, b),
            Node::Compare(CompareOp::Ne, a, b) => self.compare(CompareOp::Eq, a, b),
            _ => self.intern(Node::Not(condition)),
        }
    }

    pub(crate) fn and(&mut self, a: ExprId, b: ExprId) -> ExprId {
        match (self.node(a), self.node(b)) {
            (Node::Truth(truth), _) => {
                if truth {
                    b
                } else {
                    a
                }
            }
            (_, Node::Truth(truth)) => {
                if truth {
                    a
                } else {
                    b
                }
            }
            _ if a == b => a,
            _ => self.intern_commuting(Node::And(a, b), Node::And(b, a)),
        }
    }

    pub(crate) fn or(&mut self, a: ExprId, b: ExprId) -> ExprId {
        match (self.node(a), self.node(b)) {
            (Node::Truth(truth), _) => {
                if truth {
                    a
                } else {
                    b
                }
            }
            (_, Node::Truth(truth)) => {
                if truth {
                    b
                } else {
                    a
                }
            }
            _ if a == b => a,
            _ => self.intern_commuting(Node::Or(a, b), Node::Or(b, a)),
        }
    }

    /// `condition ? a : b` for two numbers or two conditions.
    pub(crate) fn select(&mut self, condition: ExprId, a: ExprId, b: ExprId) -> ExprId {
        if a == b {
            return a;
        }
        if self.node(a).is_condition() {
            let chosen = self.and(condition, a);
            let otherwise = self.not(condition);
            let other = self.and(otherwise, b);
            return self.or(chosen, other);
        }
        match self.node(condition) {
            Node::Truth(truth) => {
                if truth {
                    a
                } else {
                    b
                }
            }
            Node::Not(inner) => self.select(inner, b, a),
            _ => self.intern(Node::Select(condition, a, b)),
        }
    }

    fn sum(&mut self, a: ExprId, b: ExprId) -> ExprId {
        if self.is_zero(b) {
            a
        } else if self.is_zero(a) {
            b
        } else if let Some(negated) = self.without_minus(b) {
            self.binary(BinaryOp::Sub, a, negated)
        } else if let Some(negated) = self.without_minus(a) {
            self.binary(BinaryOp::Sub, b, negated)
        } else {
            self.commuting(BinaryOp::Add, a, b)
        }
    }

    fn difference(&mut self, a: ExprId, b: ExprId) -> ExprId {
        if self.is_zero(b) {
            a
        } else if self.is_zero(a) {
            self.unary(UnaryOp::Neg, b)
        } else if let Some(negated) = self.without_minus(b) {
            self.binary(BinaryOp::Add, a, negated)
        } else {
            self.intern(Node::Binary(BinaryOp::Sub, a, b))
        }
    }

    fn product(&mut self, a: ExprId, b: ExprId) -> ExprId {
        for (factor, other) in [(a, b), (b, a)] {
            match self.literal_value(factor) {
                Some(1.0) => return other,
                Some(-1.0) => return self.unary(UnaryOp::Neg, other),
                _ => {}
            }
        }
        match self.move_minus_out(a, b) {
            Some(Signed { a, b, minus }) => self.signed(BinaryOp::Mul, a, b, minus),
            None => self.commuting(BinaryOp::Mul, a, b),
        }
    }

    fn quotient(&mut self, a: ExprId, b: ExprId) -> ExprId {
        match self.literal_value(b) {
            Some(1.0) => return a,
            Some(-1.0) => return self.unary(UnaryOp::Neg, a),
            Some(divisor) if has_exact_reciprocal(divisor) => {
                let reciprocal = self.literal(1.0 / divisor);
                return self.binary(BinaryOp::Mul, a, reciprocal);
            }
            _ => {}
        }
        match self.move_minus_out(a, b) {
            Some(Signed { a, b, minus }) => self.signed(BinaryOp::Div, a, b, minus),
            None => self.intern(Node::Binary(BinaryOp::Div, a, b)),
        }
    }

    fn power(&mut self, base: ExprId, exponent: ExprId) -> ExprId {
        if let Some(value) = self.literal_value(exponent)
            && value.abs() <= LARGEST_EXPANDED_EXPONENT
            && (2.0 * value).fract() == 0.0
        {
            let magnitude = self.power_by_products(base, value.abs());
            if value >= 0.0 {
                return magnitude;
            }
            let one = self.literal(1.0);
            return self.binary(BinaryOp::Div, one, magnitude);
        }
        match self.literal_value(base) {
            Some(2.0) => self.unary(UnaryOp::Exp2, exponent),
            Some(std::f64::consts::E) => self.unary(UnaryOp::Exp, exponent),
            _ => self.intern(Node::Binary(BinaryOp::Pow, base, exponent)),
        }
    }

    /// `base` to a non-negative exponent that is a multiple of one half.
    fn power_by_products(&mut self, base: ExprId, exponent: f64) -> ExprId {
        let whole = exponent.floor();
        let integer_power = match whole {
            0.0 => self.literal(1.0),
            1.0 => base,
            _ if whole % 2.0 == 0.0 => {
                let half = self.power_by_products(base, whole / 2.0);
                self.binary(BinaryOp::Mul, half, half)
            }
            _ => {
                let rest = self.power_by_products(base, whole - 1.0);
                self.binary(BinaryOp::Mul, base, rest)
            }
        };
        if exponent == whole {
            return integer_power;
        }
        let root = self.unary(UnaryOp::Sqrt, base);
        self.binary(BinaryOp::Mul, integer_power, root)
    }

    fn is_zero(&self, id: ExprId) -> bool {
        self.literal_value(id) == Some(0.0)
    }

    /// `y` if `x` is `−y`: a negation or a negative literal.
    fn without_minus(&mut self, x: ExprId) -> Option<ExprId> {
        match self.node(x) {
            Node::Unary(UnaryOp::Neg, y) => Some(y),
            Node::Literal(literal) if literal.value() < 0.0 => Some(self.literal(-literal.value())),
            _ => None,
        }
    }

    /// The operands of a product or quotient without their negations; `None` if none is a negation.
    fn move_minus_out(&mut self, a: ExprId, b: ExprId) -> Option<Signed> {
        let negated = |node| {
            if let Node::Unary(UnaryOp::Neg, inner) = node { Some(inner) } else { None }
        };
        let (minus_a, minus_b) = (negated(self.node(a)), negated(self.node(b)));
        let mut negative = |id| self.literal_value(id).map(|value| self.literal(-value));
        match (minus_a, minus_b) {
            (None, None) => None,
            (Some(a), Some(b)) => Some(Signed { a, b, minus: false }),
            (Some(a), None) => Some(match negative(b) {
                Some(b) => Signed { a, b, minus: false },
                None => Signed { a, b, minus: true },
            }),
            (None, Some(b)) => Some(match negative(a) {
                Some(a) => Signed { a, b, minus: false },
                None => Signed { a, b, minus: true },
            }),
        }
    }

    fn signed(&mut self, op: BinaryOp, a: ExprId, b: ExprId, minus: bool) -> ExprId {
        let magnitude = self.binary(op, a, b);
        if minus { self.unary(UnaryOp::Neg, magnitude) } else { magnitude }
    }

    fn commuting(&mut self, op: BinaryOp, a: ExprId, b: ExprId) -> ExprId {
        debug_assert!(op.commutes());
        self.intern_commuting(Node::Binary(op, a, b), Node::Binary(op, b, a))
    }
}

/// Operands stripped of their negations, and the sign they leave behind.
struct Signed {
    a: ExprId,
    b: ExprId,
    minus: bool,
}

fn fold_unary(op: UnaryOp, x: f64) -> Option<f64> {
    let correctly_rounded =
        matches!(op, UnaryOp::Neg | UnaryOp::Abs | UnaryOp::Sign | UnaryOp::Floor | UnaryOp::Ceil | UnaryOp::Sqrt);
    correctly_rounded.then(|| x.unary(op)).filter(|value| value.is_finite())
}

fn fold_binary(op: BinaryOp, a: f64, b: f64) -> Option<f64> {
    let correctly_rounded =
        matches!(op, BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Min | BinaryOp::Max);
    correctly_rounded.then(|| a.binary(op, b)).filter(|value| value.is_finite())
}

/// Powers of two whose reciprocal is a normal number in binary32 and binary64.
fn has_exact_reciprocal(x: f64) -> bool {
    let mantissa_is_zero = x.to_bits() << 12 == 0;
    mantissa_is_zero && (f64::from(f32::MIN_POSITIVE)..=1.0 / f64::from(f32::MIN_POSITIVE)).contains(&x.abs())
}
