//! The cache folder: `entries/<key>/`, `locks/<key>` and `staging/` for what is not complete yet.

use std::{
    env, fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::{
    Artifact, CachedArtifact, DirectoryProblem, EntryProblem, KernelKey, Origin,
    directory::{self, PrivateDirectory},
    entry::{self, Candidate},
    lock::{self, BuildLock},
};

#[derive(Debug)]
pub(super) struct DiskLevel {
    root: PathBuf,
    entries: PathBuf,
    locks: PathBuf,
    staging: PathBuf,
    max_bytes: u64,
}

impl DiskLevel {
    pub(super) fn open(directory: Option<PathBuf>, max_bytes: u64) -> Result<Self, DirectoryProblem> {
        let root = match directory {
            Some(path) => path,
            None => directory::default_root(|name| env::var_os(name))?,
        };
        let root = directory::secure_directory(&root)?;
        let folder = |name| directory::secure_directory(&root.join(name));
        let (entries, locks, staging) = (folder("entries")?, folder("locks")?, folder("staging")?);
        directory::sweep_stale(&staging);
        lock::sweep(&locks);
        Ok(Self { root, entries, locks, staging, max_bytes })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn lock(&self, key: &KernelKey) -> Option<BuildLock> {
        BuildLock::acquire(&self.locks.join(key.to_string()))
    }

    pub(super) fn load(&self, key: &KernelKey, origin: Origin) -> Result<Option<CachedArtifact>, EntryProblem> {
        let folder = self.entries.join(key.to_string());
        Ok(entry::load(&folder, key)?.map(|entry| CachedArtifact::stored(folder, entry, origin)))
    }

    /// Writes an entry aside, moves it to its place and reads it back.
    pub(super) fn store(&self, key: &KernelKey, artifact: &Artifact) -> io::Result<CachedArtifact> {
        let destination = self.entries.join(key.to_string());
        let mut staged = PrivateDirectory::create(&self.staging)?;
        entry::write(staged.path(), key, &artifact.blobs)?;
        // The name may be taken: by an entry that was just refused, or by a process that compiled without the lock. The
        // second round fails only if one appears in between again.
        for attempt in 0..2 {
            match staged.publish(&destination) {
                Ok(()) => break,
                Err((unpublished, error)) if attempt == 0 && is_occupied(&error) => {
                    staged = unpublished;
                    entry::discard(&destination, &self.staging)?;
                }
                Err((_, error)) => return Err(error),
            }
        }
        match self.load(key, Origin::Built) {
            Ok(Some(stored)) => Ok(stored),
            Ok(None) => Err(io::Error::new(ErrorKind::NotFound, "the entry was removed as soon as it was stored")),
            Err(problem) => Err(io::Error::other(problem)),
        }
    }

    /// Removes an entry, in use or not.
    pub(super) fn discard(&self, key: &KernelKey) -> io::Result<()> {
        entry::discard(&self.entries.join(key.to_string()), &self.staging)
    }

    /// Removes the entries used longest ago until the folder is within its bound; returns how many.
    pub(super) fn evict(&self) -> u64 {
        let Ok(folders) = fs::read_dir(&self.entries) else {
            return 0;
        };
        // An entry that vanishes meanwhile was evicted by another process.
        let mut candidates: Vec<_> =
            folders.flatten().filter_map(|folder| Candidate::examine(folder.path()).ok()).collect();
        let mut total: u64 = candidates.iter().map(|candidate| candidate.bytes).sum();
        candidates.sort_by_key(|candidate| candidate.last_use);
        let mut evicted = 0;
        for candidate in candidates {
            if total <= self.max_bytes {
                break;
            }
            if candidate.evict(&self.staging) {
                total -= candidate.bytes;
                evicted += 1;
            }
        }
        evicted
    }
}

/// Whether a rename failed because the destination exists; a plain file there gives `ENOTDIR`.
fn is_occupied(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty | ErrorKind::NotADirectory)
}
