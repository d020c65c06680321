//! Tokens to equations, by precedence climbing.
//!
//! ```text
//! equation    = target "=" expression
//! target      = name | "d(" name "," "t" ")" | "d"name "/" "dt" | name "(" [name {"," name}] ")"
//! expression  = operation ["if" operation "else" expression]
//! operation   = or < and < not < comparison < + - < * / < unary - + ! < ^ **     (weakest first)
//! atom        = number | name | name "(" expression {"," expression} ")" | "(" expression ")"
//! ```
//!
//! `^` associates to the right and binds more strongly than a sign before it; comparisons do not chain. Lines end an
//! equation except between brackets.

use super::lexer::{Token, TokenKind};
use super::{Equation, Target};
use crate::system::error::SystemError;
use crate::system::expr::{Expr, Head, Infix, precedence};
use crate::system::location::Span;

/// Levels of brackets, signs and calls that may be nested; bounds the parser's recursion.
const DEEPEST_NESTING: usize = 200;

pub(super) struct Parser<'a> {
    tokens: &'a [Token],
    next: usize,
    /// Brackets open at the next token; line ends are blanks while there is one.
    brackets: usize,
    depth: usize,
    pub(super) errors: Vec<SystemError>,
}

type Parsed<T> = Result<T, Box<SystemError>>;

impl<'a> Parser<'a> {
    /// `tokens` must end with [`TokenKind::End`].
    pub(super) fn new(tokens: &'a [Token]) -> Self {
        Self { tokens, next: 0, brackets: 0, depth: 0, errors: Vec::new() }
    }

    pub(super) fn equations(&mut self) -> Vec<Equation> {
        let mut equations = Vec::new();
        loop {
            while self.token().kind == TokenKind::Separator {
                self.next += 1;
            }
            if self.token().kind == TokenKind::End {
                return equations;
            }
            let start = self.next;
            let equation = self.equation();
            let complete = equation.and_then(|equation| self.end_of_statement().map(|()| equation));
            match complete {
                Ok(equation) => equations.push(equation),
                Err(error) => {
                    self.recover(start, &error);
                    self.errors.push(*error);
                }
            }
        }
    }

    /// A text that holds one expression and nothing else.
    pub(super) fn lone_expression(&mut self) -> Parsed<Expr> {
        let expr = self.expression()?;
        while self.token().kind == TokenKind::Separator {
            self.next += 1;
        }
        match self.token().kind {
            TokenKind::End => Ok(expr),
            _ => self.unexpected("an operator or the end of the expression"),
        }
    }

    fn equation(&mut self) -> Parsed<Equation> {
        let start = self.token().span.clone();
        let name = self.name("an equation such as `dx = …`")?.to_owned();
        let target = if self.take("(") {
            self.brackets += 1;
            let mut arguments = Vec::new();
            if !self.peek(")") {
                arguments.push(self.name("the name of an argument")?.to_owned());
                while self.take(",") {
                    arguments.push(self.name("the name of an argument")?.to_owned());
                }
            }
            self.expect(")", "`,` or `)`")?;
            self.brackets -= 1;
            match (name.as_str(), arguments.as_slice()) {
                ("d", [state, time]) if time == "t" => Target::Derivative(state.clone()),
                ("d", _) => {
                    return self.unexpected_at(&start, "a derivative `d(state, t)`", "another use of `d`");
                }
                _ => Target::Function { name, arguments },
            }
        } else if self.take("/") {
            let over = self.name("`dt`")?;
            match name.strip_prefix('d') {
                Some(state) if !state.is_empty() && over == "dt" => Target::Derivative(state.to_owned()),
                _ => {
                    return self.unexpected_at(&start, "a derivative such as `dx/dt`", "another quotient");
                }
            }
        } else {
            Target::Name(name)
        };
        let span = Some(start.to(&self.previous_span()));
        self.expect("=", "`=`")?;
        let value = self.expression()?;
        Ok(Equation { target, span, value })
    }

    fn end_of_statement(&mut self) -> Parsed<()> {
        match self.token().kind {
            TokenKind::Separator | TokenKind::End => Ok(()),
            _ if self.peek("=") => self.unexpected("an operator or the end of the equation (equality is written `==`)"),
            TokenKind::Word | TokenKind::Number(_) => {
                self.unexpected("an operator or the end of the equation (a product is written with `*`)")
            }
            _ => self.unexpected("an operator or the end of the equation"),
        }
    }

    /// Goes on behind the statement that failed, so that later ones are checked too: at the next separator outside of
    /// brackets, or behind the line in which the statement began if its brackets do not close.
    fn recover(&mut self, start: usize, error: &SystemError) {
        let separates = |token: &Token| matches!(token.kind, TokenKind::Separator | TokenKind::End);
        let mut open = std::mem::take(&mut self.brackets);
        self.depth = 0;
        if !matches!(error, SystemError::UnclosedParenthesis { .. }) {
            for (index, token) in self.tokens.iter().enumerate().skip(self.next) {
                match token.text() {
                    "(" => open += 1,
                    ")" => open = open.saturating_sub(1),
                    ";" => open = 0,
                    _ => {}
                }
                if open == 0 && separates(token) {
                    self.next = index;
                    return;
                }
            }
        }
        let behind = self.tokens.iter().skip(start).position(separates);
        self.next = behind.map_or(self.tokens.len() - 1, |skipped| start + skipped);
    }

    fn expression(&mut self) -> Parsed<Expr> {
        self.nested(|parser| {
            let value = parser.operation(precedence::OR)?;
            if !parser.take("if") {
                return Ok(value);
            }
            let condition = parser.operation(precedence::OR)?;
            parser.expect("else", "`else`")?;
            let otherwise = parser.expression()?;
            let span = covering(&value, &otherwise);
            Ok(Expr::new(Head::Call("if".to_owned()), vec![condition, value, otherwise], span))
        })
    }

    /// Operands joined by operators that bind at least as strongly as `least`.
    fn operation(&mut self, least: u8) -> Parsed<Expr> {
        let mut left = self.operand()?;
        let mut compared = false;
        while let Some(op) = self.infix().filter(|op| op.precedence() >= least) {
            if op.precedence() == precedence::COMPARISON {
                if compared {
                    return self.unexpected("no second comparison (write `a < b and b < c`)");
                }
                compared = true;
            }
            self.advance();
            let right = match op {
                // Right operands of a power recurse: they nest as brackets would.
                Infix::Power => self.nested(|parser| parser.operation(precedence::POWER))?,
                _ => self.operation(op.precedence() + 1)?,
            };
            let span = covering(&left, &right);
            left = Expr::new(Head::Infix(op), vec![left, right], span);
        }
        Ok(left)
    }

    /// An atom with the signs before it.
    fn operand(&mut self) -> Parsed<Expr> {
        let (head, binds) = match self.token().text() {
            "-" => (Some(Head::Negate), precedence::NEGATION),
            "+" => (None, precedence::NEGATION),
            "!" => (Some(Head::Not), precedence::NEGATION),
            "not" => (Some(Head::Not), precedence::NOT),
            _ => return self.atom(),
        };
        let sign = self.token().span.clone();
        self.advance();
        let operand = self.nested(|parser| parser.operation(binds))?;
        Ok(match head {
            None => operand,
            Some(head) => {
                let span = operand.syntax().span.as_ref().map(|end| sign.to(end));
                Expr::new(head, vec![operand], span)
            }
        })
    }

    fn atom(&mut self) -> Parsed<Expr> {
        let token = self.token().clone();
        match token.kind {
            TokenKind::Number(value) => {
                self.advance();
                Ok(Expr::new(Head::Number(value), Vec::new(), Some(token.span)))
            }
            // `if(condition, a, b)` is a call, although `if` is also an operator.
            TokenKind::Word if !is_operator(token.text()) || self.opens_call("if") => {
                self.advance();
                if self.peek("(") { self.call(&token) } else { self.plain_name(token) }
            }
            TokenKind::Sign if token.text() == "(" => {
                self.advance();
                self.brackets += 1;
                let inner = self.expression()?;
                self.close(&token.span)?;
                Ok(inner)
            }
            _ => self.unexpected("a number, a name or `(`"),
        }
    }

    fn plain_name(&mut self, token: Token) -> Parsed<Expr> {
        Ok(Expr::new(Head::Name(token.text().to_owned()), Vec::new(), Some(token.span)))
    }

    /// The arguments of a call; the next token is the opening bracket.
    fn call(&mut self, function: &Token) -> Parsed<Expr> {
        let open = self.token().span.clone();
        self.advance();
        self.brackets += 1;
        let mut arguments = Vec::new();
        if !self.peek(")") {
            arguments.push(self.expression()?);
            while self.take(",") {
                arguments.push(self.expression()?);
            }
        }
        self.close(&open)?;
        let span = Some(function.span.to(&self.previous_span()));
        if function.text() == "d" {
            return match arguments.iter().map(Expr::as_name).collect::<Vec<_>>().as_slice() {
                [Some(state), Some("t")] => Ok(Expr::new(Head::Derivative((*state).to_owned()), Vec::new(), span)),
                _ => self.unexpected_at(&function.span, "a derivative `d(state, t)`", "another use of `d`"),
            };
        }
        Ok(Expr::new(Head::Call(function.text().to_owned()), arguments, span))
    }

    /// The closing bracket for `open`.
    fn close(&mut self, open: &Span) -> Parsed<()> {
        if !self.peek(")") && !self.is_closed(open) {
            return Err(Box::new(SystemError::UnclosedParenthesis { location: open.location() }));
        }
        self.expect(")", "an operator, `,` or `)`")?;
        self.brackets -= 1;
        Ok(())
    }

    /// Whether a bracket has its counterpart within the statement.
    fn is_closed(&self, open: &Span) -> bool {
        let mut depth = 0_usize;
        for token in self.tokens.iter().skip_while(|token| token.span.start < open.start) {
            match token.text() {
                "(" => depth += 1,
                ")" if depth == 1 => return true,
                ")" => depth -= 1,
                ";" => return false,
                _ => {}
            }
        }
        false
    }

    fn infix(&self) -> Option<Infix> {
        Some(match self.token().text() {
            "or" | "||" => Infix::Or,
            "and" | "&&" => Infix::And,
            "<" => Infix::Less,
            "<=" => Infix::LessEqual,
            ">" => Infix::Greater,
            ">=" => Infix::GreaterEqual,
            "==" => Infix::Equal,
            "!=" => Infix::NotEqual,
            "+" => Infix::Add,
            "-" => Infix::Subtract,
            "*" => Infix::Multiply,
            "/" => Infix::Divide,
            "^" | "**" => Infix::Power,
            _ => return None,
        })
    }

    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == DEEPEST_NESTING {
            let location = self.token().span.location();
            return Err(Box::new(SystemError::NestedTooDeeply { limit: DEEPEST_NESTING, location }));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// The index of the next token that counts: line ends between brackets do not.
    fn position(&self) -> usize {
        let mut position = self.next;
        while self.brackets > 0 && self.tokens[position].text() == "\n" {
            position += 1;
        }
        position
    }

    fn token(&self) -> &'a Token {
        &self.tokens[self.position()]
    }

    fn advance(&mut self) {
        let position = self.position();
        if self.tokens[position].kind != TokenKind::End {
            self.next = position + 1;
        }
    }

    fn previous_span(&self) -> Span {
        self.tokens[self.next.saturating_sub(1)].span.clone()
    }

    fn peek(&self, text: &str) -> bool {
        self.token().kind != TokenKind::End && self.token().text() == text
    }

    fn opens_call(&self, function: &str) -> bool {
        self.peek(function) && self.tokens.get(self.position() + 1).is_some_and(|token| token.text() == "(")
    }

    fn take(&mut self, text: &str) -> bool {
        let found = self.peek(text);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, text: &str, expected: &str) -> Parsed<()> {
        if self.take(text) { Ok(()) } else { self.unexpected(expected) }
    }

    fn name(&mut self, expected: &str) -> Parsed<&'a str> {
        let token = self.token();
        if token.kind != TokenKind::Word {
            return self.unexpected(expected);
        }
        self.advance();
        Ok(token.text())
    }

    fn unexpected<T>(&mut self, expected: &str) -> Parsed<T> {
        let token = self.token();
        self.unexpected_at(&token.span, expected, &token.describe())
    }

    fn unexpected_at<T>(&mut self, span: &Span, expected: &str, found: &str) -> Parsed<T> {
        let (expected, found) = (expected.to_owned(), found.to_owned());
        Err(Box::new(SystemError::Syntax { expected, found, location: span.location() }))
    }
}

fn is_operator(word: &str) -> bool {
    matches!(word, "if" | "else" | "and" | "or" | "not")
}

fn covering(left: &Expr, right: &Expr) -> Option<Span> {
    Some(left.syntax().span.as_ref()?.to(right.syntax().span.as_ref()?))
}
