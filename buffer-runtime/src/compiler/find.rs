//! Finding a compiler that works.

use std::{
    env,
    ffi::{OsStr, OsString},
    fmt,
    path::Path,
    process::Command,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    CompilerError, HostOptions, HostTarget, ProbeFailure, Rejection, kept,
    probe::{Answers, Candidate},
};
use crate::cache::{KernelCache, KernelIdentity, KernelKey};

/// The commands tried after `$CXX`, in order.
const CANDIDATES: [&str; 3] = ["c++", "g++", "clang++"];

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

#[derive(Clone, Debug)]
struct Probed {
    candidate: Candidate,
    kind: CompilerKind,
    version: CompilerVersion,
    banner: String,
    target: HostTarget,
    passed_over: Vec<Rejection>,
}

impl Probed {
    /// The compiler that gave these answers; whether it compiles anything remains to be seen.
    fn from_answers(candidate: Candidate, answers: &Answers) -> Result<Self, ProbeFailure> {
        let (kind, version) = answers.kind_and_version().ok_or(ProbeFailure::UnknownCompiler)?;
        let target = HostTarget::from_macros(&answers.macros);
        if !target.has_fma() {
            return Err(ProbeFailure::NoFma);
        }
        Ok(Self { candidate, kind, version, banner: answers.banner.clone(), target, passed_over: Vec::new() })
    }
}

/// The value of `CXX` and the compiler found under it.
type Found = (Option<OsString>, HostCompiler);

/// The last success. Probing runs the compiler three times; failures are not kept, so installing a compiler helps at once.
static FOUND: Mutex<Option<Found>> = Mutex::new(None);

impl HostCompiler {
    /// The first of `$CXX`, `c++`, `g++` and `clang++` that works. `$CXX` is an executable, or one with arguments: `ccache g++`. Where it names none that works,
    /// [`passed_over`](Self::passed_over) says why.
    ///
    /// # Errors
    /// [`CompilerError::NoCompiler`] lists what was tried and says what to install; [`CompilerError::HostWithoutFma`].
    pub fn find() -> Result<Self, CompilerError> {
        Self::find_with(None)
    }

    /// As [`find`](Self::find), without running the compiler where `cache` knows from an earlier process that it works.
    ///
    /// The outcome is kept next to the kernels, under a key of the executable's place, size and times, the processor,
    /// the environment that compilers read, and this library. Nothing is kept where the cache has no
    /// [folder](KernelCache::directory), for commands with arguments, and for executables that may stand for another
    /// one: scripts, and programs that are not named as compilers are, such as `ccache` under the name of `g++`.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub fn find_cached(cache: &KernelCache) -> Result<Self, CompilerError> {
        Self::find_with(Some(cache))
    }

    fn find_with(cache: Option<&KernelCache>) -> Result<Self, CompilerError> {
        let preferred = env::var_os("CXX").filter(|value| !value.is_empty());
        let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((variable, compiler)) = &*found
            && *variable == preferred
        {
            return Ok(compiler.clone());
        }
        let named = preferred.as_deref().into_iter();
        let compiler = Self::first_with(cache, named.chain(CANDIDATES.map(OsStr::new)))?;
        *found = Some((preferred, compiler.clone()));
        Ok(compiler)
    }

    /// The first command that works; each may carry arguments after white space.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub fn first_of<'a>(commands: impl IntoIterator<Item = &'a str>) -> Result<Self, CompilerError> {
        Self::first_with(None, commands.into_iter().map(OsStr::new))
    }

    /// The first command that works, or that worked before as `cache` knows.
    pub(super) fn first_with<'a>(
        cache: Option<&KernelCache>,
        commands: impl IntoIterator<Item = &'a OsStr>,
    ) -> Result<Self, CompilerError> {
        let mut rejections = Vec::new();
        for command in commands {
            match Self::candidate(cache, command) {
                Ok(mut probed) => {
                    probed.passed_over = rejections;
                    return Ok(Self { inner: Arc::new(probed) });
                }
                Err(reason) => {
                    rejections.push(Rejection { command: command.to_string_lossy().into_owned(), reason });
                }
            }
        }
        if rejections.iter().any(|rejection| matches!(rejection.reason, ProbeFailure::NoFma)) {
            return Err(CompilerError::HostWithoutFma { rejections });
        }
        Err(CompilerError::NoCompiler { rejections })
    }

    fn candidate(cache: Option<&KernelCache>, command: &OsStr) -> Result<Probed, ProbeFailure> {
        let candidate = Candidate::named(command).ok_or(ProbeFailure::NotFound)?;
        let kept = cache.and_then(|cache| Some((cache, kept::key(&candidate)?)));
        if let Some((cache, key)) = &kept
            && let Some(answers) = kept::recall(cache, key)
            && let Ok(probed) = Probed::from_answers(candidate.clone(), &answers)
        {
            return Ok(probed);
        }
        let answers = candidate.ask()?;
        let probed = Probed::from_answers(candidate, &answers)?;
        Self { inner: Arc::new(probed.clone()) }.probe()?;
        if let Some((cache, key)) = &kept {
            kept::keep(cache, key, &answers);
        }
        Ok(probed)
    }

    /// The commands tried before this one, `$CXX` first where it is set, and why they are not used.
    #[must_use]
    pub fn passed_over(&self) -> &[Rejection] {
        &self.inner.passed_over
    }

    /// The executable.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.inner.candidate.path()
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
        // The command's own arguments decide as much as flags do: sanitizers, another standard library.
        let arguments = self.inner.candidate.arguments().iter();
        let mut flags: Vec<String> =
            arguments.map(|argument| format!("command {}", argument.as_encoded_bytes().escape_ascii())).collect();
        flags.extend(self.flags(options)?);
        let identity = KernelIdentity {
            kind: "host shared object",
            source,
            options: &flags,
            architecture: &self.inner.target.identity(),
            compiler: &self.identity(),
        };
        Ok(identity.key())
    }

    /// The command with its leading arguments, messages in English.
    pub(super) fn command(&self) -> Command {
        self.inner.candidate.command()
    }
}
