//! Compiles and runs the C++ programs of `tests/device` with the machine's C++ compiler.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The flags under which the device source keeps its promise of equal bits.
const FLAGS: [&str; 8] = [
    "-std=c++17",
    "-march=native",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-strict-aliasing",
    "-Wall",
    "-Wextra",
    // Programs pass packs to functions that are not inlined; their ABI stays within the program.
    "-Wno-psabi",
];

/// How a program is built: what the generator would define, and the compiler's optimisation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Build<'a> {
    /// `BR_REAL`: `float` or `double`.
    pub(crate) real: &'a str,
    /// `BR_VECTOR_BYTES`.
    pub(crate) vector_bytes: u32,
    /// `BR_PACK`.
    pub(crate) pack: u32,
    /// Further flags.
    pub(crate) flags: &'a [&'a str],
}

/// A C++ compiler.
pub(crate) struct Compiler {
    command: String,
}

impl Compiler {
    /// The first of `$CXX`, `c++`, `g++` and `clang++` that runs; without one, says so and the caller skips its test.
    pub(crate) fn find() -> Option<Self> {
        let named = std::env::var("CXX").ok();
        let found = named.into_iter().chain(["c++", "g++", "clang++"].map(str::to_owned)).find(|command| {
            Command::new(command).arg("--version").output().is_ok_and(|output| output.status.success())
        });
        if found.is_none() {
            eprintln!("skipped: no C++ compiler ($CXX, c++, g++, clang++) to compile the device source with");
        }
        found.map(|command| Self { command })
    }

    /// Compiles `source` to `output`; the compiler's messages are the error.
    ///
    /// Warnings are errors: the device source is part of every user's kernel.
    pub(crate) fn compile(&self, source: &Path, output: &Path, build: Build<'_>) -> Result<(), String> {
        let result = Command::new(&self.command)
            .args(FLAGS)
            .arg("-Werror")
            .arg(format!("-DBR_REAL={}", build.real))
            .arg(format!("-DBR_VECTOR_BYTES={}", build.vector_bytes))
            .arg(format!("-DBR_PACK={}", build.pack))
            .arg("-I")
            .arg(directory())
            .arg(source)
            .arg("-o")
            .arg(output)
            // Libraries among them come after what needs them.
            .args(build.flags)
            .output()
            .map_err(|error| error.to_string())?;
        if result.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&result.stderr).into_owned()) }
    }

    /// Compiles a program of `tests/device` and runs it. Panics with its output if it fails.
    pub(crate) fn run(&self, program: &str, build: Build<'_>) -> String {
        let executable = scratch(&format!("{program}-{}-{}-{}", build.real, build.vector_bytes, build.pack), build);
        if let Err(messages) = self.compile(&directory().join(program), &executable, build) {
            panic!("{program} does not compile with {build:?}:\n{messages}");
        }
        let result =
            Command::new(&executable).output().unwrap_or_else(|error| panic!("{program} does not start: {error}"));
        let text = String::from_utf8_lossy(&result.stdout).into_owned();
        let errors = String::from_utf8_lossy(&result.stderr);
        assert!(result.status.success(), "{program} fails with {build:?}:\n{text}{errors}");
        text
    }

    /// Whether kernels compiled for this machine use its fused multiply-add.
    #[allow(dead_code, reason = "each test program uses a part of this module")]
    pub(crate) fn has_fma(&self) -> bool {
        let arguments = ["-march=native", "-dM", "-E", "-x", "c++", "/dev/null"];
        let output = Command::new(&self.command).args(arguments).output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("__FMA__"))
    }
}

/// The folder of the C++ programs.
pub(crate) fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("device")
}

/// A file for what is built, one per name and flags.
pub(crate) fn scratch(name: &str, build: Build<'_>) -> PathBuf {
    let flags: String = build.flags.concat().chars().filter(char::is_ascii_alphanumeric).collect();
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}{flags}"))
}

/// Whether this machine has vectors of 512 bits.
#[cfg(target_arch = "x86_64")]
pub(crate) fn has_avx512() -> bool {
    std::is_x86_feature_detected!("avx512f") && std::is_x86_feature_detected!("avx512dq")
}

/// Whether this machine has vectors of 512 bits.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn has_avx512() -> bool {
    false
}
