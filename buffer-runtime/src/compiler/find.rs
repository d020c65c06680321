//! Finding a compiler that works.

use std::{
    env,
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{Arc, Mutex, PoisonError},
};

use super::{CompilerError, HostOptions, HostTarget, ProbeFailure, Rejection, options::native_flag};
use crate::cache::{KernelIdentity, KernelKey, PrivateDirectory};

/// The commands tried after `$CXX`, in order.
const CANDIDATES: [&str; 3] = ["c++", "g++", "clang++"];

/// Uses what the device source needs of the language, and links.
const PROBE: &str = r#"
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

/// The family of a compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CompilerKind {
    /// The GNU compiler.
    Gcc,
    /// Clang, Apple's included.
    Clang,
}

impl fmt::Display for CompilerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gcc => "GCC",
            Self::Clang => "Clang",
        })
    }
}

/// Version of a compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CompilerVersion {
    /// First number.
    pub major: u32,
    /// Second number.
    pub minor: u32,
    /// Third number.
    pub patch: u32,
}

impl fmt::Display for CompilerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// A C++ compiler of the host that was seen to work. Cheap to clone.
#[derive(Clone, Debug)]
pub struct HostCompiler {
    inner: Arc<Probed>,
}

#[derive(Debug)]
struct Probed {
    path: PathBuf,
    arguments: Vec<String>,
    kind: CompilerKind,
    version: CompilerVersion,
    banner: String,
    target: HostTarget,
}

/// The value of `CXX` and the compiler found under it.
type Found = (Option<OsString>, HostCompiler);

/// The last success. Probing takes a tenth of a second; failures are not kept, so installing a compiler helps at once.
static FOUND: Mutex<Option<Found>> = Mutex::new(None);

impl HostCompiler {
    /// The first of `$CXX`, `c++`, `g++` and `clang++` that works. `$CXX` may carry arguments: `ccache g++`.
    ///
    /// # Errors
    /// [`CompilerError::NoCompiler`] lists what was tried and says what to install; [`CompilerError::HostWithoutFma`].
    pub fn find() -> Result<Self, CompilerError> {
        let preferred = env::var_os("CXX").filter(|value| !value.is_empty());
        let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((variable, compiler)) = &*found
            && *variable == preferred
        {
            return Ok(compiler.clone());
        }
        let named = preferred.as_ref().map(|value| value.to_string_lossy().into_owned());
        let compiler = Self::first_of(named.as_deref().into_iter().chain(CANDIDATES))?;
        *found = Some((preferred, compiler.clone()));
        Ok(compiler)
    }

    /// The first command that works; each may carry arguments after white space.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub fn first_of<'a>(commands: impl IntoIterator<Item = &'a str>) -> Result<Self, CompilerError> {
        let mut rejections = Vec::new();
        for command in commands {
            match probe(command) {
                Ok(compiler) => return Ok(compiler),
                Err(reason) => rejections.push(Rejection { command: command.into(), reason }),
            }
        }
        if rejections.iter().any(|rejection| matches!(rejection.reason, ProbeFailure::NoFma)) {
            return Err(CompilerError::HostWithoutFma { rejections });
        }
        Err(CompilerError::NoCompiler { rejections })
    }

    /// The executable.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// GCC or Clang.
    #[must_use]
    pub fn kind(&self) -> CompilerKind {
        self.inner.kind
    }

    /// The version, from the compiler's predefined macros.
    #[must_use]
    pub fn version(&self) -> CompilerVersion {
        self.inner.version
    }

    /// The processor as this compiler targets it.
    #[must_use]
    pub fn target(&self) -> &HostTarget {
        &self.inner.target
    }

    /// Bytes of the widest vector register; see [`HostTarget::vector_bytes`].
    #[must_use]
    pub fn vector_bytes(&self) -> usize {
        self.inner.target.vector_bytes()
    }

    /// Name, version and the distributor's text: the compiler's part of a kernel's identity.
    #[must_use]
    pub fn identity(&self) -> String {
        format!("{} {} ({})", self.inner.kind, self.inner.version, self.inner.banner)
    }

    /// The flags of a compilation, in the order in which they are passed.
    ///
    /// # Errors
    /// [`CompilerError::VectorWidth`] if the host has no vectors of the requested width.
    pub fn flags(&self, options: &HostOptions) -> Result<Vec<String>, CompilerError> {
        options.flags(self.inner.kind, &self.inner.target)
    }

    /// The key under which the shared object of `source` is cached.
    ///
    /// # Errors
    /// As [`flags`](Self::flags).
    pub fn key(&self, source: &str, options: &HostOptions) -> Result<KernelKey, CompilerError> {
        let identity = KernelIdentity {
            kind: "host shared object",
            source,
            options: &self.flags(options)?,
            architecture: &self.inner.target.identity(),
            compiler: &self.identity(),
        };
        Ok(identity.key())
    }

    /// The command with its leading arguments, messages in English.
    pub(super) fn command(&self) -> Command {
        command(&self.inner.path, &self.inner.arguments)
    }
}

fn command(path: &Path, arguments: &[String]) -> Command {
    let mut command = Command::new(path);
    command.args(arguments).env("LC_ALL", "C").stdin(Stdio::null());
    command
}

fn probe(text: &str) -> Result<HostCompiler, ProbeFailure> {
    let mut words = text.split_whitespace().map(String::from);
    let path = words.next().and_then(|name| search_path(&name)).ok_or(ProbeFailure::NotFound)?;
    let arguments: Vec<String> = words.collect();
    let run = |flags: &[&str]| command(&path, &arguments).args(flags).output().map_err(spawn_failure);

    let banner = run(&["--version"])?;
    let banner = String::from_utf8_lossy(&banner.stdout).lines().next().unwrap_or_default().trim().to_owned();
    let macros = run(&["-std=c++17", native_flag(), "-dM", "-E", "-x", "c++", "/dev/null"]).and_then(successful)?;
    let (kind, version) = kind_and_version(&macros).ok_or(ProbeFailure::UnknownCompiler)?;
    let target = HostTarget::from_macros(&macros);
    if !target.has_fma() {
        return Err(ProbeFailure::NoFma);
    }
    let compiler = HostCompiler { inner: Arc::new(Probed { path, arguments, kind, version, banner, target }) };
    let unsuitable = |log: String| ProbeFailure::Unsuitable { log };
    let scratch = PrivateDirectory::temporary().map_err(|error| unsuitable(error.to_string()))?;
    match compiler.compile_shared_object(PROBE, &HostOptions::default(), &scratch.path().join("probe.so")) {
        Ok(_) => Ok(compiler),
        Err(CompilerError::Failed { log, .. }) => Err(unsuitable(log)),
        Err(error) => Err(unsuitable(error.to_string())),
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

/// Kind and version from the predefined macros; Clang defines `__GNUC__` too.
fn kind_and_version(macros: &str) -> Option<(CompilerKind, CompilerVersion)> {
    let number = |name: &str| -> Option<u32> {
        macros
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

/// The executable that a shell would run for `name`.
fn search_path(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return std::path::absolute(name).ok().filter(|path| path.is_file());
    }
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}
