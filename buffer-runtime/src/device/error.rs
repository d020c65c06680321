use crate::cache::CacheError;
use crate::compiler::{CompilerError, SharedObjectError};
use crate::entry::LaunchError;
use crate::source::SourceError;

/// A kernel that could not be compiled or launched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// The text could not be written.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The host's C++ compiler is missing or refused the text.
    #[error(transparent)]
    Compiler(#[from] CompilerError),
    /// The compiled kernel could not be stored.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The compiled kernel could not be loaded.
    #[error(transparent)]
    Load(#[from] SharedObjectError),
    /// The arrays of a launch do not fit.
    #[error(transparent)]
    Launch(#[from] LaunchError),
    /// An option out of range.
    #[error("{option} = {value} is not possible: {allowed}")]
    Option {
        /// The option's name.
        option: &'static str,
        /// The value given.
        value: usize,
        /// What is.
        allowed: String,
    },
    /// The thread pool could not be started.
    #[error("no pool of {threads} threads could be started: {reason}")]
    Threads {
        /// Threads asked for.
        threads: usize,
        /// The operating system's answer.
        reason: String,
    },
    /// A buffer was read back from a launch that recorded none.
    #[error("buffer `{path}` was not recorded: compile on a device with `CpuOptions {{ debug: true, .. }}`")]
    NotRecorded {
        /// Path of the buffer.
        path: String,
    },
}
