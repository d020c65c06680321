//! Files by what they are, not by how they are called: links are followed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::output::is_stdout;

/// Links that lead to a file, at most: as many as Linux follows.
const LINKS: usize = 40;

/// Where a path leads, if need be to a file that is not there yet.
pub(crate) fn followed(file: &Path) -> PathBuf {
    let mut file = file.to_owned();
    for _ in 0..LINKS {
        match fs::read_link(&file) {
            Ok(target) => file = file.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => break,
        }
    }
    file
}

/// A path with its links followed, where it or its folder is there.
pub(crate) fn real(file: &Path) -> PathBuf {
    let file = followed(file);
    fs::canonicalize(&file).unwrap_or_else(|_| {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::canonicalize(folder).unwrap_or_default().join(file.file_name().unwrap_or_default())
    })
}

/// A file and what it is to the program, such as the option that names it.
pub(crate) type Named<'a> = (&'static str, &'a Path);

/// No two files written, and none written that is read.
pub(crate) fn refuse_same(written: &[Named<'_>], read: &[Named<'_>]) -> Result<(), Failure> {
    let real = |files: &[Named<'_>]| -> Vec<(&'static str, PathBuf)> {
        files.iter().filter(|(_, file)| !is_stdout(file)).map(|(name, file)| (*name, real(file))).collect()
    };
    let (written, read) = (real(written), real(read));
    for (index, (first, file)) in written.iter().enumerate() {
        let others = written[..index].iter().chain(&read);
        // Nothing is lost in what is no file, such as /dev/null.
        let special = file.exists() && !file.is_file();
        if let Some((second, _)) = others.filter(|_| !special).find(|(_, other)| other == file) {
            return Err(Failure::SameFile { first, second, file: file.clone() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_real_though_its_file_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target.csv"), folder.path().join("link.csv"));
        std::os::unix::fs::symlink("target.csv", &link).unwrap();
        assert_eq!(real(&link), real(&target));
        assert_ne!(real(&link), real(&folder.path().join("other.csv")));
        let circle = folder.path().join("circle");
        std::os::unix::fs::symlink("circle", &circle).unwrap();
        assert_eq!(followed(&circle), circle);
    }
}
