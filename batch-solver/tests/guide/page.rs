//! One page, block by block.

use std::fs;
use std::path::Path;

use batch_solver::Model;

use crate::blocks::{Block, Page, files, is_excerpt, root};
use crate::output::{shows, tidy};
use crate::shell;

/// What is wrong with a page, and what to write in place of lines that are out of date.
#[derive(Default)]
struct Found {
    problems: Vec<String>,
    changes: Vec<(std::ops::Range<usize>, Vec<String>)>,
}

/// Runs, compiles or compares every block of a page.
pub(crate) fn check(path: &str) {
    let page = Page::read(path);
    let folder = shell::folder();
    let mut found = Found::default();
    found.problems.extend(page.indented().map(|line| format!("{path}:{line}: a code block by indentation: fence it")));
    for (at, block) in page.blocks.iter().enumerate() {
        let next = page.blocks.get(at + 1);
        found.block(&format!("{path}:{}", block.first), block, next, folder.path());
    }
    found.pictures(&page, folder.path());
    if std::env::var_os("BLESS").is_some() && !found.changes.is_empty() {
        let mut lines = page.lines;
        for (range, text) in found.changes.into_iter().rev() {
            lines.splice(range, text);
        }
        fs::write(root().join(&page.path), lines.join("\n") + "\n").unwrap();
        return;
    }
    assert!(found.problems.is_empty(), "{}", found.problems.join("\n\n"));
}

impl Found {
    fn block(&mut self, place: &str, block: &Block, next: Option<&Block>, folder: &Path) {
        if let Some(file) = block.value("excerpt") {
            let text = fs::read_to_string(root().join(file)).unwrap_or_default();
            if !is_excerpt(&block.lines, &text) {
                self.problems.push(format!("{place}: this is not in {file}"));
            }
            return;
        }
        match block.language.as_str() {
            // The README is documentation of `buffer-runtime` too, whose doctests are its blocks of Rust.
            "rust" if place.starts_with("README.md") && block.attributes.is_empty() => {}
            "rust" | "cpp" if place.starts_with("README.md") => {
                let is_from = |file: &String| is_excerpt(&block.lines, &fs::read_to_string(root().join(file)).unwrap());
                if !files("examples", &[".rs", ".cuh"]).iter().any(is_from) {
                    self.problems.push(format!("{place}: this is in no file of examples/"));
                }
            }
            "rust" if block.attributes.iter().all(|word| word == "no_run" || word == "should_panic") => {}
            "text" => {}
            "toml" | "csv" => self.file(place, block, folder),
            "python" if shell::without_python(place) => {}
            "python" => self.python(place, block, next, folder),
            "console" if block.has("python") && shell::without_python(place) => {}
            "console" => self.console(place, block, folder),
            "generated" => {
                let printed = shell::run(folder, &block.attributes[0]);
                self.compare(place, &block.attributes[0], &block.lines, &printed, block.first..block.end);
            }
            other => self.problems.push(format!("{place}: nothing checks a block of `{other}`")),
        }
    }

    fn file(&mut self, place: &str, block: &Block, folder: &Path) {
        let Some(name) = block.value("file") else {
            self.problems.push(format!("{place}: say which file this is, as in ```{},file=NAME", block.language));
            return;
        };
        let path = folder.join(name);
        fs::write(&path, block.text()).unwrap();
        if block.language == "toml" {
            match Model::read(&path) {
                Err(error) if !block.has("invalid") => self.problems.push(format!("{place}: {error}")),
                Ok(_) if block.has("invalid") => self.problems.push(format!("{place}: this is a model")),
                _ => {}
            }
        }
    }

    fn python(&mut self, place: &str, block: &Block, next: Option<&Block>, folder: &Path) {
        let printed = shell::python(folder, &block.text());
        match next.filter(|next| next.language == "text" && next.has("output")) {
            Some(next) => self.compare(place, "this", &next.lines, &printed, next.first..next.end),
            None => self.compare(place, "this", &[], &printed, block.end..block.end),
        }
    }

    /// The commands of a block and what it shows after each.
    fn console(&mut self, place: &str, block: &Block, folder: &Path) {
        // What the README has of Cargo's own is what continuous integration does, or an example.
        if place.starts_with("README.md") && block.lines.iter().any(|line| line.contains("--example")) {
            return;
        }
        let mut at = 0;
        while at < block.lines.len() {
            let Some(command) = block.lines[at].strip_prefix("$ ") else {
                self.problems.push(format!("{place}: a console block begins with `$ `"));
                return;
            };
            let mut command = command.to_owned();
            while command.ends_with('\\') {
                at += 1;
                command = format!("{command}\n{}", block.lines[at]);
            }
            at += 1;
            let length = block.lines[at..].iter().position(|line| line.starts_with("$ "));
            let end = length.map_or(block.lines.len(), |length| at + length);
            let (succeeds, printed) = shell::tried(folder, &command);
            let is_readme = place.starts_with("README.md");
            if is_readme && !succeeds {
                self.problems.push(format!("{place}: {command}\nfails:\n{}", printed.join("\n")));
            }
            // The README shows what is of interest there.
            if !(is_readme && at == end) {
                self.compare(place, &command, &block.lines[at..end], &printed, block.first + at..block.first + end);
            }
            at = end;
        }
    }

    /// Pictures in the README are those that its commands have made.
    fn pictures(&mut self, page: &Page, folder: &Path) {
        let shown =
            page.prose().into_iter().filter_map(|line| line.split_once("](docs/pictures/")?.1.strip_suffix(')'));
        for name in shown.filter(|_| page.path == "README.md") {
            let (made, kept) = (folder.join(name), root().join("docs/pictures").join(name));
            if std::env::var_os("BLESS").is_some() {
                fs::copy(made, kept).unwrap();
            } else if fs::read(made).ok() != Some(fs::read(kept).unwrap()) {
                self.problems.push(format!("docs/pictures/{name} is not what the commands of the README make"));
            }
        }
    }

    fn compare(
        &mut self,
        place: &str,
        what: &str,
        shown: &[String],
        printed: &[String],
        range: std::ops::Range<usize>,
    ) {
        // A table of Markdown begins and ends with an empty line, lest it be part of a comment.
        let trimmed = trim(shown);
        if shows(trimmed, trim(printed)) || place.starts_with("README.md") && shows_json(trimmed, printed) {
            return;
        }
        let mut lines: Vec<String> = trim(printed).iter().map(|line| tidy(line)).collect();
        self.problems.push(format!("{place}: {what}\nprints\n{}\nnot\n{}", lines.join("\n"), trimmed.join("\n")));
        if lines.first().is_some_and(|line| line.starts_with('|')) {
            lines.insert(0, String::new());
            lines.push(String::new());
        }
        // What the command line does not know is no output to keep.
        let missing = ["unexpected argument", "unrecognized subcommand", "cannot open", "wc: ", "Traceback"];
        if !lines.iter().any(|line| missing.iter().any(|part| line.contains(part))) {
            self.changes.push((range, lines));
        }
    }
}

/// Without empty lines at both ends.
fn trim(lines: &[String]) -> &[String] {
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let end = lines.iter().rposition(|line| !line.is_empty()).map_or(first, |last| last + 1);
    &lines[first..end]
}

/// The README leaves out what goes to standard error.
fn shows_json(shown: &[String], printed: &[String]) -> bool {
    let json: Vec<String> = printed.iter().filter(|line| line.starts_with('{')).cloned().collect();
    shows(shown, &json)
}
