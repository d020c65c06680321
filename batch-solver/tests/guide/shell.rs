//! Commands of the guide, run as a reader would.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use crate::blocks::root;
use crate::support::program::{SHARED, models};

/// Python with what the guide imports, as `scripts/setup-python` installs it.
pub(crate) static PYTHON: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    let folder = root().join("target/venv/bin");
    let imports = ["-c", "import numpy, pandas, polars, pyarrow, scipy"];
    let works = Command::new(folder.join("python")).args(imports).stderr(Stdio::null()).status();
    works.is_ok_and(|status| status.success()).then_some(folder)
});

/// Whether a part that needs Python is left out, which is said.
pub(crate) fn without_python(place: &str) -> bool {
    if PYTHON.is_some() {
        return false;
    }
    let required = std::env::var_os("BUFFER_RUNTIME_REQUIRE_PYTHON").is_some_and(|value| value == "1");
    assert!(!required, "{place}: no Python with what the guide imports in target/venv: scripts/setup-python");
    eprintln!("SKIPPED {place}: no Python with what the guide imports in target/venv: scripts/setup-python");
    true
}

/// A folder as the root of a clone is to a reader, as far as the guide goes.
pub(crate) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("examples/models");
    fs::create_dir_all(&target).unwrap();
    for entry in fs::read_dir(models()).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, target.join(path.file_name().unwrap())).unwrap();
    }
    folder
}

/// What a command prints, to standard output and standard error, in the order in which it does.
pub(crate) fn run(folder: &Path, command: &str) -> Vec<String> {
    tried(folder, command).1
}

/// Whether a command succeeds, and what it prints.
pub(crate) fn tried(folder: &Path, command: &str) -> (bool, Vec<String>) {
    // `cargo run … -- ARGUMENTS`, as the README has it, is the program that this test was built with.
    let script = format!(
        "cargo() {{ while [ \"$1\" != -- ]; do shift; done; shift; batch-solve \"$@\"; }}\nexec 2>&1\n{command}"
    );
    output(folder, Command::new("bash").args(["-c", &script]))
}

/// What a Python program prints.
pub(crate) fn python(folder: &Path, program: &str) -> Vec<String> {
    fs::write(folder.join("block.py"), program).unwrap();
    run(folder, "python block.py")
}

fn output(folder: &Path, command: &mut Command) -> (bool, Vec<String>) {
    let program = Path::new(env!("CARGO_BIN_EXE_batch-solve")).parent().unwrap().to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = [program].into_iter().chain(PYTHON.clone()).chain(std::env::split_paths(&path));
    command.env_clear().env("PATH", std::env::join_paths(folders).unwrap());
    command.env("HOME", SHARED.path()).env("BUFFER_RUNTIME_CACHE", concat!(env!("CARGO_TARGET_TMPDIR"), "/kernels"));
    // The machine of a test may have a card; the guide is the same with and without.
    command.env("CUDA_VISIBLE_DEVICES", "");
    let output = command.current_dir(folder).stdin(Stdio::null()).output().unwrap();
    let lines = String::from_utf8_lossy(&output.stdout).lines().map(|line| line.trim_end().to_owned()).collect();
    (output.status.success(), lines)
}
