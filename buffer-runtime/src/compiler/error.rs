//! Errors of finding and running the host compiler.
//!
//! A field named `r#source` is shown in the message and, for that reason, is not `Error::source`.

use std::{fmt, io, path::PathBuf, sync::Arc};

/// Why one candidate is not used.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProbeFailure {
    /// The command is not on the search path.
    #[error("not found")]
    NotFound,
    /// The command did not start.
    #[error("it does not start: {source}")]
    Spawn {
        /// The operating system's answer.
        r#source: Arc<io::Error>,
    },
    /// It is neither GCC nor Clang, whose vector extensions the device source needs.
    #[error("it is neither GCC nor Clang")]
    UnknownCompiler,
    /// It does not compile a C++17 program with vector types; the log is its answer.
    #[error("it does not compile C++17 with vector types:\n{log}")]
    Unsuitable {
        /// What the compiler printed.
        log: String,
    },
    /// It does not generate fused multiply-add instructions for this processor.
    #[error("it generates no fused multiply-add instructions for this processor")]
    NoFma,
}

/// A candidate that is not used.
#[derive(Clone, Debug)]
pub struct Rejection {
    /// The command, with its leading arguments.
    pub command: String,
    /// Why it is not used.
    pub reason: ProbeFailure,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.command, self.reason)
    }
}

/// Errors of the host compiler.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompilerError {
    /// No candidate works.
    #[error(
        "no C++17 compiler was found; tried\n{}\ninstall one (Debian, Ubuntu: `apt install g++`; Fedora: `dnf install gcc-c++`; \
         macOS: `xcode-select --install`) or name one in CXX",
        list(rejections)
    )]
    NoCompiler {
        /// What was tried, in order.
        rejections: Vec<Rejection>,
    },
    /// A compiler works, but fused multiply-add is not a single instruction here, so results could not equal the GPU's.
    #[error(
        "the processor, or the compiler's use of it, has no fused multiply-add instruction, which kernels need to compute the same bits \
         as on a GPU; x86-64 has it since 2013 (FMA3); tried\n{}",
        list(rejections)
    )]
    HostWithoutFma {
        /// What was tried, in order.
        rejections: Vec<Rejection>,
    },
    /// A vector width this host does not have.
    #[error("vectors of {requested} bytes cannot be had on this host; choose one of {supported:?}")]
    VectorWidth {
        /// The width as given, in bytes.
        requested: usize,
        /// The widths that work, in bytes.
        supported: Vec<usize>,
    },
    /// The compiler did not start.
    #[error("{} does not start: {source}", path.display())]
    Spawn {
        /// The compiler.
        path: PathBuf,
        /// The operating system's answer.
        r#source: io::Error,
    },
    /// A file of the compilation could not be written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The operating system's answer.
        r#source: io::Error,
    },
    /// The source does not compile.
    #[error("{compiler} refuses the source:\n{log}")]
    Failed {
        /// Name and version of the compiler.
        compiler: String,
        /// What it printed, with the source lines it speaks of.
        log: String,
    },
}

fn list(rejections: &[Rejection]) -> String {
    rejections.iter().map(|rejection| format!("  {rejection}")).collect::<Vec<_>>().join("\n")
}
