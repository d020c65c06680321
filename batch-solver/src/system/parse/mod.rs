//! Equations as text.

mod grammar;
mod lexer;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::error::{SystemError, SystemErrors};
use super::expr::Expr;
use super::location::{Location, Span};

/// The left-hand side of an equation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Target {
    /// `name = …`: an auxiliary, or a derivative if the rest after a leading `d` is a state.
    Name(String),
    /// `d(state, t) = …` or `dstate/dt = …`.
    Derivative(String),
    /// `name(argument, …) = …`.
    Function { name: String, arguments: Vec<String> },
}

/// An equation.
#[derive(Clone, Debug)]
pub(crate) struct Equation {
    pub(crate) target: Target,
    /// Where the left-hand side was written, if it was parsed.
    pub(crate) span: Option<Span>,
    pub(crate) value: Expr,
}

impl Equation {
    /// Where the left-hand side was written, or the right-hand side if it was built in Rust.
    pub(crate) fn location(&self) -> Location {
        self.span.as_ref().map_or_else(|| self.value.location(), Span::location)
    }
}

/// The equations of a text and everything wrong with its grammar.
pub(crate) fn equations(text: &str) -> (Vec<Equation>, Vec<SystemError>) {
    let source: Arc<str> = text.into();
    let (tokens, mut errors) = lexer::tokens(&source);
    let mut parser = grammar::Parser::new(&tokens);
    let equations = parser.equations();
    errors.append(&mut parser.errors);
    errors.sort_by_key(position);
    (equations, errors)
}

/// A text that is a single expression.
pub(crate) fn expression(text: &str) -> Result<Expr, SystemErrors> {
    let source: Arc<str> = text.into();
    let (tokens, mut errors) = lexer::tokens(&source);
    let mut parser = grammar::Parser::new(&tokens);
    match parser.lone_expression() {
        Ok(expr) => SystemErrors::check(errors).map(|()| expr),
        Err(error) => {
            errors.push(*error);
            errors.sort_by_key(position);
            Err(SystemErrors::new(errors))
        }
    }
}

/// Line and column of an error of the grammar.
fn position(error: &SystemError) -> (usize, usize) {
    match error {
        SystemError::Syntax { location: Location::Text { line, column, .. }, .. }
        | SystemError::UnclosedParenthesis { location: Location::Text { line, column, .. } }
        | SystemError::NumberOutOfRange { location: Location::Text { line, column, .. }, .. }
        | SystemError::NestedTooDeeply { location: Location::Text { line, column, .. }, .. } => (*line, *column),
        _ => (0, 0),
    }
}
