//! What a build returns and what the cache hands out.

use std::{
    fmt,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    directory::PrivateDirectory,
    entry::{self, Blobs},
};

/// The result of a build: a few named blobs, for example `kernel.so` and `log.txt`.
///
/// A name has up to 64 letters, digits, dots, hyphens and underscores, does not begin with a dot and is not `manifest`;
/// [`KernelCache::get_or_build`](super::KernelCache::get_or_build) checks that.
#[derive(Clone, Default)]
pub struct Artifact {
    pub(super) blobs: Blobs,
}

impl Artifact {
    /// An artifact without blobs.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a blob; a blob of the same name is replaced.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.blobs.insert(name.into(), Arc::from(bytes.into()));
        self
    }

    /// Adds the contents of the file that a compiler wrote.
    ///
    /// # Errors
    /// Any error of reading the file.
    pub fn with_file(self, name: impl Into<String>, path: &Path) -> io::Result<Self> {
        Ok(self.with(name, std::fs::read(path)?))
    }
}

impl fmt::Debug for Artifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.blobs.iter().map(|(name, bytes)| (name, bytes.len()))).finish()
    }
}

/// Where an artifact came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// It was compiled by this process.
    Built,
    /// It was compiled before, by this process or another, and read from the disk.
    Disk,
}

/// What keeps the files of an artifact where they are.
#[derive(Debug)]
enum Hold {
    /// A shared lock on the entry's manifest.
    Entry { _manifest: File },
    /// A private folder that is removed with the artifact.
    Private { _folder: PrivateDirectory },
}

/// An artifact in memory and, for `dlopen`, on disk. Its files stay while it is alive.
pub struct CachedArtifact {
    folder: PathBuf,
    blobs: Blobs,
    origin: Origin,
    hold: Hold,
}

impl CachedArtifact {
    /// An artifact in the cache folder.
    pub(super) fn stored(folder: PathBuf, entry: entry::Entry, origin: Origin) -> Self {
        Self { folder, blobs: entry.blobs, origin, hold: Hold::Entry { _manifest: entry.in_use } }
    }

    /// An artifact in a folder of its own.
    pub(super) fn private(folder: PrivateDirectory, blobs: Blobs) -> Self {
        Self { folder: folder.path().into(), blobs, origin: Origin::Built, hold: Hold::Private { _folder: folder } }
    }

    /// The path of a blob's file.
    #[must_use]
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        self.blobs.contains_key(name).then(|| self.folder.join(name))
    }

    /// The contents of a blob, verified when they were read.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.blobs.get(name).map(AsRef::as_ref)
    }

    /// The names of the blobs, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.blobs.keys().map(String::as_str)
    }

    /// Whether this process compiled it.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// Whether the artifact outlives the process.
    #[must_use]
    pub fn is_persistent(&self) -> bool {
        matches!(self.hold, Hold::Entry { .. })
    }

    /// Whether the files are still there: a user may empty the cache folder at any time.
    pub(super) fn is_intact(&self) -> bool {
        self.names().all(|name| self.folder.join(name).is_file())
    }
}

impl fmt::Debug for CachedArtifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedArtifact")
            .field("folder", &self.folder)
            .field("blobs", &self.names().collect::<Vec<_>>())
            .field("origin", &self.origin)
            .field("persistent", &self.is_persistent())
            .finish()
    }
}
