//! NVRTC and the disassembler for tests, or a visible reason to skip.

use std::collections::HashMap;
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
    disassembly.lines().filter(|line| opcode(line).is_some_and(|name| names.contains(&name))).collect()
}

/// The opcode of a line of machine code, its predicate aside: `FFMA`, `BRA`.
pub fn opcode(line: &str) -> Option<&str> {
    let (_, code) = line.split_once("*/")?;
    let mut words = code.split_whitespace().skip_while(|word| word.starts_with('@'));
    words.next()?.split(['.', ';']).next().filter(|word| !word.is_empty())
}

/// The bodies of all innermost loops: the lines from a label to the branch back to it, with no other such branch between.
pub fn loops(text: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = text.lines().collect();
    let mut labels = HashMap::new();
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some(label) = line.trim().strip_suffix(':').filter(|label| label.starts_with(".L")) {
            labels.insert(label, at);
        } else if opcode(line) == Some("BRA")
            && let Some(start) = line.split(['(', ')', '`']).find_map(|word| labels.get(word))
        {
            found.push((*start, at));
        }
    }
    let inner =
        |outer: &(usize, usize)| !found.iter().any(|other| other != outer && outer.0 <= other.0 && other.1 <= outer.1);
    let body = |&(start, end): &(usize, usize)| {
        lines[start..=end].iter().copied().filter(|line| opcode(line).is_some()).collect()
    };
    found.iter().filter(|range| inner(range)).map(body).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_is_found_between_its_label_and_its_branch() {
        let text = "
    .L_x_0:
            /*0000*/                   MOV R1, c[0x0][0x28] ;
    .L_x_1:
            /*0010*/                   FFMA R2, R2, R3, R4 ;
            /*0020*/               @P0 BRA `(.L_x_1) ;
            /*0030*/                   FADD R2, R2, R3 ;
            /*0040*/              @!P1 BRA `(.L_x_0) ;
            /*0050*/                   BRA `(.L_x_2) ;
    .L_x_2:
            /*0060*/                   EXIT ;";
        assert_eq!(loops(text).len(), 1);
        assert_eq!(loops(text)[0].iter().filter_map(|line| opcode(line)).collect::<Vec<_>>(), ["FFMA", "BRA"]);
    }
}
