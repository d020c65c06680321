//! Straight-line programs: the operations that emitted code performs, in its order.

mod count;
mod divide;
#[cfg(test)]
mod divide_tests;
mod evaluate;
mod fuse;
mod inputs;
mod live;
mod schedule;
#[cfg(test)]
mod tests;

use super::System;
use super::arena::{Arena, BinaryOp, CompareOp, ExprId, Symbol, UnaryOp};
use super::emit::EmitOptions;

pub use count::OperationCounts;
pub(super) use divide::Division;
pub use inputs::Inputs;

/// A straight-line program over numbers and conditions, each computed once.
///
/// Evaluated with [`Program::evaluate`], it performs operation for operation what the emitted code performs, so that
/// the results are the same bits as far as the elementary functions are.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    pub(super) operations: Vec<Operation<ValueId>>,
    pub(super) outputs: Vec<Output>,
    pub(super) inputs: InputLengths,
}

/// The value of one operation of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ValueId(pub(super) usize);

/// A result of a program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Output {
    pub(super) value: ValueId,
    /// How many operations come before the result is stored: as few as possible, which frees its register.
    pub(super) after: usize,
}

/// How many values a program reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct InputLengths {
    pub(super) states: usize,
    pub(super) parameters: usize,
    pub(super) constants: usize,
    pub(super) drivers: usize,
    pub(super) driver_rates: usize,
    pub(super) directions: usize,
}

/// One operation on operands of type `V`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operation<V> {
    Literal(f64),
    Input(Symbol),
    Unary(UnaryOp, V),
    Binary(BinaryOp, V, V),
    /// `±a·b ± c` with one rounding.
    Fma {
        a: V,
        b: V,
        c: V,
        minus_product: bool,
        minus_addend: bool,
    },
    Select(V, V, V),
    Compare(CompareOp, V, V),
    Not(V),
    And(V, V),
    Or(V, V),
}

impl Program {
    /// The program that computes `outputs`, expressions of `arena` in the system's symbols, one after the other.
    pub(super) fn new(system: &System, arena: &Arena, outputs: &[ExprId], options: EmitOptions) -> Self {
        let order: Vec<usize> = (0..outputs.len()).collect();
        Self::in_order(system, arena, outputs, &order, options)
    }

    /// The same program, but outputs are computed in `order`, a permutation of their indices.
    pub(super) fn in_order(
        system: &System,
        arena: &Arena,
        outputs: &[ExprId],
        order: &[usize],
        options: EmitOptions,
    ) -> Self {
        let value = |symbol| match symbol {
            Symbol::Constant(index) if options.bake_constants => {
                system.constants.get(index).map(|constant| constant.value)
            }
            _ => None,
        };
        let (arena, outputs) = arena.rebuild(outputs, value);
        let operations = fuse::operations(&arena, &outputs, options.fuse);
        let outputs: Vec<usize> = outputs.into_iter().map(ExprId::index).collect();
        schedule::schedule(&operations, &outputs, order, InputLengths::of(system))
    }
}

impl<V: Copy> Operation<V> {
    /// The operands, in the order in which they are written.
    pub(super) fn operands(&self) -> impl DoubleEndedIterator<Item = V> + use<V> {
        let operands = match *self {
            Self::Literal(_) | Self::Input(_) => [None; 3],
            Self::Unary(_, a) | Self::Not(a) => [Some(a), None, None],
            Self::Binary(_, a, b) | Self::Compare(_, a, b) | Self::And(a, b) | Self::Or(a, b) => {
                [Some(a), Some(b), None]
            }
            Self::Fma { a, b, c, .. } | Self::Select(a, b, c) => [Some(a), Some(b), Some(c)],
        };
        operands.into_iter().flatten()
    }

    /// The same operation on other operands.
    pub(super) fn map<W>(&self, mut to: impl FnMut(V) -> W) -> Operation<W> {
        match *self {
            Self::Literal(value) => Operation::Literal(value),
            Self::Input(symbol) => Operation::Input(symbol),
            Self::Unary(op, a) => Operation::Unary(op, to(a)),
            Self::Binary(op, a, b) => Operation::Binary(op, to(a), to(b)),
            Self::Fma { a, b, c, minus_product, minus_addend } => {
                Operation::Fma { a: to(a), b: to(b), c: to(c), minus_product, minus_addend }
            }
            Self::Select(a, b, c) => Operation::Select(to(a), to(b), to(c)),
            Self::Compare(op, a, b) => Operation::Compare(op, to(a), to(b)),
            Self::Not(a) => Operation::Not(to(a)),
            Self::And(a, b) => Operation::And(to(a), to(b)),
            Self::Or(a, b) => Operation::Or(to(a), to(b)),
        }
    }

    /// Whether the operation computes something.
    pub(super) const fn is_statement(&self) -> bool {
        !matches!(self, Self::Literal(_) | Self::Input(_))
    }

    /// What the operation reads.
    pub(super) const fn input(&self) -> Option<Symbol> {
        match self {
            Self::Input(symbol) => Some(*symbol),
            _ => None,
        }
    }

    /// Whether the value is a condition.
    pub(super) const fn is_condition(&self) -> bool {
        matches!(self, Self::Compare(..) | Self::Not(_) | Self::And(..) | Self::Or(..))
    }
}
