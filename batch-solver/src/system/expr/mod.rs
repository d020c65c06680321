//! Expressions as written, by the parser or in Rust.

mod display;
mod functions;
mod operators;
#[cfg(test)]
mod tests;

use std::str::FromStr;
use std::sync::Arc;

use super::error::SystemErrors;
use super::location::{Location, Span};
use super::parse;

pub(crate) use display::precedence;
pub use functions::{Condition, select};

/// A number-valued expression over names: states, parameters, constants, auxiliaries and the time `t`.
///
/// An expression is a handle to a syntax tree: cloning is cheap, names are looked up when the system is built. It
/// comes from [`Expr::symbol`], from a number, from text (`"x^2 + 1".parse()`), or from operators and methods on
/// other expressions; `+ − × ÷` accept expressions by value and by reference, and `f64` on either side.
///
/// ```
/// use batch_solver::Expr;
///
/// let (x, k) = (Expr::symbol("x"), Expr::symbol("k"));
/// let decay = -(&k * &x) + 0.5 * x.pow(2.0).exp();
/// assert_eq!(decay.to_string(), "-(k * x) + 0.5 * exp(x ^ 2.0)");
/// ```
#[derive(Clone)]
pub struct Expr(Arc<Syntax>);

/// One node of a syntax tree.
pub(crate) struct Syntax {
    pub(crate) head: Head,
    pub(crate) operands: Vec<Expr>,
    /// Where it was written, if it was parsed.
    pub(crate) span: Option<Span>,
}

/// What a node does with its operands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Head {
    Number(f64),
    Name(String),
    /// `d(x, t)`: the derivative of a state.
    Derivative(String),
    Negate,
    Not,
    Infix(Infix),
    Call(String),
}

/// The operators between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Infix {
    Or,
    And,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

impl Expr {
    /// The value of a name: of a state, parameter, constant or auxiliary, of `t`, `pi` or `e`.
    pub fn symbol(name: impl Into<String>) -> Self {
        Self::new(Head::Name(name.into()), Vec::new(), None)
    }

    /// The value of a function that the equations define, or of one of the built-in functions.
    pub fn call(function: impl Into<String>, arguments: impl IntoIterator<Item = Self>) -> Self {
        Self::new(Head::Call(function.into()), arguments.into_iter().collect(), None)
    }

    pub(crate) fn new(head: Head, operands: Vec<Self>, span: Option<Span>) -> Self {
        Self(Arc::new(Syntax { head, operands, span }))
    }

    pub(crate) fn syntax(&self) -> &Syntax {
        &self.0
    }

    /// Identifies the node among all that are alive; clones of a handle share it.
    pub(crate) fn address(&self) -> *const Syntax {
        Arc::as_ptr(&self.0)
    }

    /// Where the expression was written, or the expression itself if it was built in Rust.
    pub(crate) fn location(&self) -> Location {
        match &self.0.span {
            Some(span) => span.location(),
            None => Location::Expression { text: self.abbreviated() },
        }
    }

    /// The beginning of the expression as text, for a message.
    pub(crate) fn abbreviated(&self) -> String {
        display::abbreviated(self)
    }

    /// The name, if the expression is one.
    pub(crate) fn as_name(&self) -> Option<&str> {
        match &self.0.head {
            Head::Name(name) => Some(name),
            _ => None,
        }
    }
}

impl Drop for Syntax {
    /// Unlinks the tree without recursion: a sum written by a loop is as deep as it has terms.
    fn drop(&mut self) {
        let mut pending = std::mem::take(&mut self.operands);
        while let Some(expr) = pending.pop() {
            if let Some(mut last_owner) = Arc::into_inner(expr.0) {
                pending.append(&mut last_owner.operands);
            }
        }
    }
}

impl From<f64> for Expr {
    fn from(value: f64) -> Self {
        Self::new(Head::Number(value), Vec::new(), None)
    }
}

impl From<&Self> for Expr {
    fn from(expr: &Self) -> Self {
        expr.clone()
    }
}

impl FromStr for Expr {
    type Err = SystemErrors;

    /// Parses a single expression in the language of [`super`].
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse::expression(text)
    }
}
