//! Emitted code compiled and run on the host.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::system::{EmittedSystem, System};

/// The vocabulary of device code for one lane. `real` is a class, as in packs: what a pack cannot do does not compile.
const SHIM: &str = include_str!("shim.hpp");

/// The precision of a compiled system.
#[derive(Clone, Copy, Debug)]
pub(in crate::system) enum Precision {
    F32,
    F64,
}

/// The C++ compiler of the host, if there is one.
pub(in crate::system) fn compiler() -> Option<OsString> {
    let candidates = std::env::var_os("CXX").into_iter().chain(["c++", "g++", "clang++"].map(OsString::from));
    let compiler = candidates.into_iter().find(|candidate| {
        Command::new(candidate).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    });
    if compiler.is_none() {
        eprintln!("skipped: no C++ compiler (tried $CXX, c++, g++, clang++)");
    }
    compiler
}

/// A function of the shim that runs a system.
#[derive(Clone, Copy, Debug)]
pub(in crate::system) struct Entry {
    name: &'static str,
    /// The number of results per row of inputs.
    results: usize,
}

impl Entry {
    /// From time, states, parameters, constants and drivers to derivatives and observables.
    pub(in crate::system) fn values(system: &System) -> Self {
        Self { name: "run", results: system.states().len() + system.observables().len() }
    }

    /// From the same, rates of drivers and a direction to the linearisation, the product with the direction and the diagonal of the Jacobian.
    pub(in crate::system) fn derivatives(system: &System) -> Self {
        let (states, times) = (system.states().len(), if system.is_autonomous() { 0 } else { system.states().len() });
        Self { name: "run_derivatives", results: 3 * states + times + system.jacobian_sparsity().nonzeros() }
    }
}

/// Compiles the code and returns the bits of the results for each row of inputs, given as bits.
pub(in crate::system) fn run(
    compiler: &OsString,
    emitted: &EmittedSystem,
    entry: Entry,
    precision: Precision,
    rows: &[Vec<u64>],
) -> Vec<Vec<u64>> {
    let folder = Scratch::new();
    let (source, binary) = (folder.0.join("system.cpp"), folder.0.join("system"));
    let (real, bits, format) = match precision {
        Precision::F32 => ("float", "uint32_t", "PRIx32"),
        Precision::F64 => ("double", "uint64_t", "PRIx64"),
    };
    let text = format!(
        "#define BR_REAL {real}\n#define BITS {bits}\n#define FORMAT \"%\" {format} \" \"\n{SHIM}\n{}\n\
         int main() {{ return {}<{}>(); }}\n",
        emitted.text, entry.name, emitted.struct_name,
    );
    std::fs::write(&source, text).expect("can write the source");
    // Not optimised, so that functions of literals are computed by the library, as in Rust, and not by the compiler.
    let output = Command::new(compiler)
        .args(["-std=c++17", "-O0", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror"])
        .args(["-Wdouble-promotion", "-Wconversion", "-Wno-div-by-zero"])
        .args([source.as_os_str(), "-o".as_ref(), binary.as_os_str(), "-lm".as_ref()])
        .output()
        .expect("the compiler starts");
    assert!(output.status.success(), "{}\n{}", String::from_utf8_lossy(&output.stderr), emitted.text);

    let results = feed(&binary, rows);
    let width = entry.results;
    let values: Vec<u64> =
        results.split_whitespace().map(|word| u64::from_str_radix(word, 16).expect("hexadecimal")).collect();
    assert_eq!(values.len(), width * rows.len());
    values.chunks_exact(width).map(<[u64]>::to_vec).collect()
}

fn feed(binary: &Path, rows: &[Vec<u64>]) -> String {
    let mut child =
        Command::new(binary).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the compiled program starts");
    let mut input = child.stdin.take().expect("is piped");
    let words: String = rows.iter().flatten().map(|bits| format!("{bits:x} ")).collect();
    // A thread of its own, so that neither pipe can fill up while the other is waited for.
    let writer = std::thread::spawn(move || input.write_all(words.as_bytes()));
    let output = child.wait_with_output().expect("the compiled program ends");
    writer.join().expect("the writer ends").expect("the program reads all inputs");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("is ASCII")
}

/// A folder that is removed at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("batch-solver-test-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("can create a temporary folder");
        Self(folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("could not remove {}: {error}", self.0.display());
        }
    }
}
