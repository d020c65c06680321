//! Counting operations.

use super::{Operation, Program};
use crate::system::arena::{BinaryOp, UnaryOp};

/// How many operations of each sort a program performs per evaluation. Reading inputs and storing results do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationCounts {
    /// Sums, differences and negations.
    pub additions: usize,
    /// Products.
    pub multiplications: usize,
    /// Fused multiply-adds, each counted once.
    pub fused: usize,
    /// Quotients.
    pub divisions: usize,
    /// Square roots.
    pub square_roots: usize,
    /// Elementary functions: exponentials, logarithms, powers, trigonometric and hyperbolic functions, roots.
    pub functions: usize,
    /// Everything else: comparisons, logic, selections, absolute values, minima, rounding to integers.
    pub others: usize,
}

impl OperationCounts {
    /// All operations.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.additions
            + self.multiplications
            + self.fused
            + self.divisions
            + self.square_roots
            + self.functions
            + self.others
    }

    /// Floating-point operations as performance figures count them: a fused multiply-add is two, an elementary
    /// function one.
    #[must_use]
    pub const fn flops(&self) -> usize {
        self.total() - self.others + self.fused
    }
}

impl std::ops::Add for OperationCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            additions: self.additions + other.additions,
            multiplications: self.multiplications + other.multiplications,
            fused: self.fused + other.fused,
            divisions: self.divisions + other.divisions,
            square_roots: self.square_roots + other.square_roots,
            functions: self.functions + other.functions,
            others: self.others + other.others,
        }
    }
}

impl Program {
    /// The number of statements that compute something: the size of the program.
    #[must_use]
    pub fn statements(&self) -> usize {
        self.counts().total()
    }

    /// The operations performed per evaluation.
    #[must_use]
    pub fn counts(&self) -> OperationCounts {
        let mut counts = OperationCounts::default();
        for operation in &self.operations {
            *match operation {
                Operation::Literal(_) | Operation::Input(_) => continue,
                Operation::Fma { .. } => &mut counts.fused,
                Operation::Unary(UnaryOp::Neg, _) | Operation::Binary(BinaryOp::Add | BinaryOp::Sub, ..) => {
                    &mut counts.additions
                }
                Operation::Binary(BinaryOp::Mul, ..) => &mut counts.multiplications,
                Operation::Binary(BinaryOp::Div, ..) => &mut counts.divisions,
                Operation::Unary(UnaryOp::Sqrt, _) => &mut counts.square_roots,
                Operation::Unary(UnaryOp::Abs | UnaryOp::Sign | UnaryOp::Floor | UnaryOp::Ceil, _)
                | Operation::Binary(BinaryOp::Min | BinaryOp::Max, ..)
                | Operation::Select(..)
                | Operation::Compare(..)
                | Operation::Not(_)
                | Operation::And(..)
                | Operation::Or(..) => &mut counts.others,
                Operation::Unary(..) | Operation::Binary(..) => &mut counts.functions,
            } += 1;
        }
        counts
    }
}
