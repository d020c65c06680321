//! Where the table goes: a file that appears complete or not at all, or standard output.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::failure::Failure;
use crate::files::followed;

/// A place to write to, opened before anything is computed so that a wrong path is noticed early.
#[derive(Debug)]
pub(crate) enum Output {
    Stdout,
    /// A pipe or a device such as `/dev/null`, which a rename would replace.
    Direct(File),
    /// A file, by way of a temporary one in the same folder.
    Replaced {
        temporary: NamedTempFile,
        target: PathBuf,
    },
}

impl Output {
    /// Opens a file; `-` is standard output.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        if is_stdout(path) {
            return Ok(Self::Stdout);
        }
        let target = match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => return Err(ErrorKind::IsADirectory.into()),
            // A link stays one: what it points to is replaced.
            Ok(metadata) if metadata.is_file() => fs::canonicalize(path)?,
            Ok(_) => return File::options().write(true).open(path).map(Self::Direct),
            // A link to a file that is not there yet: that one is made.
            Err(error) if error.kind() == ErrorKind::NotFound => followed(path),
            Err(error) => return Err(error),
        };
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".batch-solve-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any new file: the umask takes away what the user keeps private.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        Ok(Self::Replaced { temporary: builder.tempfile_in(folder)?, target })
    }

    /// What to write to.
    pub(crate) fn writer(&mut self) -> io::Result<Box<dyn Write + Send>> {
        Ok(match self {
            Self::Stdout => Box::new(io::stdout()),
            Self::Direct(file) => Box::new(file.try_clone()?),
            Self::Replaced { temporary, .. } => Box::new(temporary.as_file().try_clone()?),
        })
    }

    /// The folder of the file to be, which has room for it.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.temporary().and_then(Path::parent)
    }

    /// The temporary file.
    pub(crate) fn temporary(&self) -> Option<&Path> {
        match self {
            Self::Replaced { temporary, .. } => Some(temporary.path()),
            Self::Stdout | Self::Direct(_) => None,
        }
    }

    /// The file to be, links followed; none for what is no file.
    pub(crate) fn target(&self) -> Option<&Path> {
        match self {
            Self::Replaced { target, .. } => Some(target),
            Self::Stdout | Self::Direct(_) => None,
        }
    }

    /// Bytes written so far; none for what is no file.
    pub(crate) fn written(&self) -> io::Result<u64> {
        match self {
            Self::Replaced { temporary, .. } => temporary.as_file().metadata().map(|metadata| metadata.len()),
            Self::Stdout | Self::Direct(_) => Ok(0),
        }
    }

    /// Leaves out what is behind so many bytes.
    pub(crate) fn cut(&self, bytes: u64) -> io::Result<()> {
        match self {
            Self::Replaced { temporary, .. } => temporary.as_file().set_len(bytes),
            Self::Stdout | Self::Direct(_) => Ok(()),
        }
    }

    /// Brings what is written to the disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        match self {
            Self::Replaced { temporary, .. } => temporary.as_file().sync_all(),
            Self::Stdout | Self::Direct(_) => Ok(()),
        }
    }

    /// Makes the file appear, if it is on the disk, so that a crash leaves the old file or the new one.
    pub(crate) fn finish(self) -> Result<(), Unplaced> {
        match self.sync() {
            Ok(()) => self.place(None),
            Err(error) => Err(self.unplaced(error)),
        }
    }

    /// Makes the file appear, under another name if one is given.
    pub(crate) fn place(self, name: Option<&Path>) -> Result<(), Unplaced> {
        match self {
            Self::Replaced { temporary, target } => temporary
                .persist(name.unwrap_or(&target))
                .map(drop)
                .map_err(|failed| Unplaced { error: failed.error, temporary: Some(failed.file) }),
            Self::Stdout | Self::Direct(_) => Ok(()),
        }
    }

    /// What is written, after it could not be brought to its place.
    pub(crate) fn unplaced(self, error: io::Error) -> Unplaced {
        let temporary = match self {
            Self::Replaced { temporary, .. } => Some(temporary),
            Self::Stdout | Self::Direct(_) => None,
        };
        Unplaced { error, temporary }
    }

    /// Writes all of it.
    pub(crate) fn write(mut self, text: &str) -> io::Result<()> {
        match self.writer()?.write_all(text.as_bytes()) {
            // The reader of a pipe has seen enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe && matches!(self, Self::Stdout) => Ok(()),
            Err(error) => Err(error),
            Ok(()) => self.finish().map_err(Unplaced::discard),
        }
    }
}

/// A file that is written and could not be brought to its place. It goes unless it is kept.
#[derive(Debug)]
pub(crate) struct Unplaced {
    error: io::Error,
    temporary: Option<NamedTempFile>,
}

impl Unplaced {
    /// Lets the file go.
    pub(crate) fn discard(self) -> io::Error {
        self.error
    }

    /// Keeps it under its temporary name, which the failure to write `file` tells.
    pub(crate) fn keep(self, file: &Path) -> Failure {
        let (file, source) = (file.to_owned(), self.error);
        match self.temporary.and_then(|temporary| temporary.keep().ok()) {
            Some((_, kept)) => Failure::Kept { file, kept, source },
            None => Failure::Output { file, source },
        }
    }
}

/// Whether a path stands for standard output.
pub(crate) fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

/// A line on standard error; whether anybody reads it is of no account.
pub(crate) fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Writes text to standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    Output::Stdout.write(text).map_err(Failure::Print)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        fs::write(&path, "old").unwrap();
        let mut output = Output::open(&path).unwrap();
        output.writer().unwrap().write_all(b"half").unwrap();
        drop(output);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        Output::open(&path).unwrap().write("new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        let mut output = Output::open(&path).unwrap();
        output.writer().unwrap().write_all(b"half").unwrap();
        output.place(Some(&folder.path().join("partial.csv"))).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_to_string(folder.path().join("partial.csv")).unwrap(), "half");
    }

    #[test]
    fn what_cannot_be_placed_may_be_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        let unplaced = || {
            let mut output = Output::open(&path).unwrap();
            output.writer().unwrap().write_all(b"much").unwrap();
            fs::create_dir_all(path.join("in the way")).unwrap();
            let unplaced = output.finish().unwrap_err();
            fs::remove_dir_all(&path).unwrap();
            unplaced
        };
        let Failure::Kept { file, kept, .. } = unplaced().keep(&path) else { panic!("it is not kept") };
        assert_eq!((file, fs::read_to_string(&kept).unwrap().as_str()), (path.clone(), "much"));
        unplaced().discard();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "the one that was kept");
    }

    #[test]
    fn links_and_devices_stay_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target.csv"), folder.path().join("link.csv"));
        fs::write(&target, "").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        Output::open(&link).unwrap().write("new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert!(matches!(Output::open(Path::new("/dev/null")).unwrap(), Output::Direct(_)));
        fs::remove_file(&target).unwrap();
        Output::open(&link).unwrap().write("again").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&target).unwrap(), "again");
    }

    #[test]
    fn wrong_paths_are_noticed_early() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Output::open(folder.path()).unwrap_err().kind(), ErrorKind::IsADirectory);
        assert_eq!(Output::open(&folder.path().join("no/out.csv")).unwrap_err().kind(), ErrorKind::NotFound);
    }
}
