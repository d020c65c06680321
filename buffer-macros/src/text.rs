//! Tokens as the text a person would write. `TokenStream`'s own printing depends on the compiler's version and puts
//! spaces everywhere outside it; generated docs and error texts must not.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

/// Operators of more than one character, longest first.
const JOINED: [&str; 24] = [
    "..=", "...", "<<=", ">>=", "::", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "..", "<<", ">>", "+=", "-=",
    "*=", "/=", "%=", "^=", "&=", "|=",
];
/// Words after which an operator is a prefix and a parenthesis is not a call.
const WORDS: [&str; 15] = [
    "if", "else", "match", "return", "in", "while", "let", "as", "mut", "break", "move", "for", "loop", "where",
    "unsafe",
];

/// `tokens` on one line, spaced as rustfmt would.
pub(crate) fn of(tokens: impl ToTokens) -> String {
    let mut printer = Printer::default();
    printer.stream(tokens.into_token_stream());
    printer.out
}

/// What the last piece was, as far as the next one's spacing depends on it.
#[derive(Clone, Copy, Default, PartialEq)]
enum Last {
    /// Nothing yet, or an opening delimiter: no space follows, and an operator is a prefix.
    #[default]
    Open,
    /// A prefix operator, `.`, `::`: no space follows.
    Tight,
    /// A binary operator, a comma, a keyword: a space follows, and an operator is a prefix.
    Operator,
    /// The end of an operand: an operator is binary.
    Operand,
    /// The `!` of a macro call.
    Bang,
}

#[derive(Default)]
struct Printer {
    out: String,
    last: Last,
    /// Whether the last operand can be followed by generics: it began with a capital letter or came after `::`.
    generic: bool,
    /// Open `<` of generics.
    angles: usize,
    /// Between the bars of a closure.
    bars: bool,
}

impl Printer {
    fn stream(&mut self, tokens: TokenStream) {
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Group(group) => self.group(group.delimiter(), group.stream()),
                TokenTree::Ident(ident) => self.word(&ident.to_string()),
                TokenTree::Literal(literal) => self.word(&literal.to_string()),
                TokenTree::Punct(punct) => {
                    let mut operator = String::from(punct.as_char());
                    let mut joint = punct.spacing() == Spacing::Joint;
                    if operator == "'" {
                        // A lifetime: its name follows at once.
                        self.space();
                        self.out.push('\'');
                        self.last = Last::Tight;
                        continue;
                    }
                    while joint && let Some(TokenTree::Punct(next)) = tokens.peek() {
                        let longer = format!("{operator}{}", next.as_char());
                        if !JOINED.contains(&longer.as_str()) || (self.angles > 0 && operator == ">") {
                            break;
                        }
                        operator = longer;
                        joint = next.spacing() == Spacing::Joint;
                        tokens.next();
                    }
                    self.operator(&operator);
                }
            }
        }
    }

    fn space(&mut self) {
        if matches!(self.last, Last::Operator | Last::Operand | Last::Bang) {
            self.out.push(' ');
        }
    }

    fn word(&mut self, word: &str) {
        self.generic = self.out.ends_with("::") || word.starts_with(char::is_uppercase);
        self.space();
        self.out.push_str(word);
        self.last = if WORDS.contains(&word) { Last::Operator } else { Last::Operand };
    }

    fn group(&mut self, delimiter: Delimiter, stream: TokenStream) {
        let (open, close) = match delimiter {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace if stream.is_empty() => ("{", "}"),
            Delimiter::Brace => ("{ ", " }"),
            Delimiter::None => return self.stream(stream),
        };
        let call = matches!(self.last, Last::Operand | Last::Bang) && delimiter != Delimiter::Brace;
        if !call {
            self.space();
        }
        self.out.push_str(open);
        let mut inner = Self::default();
        inner.stream(stream);
        self.out.push_str(&inner.out);
        self.out.push_str(close);
        self.last = Last::Operand;
        self.generic = false;
    }

    fn operator(&mut self, operator: &str) {
        let prefix = matches!(self.last, Last::Open | Last::Tight | Last::Operator);
        let (space, last) = match operator {
            "." | "::" | ".." | "..=" => (self.last == Last::Operator, Last::Tight),
            "," | ";" | ":" => (false, Last::Operator),
            "?" => (false, Last::Operand),
            "!" if !prefix => (false, Last::Bang),
            "#" | "-" | "!" | "*" | "&" | "&&" if prefix => (self.last == Last::Operator, Last::Tight),
            "<" if prefix || self.generic || self.out.ends_with("::") => {
                self.angles += 1;
                (self.last == Last::Operator, Last::Tight)
            }
            ">" if self.angles > 0 => {
                self.angles -= 1;
                (false, Last::Operand)
            }
            "|" if self.bars => {
                self.bars = false;
                (false, Last::Operator)
            }
            "|" if prefix => {
                self.bars = true;
                (self.last == Last::Operator, Last::Tight)
            }
            "||" if prefix => (self.last == Last::Operator, Last::Operator),
            _ => (true, Last::Operator),
        };
        if space && self.last != Last::Open {
            self.out.push(' ');
        }
        self.out.push_str(operator);
        // After a path's end `>` a call's parenthesis follows without a space, which `Operand` gives.
        self.last = last;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(source: &str) -> String {
        match source.parse::<TokenStream>() {
            Ok(tokens) => of(tokens),
            Err(error) => panic!("{source}: {error}"),
        }
    }

    #[test]
    fn text_written_as_rustfmt_would_survives() {
        for source in [
            "(tableau.stages() - 1) * n",
            "if dense_prediction { tableau.stages() * n } else { 0 }",
            "xs.iter().map(|x| x * 2).sum::<usize>()",
            "-1.5e-3",
            "!a && *b < c",
            "1..=50",
            "Option<Vec<i32>>",
            "Vec::<f64>::new()",
            "match m { Method::A => 1, _ => 2 }",
            "&[1, 2, 3]",
            "max!(n, 2)",
            "f(|| 0, move |a, b| a + b)",
            "a as usize",
            "&'static str",
            "<T as Trait>::Out",
            "f()? + xs[0]",
            "[0; 3]",
            "Method::Krylov { restart: 3 }",
            "::core::f64::consts::PI",
        ] {
            assert_eq!(print(source), source);
        }
    }
}
