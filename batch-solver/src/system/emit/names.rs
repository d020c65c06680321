//! Operations as C++ statements.

use std::fmt::{self, Write};

use crate::system::arena::{BinaryOp, Symbol, UnaryOp};
use crate::system::program::{Operation, Program, ValueId};

/// How the values of a program are called in the text.
pub(super) struct Names<'a> {
    program: &'a Program,
    names: Vec<String>,
}

impl<'a> Names<'a> {
    pub(super) fn new(program: &'a Program) -> Self {
        let mut count = 0;
        let mut numbered = |prefix| {
            count += 1;
            format!("{prefix}{}", count - 1)
        };
        let name = |operation: &Operation<ValueId>| match operation {
            Operation::Literal(value) => literal(*value),
            Operation::Input(Symbol::Time) => "t".to_owned(),
            Operation::Input(Symbol::State(index)) => format!("y{index}"),
            Operation::Input(Symbol::Parameter(index)) => format!("p{index}"),
            Operation::Input(Symbol::Constant(index)) => format!("c{index}"),
            Operation::Input(Symbol::Driver(index)) => format!("d{index}"),
            Operation::Input(Symbol::DriverRate(index)) => format!("r{index}"),
            Operation::Input(Symbol::Direction(index)) => format!("w{index}"),
            operation if operation.is_condition() => numbered("m"),
            _ => numbered("v"),
        };
        Self { program, names: program.operations.iter().map(name).collect() }
    }

    /// The statement that computes a value; literals and the time need none.
    pub(super) fn write_statement(
        &self,
        out: &mut dyn Write,
        value: ValueId,
        operation: &Operation<ValueId>,
    ) -> fmt::Result {
        if matches!(operation, Operation::Literal(_) | Operation::Input(Symbol::Time)) {
            return Ok(());
        }
        let kind = if operation.is_condition() { "mask" } else { "real" };
        write!(out, "        const {kind} {} = ", self.operand(value))?;
        match *operation {
            Operation::Literal(_) | Operation::Input(Symbol::Time) => {}
            Operation::Input(Symbol::State(index)) => write!(out, "y[{index}]")?,
            Operation::Input(Symbol::Parameter(index)) => write!(out, "p[{index}]")?,
            Operation::Input(Symbol::Constant(index)) => write!(out, "real(c[{index}])")?,
            Operation::Input(Symbol::Driver(index)) => write!(out, "d[{index}]")?,
            Operation::Input(Symbol::DriverRate(index)) => write!(out, "r[{index}]")?,
            Operation::Input(Symbol::Direction(index)) => write!(out, "v[{index}]")?,
            Operation::Unary(UnaryOp::Neg, a) => write!(out, "-{}", self.number(a))?,
            Operation::Unary(UnaryOp::Sign, a) => {
                let (x, one) = (self.number(a), literal_number(1.0));
                let (zero, minus_one) = (literal(0.0), literal_number(-1.0));
                write!(out, "select({x} > {zero}, {one}, select({x} < {zero}, {minus_one}, {x}))")?;
            }
            Operation::Unary(op, a) => write!(out, "{}({})", op.name(), self.number(a))?,
            Operation::Binary(op @ (BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div), a, b) => {
                write!(out, "{} {} {}", self.operand(a), op.name(), self.operand(b))?;
            }
            Operation::Binary(op, a, b) => write!(out, "{}({}, {})", op.name(), self.number(a), self.number(b))?,
            Operation::Fma { a, b, c, minus_product, minus_addend } => {
                let negate_b = minus_product && self.literal_value(b).is_some();
                let a = self.signed(a, minus_product && !negate_b);
                let (b, c) = (self.signed(b, negate_b), self.signed(c, minus_addend));
                write!(out, "fma({a}, {b}, {c})")?;
            }
            Operation::Select(condition, a, b) => {
                let (a, b) = (self.number(a), self.number(b));
                write!(out, "select({}, {a}, {b})", self.operand(condition))?;
            }
            Operation::Compare(op, a, b) => write!(out, "{} {} {}", self.operand(a), op.name(), self.operand(b))?,
            Operation::Not(a) => write!(out, "!{}", self.operand(a))?,
            Operation::And(a, b) => write!(out, "{} & {}", self.operand(a), self.operand(b))?,
            Operation::Or(a, b) => write!(out, "{} | {}", self.operand(a), self.operand(b))?,
        }
        writeln!(out, ";")
    }

    /// A value as it is held between parts of a function: conditions as 1 or 0.
    pub(super) fn to_held(&self, value: ValueId) -> String {
        if self.is_condition(value) {
            format!("select({}, {}, {})", self.operand(value), literal_number(1.0), literal_number(0.0))
        } else {
            self.number(value)
        }
    }

    /// The statement that takes back a value held by an earlier part.
    pub(super) fn write_from_held(&self, out: &mut dyn Write, value: ValueId, place: usize) -> fmt::Result {
        let name = self.operand(value);
        if self.is_condition(value) {
            writeln!(out, "        const mask {name} = held[{place}] != {};", literal(0.0))
        } else {
            writeln!(out, "        const real {name} = held[{place}];")
        }
    }

    fn is_condition(&self, value: ValueId) -> bool {
        self.program.operations.get(value.0).is_some_and(Operation::is_condition)
    }

    fn literal_value(&self, value: ValueId) -> Option<f64> {
        match self.program.operations.get(value.0) {
            Some(Operation::Literal(value)) => Some(*value),
            _ => None,
        }
    }

    /// A value as operand of an operator, where a literal may be a `scalar`.
    fn operand(&self, value: ValueId) -> &str {
        self.names.get(value.0).map_or("", String::as_str)
    }

    /// A value as argument of a function, where a literal has to be a `real` too.
    pub(super) fn number(&self, value: ValueId) -> String {
        self.literal_value(value).map_or_else(|| self.operand(value).to_owned(), literal_number)
    }

    fn signed(&self, value: ValueId, minus: bool) -> String {
        match self.literal_value(value) {
            Some(literal) => literal_number(if minus { -literal } else { literal }),
            None if minus => format!("-{}", self.operand(value)),
            None => self.operand(value).to_owned(),
        }
    }
}

/// A literal of the kernel's precision, with the fewest digits that denote the same binary64 number.
fn literal(value: f64) -> String {
    format!("scalar({value:?})")
}

/// A literal as a value of every lane.
fn literal_number(value: f64) -> String {
    format!("real({})", literal(value))
}
