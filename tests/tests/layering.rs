//! The layers stay one above the other.

use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut pending = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder)];
    while let Some(path) = pending.pop() {
        for entry in fs::read_dir(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if matches!(path.extension().and_then(|e| e.to_str()), Some("rs" | "cuh" | "toml")) {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

fn assert_without(folder: &str, words: &[&str]) {
    for (path, text) in files(folder) {
        for (number, line) in text.lines().enumerate() {
            for word in words {
                let whole = line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == *word);
                assert!(!whole, "{}:{}: `{word}` does not belong in this layer: {line}", path.display(), number + 1);
            }
        }
    }
}

#[test]
fn the_runtime_names_no_ode() {
    for folder in ["buffer-runtime/src", "buffer-runtime/device"] {
        assert_without(folder, &["ODE", "ode", "trajectory", "trajectories", "batch_solver", "Jacobian", "jacobian"]);
    }
}

#[test]
fn layout_registry_and_settings_do_not_know_the_devices() {
    for folder in ["layout", "registry", "settings", "config", "plan", "report"] {
        assert_without(&format!("buffer-runtime/src/{folder}"), &["cudarc", "libloading", "rayon"]);
    }
}

#[test]
fn the_derive_knows_names_only() {
    assert_without("buffer-macros/src", &["cudarc", "proc_macro_crate"]);
    let manifest =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../buffer-macros/Cargo.toml")).unwrap();
    assert!(!manifest.contains("buffer-runtime.workspace"), "the derive must not depend on the runtime");
}
