//! The programs of `benches/peers`: each is built if what it needs is installed, and otherwise an error says how to get it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use buffer_runtime::compiler::{HostCompiler, HostOptions, Optimisation};

use super::{Fallible, PEERS, Peer, target_folder};

/// How to start a program.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) arguments: Vec<PathBuf>,
}

impl Program {
    fn at(path: PathBuf) -> Self {
        Self { path, arguments: Vec::new() }
    }

    pub(crate) fn start(&self) -> Fallible<Peer> {
        Peer::spawn(Command::new(&self.path).args(&self.arguments))
    }
}

/// Where programs are built.
fn folder() -> Fallible<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("peers");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// Compiles `benches/peers/<name>.cpp` with the flags of generated kernels; returns the path of the program.
pub(crate) fn by_hand(compiler: &HostCompiler, name: &str, optimisation: Optimisation) -> Fallible<PathBuf> {
    let out = folder()?.join(name);
    let source = fs::read_to_string(Path::new(PEERS).join(name).with_extension("cpp"))?;
    let extra = vec![format!("-I{PEERS}"), "-pthread".to_owned()];
    let options = HostOptions { optimisation, extra, ..HostOptions::default() };
    compiler.compile_executable(&source, &options, &[], &out)?;
    Ok(out)
}

pub(crate) fn loop_by_hand(compiler: &HostCompiler, name: &str) -> Fallible<Program> {
    Ok(Program::at(by_hand(compiler, name, Optimisation::default())?))
}

/// One of the programs that use Boost.Odeint.
pub(crate) fn odeint(compiler: &HostCompiler, name: &str) -> Fallible<Program> {
    let built = by_hand(compiler, name, Optimisation::O3);
    let path = built.map_err(|error| {
        let fault = error.to_string();
        if fault.contains("boost/") && fault.contains("file") {
            "Boost's headers are missing (Debian: apt install libboost-dev)".to_owned()
        } else {
            first_fault(&fault).to_owned()
        }
    })?;
    Ok(Program::at(path))
}

/// Where SUNDIALS is if it is not the system's.
pub(crate) fn own_sundials() -> Option<PathBuf> {
    let own = std::env::var_os("SUNDIALS").map_or_else(|| target_folder().join("sundials"), PathBuf::from);
    own.is_dir().then_some(own)
}

/// CVODE, from `$SUNDIALS`, `target/sundials` or the system.
pub(crate) fn cvode() -> Fallible<Program> {
    let own = own_sundials();
    let out = folder()?.join("cvode");
    if own.is_none() {
        println!(
            "NOTE cvode: the system's SUNDIALS; Debian's is compiled without optimisation (one that is: benches/peers/sundials)"
        );
    }
    // From version 7 on there is one library more.
    for more in [&[][..], &["core"]] {
        let mut command = Command::new(std::env::var_os("CXX").unwrap_or_else(|| "c++".into()));
        command
            .args(["-std=c++17", "-O3", "-march=native", "-ffp-contract=off", "-pthread"])
            .arg("-o")
            .arg(&out)
            .arg(Path::new(PEERS).join("cvode.cpp"));
        if let Some(own) = &own {
            command.arg(format!("-I{}", own.join("include").display()));
            command.arg(format!("-L{}", own.join("lib").display()));
        }
        let needed = ["cvode", "nvecserial", "sunmatrixdense", "sunlinsoldense", "sunnonlinsolfixedpoint"];
        for library in needed.iter().chain(more) {
            command.arg(format!("-lsundials_{library}"));
        }
        if command.output()?.status.success() {
            return Ok(Program::at(out));
        }
    }
    Err("SUNDIALS is missing (benches/peers/sundials, or, not optimised, Debian: apt install libsundials-dev)".into())
}

/// The program that uses diffsol, built in a target folder of its own.
pub(crate) fn diffsol() -> Fallible<Program> {
    let target = target_folder().join("diffsol");
    let manifest = Path::new(PEERS).join("diffsol/Cargo.toml");
    let output = Command::new("cargo")
        .args(["build", "--quiet", "--release", "--locked", "--manifest-path"])
        .arg(manifest)
        .env("CARGO_TARGET_DIR", &target)
        .env("RUSTFLAGS", "-Ctarget-cpu=native")
        .output()?;
    if !output.status.success() {
        let log = String::from_utf8_lossy(&output.stderr);
        let fault = log.lines().find(|line| line.starts_with("error")).unwrap_or("it does not compile");
        return Err(format!("{fault} (its crates come from the network: cargo fetch)").into());
    }
    Ok(Program::at(target.join("release/diffsol-peer")))
}

/// The program that uses SciPy, with the Python of `target/venv` or that of the system.
pub(crate) fn scipy() -> Fallible<Program> {
    let own = Path::new(PEERS).join("../../target");
    for python in [target_folder().join("venv/bin/python3"), own.join("venv/bin/python3"), PathBuf::from("python3")] {
        let mut command = Command::new(&python);
        command.args(["-c", "import scipy.integrate"]).stdout(Stdio::null()).stderr(Stdio::null());
        if command.status().is_ok_and(|status| status.success()) {
            return Ok(Program { path: python, arguments: vec![Path::new(PEERS).join("scipy_peer.py")] });
        }
    }
    Err("SciPy is missing (python3 -m venv target/venv && target/venv/bin/pip install scipy)".into())
}

/// A program that may be missing, started.
pub(crate) fn optional(name: &str, program: impl FnOnce() -> Fallible<Program>) -> Option<Peer> {
    installed(name, program()).and_then(|program| program.start().map_err(|error| skipped(name, &*error)).ok())
}

/// A program that may be missing, which is said then.
pub(crate) fn installed(name: &str, program: Fallible<Program>) -> Option<Program> {
    program.map_err(|error| skipped(name, &*error)).ok()
}

fn skipped(name: &str, error: &dyn std::error::Error) {
    println!("SKIPPED {name}: {error}");
}

/// The line of a compiler's log that says what is wrong.
pub(crate) fn first_fault(log: &str) -> &str {
    log.lines().find(|line| line.contains("error:")).or(log.lines().next()).unwrap_or_default()
}
