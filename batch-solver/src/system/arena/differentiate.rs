//! Symbolic differentiation.
//!
//! Derivatives are those of real functions where these have one. Where a function chooses, its derivative is that of
//! what it chose, kinks and jumps included: `abs(x)` is `x < 0 ? -x : x`, `min(a, b)` is `a < b ? a : b`, `max(a, b)`
//! is `a > b ? a : b`, and a selection is differentiated in its branches. Conditions, `sign`, `floor` and `ceil` have
//! derivative zero everywhere. A power does not change by its exponent where its base is zero or its exponent does not
//! change, whatever the sign of the base. Otherwise a derivative that does not exist, as that of `sqrt` at zero, is
//! infinite or NaN.
//!
//! An expression that does not depend on a symbol has no derivative by it, `None`, rather than the literal zero: sums
//! and products then never hold a `0·x`, which the arena would keep for the sake of infinities and NaN. A derivative
//! that only happens to be zero, as that of `x − x`, is a literal zero and makes products with it zero.
//!
//! Derivatives use the value of the function itself where they can (`exp`, `tan`, `sqrt`, quotients, …). Divisors are
//! divided by once where several derivatives of an expression are taken, and multiplied with; a single derivative is
//! divided.

use std::f64::consts::{LN_2, LOG2_E, LOG10_E};

use super::dependencies::BLOCK;
use super::{Arena, BinaryOp, CompareOp, ExprId, Node, Symbol, UnaryOp};

/// Factors of a product among which one is looked for: more than powers are expanded into.
const MOST_FACTORS_DEEP: usize = 12;

/// How a symbol changes along the direction of a derivative.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rate {
    One,
    Symbol(Symbol),
}

impl Arena {
    /// The partial derivatives of each root with respect to `symbols`, as ascending positions in `symbols` with the
    /// derivative; those missing are zero.
    pub(crate) fn gradients(&mut self, roots: &[ExprId], symbols: &[Symbol]) -> Vec<Vec<(usize, ExprId)>> {
        let differentiated = self.differentiated(roots);
        let mut gradients = vec![Vec::new(); roots.len()];
        let mut tangents = Tangents::new(self);
        for (block, symbols) in symbols.chunks(BLOCK).enumerate() {
            let sets = tangents.arena.dependencies(&differentiated, symbols);
            let mut dependent = vec![Vec::new(); symbols.len()];
            for &id in &differentiated {
                let set = sets[id.index()];
                tangents.several[id.index()] = set.len() > 1;
                set.positions().for_each(|position| dependent[position].push(id));
            }
            for (position, (&symbol, dependent)) in symbols.iter().zip(&dependent).enumerate() {
                tangents.propagate(dependent, |found| (found == symbol).then_some(Rate::One));
                for (gradient, root) in gradients.iter_mut().zip(roots) {
                    gradient.extend(tangents.of(*root).map(|derivative| (block * BLOCK + position, derivative)));
                }
                tangents.clear(dependent);
            }
        }
        gradients
    }

    /// The derivative of each root in the direction in which symbols change at the rates `rate`; `None` is zero.
    pub(crate) fn directional(
        &mut self,
        roots: &[ExprId],
        rate: impl Fn(Symbol) -> Option<Rate>,
    ) -> Vec<Option<ExprId>> {
        let differentiated = self.differentiated(roots);
        let mut tangents = Tangents::new(self);
        tangents.propagate(&differentiated, rate);
        roots.iter().map(|&root| tangents.of(root)).collect()
    }
}

/// Derivatives of the expressions of an arena, all in the same direction.
struct Tangents<'a> {
    arena: &'a mut Arena,
    /// By index of the expression.
    tangents: Vec<Option<ExprId>>,
    /// Whether several derivatives of the expression will be taken.
    several: Vec<bool>,
}

impl<'a> Tangents<'a> {
    fn new(arena: &'a mut Arena) -> Self {
        let len = arena.len();
        Self { arena, tangents: vec![None; len], several: vec![false; len] }
    }

    fn of(&self, id: ExprId) -> Option<ExprId> {
        self.tangents[id.index()]
    }

    /// Differentiates `expressions`, whose operands come before them.
    fn propagate(&mut self, expressions: &[ExprId], rate: impl Fn(Symbol) -> Option<Rate>) {
        for &id in expressions {
            let node = self.arena.node(id);
            let tangent = match node {
                Node::Symbol(symbol) => rate(symbol).map(|rate| match rate {
                    Rate::One => self.arena.literal(1.0),
                    Rate::Symbol(symbol) => self.arena.symbol(symbol),
                }),
                _ if node.differentiated_operands().all(|operand| self.of(operand).is_none()) => None,
                Node::Unary(op, a) => self.of(a).map(|da| self.unary(id, op, a, da)),
                Node::Binary(op, a, b) => self.binary(id, op, a, b),
                Node::Select(condition, a, b) => Some(self.chosen(condition, a, b)),
                _ => None,
            };
            self.tangents[id.index()] = tangent;
        }
    }

    fn clear(&mut self, expressions: &[ExprId]) {
        expressions.iter().for_each(|id| self.tangents[id.index()] = None);
    }

    fn unary(&mut self, id: ExprId, op: UnaryOp, a: ExprId, da: ExprId) -> ExprId {
        match op {
            UnaryOp::Neg => self.negated(da),
            UnaryOp::Abs => {
                let zero = self.arena.literal(0.0);
                let negative = self.arena.compare(CompareOp::Lt, a, zero);
                let minus = self.negated(da);
                self.arena.select(negative, minus, da)
            }
            // Nothing differentiates these; their derivative would be zero.
            UnaryOp::Sign | UnaryOp::Floor | UnaryOp::Ceil => self.arena.literal(0.0),
            UnaryOp::Sqrt => self.quotient(id, da, 0.5, id),
            UnaryOp::Cbrt => {
                let square = self.arena.binary(BinaryOp::Mul, id, id);
                self.quotient(id, da, 1.0 / 3.0, square)
            }
            UnaryOp::Exp => self.product(da, id),
            UnaryOp::Exp2 => {
                let slope = self.scaled(id, LN_2);
                self.product(da, slope)
            }
            UnaryOp::Expm1 => {
                let slope = self.plus_one(id);
                self.product(da, slope)
            }
            UnaryOp::Log => self.quotient(id, da, 1.0, a),
            UnaryOp::Log2 => self.quotient(id, da, LOG2_E, a),
            UnaryOp::Log10 => self.quotient(id, da, LOG10_E, a),
            UnaryOp::Log1p => {
                let divisor = self.plus_one(a);
                self.quotient(id, da, 1.0, divisor)
            }
            UnaryOp::Sin => {
                let cosine = self.arena.unary(UnaryOp::Cos, a);
                self.product(da, cosine)
            }
            UnaryOp::Cos => {
                let sine = self.arena.unary(UnaryOp::Sin, a);
                let product = self.product(da, sine);
                self.negated(product)
            }
            UnaryOp::Tan => {
                let square = self.arena.binary(BinaryOp::Mul, id, id);
                let slope = self.plus_one(square);
                self.product(da, slope)
            }
            UnaryOp::Asin | UnaryOp::Acos => {
                // The product of both factors keeps its digits next to the ends of the domain, unlike 1 − a².
                let one = self.arena.literal(1.0);
                let (below, above) = (self.arena.binary(BinaryOp::Sub, one, a), self.plus_one(a));
                let square = self.arena.binary(BinaryOp::Mul, below, above);
                let root = self.arena.unary(UnaryOp::Sqrt, square);
                self.quotient(id, da, if op == UnaryOp::Asin { 1.0 } else { -1.0 }, root)
            }
            UnaryOp::Atan => {
                let square = self.arena.binary(BinaryOp::Mul, a, a);
                let divisor = self.plus_one(square);
                self.quotient(id, da, 1.0, divisor)
            }
            UnaryOp::Sinh => {
                let slope = self.arena.unary(UnaryOp::Cosh, a);
                self.product(da, slope)
            }
            UnaryOp::Cosh => {
                let slope = self.arena.unary(UnaryOp::Sinh, a);
                self.product(da, slope)
            }
            UnaryOp::Tanh => {
                let one = self.arena.literal(1.0);
                let square = self.arena.binary(BinaryOp::Mul, id, id);
                let slope = self.arena.binary(BinaryOp::Sub, one, square);
                self.product(da, slope)
            }
        }
    }

    fn binary(&mut self, id: ExprId, op: BinaryOp, a: ExprId, b: ExprId) -> Option<ExprId> {
        let (da, db) = (self.of(a), self.of(b));
        match op {
            BinaryOp::Add => self.sum(da, db),
            BinaryOp::Sub => self.difference(da, db),
            BinaryOp::Mul => self.of_product(a, b),
            BinaryOp::Div => {
                let change = db.map(|db| self.product(db, id));
                let numerator = self.difference(da, change)?;
                if self.arena.literal_value(a) == Some(1.0) {
                    // The reciprocal is there already.
                    return Some(self.product(numerator, id));
                }
                Some(self.quotient(id, numerator, 1.0, b))
            }
            BinaryOp::Pow => self.of_power(id, a, b),
            BinaryOp::Min => {
                let first = self.arena.compare(CompareOp::Lt, a, b);
                Some(self.chosen(first, a, b))
            }
            BinaryOp::Max => {
                let first = self.arena.compare(CompareOp::Lt, b, a);
                Some(self.chosen(first, a, b))
            }
            BinaryOp::Atan2 => {
                let (left, right) = (da.map(|da| self.product(da, b)), db.map(|db| self.product(db, a)));
                let numerator = self.difference(left, right)?;
                let squares = [a, b].map(|x| self.arena.binary(BinaryOp::Mul, x, x));
                let divisor = self.arena.binary(BinaryOp::Add, squares[0], squares[1]);
                Some(self.quotient(id, numerator, 1.0, divisor))
            }
            BinaryOp::Hypot => {
                let (left, right) = (da.map(|da| self.product(da, a)), db.map(|db| self.product(db, b)));
                let numerator = self.sum(left, right)?;
                Some(self.quotient(id, numerator, 1.0, id))
            }
        }
    }

    fn of_product(&mut self, a: ExprId, b: ExprId) -> Option<ExprId> {
        let (da, db) = (self.of(a), self.of(b));
        if a == b {
            let twice = self.scaled(a, 2.0);
            return da.map(|da| self.product(da, twice));
        }
        for (factor, root) in [(a, b), (b, a)] {
            // Powers with halves, x·sqrt(x), have a derivative at zero, sqrt(x) has not.
            if let Node::Unary(UnaryOp::Sqrt, x) = self.arena.node(root)
                && let Some(dx) = self.of(x)
                && let Some(rest) = self.without_factor(factor, x, MOST_FACTORS_DEEP)
            {
                let half = self.scaled(rest, 0.5);
                let slope = self.arena.binary(BinaryOp::Mul, half, root);
                let (of_factor, of_root) = (self.of(factor).map(|df| self.product(df, root)), self.product(dx, slope));
                return self.sum(of_factor, Some(of_root));
            }
        }
        let (left, right) = (da.map(|da| self.product(da, b)), db.map(|db| self.product(db, a)));
        self.sum(left, right)
    }

    fn of_power(&mut self, id: ExprId, a: ExprId, b: ExprId) -> Option<ExprId> {
        let of_base = self.of(a).map(|da| {
            let one = self.arena.literal(1.0);
            let exponent = self.arena.binary(BinaryOp::Sub, b, one);
            let power = self.arena.binary(BinaryOp::Pow, a, exponent);
            let slope = self.arena.binary(BinaryOp::Mul, b, power);
            self.product(da, slope)
        });
        let of_exponent = self.of(b).map(|db| {
            let logarithm = self.arena.unary(UnaryOp::Log, a);
            let logarithm = match self.arena.literal_value(a) {
                Some(base) if base > 0.0 => logarithm,
                _ => {
                    // Where an exponent is chosen, the one chosen may be a number: negative bases have no logarithm.
                    let zero = self.arena.literal(0.0);
                    let [at_zero, stays] = [a, db].map(|x| self.arena.compare(CompareOp::Eq, x, zero));
                    let vanishes = self.arena.or(at_zero, stays);
                    self.arena.select(vanishes, zero, logarithm)
                }
            };
            let slope = self.arena.binary(BinaryOp::Mul, id, logarithm);
            self.product(db, slope)
        });
        self.sum(of_base, of_exponent)
    }

    /// The derivative of `condition ? a : b`.
    fn chosen(&mut self, condition: ExprId, a: ExprId, b: ExprId) -> ExprId {
        let zero = self.arena.literal(0.0);
        let (da, db) = (self.of(a).unwrap_or(zero), self.of(b).unwrap_or(zero));
        self.arena.select(condition, da, db)
    }

    fn sum(&mut self, a: Option<ExprId>, b: Option<ExprId>) -> Option<ExprId> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.arena.binary(BinaryOp::Add, a, b)),
            (a, b) => a.or(b),
        }
    }

    fn difference(&mut self, a: Option<ExprId>, b: Option<ExprId>) -> Option<ExprId> {
        match (a, b) {
            (Some(a), Some(b)) => Some(self.arena.binary(BinaryOp::Sub, a, b)),
            (None, Some(b)) => Some(self.negated(b)),
            (a, None) => a,
        }
    }

    fn negated(&mut self, x: ExprId) -> ExprId {
        if self.is_zero(x) { x } else { self.arena.unary(UnaryOp::Neg, x) }
    }

    /// A derivative times a factor. Numbers among them are multiplied here, which rounds otherwise than the product as
    /// it stands.
    fn product(&mut self, derivative: ExprId, factor: ExprId) -> ExprId {
        match (self.arena.literal_value(derivative), self.arena.literal_value(factor)) {
            (Some(0.0), _) => derivative,
            (Some(scale), _) => self.scaled(factor, scale),
            (None, Some(scale)) => self.scaled(derivative, scale),
            (None, None) => self.arena.binary(BinaryOp::Mul, derivative, factor),
        }
    }

    /// `derivative·scale/divisor`, as part of the derivative of `of`.
    fn quotient(&mut self, of: ExprId, derivative: ExprId, scale: f64, divisor: ExprId) -> ExprId {
        if self.is_zero(derivative) {
            return derivative;
        }
        if self.several[of.index()] || self.arena.literal_value(divisor).is_some() {
            let scale = self.arena.literal(scale);
            let reciprocal = self.arena.binary(BinaryOp::Div, scale, divisor);
            return self.product(derivative, reciprocal);
        }
        let numerator = self.scaled(derivative, scale);
        self.arena.binary(BinaryOp::Div, numerator, divisor)
    }

    /// `x` times a number, which is taken into a literal factor if there is one.
    fn scaled(&mut self, x: ExprId, scale: f64) -> ExprId {
        // Minus signs stay outside: sums take them in, and what they stand before may be there already.
        if scale < 0.0 {
            let scaled = self.scaled(x, -scale);
            return self.negated(scaled);
        }
        match self.arena.node(x) {
            Node::Unary(UnaryOp::Neg, negated) => {
                let scaled = self.scaled(negated, scale);
                return self.negated(scaled);
            }
            Node::Binary(BinaryOp::Mul, a, b) if scale != 1.0 => {
                for (factor, rest) in [(a, b), (b, a)] {
                    let scaled = self.arena.literal_value(factor).map(|value| value * scale);
                    if let Some(value) = scaled.filter(|value| value.is_normal()) {
                        let literal = self.arena.literal(value);
                        return self.arena.binary(BinaryOp::Mul, literal, rest);
                    }
                }
            }
            _ => {}
        }
        let scale = self.arena.literal(scale);
        self.arena.binary(BinaryOp::Mul, scale, x)
    }

    fn plus_one(&mut self, x: ExprId) -> ExprId {
        let one = self.arena.literal(1.0);
        self.arena.binary(BinaryOp::Add, one, x)
    }

    /// `x/factor` if `factor` is among the factors of `x`.
    fn without_factor(&mut self, x: ExprId, factor: ExprId, depth: usize) -> Option<ExprId> {
        if x == factor {
            return Some(self.arena.literal(1.0));
        }
        match self.arena.node(x) {
            Node::Binary(BinaryOp::Mul, a, b) if b == factor => Some(a),
            Node::Binary(BinaryOp::Mul, a, b) if depth > 0 => {
                let rest = self.without_factor(a, factor, depth - 1)?;
                Some(self.arena.binary(BinaryOp::Mul, rest, b))
            }
            _ => None,
        }
    }

    fn is_zero(&self, x: ExprId) -> bool {
        self.arena.literal_value(x) == Some(0.0)
    }
}
