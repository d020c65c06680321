//! From syntax trees to the arena, with functions inlined.

use std::collections::HashMap;

use super::definitions::{Defined, Definition, Definitions, Meaning};
use super::report;
use crate::system::arena::{Arena, BinaryOp, CompareOp, ExprId, UnaryOp};
use crate::system::error::SystemError;
use crate::system::expr::{Expr, Head, Infix, Syntax};
use crate::system::function::Function;

/// Distinct expressions a system may expand to.
const MOST_EXPRESSIONS: usize = 100_000;

/// Functions that may call each other in a chain; bounds the recursion of inlining.
const DEEPEST_CALLS: usize = 100;

/// The expansion was given up and the error recorded.
struct GivenUp;

/// Builds the value of each definition.
pub(super) struct Lowering<'a> {
    definitions: &'a Definitions<'a>,
    arena: Arena,
    /// By definition; functions have no value of their own.
    values: Vec<Option<ExprId>>,
    /// Results of functions by definition and arguments.
    inlined: HashMap<(usize, Vec<ExprId>), ExprId>,
    calls: usize,
    errors: Vec<SystemError>,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(definitions: &'a Definitions<'a>) -> Self {
        Self {
            definitions,
            arena: Arena::default(),
            values: vec![None; definitions.definitions.len()],
            inlined: HashMap::new(),
            calls: 0,
            errors: Vec::new(),
        }
    }

    /// Builds the value of a definition; those it mentions must have been built.
    pub(super) fn define(&mut self, index: usize) {
        let definition = &self.definitions.definitions[index];
        if !matches!(definition.defined, Defined::Function { .. }) {
            self.values[index] = self.body(definition, &[]).ok();
        }
    }

    /// The value of something that has to be a number; `None` after an error.
    pub(super) fn number_of(&mut self, meaning: Meaning) -> Option<ExprId> {
        let id = self.meaning(meaning)?;
        let definition = match meaning {
            Meaning::Derivative(state) => self.definitions.derivatives[state]?,
            Meaning::Auxiliary(index) => index,
            Meaning::Number(_) | Meaning::Symbol(_) => return Some(id),
        };
        let value = &self.definitions.definitions[definition].equation.value;
        Some(self.number(id, value))
    }

    pub(super) fn finish(self) -> (Arena, Vec<SystemError>) {
        (self.arena, self.errors)
    }

    fn meaning(&mut self, meaning: Meaning) -> Option<ExprId> {
        match meaning {
            Meaning::Number(value) => Some(self.arena.literal(value)),
            Meaning::Symbol(symbol) => Some(self.arena.symbol(symbol)),
            Meaning::Derivative(state) => self.values[self.definitions.derivatives[state]?],
            Meaning::Auxiliary(index) => self.values[index],
        }
    }

    /// The right-hand side of a definition with the given arguments, operands before operations, without recursion
    /// except into functions.
    fn body(&mut self, definition: &Definition<'a>, arguments: &[ExprId]) -> Result<ExprId, GivenUp> {
        let root = &definition.equation.value;
        let mut done: HashMap<*const Syntax, ExprId> = HashMap::new();
        let mut pending = vec![(root, false)];
        while let Some((expr, operands_done)) = pending.pop() {
            if done.contains_key(&expr.address()) {
                continue;
            }
            let operands = &expr.syntax().operands;
            if !operands_done {
                pending.push((expr, true));
                pending.extend(operands.iter().rev().map(|operand| (operand, false)));
                continue;
            }
            let values: Vec<ExprId> = operands.iter().map(|operand| done[&operand.address()]).collect();
            let value = self.node(definition, arguments, expr, &values)?;
            if self.arena.len() > MOST_EXPRESSIONS {
                let (limit, location) = (MOST_EXPRESSIONS, expr.location());
                report(&mut self.errors, SystemError::TooLarge { limit, location });
                return Err(GivenUp);
            }
            done.insert(expr.address(), value);
        }
        Ok(done[&root.address()])
    }

    fn node(
        &mut self,
        definition: &Definition<'a>,
        arguments: &[ExprId],
        expr: &Expr,
        operands: &[ExprId],
    ) -> Result<ExprId, GivenUp> {
        let syntax = expr.syntax();
        Ok(match (&syntax.head, operands) {
            (Head::Number(value), _) => self.arena.literal(*value),
            (Head::Name(name), _) => {
                let argument = definition.argument(name).and_then(|position| arguments.get(position));
                let value = argument.copied().or_else(|| self.meaning(self.definitions.meaning(name)?));
                value.ok_or(GivenUp)?
            }
            (Head::Derivative(state), _) => {
                let state = self.definitions.state(state);
                state.and_then(|state| self.meaning(Meaning::Derivative(state))).ok_or(GivenUp)?
            }
            (Head::Negate, &[a]) => {
                let a = self.number(a, &syntax.operands[0]);
                self.arena.unary(UnaryOp::Neg, a)
            }
            (Head::Not, &[a]) => {
                let a = self.condition(a, &syntax.operands[0]);
                self.arena.not(a)
            }
            (Head::Infix(op), &[a, b]) => self.infix(*op, (a, &syntax.operands[0]), (b, &syntax.operands[1])),
            (Head::Call(name), _) => match self.definitions.function(name) {
                Some((function, _)) => self.inline(function, operands, expr)?,
                None => self.built_in(name, operands, &syntax.operands)?,
            },
            (Head::Negate | Head::Not | Head::Infix(_), _) => return Err(GivenUp),
        })
    }

    fn infix(&mut self, op: Infix, left: (ExprId, &Expr), right: (ExprId, &Expr)) -> ExprId {
        if matches!(op, Infix::And | Infix::Or) {
            let (a, b) = (self.condition(left.0, left.1), self.condition(right.0, right.1));
            return if op == Infix::And { self.arena.and(a, b) } else { self.arena.or(a, b) };
        }
        let (a, b) = (self.number(left.0, left.1), self.number(right.0, right.1));
        match op {
            Infix::Less => self.arena.compare(CompareOp::Lt, a, b),
            Infix::LessEqual => self.arena.compare(CompareOp::Le, a, b),
            Infix::Greater => self.arena.compare(CompareOp::Lt, b, a),
            Infix::GreaterEqual => self.arena.compare(CompareOp::Le, b, a),
            Infix::Equal => self.arena.compare(CompareOp::Eq, a, b),
            Infix::NotEqual => self.arena.compare(CompareOp::Ne, a, b),
            Infix::Add => self.arena.binary(BinaryOp::Add, a, b),
            Infix::Subtract => self.arena.binary(BinaryOp::Sub, a, b),
            Infix::Multiply => self.arena.binary(BinaryOp::Mul, a, b),
            Infix::Divide => self.arena.binary(BinaryOp::Div, a, b),
            Infix::Power => self.arena.binary(BinaryOp::Pow, a, b),
            Infix::And | Infix::Or => a,
        }
    }

    fn built_in(&mut self, name: &str, ids: &[ExprId], exprs: &[Expr]) -> Result<ExprId, GivenUp> {
        let function = Function::named(name).ok_or(GivenUp)?;
        let numbers = |lowering: &mut Self| -> Vec<ExprId> {
            ids.iter().zip(exprs).map(|(&id, expr)| lowering.number(id, expr)).collect()
        };
        match function {
            Function::Unary(op) => numbers(self).first().map(|&a| self.arena.unary(op, a)),
            Function::Binary(op) | Function::Fold(op) => {
                let numbers = numbers(self);
                numbers.into_iter().reduce(|a, b| self.arena.binary(op, a, b))
            }
            Function::Select => match (ids, exprs) {
                (&[c, a, b], [condition, left, right]) => {
                    let c = self.condition(c, condition);
                    Some(self.select(c, (a, left), (b, right)))
                }
                _ => None,
            },
            Function::Piecewise => self.piecewise(ids, exprs),
        }
        .ok_or(GivenUp)
    }

    /// `a, condition, b, condition, …, otherwise`, built from the end.
    fn piecewise(&mut self, ids: &[ExprId], exprs: &[Expr]) -> Option<ExprId> {
        let (&otherwise, cases) = ids.split_last()?;
        let (otherwise_expr, case_exprs) = exprs.split_last()?;
        let mut value = otherwise;
        for (case, expr) in cases.chunks_exact(2).zip(case_exprs.chunks_exact(2)).rev() {
            let condition = self.condition(case[1], &expr[1]);
            value = self.select(condition, (case[0], &expr[0]), (value, otherwise_expr));
        }
        Some(value)
    }

    /// Branches are both conditions or both numbers; the first decides.
    fn select(&mut self, condition: ExprId, left: (ExprId, &Expr), right: (ExprId, &Expr)) -> ExprId {
        if self.arena.node(left.0).is_condition() {
            let b = self.condition(right.0, right.1);
            return self.arena.select(condition, left.0, b);
        }
        let b = self.number(right.0, right.1);
        self.arena.select(condition, left.0, b)
    }

    fn inline(&mut self, function: usize, arguments: &[ExprId], call: &Expr) -> Result<ExprId, GivenUp> {
        let key = (function, arguments.to_vec());
        if let Some(&value) = self.inlined.get(&key) {
            return Ok(value);
        }
        if self.calls == DEEPEST_CALLS {
            let (limit, location) = (DEEPEST_CALLS, call.location());
            report(&mut self.errors, SystemError::NestedTooDeeply { limit, location });
            return Err(GivenUp);
        }
        self.calls += 1;
        let value = self.body(&self.definitions.definitions[function], arguments);
        self.calls -= 1;
        let value = value?;
        self.inlined.insert(key, value);
        Ok(value)
    }

    /// `id`, or after an error some number.
    fn number(&mut self, id: ExprId, expr: &Expr) -> ExprId {
        if !self.arena.node(id).is_condition() {
            return id;
        }
        let (text, location) = (expr.abbreviated(), expr.location());
        report(&mut self.errors, SystemError::NumberExpected { text, location });
        self.arena.literal(1.0)
    }

    /// `id`, or after an error some condition.
    fn condition(&mut self, id: ExprId, expr: &Expr) -> ExprId {
        if self.arena.node(id).is_condition() {
            return id;
        }
        let (text, location) = (expr.abbreviated(), expr.location());
        report(&mut self.errors, SystemError::ConditionExpected { text, location });
        self.arena.truth(true)
    }
}
