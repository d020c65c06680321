//! Programs as C++ statements.

use std::fmt::{self, Write};

use crate::system::System;
use crate::system::arena::{BinaryOp, Symbol, UnaryOp};
use crate::system::program::{Operation, Program, ValueId};

/// The definition of a system's struct.
pub(super) fn system(system: &System, struct_name: &str, rhs: &Program, observables: &Program) -> String {
    let (states, parameters) = (system.states().len(), system.parameters().len());
    let (constants, observed) = (system.constants().len(), system.observables().len());
    let derivatives: Vec<String> = system.states().iter().map(|state| format!("d{}/dt", state.name)).collect();
    let names: Vec<String> = system.observables().map(str::to_owned).collect();
    let rhs = Function { program: rhs, name: "rhs", result_type: "D", result: "dydt", labels: &derivatives };
    let observables =
        Function { program: observables, name: "observables_of", result_type: "O", result: "out", labels: &names };
    let drivers = match system.drivers().len() {
        0 => String::new(),
        count => format!("    static constexpr int drivers = {count};\n"),
    };
    format!(
        "struct {struct_name} {{\n    \
         static constexpr int states = {states}, parameters = {parameters}, constants = {constants}, \
         observables = {observed};\n{drivers}\n\
         {rhs}\n{observables}}};\n"
    )
}

/// One member function.
struct Function<'a> {
    program: &'a Program,
    name: &'a str,
    result_type: &'a str,
    result: &'a str,
    /// What each result is, for a comment.
    labels: &'a [String],
}

impl fmt::Display for Function<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let program = self.program;
        let reads = |wanted: fn(Symbol) -> bool| {
            program.operations.iter().any(|operation| matches!(operation, Operation::Input(symbol) if wanted(*symbol)))
        };
        // Arguments that are not used stay unnamed, so that strict warnings keep quiet.
        let argument = |name: &'static str, used| if used { name } else { "" };
        let driven = reads(|symbol| matches!(symbol, Symbol::Driver(_)));
        let time = argument(" t", driven || reads(|symbol| matches!(symbol, Symbol::Time)));
        let states = argument(" y", reads(|symbol| matches!(symbol, Symbol::State(_))));
        let parameters = argument(" p", reads(|symbol| matches!(symbol, Symbol::Parameter(_))));
        let constants = argument(" c", driven || reads(|symbol| matches!(symbol, Symbol::Constant(_))));
        let Self { name, result_type, result, .. } = self;
        let result_name = if program.outputs.is_empty() { String::new() } else { format!(" {result}") };
        writeln!(f, "    template <class Y, class P, class C, class {result_type}>")?;
        write!(f, "    BR_DEVICE static void {name}(const real&{time}, const Y&{states}, const P&{parameters}, ")?;
        writeln!(f, "const C&{constants}, {result_type}&{result_name}) {{")?;
        if driven {
            // All at once: they share the segment of the time.
            writeln!(f, "        const auto& d = c.drivers_at(t);")?;
        }
        let names = Names::new(program);
        let mut outputs = program.outputs.iter().zip(self.labels).enumerate().peekable();
        for written in 0..=program.operations.len() {
            while let Some((index, (output, label))) = outputs.next_if(|(_, (output, _))| output.after <= written) {
                writeln!(f, "        {result}[{index}] = {};  // {label}", names.number(output.value))?;
            }
            if let Some(operation) = program.operations.get(written) {
                names.write_statement(f, ValueId(written), operation)?;
            }
        }
        writeln!(f, "    }}")
    }
}

/// How the values of a program are called in the text.
struct Names<'a> {
    program: &'a Program,
    names: Vec<String>,
}

impl<'a> Names<'a> {
    fn new(program: &'a Program) -> Self {
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
            operation if operation.is_condition() => numbered("m"),
            _ => numbered("v"),
        };
        Self { program, names: program.operations.iter().map(name).collect() }
    }

    /// The statement that computes a value; literals and the time need none.
    fn write_statement(&self, out: &mut dyn Write, value: ValueId, operation: &Operation<ValueId>) -> fmt::Result {
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
    fn number(&self, value: ValueId) -> String {
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
