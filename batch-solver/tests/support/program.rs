//! `batch-solve` as a user runs it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use batch_solver::{Batch, Model, Solution, Solver};
use buffer_runtime::{Device, Settings, Unknown};
use tempfile::TempDir;

/// A folder that serves as home, cache and working folder: nothing of this machine's user is read or written.
pub(crate) static SHARED: LazyLock<TempDir> =
    LazyLock::new(|| tempfile::tempdir().expect("a temporary folder can be made"));

pub(crate) fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/models")
}

pub(crate) fn lorenz() -> String {
    models().join("lorenz.toml").display().to_string()
}

/// `batch-solve` with a clean environment and nothing to read.
pub(crate) fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_batch-solve"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", SHARED.path()).env("BUFFER_RUNTIME_CACHE", SHARED.path().join("cache"));
    command.current_dir(folder).stdin(std::process::Stdio::null()).args(arguments);
    command
}

/// Runs `batch-solve solve`.
pub(crate) fn solve(folder: &Path, arguments: &[&str]) -> Output {
    let mut all = vec!["solve", "--device", "cpu"];
    all.extend(arguments);
    program(folder, &all).output().expect("the program starts")
}

/// What a verb that must succeed prints to standard output.
pub(crate) fn printed(arguments: &[&str]) -> String {
    let output = program(SHARED.path(), arguments).output().expect("the program starts");
    assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""), "{arguments:?}");
    text(&output.stdout).to_owned()
}

/// The cells of a Markdown table: its header, then its rows.
pub(crate) fn cells(markdown: &str) -> Vec<Vec<String>> {
    let row = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    let mut rows: Vec<Vec<String>> = markdown.lines().map(row).collect();
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "every row has a cell in every column:\n{markdown}");
    assert!(rows.remove(1).iter().all(|cell| cell == "---"));
    rows
}

pub(crate) fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

pub(crate) fn message(output: &Output) -> &str {
    text(&output.stderr)
}

pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("the output is UTF-8")
}

/// What a refused call says; it must have written nothing to standard output.
pub(crate) fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = solve(folder, arguments);
    let message = text(&output.stderr).to_owned();
    assert_eq!(code(&output), Some(1), "{message}");
    assert_eq!(text(&output.stdout), "");
    message
}

/// A table as text.
pub(crate) struct Csv {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

pub(crate) fn csv(text: &str) -> Csv {
    let split = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let mut lines = text.lines().map(split);
    let header = lines.next().expect("there is a header");
    let rows: Vec<_> = lines.collect();
    assert!(rows.iter().all(|row| row.len() == header.len()), "rows are as long as the header");
    Csv { header, rows }
}

/// The same solve by the library.
pub(crate) fn expected(model: &str, batch: &Batch, duration: f64, settings: &Settings) -> Solution {
    let solve = || -> Result<Solution, Box<dyn std::error::Error>> {
        let model = Model::read(models().join(model))?;
        let mut solver = Solver::on(model.system().clone(), Device::cpu()?)?;
        solver.update(model.settings(), Unknown::Error)?;
        solver.update(settings, Unknown::Error)?;
        Ok(solver.solve(batch, 0.0..duration)?)
    };
    solve().expect("the library solves what the program solves")
}
