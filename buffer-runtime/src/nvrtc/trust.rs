//! Whether a library found in the working directory can only be what this user, or root, put there.
//!
//! Loading it runs its code. A library that the user named, by a variable or in the system's configuration, needs no such look.

use std::{
    fs::{self, Metadata},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

const GROUP_WRITE: u32 = 0o020;
const OTHER_WRITE: u32 = 0o002;
const STICKY: u32 = 0o1000;

/// Checks `files` in `folder`, which is somewhere below `project`, and every folder on the way, where symbolic links lead too. The error says what is wrong and what to do.
pub(super) fn check(project: &Path, folder: &Path, files: &[PathBuf]) -> Result<(), String> {
    folder.ancestors().take_while(|part| *part != project).try_for_each(component)?;
    for file in files {
        let resolved = |path: &Path| path.canonicalize().map_err(|error| format!("{}: {error}", path.display()));
        let (file, project) = (resolved(file)?, resolved(project)?);
        file.ancestors().take_while(|part| *part != project).try_for_each(component)?;
    }
    Ok(())
}

fn component(path: &Path) -> Result<(), String> {
    let metadata = fs::symlink_metadata(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let user = rustix::process::geteuid().as_raw();
    let path = path.display();
    let remedy = "or name the library in BUFFER_RUNTIME_NVRTC";
    if ![user, 0].contains(&metadata.uid()) {
        return Err(format!("not loaded, because {path} belongs to user {}: make it yours, {remedy}", metadata.uid()));
    }
    if others_may_write(&metadata, user) {
        let mode = metadata.mode() & 0o7777;
        return Err(format!("not loaded, because others may write {path} (mode {mode:03o}): chmod go-w, {remedy}"));
    }
    Ok(())
}

/// Nobody may write a link. In a sticky folder others cannot exchange what is not theirs. The group with the number of the user is, by convention, the user's alone;
/// where there is one, folders are made writable by it.
fn others_may_write(metadata: &Metadata, user: u32) -> bool {
    let mode = metadata.mode();
    if metadata.is_symlink() || metadata.is_dir() && mode & STICKY != 0 {
        return false;
    }
    mode & OTHER_WRITE != 0 || mode & GROUP_WRITE != 0 && metadata.gid() != user
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, chown, symlink};

    use super::*;

    fn chmod(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn every_part_of_the_way_is_looked_at() {
        let root = tempfile::tempdir().unwrap();
        let project = root.path().join("project");
        let folder = project.join("target/venv/lib");
        let library = folder.join("libnvrtc.so.13");
        fs::create_dir_all(&folder).unwrap();
        fs::write(&library, "").unwrap();
        for (path, mode) in [(&project, 0o755), (&project.join("target"), 0o755), (&folder, 0o755), (&library, 0o644)] {
            chmod(path, mode);
        }
        chmod(&project.join("target/venv"), 0o755);
        let checked = || check(&project, &folder, std::slice::from_ref(&library));
        assert_eq!(checked(), Ok(()));
        for path in [project.join("target"), folder.clone(), library.clone()] {
            let before = fs::metadata(&path).unwrap().mode() & 0o777;
            chmod(&path, before | 0o002);
            let error = checked().unwrap_err();
            assert!(error.contains(&format!("others may write {}", path.display())), "{error}");
            assert!(error.contains("chmod go-w") && error.contains("BUFFER_RUNTIME_NVRTC"), "{error}");
            chmod(&path, before);
        }
        if rustix::process::geteuid().is_root() {
            chown(&library, Some(12345), None).unwrap();
            assert!(checked().unwrap_err().contains("belongs to user 12345"));
        }
    }

    #[test]
    fn links_lead_to_what_is_looked_at() {
        let root = tempfile::tempdir().unwrap();
        let (project, elsewhere) = (root.path().join("project"), root.path().join("elsewhere"));
        fs::create_dir(&project).unwrap();
        fs::create_dir(&elsewhere).unwrap();
        fs::write(elsewhere.join("libnvrtc.so"), "").unwrap();
        let folder = project.join("venv");
        symlink(&elsewhere, &folder).unwrap();
        let library = folder.join("libnvrtc.so");
        chmod(&elsewhere, 0o755);
        assert_eq!(check(&project, &folder, std::slice::from_ref(&library)), Ok(()));
        chmod(&elsewhere, 0o777);
        assert!(check(&project, &folder, &[library]).unwrap_err().contains("elsewhere"));
    }
}
