//! The outcome of a successful probe, kept on disk for the next process.
//!
//! The key has all that decides the outcome, so an outcome is never out of date; where something decides it that cannot
//! be seen from here, there is no key. Programs that the executable runs in turn (GCC's `cc1plus`, the linker) are taken
//! to change with it, as they are by [`HostCompiler::identity`](super::HostCompiler::identity).

use std::{
    collections::BTreeSet,
    env,
    ffi::OsStr,
    fs::File,
    io::{BufRead, BufReader, Read},
    os::unix::fs::MetadataExt,
    path::Path,
};

use super::{
    options::{ALWAYS, native_flag},
    probe::{Answers, Candidate, PROBE},
};
use crate::cache::{Artifact, KernelCache, KernelIdentity, KernelKey};

const BANNER: &str = "banner.txt";
const MACROS: &str = "macros.txt";

/// The environment variables by which GCC, Clang and the linker find their parts, headers and libraries, or take options.
const VARIABLES: [&str; 10] = [
    "PATH",
    "COMPILER_PATH",
    "LIBRARY_PATH",
    "CPATH",
    "CPLUS_INCLUDE_PATH",
    "C_INCLUDE_PATH",
    "DEPENDENCIES_OUTPUT",
    "SUNPRO_DEPENDENCIES",
    "LDEMULATION",
    "SDKROOT",
];

/// How the names of further such variables begin: `GCC_EXEC_PREFIX`, `CCC_OVERRIDE_OPTIONS`, `LD_LIBRARY_PATH`.
const PREFIXES: [&str; 7] = ["GCC_", "COLLECT_", "CCC_", "CLANG_", "LLVM_", "LD_", "NIX_"];

/// The lines of `/proc/cpuinfo` that say what a processor is, x86 first, then Arm.
const PROCESSOR: [&str; 11] = [
    "vendor_id",
    "cpu family",
    "model",
    "model name",
    "stepping",
    "flags",
    "Features",
    "CPU implementer",
    "CPU architecture",
    "CPU variant",
    "CPU part",
];

/// The words of an executable's name, between hyphens, of which a compiler has one: `x86_64-linux-gnu-g++-12`.
const NAMES: [&str; 4] = ["c++", "g++", "clang", "clang++"];

/// How an executable begins that the system runs by itself, not by another program as it does a script.
const MACHINE_CODE: [u8; 4] = *b"\x7fELF";

/// What a candidate's outcome is kept under; `None` when it is not to be kept.
pub(super) fn key(candidate: &Candidate) -> Option<KernelKey> {
    if !candidate.arguments().is_empty() {
        return None;
    }
    let mut options = vec![format!("buffer-runtime {}", env!("CARGO_PKG_VERSION")), native_flag().into()];
    options.extend(ALWAYS.map(String::from));
    options.extend(environment());
    let identity = KernelIdentity {
        kind: "host compiler",
        source: PROBE,
        options: &options,
        architecture: &processor()?,
        compiler: &executable(candidate.path())?,
    };
    Some(identity.key())
}

/// What was kept under `key`.
pub(super) fn recall(cache: &KernelCache, key: &KernelKey) -> Option<Answers> {
    let artifact = cache.recall(key)?;
    let text = |name| Some(std::str::from_utf8(artifact.bytes(name)?).ok()?.to_owned());
    Some(Answers { banner: text(BANNER)?, macros: text(MACROS)? })
}

/// Keeps the answers of a compiler that works.
pub(super) fn keep(cache: &KernelCache, key: &KernelKey, answers: &Answers) {
    let artifact = Artifact::new().with(BANNER, answers.banner.as_str()).with(MACROS, answers.macros.as_str());
    cache.keep(key, &artifact);
}

/// The executable as found, where its links end, and what tells that file from one put in its place. `None` when the
/// file may stand for another compiler.
fn executable(found: &Path) -> Option<String> {
    let path = found.canonicalize().ok()?;
    if !is_compilers_name(path.file_name()?) {
        return None;
    }
    let mut file = File::open(&path).ok()?;
    let mut begin = [0; MACHINE_CODE.len()];
    file.read_exact(&mut begin).ok()?;
    if begin != MACHINE_CODE {
        return None;
    }
    let data = file.metadata().ok()?;
    // The inode and the time of its last change tell files apart whose time was set, as package managers do.
    Some(format!(
        "{found:?} {path:?} {} {}.{} {}.{} {}",
        data.len(),
        data.mtime(),
        data.mtime_nsec(),
        data.ctime(),
        data.ctime_nsec(),
        data.ino()
    ))
}

/// Whether a file's name is a compiler's. One program that runs another (`ccache`, `distcc`, `sccache`, `icecc`, version
/// managers) often goes by a compiler's name through a link; this is the name at the link's end.
fn is_compilers_name(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.split('-').any(|word| NAMES.contains(&word)))
}

/// The variables that compilers read, in alphabetical order.
fn environment() -> BTreeSet<String> {
    let counts = |name: &str| VARIABLES.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    env::vars_os()
        .filter(|(name, _)| name.to_str().is_some_and(counts))
        .map(|(name, value)| format!("{name:?}={value:?}"))
        .collect()
}

/// What the system says of the processor; `None` where it is not known to say all that `native` depends on.
fn processor() -> Option<String> {
    if !cfg!(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))) {
        return None;
    }
    let lines = BufReader::with_capacity(4096, File::open("/proc/cpuinfo").ok()?).lines().map_while(Result::ok);
    // The kernel writes the file as it is read, up to milliseconds for many cores. Those of an x86 processor have one set of
    // instructions; Arm's can differ.
    let first = lines.take_while(|line| cfg!(target_arch = "aarch64") || !line.is_empty());
    processor_lines(first)
}

/// The telling lines, each once; `None` without one that lists instruction sets.
fn processor_lines(lines: impl Iterator<Item = String>) -> Option<String> {
    let telling: BTreeSet<String> =
        lines.filter(|line| line.split_once(':').is_some_and(|(name, _)| PROCESSOR.contains(&name.trim()))).collect();
    let complete = telling.iter().any(|line| line.starts_with("flags") || line.starts_with("Features"));
    complete.then(|| telling.into_iter().collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappers_do_not_have_a_compilers_name() {
        for name in ["g++", "c++", "g++-12", "x86_64-linux-gnu-g++-12", "clang", "clang-14", "clang++", "clang++-18"] {
            assert!(is_compilers_name(OsStr::new(name)), "{name}");
        }
        for name in ["ccache", "distcc", "sccache", "icecc", "mise", "snap", "colorgcc", "clangd", ""] {
            assert!(!is_compilers_name(OsStr::new(name)), "{name}");
        }
    }

    #[test]
    fn what_changes_by_itself_is_not_the_processor() {
        let lines = |text: &str| processor_lines(text.lines().map(String::from));
        let one = lines("processor\t: 0\nmodel name\t: A\ncpu MHz\t\t: 2600.000\nflags\t\t: fma avx2\n").unwrap();
        assert_eq!(one, "flags\t\t: fma avx2\nmodel name\t: A");
        assert_eq!(lines("model name\t: A\ncpu MHz\t\t: 3\nflags\t\t: fma avx2\n").unwrap(), one);
        assert_ne!(lines("model name\t: A\nflags\t\t: fma\n").unwrap(), one);
        // Cores of two kinds.
        let arm = lines("CPU part\t: 1\nFeatures\t: fp\n\nCPU part\t: 2\nFeatures\t: fp\n").unwrap();
        assert_eq!(arm, "CPU part\t: 1\nCPU part\t: 2\nFeatures\t: fp");
        assert_eq!(lines("model name\t: A\n"), None);
    }
}
