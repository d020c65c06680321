//! Compiled kernels, kept in memory and on disk under the hash of everything that decides their bytes.
//!
//! ```
//! use buffer_runtime::cache::{Artifact, CacheOptions, KernelCache, KernelIdentity};
//!
//! let cache = KernelCache::open(CacheOptions { disk: false, ..CacheOptions::default() });
//! let key = KernelIdentity { kind: "text", source: "1 + 1", options: &[], architecture: "any", compiler: "none" }.key();
//! let build = |_scratch: &std::path::Path| Ok::<_, std::io::Error>(Artifact::new().with("answer.txt", "2"));
//! let artifact = cache.get_or_build(&key, build)?;
//! assert_eq!(artifact.bytes("answer.txt"), Some(&b"2"[..]));
//! # Ok::<(), buffer_runtime::cache::BuildError<std::io::Error>>(())
//! ```
//!
//! - **Trust.** Loading a kernel runs code, so the folder and its files must belong to this user and be writable by
//!   nobody else; anything else is refused and compiled anew.
//! - **Processes.** One lock per kernel: many processes on a cold cache compile each kernel once. An entry appears
//!   complete by one rename, carries hashes of its contents, and stays while some process uses it.
//! - **The compiler.** That a host compiler works, and what it says of itself, is kept in the same folder
//!   ([`HostCompiler::find_cached`](crate::compiler::HostCompiler::find_cached)): a process on a warm cache runs none.
//! - **Trouble** with the folder (read-only, full, not ours) never fails a compilation: the kernel then lives in a
//!   private temporary folder of this process, and [`KernelCache::warnings`] says why.
//!
//! A Unix system is assumed: owners, permission bits and advisory locks.

mod artifact;
mod directory;
mod disk;
mod entry;
mod error;
mod key;
mod lock;
mod memory;
#[cfg(test)]
mod tests;
mod trusted;

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub use artifact::{Artifact, CachedArtifact, Origin};
pub use error::{BuildError, CacheError, CacheWarning, DirectoryProblem, EntryProblem};
pub use key::{FORMAT_VERSION, KernelIdentity, KernelKey};

pub(crate) use directory::PrivateDirectory;
use disk::DiskLevel;
use memory::MemoryLevel;

/// How many warnings are kept; older ones are dropped.
const WARNING_LIMIT: usize = 64;

/// Settings of a [`KernelCache`].
#[derive(Clone, Debug)]
pub struct CacheOptions {
    /// The cache folder. `None`: `$BUFFER_RUNTIME_CACHE`, else `$XDG_CACHE_HOME/buffer-runtime`, else
    /// `$HOME/.cache/buffer-runtime`.
    pub directory: Option<PathBuf>,
    /// Size of the folder in bytes above which the entries used longest ago are removed.
    pub max_bytes: u64,
    /// Whether kernels are kept on disk; without, each process compiles its own.
    pub disk: bool,
    /// Number of artifacts kept in memory. Each stored one holds an open file.
    pub memory_entries: usize,
}

impl Default for CacheOptions {
    /// The folder of the environment, 1 GiB, 128 artifacts in memory.
    fn default() -> Self {
        Self { directory: None, max_bytes: 1 << 30, disk: true, memory_entries: 128 }
    }
}

/// What a cache has done since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStatistics {
    /// Requests answered from memory.
    pub memory_hits: u64,
    /// Requests answered from the disk.
    pub disk_hits: u64,
    /// Successful runs of a build function.
    pub builds: u64,
    /// Entries removed from the disk to keep it within its bound.
    pub evictions: u64,
}

/// Compiled kernels by [`KernelKey`]; shared between threads by reference, between processes through its folder.
#[derive(Debug)]
pub struct KernelCache {
    memory: MemoryLevel,
    disk: Option<DiskLevel>,
    warnings: Mutex<VecDeque<CacheWarning>>,
    statistics: Mutex<CacheStatistics>,
}

impl KernelCache {
    /// Opens the cache and creates its folder. Always succeeds: without a usable folder it works in memory and warns.
    #[must_use]
    pub fn open(options: CacheOptions) -> Self {
        let opened = options.disk.then(|| DiskLevel::open(options.directory, options.max_bytes));
        let (disk, warning) = match opened {
            Some(Ok(disk)) => (Some(disk), None),
            Some(Err(problem)) => (None, Some(CacheWarning::Unavailable { problem })),
            None => (None, None),
        };
        directory::sweep_stale(&directory::temporary_parent());
        Self {
            memory: MemoryLevel::new(options.memory_entries),
            disk,
            warnings: Mutex::new(warning.into_iter().collect()),
            statistics: Mutex::default(),
        }
    }

    /// The folder in use, with symbolic links resolved; `None` when kernels are not kept on disk.
    #[must_use]
    pub fn directory(&self) -> Option<&Path> {
        self.disk.as_ref().map(DiskLevel::root)
    }

    /// What went wrong without failing a request, oldest first; the latest 64.
    #[must_use]
    pub fn warnings(&self) -> Vec<CacheWarning> {
        locked(&self.warnings).iter().cloned().collect()
    }

    /// Counts of hits, builds and evictions by this process.
    #[must_use]
    pub fn statistics(&self) -> CacheStatistics {
        *locked(&self.statistics)
    }

    /// The artifact of `key`, from memory, from the disk, or made by `build`.
    ///
    /// `build` receives an empty folder for its files, removed afterwards. Concurrent requests for one key, from
    /// threads and from processes, wait for the first one. `build` must not request the same key of the same cache.
    ///
    /// # Errors
    /// [`BuildError::Build`] is the error of `build`; nothing is stored and the next request builds again.
    /// [`BuildError::Cache`]: an unusable blob name, or no temporary folder.
    pub fn get_or_build<E>(
        &self,
        key: &KernelKey,
        build: impl FnOnce(&Path) -> Result<Artifact, E>,
    ) -> Result<Arc<CachedArtifact>, BuildError<E>> {
        let slot = self.memory.slot(key);
        let mut held = locked(&slot);
        if let Some(artifact) = held.as_ref().filter(|artifact| artifact.is_intact()) {
            locked(&self.statistics).memory_hits += 1;
            return Ok(artifact.clone());
        }
        *held = None;
        let artifact = Arc::new(match &self.disk {
            Some(disk) => self.through_disk(disk, key, build)?,
            None => self.private(run(build)?)?,
        });
        *held = Some(artifact.clone());
        Ok(artifact)
    }

    /// What an earlier [`keep`](Self::keep) left on disk under `key`, if it can be trusted.
    ///
    /// Neither statistics nor warnings speak of it: it is no kernel, and whoever asks can do without.
    pub(crate) fn recall(&self, key: &KernelKey) -> Option<CachedArtifact> {
        self.disk.as_ref()?.load(key, Origin::Disk).ok()?
    }

    /// Keeps an artifact on disk, in place of one that [`recall`](Self::recall) refuses. Does nothing without a disk;
    /// the size bound takes note with the next kernel.
    pub(crate) fn keep(&self, key: &KernelKey, artifact: &Artifact) {
        if let Some(disk) = &self.disk {
            // A kernel that is not kept for the same reason warns.
            let _ = disk.store(key, artifact);
        }
    }

    /// Forgets an artifact that turned out to be useless, in memory and on disk; another process's hold on its files is not disturbed.
    pub(crate) fn discard(&self, key: &KernelKey) {
        let slot = self.memory.slot(key);
        *locked(&slot) = None;
        if let Some(disk) = &self.disk {
            // One that cannot be removed is met again, and discarded again.
            let _ = disk.discard(key);
        }
    }

    fn through_disk<E>(
        &self,
        disk: &DiskLevel,
        key: &KernelKey,
        build: impl FnOnce(&Path) -> Result<Artifact, E>,
    ) -> Result<CachedArtifact, BuildError<E>> {
        // Without the lock first: the usual case is a warm cache. Any problem is met again, and reported, under the
        // lock.
        if let Ok(Some(artifact)) = disk.load(key, Origin::Disk) {
            locked(&self.statistics).disk_hits += 1;
            return Ok(artifact);
        }
        let _lock = disk.lock(key);
        match disk.load(key, Origin::Disk) {
            Ok(Some(artifact)) => {
                locked(&self.statistics).disk_hits += 1;
                return Ok(artifact);
            }
            Ok(None) => {}
            Err(problem) => self.warn(CacheWarning::Rejected { key: *key, problem }),
        }
        let artifact = run(build)?;
        entry::check_names(&artifact)?;
        match disk.store(key, &artifact) {
            Ok(stored) => {
                let evictions = disk.evict();
                let mut statistics = locked(&self.statistics);
                statistics.builds += 1;
                statistics.evictions += evictions;
                Ok(stored)
            }
            Err(source) => {
                let directory = disk.root().into();
                self.warn(CacheWarning::NotStored { key: *key, directory, source: Arc::new(source) });
                Ok(self.private(artifact)?)
            }
        }
    }

    /// Keeps an artifact in a temporary folder of this process.
    fn private(&self, artifact: Artifact) -> Result<CachedArtifact, CacheError> {
        entry::check_names(&artifact)?;
        let folder = PrivateDirectory::temporary().map_err(temporary_error)?;
        entry::write_blobs(folder.path(), &artifact.blobs)
            .map_err(|source| CacheError::Temporary { path: folder.path().into(), source })?;
        locked(&self.statistics).builds += 1;
        Ok(CachedArtifact::private(folder, artifact.blobs))
    }

    fn warn(&self, warning: CacheWarning) {
        let mut warnings = locked(&self.warnings);
        if warnings.len() == WARNING_LIMIT {
            warnings.pop_front();
        }
        warnings.push_back(warning);
    }
}

/// Runs a build function in a temporary folder, which a full or slow cache disk does not touch.
fn run<E>(build: impl FnOnce(&Path) -> Result<Artifact, E>) -> Result<Artifact, BuildError<E>> {
    let scratch = PrivateDirectory::temporary().map_err(temporary_error)?;
    build(scratch.path()).map_err(BuildError::Build)
}

fn temporary_error(source: std::io::Error) -> CacheError {
    CacheError::Temporary { path: directory::temporary_parent(), source }
}

/// Locks a mutex whose contents are valid even if a thread panicked while it held it.
fn locked<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
