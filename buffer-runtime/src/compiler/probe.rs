//! Asking a candidate what it is and whether it works.

use std::{
    env,
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::Arc,
};

use super::{
    CompilerError, CompilerKind, CompilerVersion, HostCompiler, HostOptions, ProbeFailure, options::native_flag,
};
use crate::cache::PrivateDirectory;

/// Uses what the device source needs of the language, and links.
pub(super) const PROBE: &str = r#"
typedef double pack __attribute__((vector_size(16)));
typedef long long mask __attribute__((vector_size(16)));
template <class T> inline T twice(T const& x) { if constexpr (sizeof(T) == 16) return x + x; else return x; }
extern "C" __attribute__((visibility("default"))) void probe(double* x) {
    pack p = {x[0], x[1]};
    mask m = p > 0.0;
    pack r = m ? twice(p) : pack{__builtin_fma(x[0], x[0], x[1]), __builtin_sqrt(x[1])};
    x[0] = r[0];
    x[1] = r[1];
}
"#;

/// A command that may be a compiler.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    path: PathBuf,
    arguments: Vec<OsString>,
}

/// What a compiler says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answers {
    /// The first line of `--version`.
    pub(super) banner: String,
    /// The predefined macros for the host's processor, as `#define NAME VALUE` lines.
    pub(super) macros: String,
}

impl Candidate {
    /// The executable that a command is, or that its first word is, with leading arguments; `None` when there is no such file.
    pub(super) fn named(command: &OsStr) -> Option<Self> {
        if let Some(path) = search_path(command) {
            return Some(Self { path, arguments: Vec::new() });
        }
        let words = command.as_bytes().split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let mut words = words.map(OsStr::from_bytes);
        let path = search_path(words.next()?)?;
        Some(Self { path, arguments: words.map(OsString::from).collect() })
    }

    /// The executable as it was found, symbolic links included.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn arguments(&self) -> &[OsString] {
        &self.arguments
    }

    /// The command with its leading arguments, messages in English.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).env("LC_ALL", "C").stdin(Stdio::null());
        // A terminal's Ctrl-C goes to every process of a group; what becomes of a compilation is up to the program.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command
    }

    /// Runs the command for its version and its macros.
    pub(super) fn ask(&self) -> Result<Answers, ProbeFailure> {
        let run = |flags: &[&str]| self.command().args(flags).output().map_err(spawn_failure);
        let banner = run(&["--version"])?;
        let banner = String::from_utf8_lossy(&banner.stdout).lines().next().unwrap_or_default().trim().to_owned();
        let macros = run(&["-std=c++17", native_flag(), "-dM", "-E", "-x", "c++", "/dev/null"]).and_then(successful)?;
        Ok(Answers { banner, macros })
    }
}

impl Answers {
    /// Kind and version from the predefined macros; Clang defines `__GNUC__` too.
    pub(super) fn kind_and_version(&self) -> Option<(CompilerKind, CompilerVersion)> {
        let number = |name: &str| -> Option<u32> {
            self.macros
                .lines()
                .find_map(|line| line.strip_prefix("#define ")?.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
        };
        let version = |[major, minor, patch]: [&str; 3]| {
            Some(CompilerVersion { major: number(major)?, minor: number(minor)?, patch: number(patch)? })
        };
        if let Some(version) = version(["__clang_major__", "__clang_minor__", "__clang_patchlevel__"]) {
            return Some((CompilerKind::Clang, version));
        }
        version(["__GNUC__", "__GNUC_MINOR__", "__GNUC_PATCHLEVEL__"]).map(|version| (CompilerKind::Gcc, version))
    }
}

impl HostCompiler {
    /// Compiles the probe.
    pub(super) fn probe(&self) -> Result<(), ProbeFailure> {
        let unsuitable = |log: String| ProbeFailure::Unsuitable { log };
        let scratch = PrivateDirectory::temporary().map_err(|error| unsuitable(error.to_string()))?;
        match self.compile_shared_object(PROBE, &HostOptions::default(), &scratch.path().join("probe.so")) {
            Ok(_) => Ok(()),
            Err(CompilerError::Failed { log, .. }) => Err(unsuitable(log)),
            Err(error) => Err(unsuitable(error.to_string())),
        }
    }
}

fn spawn_failure(source: std::io::Error) -> ProbeFailure {
    ProbeFailure::Spawn { source: Arc::new(source) }
}

fn successful(output: Output) -> Result<String, ProbeFailure> {
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ProbeFailure::Unsuitable { log: String::from_utf8_lossy(&output.stderr).trim().into() })
    }
}

/// The executable that a shell would run for `name`.
fn search_path(name: &OsStr) -> Option<PathBuf> {
    if name.as_bytes().contains(&b'/') {
        return std::path::absolute(name).ok().filter(|path| path.is_file());
    }
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| is_executable(path))
}

/// Whether a shell would run the file.
fn is_executable(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
    }
    #[cfg(not(unix))]
    path.is_file()
}
