//! What can go wrong with the cache: errors stop a call, warnings are recorded and the call goes on without the disk.
//!
//! A field named `r#source` is shown in the message and, for that reason, is not `Error::source`.

use std::{io, path::PathBuf, sync::Arc};

use super::KernelKey;

/// Why a folder is not used for compiled kernels.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryProblem {
    /// The path exists and is something else.
    #[error("{} is not a directory", path.display())]
    NotADirectory {
        /// The path that was examined.
        path: PathBuf,
    },
    /// Another user owns the folder, so that user decides what code would be loaded.
    #[error("{} belongs to user {owner}, not to this process's user {expected}; choose another folder with BUFFER_RUNTIME_CACHE", path.display())]
    ForeignOwner {
        /// The path that was examined.
        path: PathBuf,
        /// Its owner's user id.
        owner: u32,
        /// The effective user id of this process.
        expected: u32,
    },
    /// Users other than the owner may create files in the folder.
    #[error("{} has mode {mode:03o}: users other than its owner may write there; run `chmod go-w` on it or choose another folder with BUFFER_RUNTIME_CACHE", path.display())]
    WritableByOthers {
        /// The path that was examined.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The folder could not be created or examined.
    #[error("{}: {source}", path.display())]
    Io {
        /// The path that was examined.
        path: PathBuf,
        /// The operating system's answer.
        r#source: Arc<io::Error>,
    },
    /// No folder was given and none follows from the environment.
    #[error("none of BUFFER_RUNTIME_CACHE, XDG_CACHE_HOME and HOME names an absolute folder")]
    Unnamed,
}

impl DirectoryProblem {
    pub(super) fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { path: path.into(), source: Arc::new(source) }
    }
}

/// Why the files of an entry are not trusted.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EntryProblem {
    /// A symbolic link, a folder, a pipe: not what the cache writes.
    #[error("{} is not a plain file of the cache", path.display())]
    NotAFile {
        /// The offending path.
        path: PathBuf,
    },
    /// Another user owns the file or may write it.
    #[error("{} is owned by user {owner} with mode {mode:03o}; only files that this user alone may write are loaded", path.display())]
    Untrusted {
        /// The offending path.
        path: PathBuf,
        /// Its owner's user id.
        owner: u32,
        /// Its permission bits.
        mode: u32,
    },
    /// The manifest cannot be understood or names another kernel.
    #[error("{} is not a manifest of this kernel", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
    },
    /// The contents are not what was stored.
    #[error("the contents of {} differ from what was stored", path.display())]
    Corrupt {
        /// The offending path.
        path: PathBuf,
    },
    /// A file could not be read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The offending path.
        path: PathBuf,
        /// The operating system's answer.
        r#source: Arc<io::Error>,
    },
}

impl EntryProblem {
    pub(super) fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { path: path.into(), source: Arc::new(source) }
    }
}

/// Something that made the cache slower, never wrong.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CacheWarning {
    /// The disk level is off: kernels are compiled anew in every process.
    #[error("compiled kernels are not kept on disk: {problem}")]
    Unavailable {
        /// Why the folder is not used.
        problem: DirectoryProblem,
    },
    /// One kernel was not kept on disk; it is held in a private temporary folder of this process.
    #[error("kernel {key} is not kept on disk: {}: {source}", directory.display())]
    NotStored {
        /// The kernel.
        key: KernelKey,
        /// The cache folder.
        directory: PathBuf,
        /// The operating system's answer.
        r#source: Arc<io::Error>,
    },
    /// An entry was found, not trusted, and the kernel was compiled anew.
    #[error("a stored kernel was compiled anew: {problem}")]
    Rejected {
        /// The kernel.
        key: KernelKey,
        /// What was wrong with the entry.
        problem: EntryProblem,
    },
}

/// Errors of the cache itself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CacheError {
    /// A blob's name is not a plain file name.
    #[error(
        "{name:?} cannot name a cached file: use up to 64 of the characters a-z, A-Z, 0-9, '.', '_', '-', not beginning with '.', and not \"manifest\""
    )]
    InvalidBlobName {
        /// The name as given.
        name: String,
    },
    /// Not even a private temporary folder could be made or written.
    #[error("no temporary folder for compiling: {}: {source}; set TMPDIR to a folder with free space", path.display())]
    Temporary {
        /// The folder that failed.
        path: PathBuf,
        /// The operating system's answer.
        r#source: io::Error,
    },
}

/// Why [`KernelCache::get_or_build`](super::KernelCache::get_or_build) has no artifact.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError<E> {
    /// The build function failed; nothing was stored.
    #[error(transparent)]
    Build(E),
    /// The cache failed.
    #[error(transparent)]
    Cache(#[from] CacheError),
}
