//! Expressions as text that parses to the same expression.

use std::fmt::{self, Write};

use super::{Expr, Head, Infix};

/// How strongly an operator binds its operands, weakest first; shared with the parser.
pub(crate) mod precedence {
    pub(crate) const OR: u8 = 1;
    pub(crate) const AND: u8 = 2;
    pub(crate) const NOT: u8 = 3;
    pub(crate) const COMPARISON: u8 = 4;
    pub(crate) const SUM: u8 = 5;
    pub(crate) const PRODUCT: u8 = 6;
    pub(crate) const NEGATION: u8 = 7;
    pub(crate) const POWER: u8 = 8;
    pub(crate) const ATOM: u8 = 9;
}

impl Infix {
    pub(crate) const fn sign(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Power => "^",
        }
    }

    pub(crate) const fn precedence(self) -> u8 {
        match self {
            Self::Or => precedence::OR,
            Self::And => precedence::AND,
            Self::Less | Self::LessEqual | Self::Greater | Self::GreaterEqual | Self::Equal | Self::NotEqual => {
                precedence::COMPARISON
            }
            Self::Add | Self::Subtract => precedence::SUM,
            Self::Multiply | Self::Divide => precedence::PRODUCT,
            Self::Power => precedence::POWER,
        }
    }

    /// The weakest operands that need no parentheses, left and right.
    const fn operand_precedence(self) -> (u8, u8) {
        match self {
            // Associates to the right, and its exponent may be a negation.
            Self::Power => (precedence::ATOM, precedence::NEGATION),
            // Comparisons do not chain.
            _ if self.precedence() == precedence::COMPARISON => (precedence::SUM, precedence::SUM),
            _ => (self.precedence(), self.precedence() + 1),
        }
    }
}

/// What remains to be written.
enum Piece<'a> {
    Text(&'static str),
    Operand(&'a Expr, u8),
}

impl fmt::Display for Expr {
    /// Writes the expression in the equation language, with no more parentheses than needed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self, f)
    }
}

impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expr({self})")
    }
}

/// Works off a list instead of recursing: sums written by a loop are as deep as they have terms.
fn write(expr: &Expr, out: &mut dyn Write) -> fmt::Result {
    let mut pending = vec![Piece::Operand(expr, 0)];
    while let Some(piece) = pending.pop() {
        let (expr, least) = match piece {
            Piece::Text(text) => {
                out.write_str(text)?;
                continue;
            }
            Piece::Operand(expr, least) => (expr, least),
        };
        let first = pending.len();
        match (&expr.syntax().head, expr.syntax().operands.as_slice()) {
            (Head::Number(value), _) => {
                if value.is_sign_negative() && least > precedence::NEGATION {
                    write!(out, "({value:?})")?;
                } else {
                    write!(out, "{value:?}")?;
                }
            }
            (Head::Name(name), _) => out.write_str(name)?,
            (Head::Derivative(state), _) => write!(out, "d({state}, t)")?,
            (Head::Negate, [operand]) => {
                pending.extend([Piece::Text("-"), Piece::Operand(operand, precedence::NEGATION)]);
            }
            (Head::Not, [operand]) => {
                pending.extend([Piece::Text("not "), Piece::Operand(operand, precedence::NOT)]);
            }
            (Head::Infix(op), [left, right]) => {
                let (least_left, least_right) = op.operand_precedence();
                pending.extend([Piece::Operand(left, least_left), Piece::Text(" ")]);
                pending.extend([Piece::Text(op.sign()), Piece::Text(" "), Piece::Operand(right, least_right)]);
            }
            (Head::Call(name), arguments) => {
                write!(out, "{name}(")?;
                for (index, argument) in arguments.iter().enumerate() {
                    pending.extend((index > 0).then_some(Piece::Text(", ")));
                    pending.push(Piece::Operand(argument, 0));
                }
                pending.push(Piece::Text(")"));
            }
            (Head::Negate | Head::Not | Head::Infix(_), _) => return Err(fmt::Error),
        }
        if own_precedence(expr) < least {
            pending.insert(first, Piece::Text("("));
            pending.push(Piece::Text(")"));
        }
        pending[first..].reverse();
    }
    Ok(())
}

fn own_precedence(expr: &Expr) -> u8 {
    match &expr.syntax().head {
        Head::Negate => precedence::NEGATION,
        Head::Not => precedence::NOT,
        Head::Infix(op) => op.precedence(),
        Head::Number(_) | Head::Name(_) | Head::Derivative(_) | Head::Call(_) => precedence::ATOM,
    }
}

/// The beginning of an expression, for a message.
pub(super) fn abbreviated(expr: &Expr) -> String {
    /// Refuses to take more than a line, so that a huge expression is not written out to be cut.
    struct Short(String);
    impl Write for Short {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.push_str(text);
            if self.0.chars().count() > 60 { Err(fmt::Error) } else { Ok(()) }
        }
    }
    let mut short = Short(String::new());
    if write(expr, &mut short).is_ok() {
        return short.0;
    }
    short.0.chars().take(59).chain(['…']).collect()
}
