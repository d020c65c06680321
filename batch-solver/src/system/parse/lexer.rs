//! Text to tokens.

use std::sync::Arc;

use winnow::ascii::{digit0, digit1};
use winnow::combinator::{alt, opt};
use winnow::error::EmptyError;
use winnow::prelude::*;
use winnow::stream::LocatingSlice;
use winnow::token::{any, one_of, take_till, take_while};

use crate::system::error::SystemError;
use crate::system::location::Span;

type Input<'a> = LocatingSlice<&'a str>;

/// What a token is; its text is in the source at its span.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TokenKind {
    Number(f64),
    Word,
    Sign,
    /// The end of a line or a semicolon.
    Separator,
    End,
}

/// A piece of the text.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

impl Token {
    pub(super) fn text(&self) -> &str {
        self.span.source.get(self.span.start..self.span.end).unwrap_or("")
    }

    /// How a message calls the token.
    pub(super) fn describe(&self) -> String {
        match self.kind {
            TokenKind::Separator if self.text() == "\n" => "the end of the line".to_owned(),
            TokenKind::End => "the end of the text".to_owned(),
            _ => format!("`{}`", self.text()),
        }
    }
}

/// A lexeme before its text has been judged.
#[derive(Clone, Copy)]
enum Lexeme {
    Blank,
    Number,
    Word,
    Sign,
    Separator,
    Unknown,
}

/// The signs, longer ones before their beginnings.
fn sign<'a>(input: &mut Input<'a>) -> ModalResult<&'a str, EmptyError> {
    let single = ['+', '-', '*', '/', '^', '(', ')', ',', '<', '>', '=', '!'];
    alt(("**", "<=", ">=", "==", "!=", "&&", "||", one_of(single).take())).parse_next(input)
}

fn number<'a>(input: &mut Input<'a>) -> ModalResult<&'a str, EmptyError> {
    let mantissa = alt(((digit1, opt((".", digit0))).void(), (".", digit1).void()));
    let exponent = (alt(("e", "E")), opt(alt(("+", "-"))), digit1);
    (mantissa, opt(exponent)).take().parse_next(input)
}

fn lexeme(input: &mut Input<'_>) -> ModalResult<Lexeme, EmptyError> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    alt((
        take_while(1.., [' ', '\t', '\r']).value(Lexeme::Blank),
        ('#', take_till(0.., '\n')).value(Lexeme::Blank),
        alt(("\n", ";")).value(Lexeme::Separator),
        number.value(Lexeme::Number),
        take_while(1.., is_word).value(Lexeme::Word),
        sign.value(Lexeme::Sign),
        any.value(Lexeme::Unknown),
    ))
    .parse_next(input)
}

/// The tokens of a text, `End` last, and what was no token.
pub(super) fn tokens(source: &Arc<str>) -> (Vec<Token>, Vec<SystemError>) {
    let (mut tokens, mut errors) = (Vec::new(), Vec::new());
    let mut input = Input::new(source.as_ref());
    while let Ok((lexeme, range)) = lexeme.with_span().parse_next(&mut input) {
        let span = Span { source: Arc::clone(source), start: range.start, end: range.end };
        let text = source.get(range).unwrap_or("");
        let kind = match lexeme {
            Lexeme::Blank => continue,
            Lexeme::Separator => TokenKind::Separator,
            Lexeme::Word => TokenKind::Word,
            Lexeme::Sign => TokenKind::Sign,
            Lexeme::Number => match representable(text) {
                Some(value) => TokenKind::Number(value),
                None => {
                    errors.push(SystemError::NumberOutOfRange { literal: text.to_owned(), location: span.location() });
                    TokenKind::Number(1.0)
                }
            },
            Lexeme::Unknown => {
                errors.push(SystemError::Syntax {
                    expected: "a name, a number or an operator".to_owned(),
                    found: format!("`{text}`"),
                    location: span.location(),
                });
                continue;
            }
        };
        tokens.push(Token { kind, span });
    }
    let end = Span { source: Arc::clone(source), start: source.len(), end: source.len() };
    tokens.push(Token { kind: TokenKind::End, span: end });
    (tokens, errors)
}

/// The value, unless it overflows or a number other than zero becomes zero.
fn representable(text: &str) -> Option<f64> {
    let value: f64 = text.parse().ok()?;
    let mantissa = text.split(['e', 'E']).next().unwrap_or("");
    let is_zero = !mantissa.contains(|c: char| ('1'..='9').contains(&c));
    (value.is_finite() && (value != 0.0 || is_zero)).then_some(value)
}
