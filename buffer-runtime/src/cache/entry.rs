//! The files of one stored kernel: its blobs, and a manifest that names them with length and hash.
//!
//! ```text
//! buffer-runtime kernel cache 1
//! key 5f0c…
//! blob kernel.so 18736 9a41…
//! end 03b7…            (SHA-256 of the lines above)
//! ```
//!
//! An entry is a folder that appears under its name by one rename, when it is complete. Power may fail before its data
//! reach the disk; the hashes notice that, so nothing is flushed.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use super::{
    CacheError, EntryProblem, KernelKey,
    artifact::Artifact,
    directory::is_private,
    key::{ContentHash, FORMAT_VERSION},
    lock::is_current,
    trusted,
};

const MANIFEST: &str = "manifest";
const MANIFEST_LIMIT: u64 = 64 * 1024;
const NAME_LIMIT: usize = 64;

/// The blobs of an artifact by name.
pub(super) type Blobs = BTreeMap<String, Arc<[u8]>>;

/// A verified entry. The shared lock on its manifest keeps other processes from evicting it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) blobs: Blobs,
    pub(super) in_use: File,
}

/// Fails on names that are not plain file names.
pub(super) fn check_names(artifact: &Artifact) -> Result<(), CacheError> {
    match artifact.blobs.keys().find(|name| !is_blob_name(name)) {
        Some(name) => Err(CacheError::InvalidBlobName { name: name.clone() }),
        None => Ok(()),
    }
}

fn is_blob_name(name: &str) -> bool {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    plain && !name.is_empty() && name.len() <= NAME_LIMIT && !name.starts_with('.') && name != MANIFEST
}

/// Writes the blobs and, last, the manifest into an empty folder.
pub(super) fn write(folder: &Path, key: &KernelKey, blobs: &Blobs) -> io::Result<()> {
    let mut manifest = format!("buffer-runtime kernel cache {FORMAT_VERSION}\nkey {key}\n");
    write_blobs(folder, blobs)?;
    for (name, bytes) in blobs {
        manifest.push_str(&format!("blob {name} {} {}\n", bytes.len(), ContentHash::of(bytes)));
    }
    let seal = ContentHash::of(manifest.as_bytes());
    manifest.push_str(&format!("end {seal}\n"));
    write_file(&folder.join(MANIFEST), manifest.as_bytes())
}

/// Writes the blobs alone.
pub(super) fn write_blobs(folder: &Path, blobs: &Blobs) -> io::Result<()> {
    blobs.iter().try_for_each(|(name, bytes)| write_file(&folder.join(name), bytes))
}

fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?.write_all(bytes)
}

/// Reads and verifies the entry at `folder`; `Ok(None)` when there is none.
pub(super) fn load(folder: &Path, key: &KernelKey) -> Result<Option<Entry>, EntryProblem> {
    match fs::symlink_metadata(folder) {
        Ok(metadata) if metadata.is_dir() && is_private(&metadata) => {}
        Ok(metadata) if metadata.is_dir() => {
            let mode = metadata.mode() & 0o7777;
            return Err(EntryProblem::Untrusted { path: folder.into(), owner: metadata.uid(), mode });
        }
        Ok(_) => {
            return Err(EntryProblem::NotAFile { path: folder.into() });
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(EntryProblem::io(folder, source)),
    }
    let path = folder.join(MANIFEST);
    let in_use = trusted::open(&path)?;
    if let Err(TryLockError::WouldBlock) = in_use.try_lock_shared() {
        // About to be evicted: the lock of the one who does that is exclusive.
        return Ok(None);
    }
    // Without lock support nothing is evicted either, so the entry is as safe as with it.
    if !is_current(&in_use, &path) {
        // Evicted between the opening and the lock.
        return Ok(None);
    }
    let bytes = trusted::read(&in_use, &path, MANIFEST_LIMIT)?;
    let listed = parse(&bytes, key).ok_or(EntryProblem::Manifest { path })?;
    let mut blobs = Blobs::new();
    for blob in listed {
        let path = folder.join(&blob.name);
        let file = trusted::open(&path)?;
        let bytes = trusted::read(&file, &path, blob.length)?;
        if bytes.len() as u64 != blob.length || ContentHash::of(&bytes).to_string() != blob.hash {
            return Err(EntryProblem::Corrupt { path });
        }
        blobs.insert(blob.name, bytes.into());
    }
    // The time of the last use, by which entries are evicted. Losing it costs a compilation at worst.
    let _ = in_use.set_modified(SystemTime::now());
    Ok(Some(Entry { blobs, in_use }))
}

struct Listed {
    name: String,
    length: u64,
    hash: String,
}

/// The blobs a manifest lists; `None` unless it is complete, intact and of this kernel.
fn parse(bytes: &[u8], key: &KernelKey) -> Option<Vec<Listed>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (body, seal) = text.split_at(text.rfind("end ")?);
    if seal != format!("end {}\n", ContentHash::of(body.as_bytes())) {
        return None;
    }
    let rest = body.strip_prefix(&format!("buffer-runtime kernel cache {FORMAT_VERSION}\nkey {key}\n"))?;
    rest.lines()
        .map(|line| {
            let mut words = line.strip_prefix("blob ")?.split(' ');
            let (name, length, hash) = (words.next()?, words.next()?, words.next()?);
            let blob = Listed { name: name.into(), length: length.parse().ok()?, hash: hash.into() };
            (is_blob_name(name) && words.next().is_none()).then_some(blob)
        })
        .collect()
}

/// A stored entry as eviction sees it.
#[derive(Debug)]
pub(super) struct Candidate {
    folder: PathBuf,
    pub(super) bytes: u64,
    pub(super) last_use: SystemTime,
}

impl Candidate {
    /// Size and last use of the entry at `folder`; the contents are not examined.
    pub(super) fn examine(folder: PathBuf) -> io::Result<Self> {
        let mut bytes = 0;
        for file in fs::read_dir(&folder)? {
            bytes += file?.metadata()?.len();
        }
        // An entry without manifest is useless, hence the oldest of all.
        let last_use = fs::symlink_metadata(folder.join(MANIFEST)).and_then(|manifest| manifest.modified());
        Ok(Self { folder, bytes, last_use: last_use.unwrap_or(SystemTime::UNIX_EPOCH) })
    }

    /// Removes the entry unless a process uses it; whether it is gone.
    pub(super) fn evict(&self, staging: &Path) -> bool {
        let manifest = trusted::open_to_lock(&self.folder.join(MANIFEST));
        if let Ok(manifest) = &manifest
            && manifest.try_lock().is_err()
        {
            return false;
        }
        discard(&self.folder, staging).is_ok()
    }
}

/// Takes an entry out of sight in one step, then deletes it: a reader finds all of it or nothing.
pub(super) fn discard(folder: &Path, staging: &Path) -> io::Result<()> {
    let grave = super::directory::PrivateDirectory::create(staging)?;
    fs::rename(folder, grave.path().join("entry"))
}

#[cfg(test)]
mod tests {
    use super::{super::KernelIdentity, *};

    fn key() -> KernelKey {
        KernelIdentity { kind: "test", source: "x", options: &[], architecture: "a", compiler: "c" }.key()
    }

    #[test]
    fn names_are_plain_files() {
        for name in ["kernel.so", "resources.json", "a-b_C.9"] {
            assert!(is_blob_name(name), "{name}");
        }
        for name in ["", ".", "..", "a/b", "manifest", ".hidden", "a b", "é", "a\n", &"x".repeat(65)] {
            assert!(!is_blob_name(name), "{name:?}");
        }
    }

    #[test]
    fn a_manifest_cut_anywhere_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::from([("a.txt".to_owned(), Arc::from(*b"abc"))]);
        write(folder.path(), &key(), &blobs).unwrap();
        let bytes = fs::read(folder.path().join(MANIFEST)).unwrap();
        assert_eq!(parse(&bytes, &key()).unwrap().len(), 1);
        for length in 0..bytes.len() {
            assert!(parse(&bytes[..length], &key()).is_none(), "cut after {length} bytes");
        }
        let other = KernelIdentity { kind: "test", source: "y", options: &[], architecture: "a", compiler: "c" }.key();
        assert!(parse(&bytes, &other).is_none());
    }
}
