//! Reading files only when this user alone can have written them.

use std::{
    fs::{File, OpenOptions},
    io::Read,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
};

use rustix::fs::OFlags;

use super::{EntryProblem, directory::is_private};

/// Open flag: fail on a symbolic link.
pub(super) const NO_FOLLOW: i32 = OFlags::NOFOLLOW.bits().cast_signed();

/// Opens a plain file that this user owns and nobody else may write. The checks look at the open file, not at the path.
pub(super) fn open(path: &Path) -> Result<File, EntryProblem> {
    open_for(path, false)
}

/// As [`open`], for an exclusive lock: network file systems grant one only on a file that is open for writing.
pub(super) fn open_to_lock(path: &Path) -> Result<File, EntryProblem> {
    // One that may only be read can be locked on other file systems.
    open_for(path, true).or_else(|_| open(path))
}

fn open_for(path: &Path, write: bool) -> Result<File, EntryProblem> {
    // Opening a pipe would otherwise wait for a writer.
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = OpenOptions::new().read(true).write(write).custom_flags(flags).open(path).map_err(|source| {
        if source.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) {
            EntryProblem::NotAFile { path: path.into() }
        } else {
            EntryProblem::io(path, source)
        }
    })?;
    let metadata = file.metadata().map_err(|source| EntryProblem::io(path, source))?;
    if !metadata.is_file() {
        return Err(EntryProblem::NotAFile { path: path.into() });
    }
    if !is_private(&metadata) {
        let mode = metadata.mode() & 0o7777;
        return Err(EntryProblem::Untrusted { path: path.into(), owner: metadata.uid(), mode });
    }
    Ok(file)
}

/// Reads at most `limit` bytes and one more, so that a longer file is noticed without being read.
pub(super) fn read(file: &File, path: &Path, limit: u64) -> Result<Vec<u8>, EntryProblem> {
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|source| EntryProblem::io(path, source))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    #[test]
    fn an_exclusive_lock_has_a_file_open_for_writing_where_possible() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest");
        fs::write(&path, "text").unwrap();
        let writes = |file: File| rustix::fs::fcntl_getfl(file).unwrap().contains(OFlags::RDWR);
        assert!(writes(open_to_lock(&path).unwrap()));
        assert!(!writes(open(&path).unwrap()));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        open_to_lock(&path).unwrap();
    }
}
