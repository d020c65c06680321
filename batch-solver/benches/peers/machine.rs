//! What the figures were measured on and with.

use std::fs;
use std::path::Path;
use std::process::Command;

use buffer_runtime::compiler::HostCompiler;

use crate::common::programs::{Program, own_sundials};
use crate::common::{Fallible, PEERS};
use crate::contenders::Programs;

/// How many programs wanted a core in the last minute.
pub(crate) fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

/// The first line that a command prints.
fn first_line(command: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(command).args(arguments).output().ok().filter(|output| output.status.success())?;
    String::from_utf8_lossy(&output.stdout).lines().next().map(str::to_owned)
}

/// The value of a line `name : value` or `name=value`.
fn field(text: &str, name: &str, separator: char) -> Option<String> {
    let value = text
        .lines()
        .filter_map(|line| line.split_once(separator))
        .find_map(|(key, value)| (key.trim() == name).then_some(value))?;
    Some(value.trim().trim_matches('"').to_owned())
}

fn processor() -> String {
    let linux = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| field(&text, "model name", ':'));
    let name = linux.or_else(|| first_line("sysctl", &["-n", "machdep.cpu.brand_string"]));
    name.unwrap_or_else(|| format!("a processor of the family {}", std::env::consts::ARCH))
}

fn system() -> String {
    let linux = fs::read_to_string("/etc/os-release").ok().and_then(|text| field(&text, "PRETTY_NAME", '='));
    linux.or_else(|| first_line("uname", &["-sr"])).unwrap_or_else(|| std::env::consts::OS.to_owned())
}

fn version(program: Option<&Program>) -> Option<String> {
    let mut peer = program?.start().ok()?;
    let version = peer.ask_word("version", "-").ok()?;
    peer.stop().ok()?;
    Some(version)
}

/// diffsol's version is in its lock file.
fn diffsol(program: Option<&Program>) -> Option<String> {
    program?;
    let lock = fs::read_to_string(Path::new(PEERS).join("diffsol/Cargo.lock")).ok()?;
    field(lock.split_once("name = \"diffsol\"")?.1, "version", '=')
}

/// The machine, compilers, versions and the date as a sentence.
pub(crate) fn describe(programs: &Programs) -> Fallible<String> {
    let compiler = HostCompiler::find()?;
    let mut parts = vec![
        processor(),
        format!("{} cores", std::thread::available_parallelism()?),
        format!("vectors of {} bits", 8 * compiler.vector_bytes()),
        system(),
        format!("{} {}", compiler.kind(), compiler.version()),
    ];
    parts.extend(first_line("rustc", &["--version"]).map(|line| line.split(" (").next().unwrap_or(&line).to_owned()));
    let sundials = if own_sundials().is_some() { "SUNDIALS" } else { "the system's SUNDIALS" };
    let peers = [
        ("Boost", version(programs.odeint.as_ref())),
        ("diffsol", diffsol(programs.diffsol.as_ref())),
        (sundials, version(programs.cvode.as_ref())),
        ("SciPy", version(programs.scipy.as_ref())),
    ];
    parts.extend(peers.into_iter().filter_map(|(name, version)| Some(format!("{name} {}", version?))));
    parts.extend(first_line("date", &["+%F"]));
    Ok(parts.join(", "))
}
