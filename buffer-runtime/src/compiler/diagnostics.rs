//! Compiler messages: reading them, and showing the source line each one speaks of.
//!
//! Generated source carries `#line` directives that name the user's files. A compiler that is given such a name either
//! shows no source line or reads an unrelated file, so the lines are taken from the text that was compiled.

use std::fmt::{self, Write};

/// How bad a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// Belongs to the message before it.
    Note,
    /// The source compiles all the same.
    Warning,
    /// The source does not compile.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One message of a compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The file, as the nearest `#line` directive names it.
    pub file: String,
    /// The line in that file, from 1.
    pub line: u32,
    /// The column, from 1, where the compiler gives one.
    pub column: Option<u32>,
    /// The text, without place and severity.
    pub message: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)?;
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        write!(f, ": {}: {}", self.severity, self.message)
    }
}

/// The messages of a log, in order. Lines that are not messages (`In function …`, linker output) are skipped.
pub(crate) fn parse_log(log: &str) -> Vec<Diagnostic> {
    log.lines().filter_map(parse_line).collect()
}

/// The log with the source line beneath each message. `name` is what the compiler calls lines before any `#line`.
pub(crate) fn annotate(log: &str, source: &str, name: &str) -> String {
    let regions = regions(source, name);
    let mut text = String::with_capacity(log.len() + 256);
    let mut lines = log.lines().peekable();
    while let Some(line) = lines.next() {
        text.push_str(line);
        text.push('\n');
        let Some(diagnostic) = parse_line(line) else {
            continue;
        };
        let Some(quoted) = lookup(&regions, &diagnostic.file, diagnostic.line) else {
            continue;
        };
        // NVRTC shows the line itself.
        if lines.peek().is_some_and(|next| next.trim() == quoted.trim()) {
            continue;
        }
        let number = diagnostic.line.to_string();
        let _ = writeln!(text, "  {number} | {quoted}");
        if let Some(column) = diagnostic.column {
            let _ = writeln!(text, "  {:width$} | {}^", "", indent(quoted, column), width = number.len());
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// White space that ends below `column` (a byte column, as GCC and Clang count) of `line`; tabs stay tabs.
fn indent(line: &str, column: u32) -> String {
    let before = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
    line.char_indices()
        .take_while(|(at, _)| *at < before)
        .map(|(_, character)| if character == '\t' { '\t' } else { ' ' })
        .collect()
}

/// `file:12:5: error: text` (GCC, Clang) or `file(12): error #20: text` (NVRTC).
fn parse_line(line: &str) -> Option<Diagnostic> {
    const WORDS: [(&str, Severity); 5] = [
        (": fatal error", Severity::Error),
        (": catastrophic error", Severity::Error),
        (": error", Severity::Error),
        (": warning", Severity::Warning),
        (": note", Severity::Note),
    ];
    // The first word in the line decides: a message may quote the others.
    let (at, word, severity) = WORDS
        .iter()
        .filter_map(|(word, severity)| line.find(word).map(|at| (at, *word, *severity)))
        .min_by_key(|found| found.0)?;
    let (place, rest) = (&line[..at], &line[at + word.len()..]);
    // NVRTC puts a number between the word and its colon: `warning #177-D: `.
    let (number, message) = rest.split_once(": ")?;
    if !(number.is_empty() || number.starts_with(" #")) {
        return None;
    }
    let (file, line, column) = parse_place(place)?;
    Some(Diagnostic { severity, file: file.into(), line, column, message: message.trim().into() })
}

fn parse_place(place: &str) -> Option<(&str, u32, Option<u32>)> {
    if let Some(inside) = place.strip_suffix(')') {
        let (file, line) = inside.rsplit_once('(')?;
        return Some((file, line.parse().ok()?, None));
    }
    let (rest, last) = place.rsplit_once(':')?;
    let last = last.parse().ok()?;
    match rest.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?))) {
        Some((file, line)) => Some((file, line, Some(last))),
        None => Some((rest, last, None)),
    }
}

/// Consecutive lines of the compiled text with the name and number that `#line` gives them.
struct Region<'a> {
    file: &'a str,
    first: u32,
    lines: Vec<&'a str>,
}

fn regions<'a>(source: &'a str, name: &'a str) -> Vec<Region<'a>> {
    let mut regions = vec![Region { file: name, first: 1, lines: Vec::new() }];
    let mut file = name;
    for line in source.lines() {
        if let Some((first, named)) = parse_line_directive(line) {
            file = named.unwrap_or(file);
            regions.push(Region { file, first, lines: Vec::new() });
        } else if let Some(region) = regions.last_mut() {
            region.lines.push(line);
        }
    }
    regions
}

/// `#line 12`, `#line 12 "file"` or `# 12 "file"`.
fn parse_line_directive(line: &str) -> Option<(u32, Option<&str>)> {
    let rest = line.trim_start().strip_prefix('#')?.trim_start();
    let rest = rest.strip_prefix("line").unwrap_or(rest).trim_start();
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let number = rest[..digits].parse().ok()?;
    let file = rest[digits..].trim().strip_prefix('"').and_then(|quoted| quoted.split('"').next());
    Some((number, file))
}

fn lookup<'a>(regions: &[Region<'a>], file: &str, line: u32) -> Option<&'a str> {
    regions.iter().filter(|region| region.file == file).find_map(|region| {
        let offset = usize::try_from(line.checked_sub(region.first)?).ok()?;
        region.lines.get(offset).copied()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(line: &str) -> Diagnostic {
        let parsed = parse_log(line);
        assert_eq!(parsed.len(), 1, "{line}");
        parsed[0].clone()
    }

    #[test]
    fn the_forms_of_three_compilers() {
        let gcc = one("step.cuh:12:7: error: 'x' was not declared in this scope");
        assert_eq!((gcc.file.as_str(), gcc.line, gcc.column, gcc.severity), ("step.cuh", 12, Some(7), Severity::Error));
        assert_eq!(gcc.message, "'x' was not declared in this scope");
        assert_eq!(gcc.to_string(), "step.cuh:12:7: error: 'x' was not declared in this scope");
        let clang = one("C:/a b/step.cuh:3:1: fatal error: expected ';'");
        assert_eq!((clang.file.as_str(), clang.line, clang.column), ("C:/a b/step.cuh", 3, Some(1)));
        let nvrtc = one("kernel (1).cu(12): warning #177-D: variable \"y\" was declared: but never referenced");
        assert_eq!(
            (nvrtc.file.as_str(), nvrtc.line, nvrtc.column, nvrtc.severity),
            ("kernel (1).cu", 12, None, Severity::Warning)
        );
        assert_eq!(nvrtc.message, "variable \"y\" was declared: but never referenced");
        assert_eq!(one("a.cu(2): catastrophic error: out of ideas").severity, Severity::Error);
        assert_eq!(one("a:3: note: declared here").column, None);
    }

    #[test]
    fn other_lines_are_not_messages() {
        let log = "step.cuh: In function 'int f()':\ncc1plus: error: bad option\n/usr/bin/ld: kernel.o: undefined reference\n\
                   1 error detected in the compilation of \"k.cu\".\nptxas error   : something\nnvrtc: error: invalid value\n";
        assert_eq!(parse_log(log), []);
    }

    #[test]
    fn the_source_line_stands_beneath() {
        let source = "int a;\n#line 40 \"user.cuh\"\nint b;\n\tint c = x;\n# 7\nint d;\n";
        let log = "user.cuh:41:10: error: no x\nuser.cuh:7:1: note: here\ngenerated:1:1: warning: w\nother.h:1:1: note: elsewhere\n";
        assert_eq!(
            annotate(log, source, "generated"),
            "user.cuh:41:10: error: no x\n  41 | \tint c = x;\n     | \t        ^\nuser.cuh:7:1: note: here\n  7 | int d;\n    | ^\n\
             generated:1:1: warning: w\n  1 | int a;\n    | ^\nother.h:1:1: note: elsewhere"
        );
    }

    #[test]
    fn a_line_the_compiler_shows_is_not_repeated() {
        let log = "k.cu(2): error: no x\n      int b = x;\n              ^\n";
        assert_eq!(annotate(log, "int a;\n  int b = x;\n", "k.cu"), log.trim_end());
    }
}
