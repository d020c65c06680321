//! Places in a file, for messages.

use std::fmt;
use std::ops::Range;

/// A place in a text file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The file as it was named.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Characters concerned, at least 1.
    pub width: usize,
    /// The line as written.
    pub source_line: String,
}

impl Place {
    /// The place of a range of bytes of the text of a file.
    pub(crate) fn new(file: &str, text: &str, span: Range<usize>) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let source_line = text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let marked = text.get(span).and_then(|marked| marked.lines().next()).unwrap_or_default();
        Self {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            width: marked.chars().count().max(1),
            source_line: source_line.to_owned(),
        }
    }

    /// The line with a caret below, to be put after a message.
    pub fn snippet(&self) -> impl fmt::Display {
        // Tabs are kept below tabs, so that the caret stands where the reader's tab stops put the column.
        let indent: String =
            self.source_line.chars().take(self.column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let gutter = " ".repeat(self.line.to_string().len());
        format!("{} | {}\n{gutter} | {indent}{}", self.line, self.source_line, "^".repeat(self.width))
    }
}

impl fmt::Display for Place {
    /// `file:line:column`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_and_marked() {
        let text = "a = 1\n\tβ = wrong\n";
        let start = text.find("wrong").unwrap();
        let place = Place::new("m.toml", text, start..start + 5);
        assert_eq!(place.to_string(), "m.toml:2:6");
        assert_eq!(place.snippet().to_string(), "2 | \tβ = wrong\n  | \t    ^^^^^");
    }

    #[test]
    fn ranges_outside_the_text_are_its_end() {
        let place = Place::new("m.toml", "a\nb", 7..9);
        assert_eq!((place.line, place.column, place.width), (2, 2, 1));
    }
}
