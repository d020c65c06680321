//! Advisory locks on files that other processes may remove.

use std::{
    fs::{self, File, Metadata, OpenOptions, TryLockError},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use super::{directory::STALE_AFTER, trusted::NO_FOLLOW};

/// How long a process waits for another one that compiles the same kernel. The lock saves work and is not needed for
/// correctness, so a process that was stopped in the middle must not hold the others for ever.
const PATIENCE: Duration = Duration::from_secs(300);

/// Exclusive right to compile one kernel; the file is removed and the lock released on drop.
#[derive(Debug)]
pub(super) struct BuildLock {
    path: PathBuf,
    _file: File,
}

impl BuildLock {
    /// Waits for the lock at `path`. `None`: the folder takes no lock files, or patience ran out; the caller then
    /// compiles without it.
    pub(super) fn acquire(path: &Path) -> Option<Self> {
        let deadline = Instant::now() + PATIENCE;
        let mut pause = Duration::from_millis(1);
        loop {
            let file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .custom_flags(NO_FOLLOW)
                .open(path)
                .ok()?;
            match file.try_lock() {
                // The previous holder removes the file: a lock on a removed file excludes nobody.
                Ok(()) if is_current(&file, path) => {
                    return Some(Self { path: path.into(), _file: file });
                }
                Ok(()) => {}
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                    thread::sleep(pause);
                    pause = (pause * 2).min(Duration::from_millis(40));
                }
                Err(TryLockError::WouldBlock) => return None,
                Err(TryLockError::Error(_)) => {
                    // A file that nobody can lock.
                    let _ = fs::remove_file(path);
                    return None;
                }
            }
        }
    }
}

impl Drop for BuildLock {
    fn drop(&mut self) {
        // Removed while locked: whoever waits finds the file gone and starts again with a new one.
        let _ = fs::remove_file(&self.path);
    }
}

/// Removes the lock files in `folder` that a process left when it was killed.
pub(super) fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let metadata = fs::symlink_metadata(&path).ok().filter(Metadata::is_file);
        let age = metadata.and_then(|metadata| metadata.modified().ok()?.elapsed().ok());
        if age.is_none_or(|age| age < STALE_AFTER) {
            continue;
        }
        let file = OpenOptions::new().write(true).custom_flags(NO_FOLLOW).open(&path);
        // Removed while locked, as by its holder.
        if let Ok(file) = file
            && file.try_lock().is_ok()
            && is_current(&file, &path)
        {
            let _ = fs::remove_file(&path);
        }
    }
}

/// Whether `path` still names the open `file`.
pub(super) fn is_current(file: &File, path: &Path) -> bool {
    let identity = |metadata: Metadata| (metadata.dev(), metadata.ino());
    let same = || -> io::Result<bool> { Ok(identity(file.metadata()?) == identity(fs::symlink_metadata(path)?)) };
    same().unwrap_or(false)
}
