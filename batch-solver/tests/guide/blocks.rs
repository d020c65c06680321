//! The code blocks of a page.

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every file below a folder with one of some endings, relative to the root.
pub(crate) fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&path, endings));
        } else if endings.iter().any(|ending| path.ends_with(ending)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Every Markdown file below a folder, relative to the root.
pub(crate) fn markdown(folder: &str) -> Vec<String> {
    files(folder, &[".md"])
}

/// A page and what is in it.
pub(crate) struct Page {
    /// Relative to the root.
    pub(crate) path: String,
    pub(crate) lines: Vec<String>,
    pub(crate) blocks: Vec<Block>,
}

/// A fenced block, or what stands between the comments of a generated part.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) language: String,
    pub(crate) attributes: Vec<String>,
    /// The lines of the text, from 0, without the fences.
    pub(crate) first: usize,
    pub(crate) end: usize,
    pub(crate) lines: Vec<String>,
}

impl Page {
    pub(crate) fn read(path: &str) -> Self {
        let text = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut blocks = Vec::new();
        let mut at = 0;
        while at < lines.len() {
            let line = lines[at].trim_start();
            let (info, close) = if let Some(info) = line.strip_prefix("```") {
                (info.to_owned(), "```")
            } else if let Some(command) = line.strip_prefix("<!-- $ ").and_then(|rest| rest.strip_suffix(" -->")) {
                (format!("generated,{command}"), "<!-- end -->")
            } else {
                at += 1;
                continue;
            };
            let first = at + 1;
            let length = lines[first..].iter().position(|line| line.trim() == close);
            let end = first + length.unwrap_or_else(|| panic!("{path}:{first}: no `{close}` follows"));
            // A command may have commas.
            let parts = if info.starts_with("generated,") { info.splitn(2, ',') } else { info.splitn(usize::MAX, ',') };
            let mut words = parts.map(|word| word.trim().to_owned());
            let language = words.next().unwrap_or_default();
            let text = lines[first..end].to_vec();
            blocks.push(Block { language, attributes: words.collect(), first, end, lines: text });
            at = end + 1;
        }
        Self { path: path.to_owned(), lines, blocks }
    }

    /// The lines outside of code blocks; those inside are empty.
    pub(crate) fn prose(&self) -> Vec<&str> {
        let fenced = |at| {
            self.blocks.iter().any(|block| block.language != "generated" && (block.first - 1..=block.end).contains(&at))
        };
        self.lines.iter().enumerate().map(|(at, line)| if fenced(at) { "" } else { line.as_str() }).collect()
    }

    /// The numbers of lines that begin a code block by their indentation.
    pub(crate) fn indented(&self) -> impl Iterator<Item = usize> {
        let prose = self.prose();
        let is_item =
            |line: &str| line.trim_start().starts_with(['*', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        let mut in_list = false;
        let mut found = Vec::new();
        for (at, line) in prose.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
            in_list = is_item(line) || in_list && line.starts_with(' ');
            if line.starts_with("    ") && !in_list && at > 0 && prose[at - 1].is_empty() {
                found.push(at + 1);
            }
        }
        found.into_iter()
    }
}

impl Block {
    pub(crate) fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|have| have == attribute)
    }

    /// The value of `key=value`.
    pub(crate) fn value(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find_map(|have| have.strip_prefix(key)?.strip_prefix('='))
    }

    pub(crate) fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

/// Whether the lines occur in the file, in their order; between `…` they follow each other.
pub(crate) fn is_excerpt(lines: &[String], file: &str) -> bool {
    let whole: Vec<&str> = file.lines().map(str::trim_end).collect();
    let mut from = 0;
    for part in lines.split(|line| matches!(line.trim(), "…" | "// …")).filter(|part| !part.is_empty()) {
        // What is indented may stand deeper in the file.
        let found = whole[from..].windows(part.len()).position(|window| {
            let deeper = window[0].len().saturating_sub(part[0].len());
            window
                .iter()
                .zip(part)
                .all(|(have, want)| want.is_empty() && have.is_empty() || have.get(deeper..) == Some(want))
        });
        match found {
            Some(at) => from += at + part.len(),
            None => return false,
        }
    }
    true
}

#[test]
fn excerpts_are_lines_in_order() {
    let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
    let file = "a\n  b {\n    c\n\n    d\n  }\ne\n";
    for yes in ["a", "b {\n  c", "a\n…\ne", "c\n\nd"] {
        assert!(is_excerpt(&lines(yes), file), "{yes}");
    }
    for no in ["x", "a\nc", "e\n…\na", "b {\nc"] {
        assert!(!is_excerpt(&lines(no), file), "{no}");
    }
}
