//! NVRTC and the disassembler for tests, or a visible reason to skip.

use std::path::{Path, PathBuf};
use std::process::Command;

use buffer_runtime::cache::CacheOptions;
use buffer_runtime::{GpuCompiler, GpuOptions};

/// Set where these tests must not skip: `.ci/run` installs what they need.
const REQUIRE: &str = "BUFFER_RUNTIME_REQUIRE_NVRTC";

/// Prints why a test does not run, and fails it where it must.
pub fn skip(test: &str, reason: &str) {
    assert!(std::env::var_os(REQUIRE).is_none(), "{test} may not skip here: {reason}");
    eprintln!("SKIPPED {test}: {reason}; scripts/setup-nvrtc installs what it needs");
}

/// A compiler without a disk cache, or `None` after saying why.
pub fn compiler(test: &str, options: GpuOptions) -> Option<GpuCompiler> {
    match GpuCompiler::with_options(options, CacheOptions { disk: false, ..CacheOptions::default() }) {
        Ok(compiler) => Some(compiler),
        Err(error) => {
            skip(test, &error.to_string());
            None
        }
    }
}

/// Machine code as text, or `None` after saying why.
pub fn disassemble(test: &str, cubin: &[u8]) -> Option<String> {
    let Some(tool) = nvdisasm() else {
        skip(test, "nvdisasm is not installed");
        return None;
    };
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), cubin).unwrap();
    let output = Command::new(tool).arg("-c").arg(file.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

fn nvdisasm() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let installed = std::fs::read_dir(workspace.join("target/venv/lib")).into_iter().flatten().flatten();
    let mut candidates: Vec<PathBuf> = installed
        .flat_map(|python| {
            ["cu13", "cuda_nvdisasm"]
                .map(|package| python.path().join("site-packages/nvidia").join(package).join("bin/nvdisasm"))
        })
        .collect();
    candidates.push("/usr/local/cuda/bin/nvdisasm".into());
    candidates.into_iter().find(|path| path.is_file())
}

/// The lines of a disassembly that have an instruction of one of these names (`LDS`, `DFMA` …), predicates aside.
pub fn instructions<'a>(disassembly: &'a str, names: &[&str]) -> Vec<&'a str> {
    disassembly
        .lines()
        .filter(|line| {
            let Some((_, code)) = line.split_once("*/") else { return false };
            let mut words = code.split_whitespace();
            let first = words.next().unwrap_or_default();
            let opcode = if first.starts_with('@') { words.next().unwrap_or_default() } else { first };
            let base = opcode.split(['.', ';']).next().unwrap_or_default();
            names.contains(&base)
        })
        .collect()
}
