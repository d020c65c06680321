//! Where in a source text something was written.

use std::fmt;
use std::sync::Arc;

/// A range of bytes of a source text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) source: Arc<str>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    /// The smallest span that covers both; both must be of the same source.
    pub(crate) fn to(&self, end: &Self) -> Self {
        Self { source: Arc::clone(&self.source), start: self.start, end: end.end.max(self.end) }
    }

    /// Line, column and text for a message.
    pub(crate) fn location(&self) -> Location {
        let before = self.source.get(..self.start).unwrap_or(&self.source);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let rest = self.source.get(line_start..).unwrap_or("");
        let source_line = rest.lines().next().unwrap_or("");
        let column = before.get(line_start..).unwrap_or("").chars().count() + 1;
        let marked = self.source.get(self.start..self.end).unwrap_or("");
        let width = marked.lines().next().unwrap_or("").chars().count().max(1);
        Location::Text { line: before.matches('\n').count() + 1, column, width, source_line: source_line.to_owned() }
    }
}

/// Where an error was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// In a text of equations.
    Text {
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// Number of characters concerned, at least 1.
        width: usize,
        /// The line as written.
        source_line: String,
    },
    /// In an expression built in Rust.
    Expression {
        /// The expression as text, cut after about 60 characters.
        text: String,
    },
}

impl fmt::Display for Location {
    /// A text location shows the line with a caret below; the output begins with a space and ends without newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { line, column, width, source_line } => {
                // Tabs are kept below tabs, so that the caret stands where the reader's tab stops put the column.
                let indent: String = source_line
                    .chars()
                    .take(column.saturating_sub(1))
                    .map(|c| if c == '\t' { '\t' } else { ' ' })
                    .collect();
                let number = line.to_string();
                let gutter = " ".repeat(number.len());
                let carets = "^".repeat(*width);
                writeln!(f, " (line {line}, column {column})")?;
                write!(f, "{number} | {source_line}\n{gutter} | {indent}{carets}")
            }
            Self::Expression { text } => write!(f, " (in `{text}`)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_below_the_marked_characters() {
        let source: Arc<str> = "a = 1\n\tβ = xy + 2\n".into();
        let start = source.find("xy").expect("is there");
        let location = Span { source, start, end: start + 2 }.location();
        assert_eq!(location.to_string(), " (line 2, column 6)\n2 | \tβ = xy + 2\n  | \t    ^^");
    }

    #[test]
    fn the_end_of_the_text_is_a_place() {
        let source: Arc<str> = "a = ".into();
        let location = Span { source, start: 4, end: 4 }.location();
        assert_eq!(location.to_string(), " (line 1, column 5)\n1 | a = \n  |     ^");
    }
}
