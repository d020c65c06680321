//! Why nothing was solved or written.

use std::error::Error;
use std::path::{Path, PathBuf};

use batch_solver::plot::PlotError;
use batch_solver::table::{FormatError, FrameError, ReadError, TableError, WriteError};
use batch_solver::{ModelError, NumbersError, RunsFileError, SolveError};
use buffer_runtime::{DeviceError, SettingsError};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Runs(Box<RunsFileError>),
    #[error("{}", twice(.name, .first, .second))]
    GivenTwice { name: String, first: &'static str, second: &'static str },
    #[error("{option}: {error}")]
    Numbers { option: &'static str, error: NumbersError },
    #[error("--set: {0}")]
    Pair(SettingsError),
    #[error("{option}: {error}")]
    Setting { option: &'static str, error: Box<SolveError> },
    #[error("{option}: {error}")]
    Batch { option: &'static str, error: Box<SolveError> },
    #[error(transparent)]
    Solve(Box<SolveError>),
    #[error(transparent)]
    Device(Box<DeviceError>),
    #[error(transparent)]
    Table(#[from] TableError),
    #[error(transparent)]
    Result(#[from] ReadError),
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error("{0}")]
    Plot(Box<PlotError>),
    #[error("a fan has all times, so `--time` is for `--kind map` and `--kind histogram`")]
    TimeOfFan,
    #[error("`--against` is for `--kind map`; the two variables of a phase plane are `--variable X,Y`")]
    AgainstNothing,
    #[error("--json needs standard output for itself: write the table to a file with `--out FILE`")]
    JsonWithTable,
    #[error("--resume needs the file that was being written: name it with `--out FILE`")]
    ResumeWithoutFile,
    #[error("{}: cannot be read: to solve all runs anew, remove it and {}, and leave out --resume", record.display(), table.display())]
    Record { table: PathBuf, record: PathBuf, source: std::io::Error },
    #[error(
        "{}: this is what is left of another solve: --resume needs the same model, options and version; to solve all runs anew, remove it and {}, and leave out --resume", record.display(), table.display()
    )]
    OtherQuestion { table: PathBuf, record: PathBuf },
    #[error("{}: the table has {found} rows, its record {expected}: they do not belong together; remove both, and leave out --resume", file.display())]
    OtherRows { file: PathBuf, found: u64, expected: u64 },
    #[error(
        "{}: what is solved goes there if this solve is interrupted, but it exists, and has no record to be continued by: move it away, or choose another --out", file.display()
    )]
    InTheWay { file: PathBuf },
    #[error("{}: an interrupted solve left this: --resume with the same model and options continues it; to solve all runs anew, remove it and {}", record.display(), table.display())]
    Unfinished { table: PathBuf, record: PathBuf },
    #[error("{first} and {second} are the same file, {}: choose another for one of them", file.display())]
    SameFile { first: &'static str, second: &'static str, file: PathBuf },
    #[error("{option} cannot go to standard output, where the {there} goes: name a file")]
    BothToStdout { option: &'static str, there: &'static str },
    #[error("`{key}` is given by --set and by {option}: remove one")]
    SetTwice { key: String, option: &'static str },
    #[error("--out: {0}")]
    Format(#[from] FormatError),
    #[error("{}: {error}", file.display())]
    Write {
        file: PathBuf,
        #[source]
        error: Box<WriteError>,
    },
    #[error("{}: cannot be written", file.display())]
    Output { file: PathBuf, source: std::io::Error },
    #[error("{}: cannot be written; what was to be there is in {}", file.display(), kept.display())]
    Kept { file: PathBuf, kept: PathBuf, source: std::io::Error },
    #[error("standard output cannot be written")]
    Print(#[source] std::io::Error),
    #[error("--{option} compiles with NVRTC: {error}")]
    Gpu { option: &'static str, error: Box<DeviceError> },
    #[error("the JSON line cannot be written")]
    Json(#[source] std::io::Error),
}

/// That a name is given by two options, or by one twice.
fn twice(name: &str, first: &str, second: &str) -> String {
    match (first, second) {
        ("--grid", "--grid") => {
            format!("--grid has `{name}` twice: give all its values at once, as in `{name}=1,2,3`")
        }
        _ if first == second => format!("{first} has `{name}` twice: remove one"),
        _ => format!("`{name}` is given by {first} and by {second}: remove one"),
    }
}

impl From<RunsFileError> for Failure {
    fn from(error: RunsFileError) -> Self {
        Self::Runs(error.into())
    }
}

impl From<PlotError> for Failure {
    fn from(error: PlotError) -> Self {
        Self::Plot(error.into())
    }
}

impl From<SolveError> for Failure {
    fn from(error: SolveError) -> Self {
        Self::Solve(error.into())
    }
}

impl From<DeviceError> for Failure {
    fn from(error: DeviceError) -> Self {
        Self::Device(error.into())
    }
}

impl Failure {
    pub(crate) fn output(file: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Output { file: file.to_owned(), source }
    }

    pub(crate) fn table(file: &Path) -> impl FnOnce(WriteError) -> Self {
        move |error| Self::Write { file: file.to_owned(), error: error.into() }
    }

    /// The message with its causes.
    pub(crate) fn report(&self) -> String {
        let mut text = format!("error: {self}");
        let mut cause = self.source();
        while let Some(error) = cause {
            let message = error.to_string();
            // Some errors say what their cause says.
            if !text.contains(&message) {
                text += &format!("\n  because: {message}");
            }
            cause = error.source();
        }
        text
    }
}
