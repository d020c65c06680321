//! Python with the packages that read results, or a visible reason to skip.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Set where these tests must not skip: `.ci/run` installs what they need.
const REQUIRE: &str = "BUFFER_RUNTIME_REQUIRE_PYTHON";

/// Whether nothing that Python checks may be left out.
pub fn is_required() -> bool {
    std::env::var_os(REQUIRE).is_some_and(|value| value == "1")
}

/// An interpreter that has these packages, or `None` after saying why not.
pub fn interpreter(test: &str, packages: &[&str]) -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let python = workspace.join("target/venv/bin/python");
    let import = format!("import {}", packages.join(", "));
    let reason = match Command::new(&python).args(["-c", &import]).output() {
        Ok(output) if output.status.success() => return Some(python),
        Ok(output) => String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default().to_owned(),
        Err(error) => format!("{}: {error}", python.display()),
    };
    assert!(!is_required(), "{test} may not skip here: {reason}");
    eprintln!("SKIPPED {test}: {reason}; scripts/setup-python installs what it needs");
    None
}
