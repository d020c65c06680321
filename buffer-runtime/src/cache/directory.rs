//! Folders that only this user can write: the root of the cache and private temporary folders.

use std::{
    env,
    ffi::OsString,
    fs::{self, DirBuilder, File, Metadata},
    hash::{BuildHasher, Hasher, RandomState},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
    time::Duration,
};

use super::DirectoryProblem;

const GROUP_OR_OTHER_WRITE: u32 = 0o022;
const OTHER_WRITE: u32 = 0o002;
const STICKY: u32 = 0o1000;

/// Name prefix of the private folders in the system's temporary folder.
const PREFIX: &str = "buffer-runtime-";

/// A folder left by a process that died is removed once it is this old. Its lock is free as well then; the age only
/// covers the instant between creating a folder and locking it.
pub(super) const STALE_AFTER: Duration = Duration::from_secs(600);

/// The effective user id, which owns everything the cache creates.
pub(super) fn effective_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Whether the owner is this user and nobody else may write.
pub(super) fn is_private(metadata: &Metadata) -> bool {
    metadata.uid() == effective_user() && metadata.mode() & GROUP_OR_OTHER_WRITE == 0
}

/// The folder for compiled kernels that the environment names: `$BUFFER_RUNTIME_CACHE`,
/// `$XDG_CACHE_HOME/buffer-runtime` or `$HOME/.cache/buffer-runtime`. A relative `XDG_CACHE_HOME` is ignored, as the
/// XDG base directory specification asks.
pub(super) fn default_root(variable: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf, DirectoryProblem> {
    let named = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(path) = named("BUFFER_RUNTIME_CACHE") {
        return Ok(path);
    }
    if let Some(path) = named("XDG_CACHE_HOME").filter(|path| path.is_absolute()) {
        return Ok(path.join("buffer-runtime"));
    }
    named("HOME")
        .filter(|path| path.is_absolute())
        .map(|path| path.join(".cache").join("buffer-runtime"))
        .ok_or(DirectoryProblem::Unnamed)
}

/// Makes `path` with mode 0700, missing parents too, and returns its canonical form.
///
/// The folder and every component created here must belong to this user and be writable by nobody else. Parents that
/// exist already may belong to anybody, but not be writable by everybody unless sticky (as `/tmp` is): otherwise the
/// folder could be exchanged.
pub(super) fn secure_directory(path: &Path) -> Result<PathBuf, DirectoryProblem> {
    let absolute = std::path::absolute(path).map_err(|source| DirectoryProblem::io(path, source))?;
    let mut missing = Vec::new();
    let mut existing = absolute.as_path();
    while let Err(source) = fs::symlink_metadata(existing) {
        let (Some(parent), Some(name)) = (existing.parent(), existing.file_name()) else {
            return Err(DirectoryProblem::io(existing, source));
        };
        if source.kind() == io::ErrorKind::NotADirectory {
            // A parent is a file: report that parent, not this component.
            existing = parent;
            continue;
        }
        if source.kind() != io::ErrorKind::NotFound {
            return Err(DirectoryProblem::io(existing, source));
        }
        missing.push(name.to_owned());
        existing = parent;
    }
    let mut root = existing.canonicalize().map_err(|source| DirectoryProblem::io(existing, source))?;
    for ancestor in root.ancestors().skip(usize::from(missing.is_empty())) {
        check_ancestor(ancestor)?;
    }
    for name in missing.iter().rev() {
        root.push(name);
        match DirBuilder::new().mode(0o700).create(&root) {
            Ok(()) => {}
            // Another process of this user may be creating the same folders.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(source) => return Err(DirectoryProblem::io(root, source)),
        }
        check_private_directory(&root)?;
    }
    check_private_directory(&root)?;
    Ok(root)
}

fn check_ancestor(path: &Path) -> Result<(), DirectoryProblem> {
    let metadata = fs::symlink_metadata(path).map_err(|source| DirectoryProblem::io(path, source))?;
    if !metadata.is_dir() {
        return Err(DirectoryProblem::NotADirectory { path: path.into() });
    }
    let mode = metadata.mode() & 0o7777;
    if mode & OTHER_WRITE != 0 && mode & STICKY == 0 {
        return Err(DirectoryProblem::WritableByOthers { path: path.into(), mode });
    }
    Ok(())
}

fn check_private_directory(path: &Path) -> Result<(), DirectoryProblem> {
    let metadata = fs::symlink_metadata(path).map_err(|source| DirectoryProblem::io(path, source))?;
    if !metadata.is_dir() {
        return Err(DirectoryProblem::NotADirectory { path: path.into() });
    }
    let expected = effective_user();
    if metadata.uid() != expected {
        return Err(DirectoryProblem::ForeignOwner { path: path.into(), owner: metadata.uid(), expected });
    }
    let mode = metadata.mode() & 0o7777;
    if mode & GROUP_OR_OTHER_WRITE != 0 {
        return Err(DirectoryProblem::WritableByOthers { path: path.into(), mode });
    }
    Ok(())
}

/// A folder with mode 0700 and an unpredictable name, removed with its contents on drop.
///
/// It holds an exclusive lock on itself, by which others see that its process lives.
#[derive(Debug)]
pub(crate) struct PrivateDirectory {
    path: PathBuf,
    published: bool,
    _alive: Option<File>,
}

impl PrivateDirectory {
    /// A folder in the system's temporary folder.
    pub(crate) fn temporary() -> io::Result<Self> {
        Self::create(&env::temp_dir())
    }

    /// A folder in `parent`.
    pub(super) fn create(parent: &Path) -> io::Result<Self> {
        // Compilers run elsewhere and dlopen searches the library path for names without a slash: only absolute paths
        // leave here.
        let parent = parent.canonicalize()?;
        loop {
            let unique = RandomState::new().build_hasher().finish();
            let path = parent.join(format!("{PREFIX}{}-{unique:016x}", effective_user()));
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => {
                    // Without lock support the folder is used all the same; it then ages out instead of being
                    // recognised as alive.
                    let alive = File::open(&path).ok().filter(|file| file.try_lock().is_ok());
                    return Ok(Self { path, published: false, _alive: alive });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the folder its final name in one step; fails, and keeps it private, when a folder with contents has that
    /// name.
    pub(super) fn publish(mut self, destination: &Path) -> Result<(), (Self, io::Error)> {
        match fs::rename(&self.path, destination) {
            Ok(()) => {
                self.published = true;
                Ok(())
            }
            Err(error) => Err((self, error)),
        }
    }
}

impl Drop for PrivateDirectory {
    fn drop(&mut self) {
        if !self.published {
            // Nothing can be done about a failure here; the next sweep tries again.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Removes private folders in `parent` whose process is gone.
pub(super) fn sweep_stale(parent: &Path) {
    let prefix = format!("{PREFIX}{}-", effective_user());
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    for entry in entries.flatten() {
        // The name first: there may be thousands of files of others.
        if !entry.file_name().to_str().is_some_and(|name| name.starts_with(&prefix)) {
            continue;
        }
        let Ok(metadata) = fs::symlink_metadata(entry.path()) else {
            continue;
        };
        let old = metadata.modified().ok().and_then(|time| time.elapsed().ok()).is_some_and(|age| age > STALE_AFTER);
        if !old || !metadata.is_dir() || !is_private(&metadata) {
            continue;
        }
        let dead = File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok());
        if dead {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Where [`sweep_stale`] looks for folders made by [`PrivateDirectory::temporary`].
pub(super) fn temporary_parent() -> PathBuf {
    env::temp_dir()
}
