//! Folders and files that somebody else could have written, and entries that are not what was stored.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt, chown, symlink},
};

use super::*;

/// Any user but this one.
const SOMEBODY_ELSE: u32 = 12_345;

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

/// Stores a kernel, lets `tamper` at its folder, and returns the warning of a cache that had to build it again.
fn rejected(tamper: impl FnOnce(&Path)) -> EntryProblem {
    let root = tempfile::tempdir().unwrap();
    let stored = build(&open(root.path()), "a", "genuine").unwrap();
    let file = stored.path("kernel.txt").unwrap();
    drop(stored);
    tamper(file.parent().unwrap());
    let cache = open(root.path());
    let again = build(&cache, "a", "rebuilt").unwrap();
    assert_eq!((text(&again), again.origin(), again.is_persistent()), ("rebuilt", Origin::Built, true));
    assert_eq!(text(&fetch(&open(root.path()), "a")), "rebuilt");
    let warnings = cache.warnings();
    let [CacheWarning::Rejected { problem, .. }] = warnings.as_slice() else { panic!("{warnings:?}") };
    problem.clone()
}

#[test]
fn changed_contents_are_built_again() {
    let problem = rejected(|entry| fs::write(entry.join("kernel.txt"), "planted").unwrap());
    assert!(matches!(problem, EntryProblem::Corrupt { .. }), "{problem}");
}

#[test]
fn longer_and_missing_contents_are_built_again() {
    let problem = rejected(|entry| fs::write(entry.join("kernel.txt"), "genuine and more").unwrap());
    assert!(matches!(problem, EntryProblem::Corrupt { .. }), "{problem}");
    let problem = rejected(|entry| fs::remove_file(entry.join("kernel.txt")).unwrap());
    assert!(matches!(problem, EntryProblem::Io { .. }), "{problem}");
}

#[test]
fn a_manifest_that_is_cut_or_missing_is_refused() {
    let problem = rejected(|entry| {
        let manifest = fs::read(entry.join("manifest")).unwrap();
        fs::write(entry.join("manifest"), &manifest[..manifest.len() - 1]).unwrap();
    });
    assert!(matches!(problem, EntryProblem::Manifest { .. }), "{problem}");
    let problem = rejected(|entry| fs::remove_file(entry.join("manifest")).unwrap());
    assert!(matches!(problem, EntryProblem::Io { .. }), "{problem}");
}

#[test]
fn an_entry_of_another_kernel_is_refused() {
    let problem = rejected(|entry| {
        let root = entry.ancestors().nth(2).unwrap();
        let other = build(&open(root), "b", "other").unwrap();
        let other = other.path("kernel.txt").unwrap();
        for name in ["manifest", "kernel.txt"] {
            fs::copy(other.with_file_name(name), entry.join(name)).unwrap();
        }
    });
    assert!(matches!(problem, EntryProblem::Manifest { .. }), "{problem}");
}

#[test]
fn symbolic_links_are_not_followed() {
    let problem = rejected(|entry| {
        let blob = entry.join("kernel.txt");
        fs::rename(&blob, entry.join("elsewhere")).unwrap();
        symlink(entry.join("elsewhere"), blob).unwrap();
    });
    assert!(matches!(problem, EntryProblem::NotAFile { .. }), "{problem}");
    let problem = rejected(|entry| {
        fs::rename(entry, entry.with_extension("moved")).unwrap();
        symlink(entry.with_extension("moved"), entry).unwrap();
    });
    assert!(matches!(problem, EntryProblem::NotAFile { .. }), "{problem}");
}

#[test]
fn files_that_others_may_write_are_refused() {
    for name in ["kernel.txt", "manifest", "."] {
        for bits in [0o620, 0o602] {
            let problem = rejected(|entry| chmod(&entry.join(name), bits | 0o100));
            assert!(matches!(problem, EntryProblem::Untrusted { .. }), "{name}: {problem}");
        }
    }
}

#[test]
fn files_of_another_user_are_refused() {
    if directory::effective_user() != 0 {
        eprintln!("skipped: only root can give a file to another user");
        return;
    }
    for name in ["kernel.txt", "manifest", "."] {
        let problem = rejected(|entry| chown(entry.join(name), Some(SOMEBODY_ELSE), None).unwrap());
        assert!(matches!(problem, EntryProblem::Untrusted { owner: SOMEBODY_ELSE, .. }), "{name}: {problem}");
    }
}

/// The problem of a cache that could not use `root` and worked without it.
fn unavailable(root: &Path) -> DirectoryProblem {
    let cache = open(root);
    assert!(cache.directory().is_none());
    let artifact = build(&cache, "a", "alpha").unwrap();
    assert!(!artifact.is_persistent());
    let path = artifact.path("kernel.txt").unwrap();
    assert!(!path.starts_with(root) && path.is_file());
    let warnings = cache.warnings();
    let [CacheWarning::Unavailable { problem }] = warnings.as_slice() else { panic!("{warnings:?}") };
    problem.clone()
}

#[test]
fn a_folder_that_others_may_write_is_refused() {
    let parent = tempfile::tempdir().unwrap();
    let root = parent.path().join("cache");
    fs::create_dir(&root).unwrap();
    for bits in [0o770, 0o777, 0o1777] {
        chmod(&root, bits);
        let problem = unavailable(&root);
        assert!(matches!(problem, DirectoryProblem::WritableByOthers { mode, .. } if mode == bits), "{problem}");
    }
    // The folders inside count as much.
    chmod(&root, 0o700);
    drop(open(&root));
    chmod(&root.join("entries"), 0o770);
    assert!(matches!(unavailable(&root), DirectoryProblem::WritableByOthers { .. }));
}

#[test]
fn a_folder_in_a_place_open_to_all_is_refused_unless_sticky() {
    let parent = tempfile::tempdir().unwrap();
    chmod(parent.path(), 0o777);
    let problem = unavailable(&parent.path().join("cache"));
    assert!(matches!(problem, DirectoryProblem::WritableByOthers { .. }), "{problem}");
    chmod(parent.path(), 0o1777);
    assert!(open(&parent.path().join("cache")).directory().is_some());
}

#[test]
fn a_folder_of_another_user_is_refused() {
    if directory::effective_user() != 0 {
        eprintln!("skipped: only root can give a folder to another user");
        return;
    }
    let parent = tempfile::tempdir().unwrap();
    let root = parent.path().join("cache");
    fs::create_dir(&root).unwrap();
    chown(&root, Some(SOMEBODY_ELSE), None).unwrap();
    let problem = unavailable(&root);
    assert!(matches!(problem, DirectoryProblem::ForeignOwner { owner: SOMEBODY_ELSE, .. }), "{problem}");
}

#[test]
fn every_folder_made_is_for_its_owner_only() {
    let parent = tempfile::tempdir().unwrap();
    let root = parent.path().join("a/b/cache");
    let cache = open(&root);
    assert_eq!(cache.directory(), Some(root.canonicalize().unwrap().as_path()));
    let artifact = build(&cache, "a", "alpha").unwrap();
    let file = artifact.path("kernel.txt").unwrap();
    assert_eq!(mode(&file), 0o600);
    for folder in
        file.ancestors().skip(1).take_while(|folder| folder.starts_with(parent.path().canonicalize().unwrap()))
    {
        if folder != parent.path().canonicalize().unwrap() {
            assert_eq!(mode(folder), 0o700, "{}", folder.display());
        }
    }
}

/// Root may write read-only folders, so the tests use places where nobody can create one.
#[test]
fn a_folder_that_cannot_be_made_is_replaced() {
    let parent = tempfile::tempdir().unwrap();
    let file = parent.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(
        matches!(unavailable(&file), DirectoryProblem::NotADirectory { path } if path == file.canonicalize().unwrap())
    );
    assert!(matches!(unavailable(&file.join("a/cache")), DirectoryProblem::NotADirectory { .. }));
    if Path::new("/proc/self").exists() {
        let problem = unavailable(Path::new("/proc/buffer-runtime/cache"));
        assert!(matches!(problem, DirectoryProblem::Io { .. } | DirectoryProblem::ForeignOwner { .. }), "{problem}");
    }
}

#[test]
fn a_folder_lost_while_open_is_replaced() {
    let root = tempfile::tempdir().unwrap();
    let cache = open(root.path());
    fs::remove_dir_all(root.path().join("staging")).unwrap();
    fs::write(root.path().join("staging"), "not a folder").unwrap();
    let artifact = build(&cache, "a", "alpha").unwrap();
    assert!(!artifact.is_persistent());
    assert_eq!(fs::read_to_string(artifact.path("kernel.txt").unwrap()).unwrap(), "alpha");
    let warnings = cache.warnings();
    assert!(matches!(warnings.as_slice(), [CacheWarning::NotStored { .. }]), "{warnings:?}");
    assert!(warnings[0].to_string().contains(&key("a").to_string()));
}
