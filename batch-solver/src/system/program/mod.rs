//! Straight-line programs: the operations that emitted code performs, in its order.

mod count;
mod evaluate;
mod fuse;
mod schedule;
#[cfg(test)]
mod tests;

use super::System;
use super::arena::{BinaryOp, CompareOp, ExprId, Symbol, UnaryOp};
use super::emit::EmitOptions;

pub use count::OperationCounts;

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
    /// The program that computes `outputs`, expressions of the system's arena.
    pub(super) fn new(system: &System, outputs: &[ExprId], options: EmitOptions) -> Self {
        let value = |symbol| match symbol {
            Symbol::Constant(index) if options.bake_constants => {
                system.constants.get(index).map(|constant| constant.value)
            }
            _ => None,
        };
        let (arena, outputs) = system.arena.rebuild(outputs, value);
        let operations = fuse::operations(&arena, &outputs, options.fuse);
        let outputs: Vec<usize> = outputs.into_iter().map(ExprId::index).collect();
        let inputs = InputLengths {
            states: system.states.len(),
            parameters: system.parameters.len(),
            constants: system.constants.len(),
            drivers: system.drivers.len(),
        };
        schedule::schedule(&operations, &outputs, inputs)
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

    /// Whether the value is a condition.
    pub(super) const fn is_condition(&self) -> bool {
        matches!(self, Self::Compare(..) | Self::Not(_) | Self::And(..) | Self::Or(..))
    }
}
