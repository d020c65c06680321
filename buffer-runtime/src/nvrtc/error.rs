//! Errors of finding and running NVRTC.

use std::{fmt, path::PathBuf};

use super::Architecture;

/// A place where NVRTC was looked for.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The file, or the name given to the system's loader.
    pub library: PathBuf,
    /// Why it is not used.
    pub reason: String,
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.library.display(), self.reason)
    }
}

/// The text in which a NUL byte was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextPart {
    /// The source text.
    Source,
    /// The name of the program.
    Name,
    /// A compiler option.
    Option,
}

impl fmt::Display for TextPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Source => "the source",
            Self::Name => "the program's name",
            Self::Option => "a compiler option",
        })
    }
}

/// Errors of NVRTC.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NvrtcError {
    /// No library was found.
    #[error(
        "NVRTC, the CUDA run-time compiler, was not found; tried\n{}\ninstall it (`pip install nvidia-cuda-nvrtc`, or a CUDA \
         toolkit) and name its file or folder in BUFFER_RUNTIME_NVRTC if it is elsewhere",
        list(attempts)
    )]
    NotFound {
        /// What was tried, in order.
        attempts: Vec<Attempt>,
    },
    /// `BUFFER_RUNTIME_NVRTC` names something that is not NVRTC; nothing else is tried.
    #[error("BUFFER_RUNTIME_NVRTC names {}, where NVRTC cannot be loaded:\n{}", path.display(), list(attempts))]
    Named {
        /// The value of the variable.
        path: PathBuf,
        /// What was tried, in order.
        attempts: Vec<Attempt>,
    },
    /// This NVRTC does not know the card.
    #[error(
        "NVRTC {version} does not compile for {requested}; it knows {}; a newer card needs a newer NVRTC, and 13 dropped cards before sm_75",
        known(supported)
    )]
    UnsupportedArchitecture {
        /// The architecture as given.
        requested: Architecture,
        /// Version of the library, as `13.0`.
        version: String,
        /// What the library knows.
        supported: Vec<Architecture>,
    },
    /// A text with a NUL byte would be cut short.
    #[error("{part} has a NUL byte at offset {offset}; remove it")]
    NulByte {
        /// Which text.
        part: TextPart,
        /// Bytes before the NUL.
        offset: usize,
    },
    /// The source or an option was refused.
    #[error("NVRTC {version} refuses {name}:\n{log}")]
    Failed {
        /// Version of the library, as `13.0`.
        version: String,
        /// Name of the program.
        name: String,
        /// What it printed, with the source lines it speaks of.
        log: String,
    },
    /// A function of NVRTC failed for a reason other than the source.
    #[error("{function} failed: {message}")]
    Call {
        /// The function.
        function: &'static str,
        /// NVRTC's text for the error.
        message: String,
    },
}

fn list(attempts: &[Attempt]) -> String {
    attempts.iter().map(|attempt| format!("  {attempt}")).collect::<Vec<_>>().join("\n")
}

fn known(supported: &[Architecture]) -> String {
    supported.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
