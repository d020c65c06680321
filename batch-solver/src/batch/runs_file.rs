//! Runs from a file: columns of values by name, one value per run.

use std::io::Read;
use std::path::Path;

use super::{Batch, BatchError};
use crate::columns::{CsvColumns, CsvError, ReadColumns, Values};
use crate::system::System;
use crate::table::{NpyError, ReadError};

/// The column that is no state or parameter but how long each run takes.
const DURATION: &str = "duration";

/// A file of runs that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunsFileError {
    /// The header or numbers of a CSV file cannot be read.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// No values.
    #[error("{place}: there are no runs: give the values of at least one")]
    NoRuns {
        /// The file, and in a CSV file where they should begin.
        place: String,
    },
    /// A column of something that cannot be varied.
    #[error("{place}: {problem}")]
    UnknownName {
        /// The file, and in a CSV file where in the header.
        place: String,
        /// What is wrong with the name, and the nearest there is.
        problem: Box<BatchError>,
    },
    /// A kind of file that is not known.
    #[error("{file}: runs come from `.csv`, `.npy`, `.npz` or `.parquet` files")]
    Extension {
        /// The file.
        file: String,
    },
    /// An array of NumPy cannot be read.
    #[error(transparent)]
    Npy(#[from] NpyError),
    /// A table cannot be read.
    #[error(transparent)]
    Table(Box<ReadError>),
    /// An array that does not have a column for each of what the system has, or for each of two things it has.
    #[error("{file}: the array has shape {shape:?}, where `{system}` allows {}; arrays by name, in a `.npz` or `.csv` file, can be any", .allowed.join(", or "))]
    Shape {
        /// The file.
        file: String,
        /// Its shape.
        shape: Vec<usize>,
        /// The system.
        system: String,
        /// The shapes that it may have.
        allowed: Vec<String>,
    },
    /// As many columns as the system has states, and parameters too.
    #[error(
        "{file}: the {columns} columns of the array could be the states or the parameters of `{system}`: give columns for both, [runs, {}] for {}, or arrays by name, in a `.npz` or `.csv` file",
        .names.len(), .names.join(", ")
    )]
    StatesOrParameters {
        /// The file.
        file: String,
        /// Its columns.
        columns: usize,
        /// The system.
        system: String,
        /// All states and then all parameters.
        names: Vec<String>,
    },
    /// An array by name that is not one-dimensional.
    #[error(
        "{file}: array `{name}` has shape {shape:?}: give a one-dimensional array with a value for each run, or one value for all"
    )]
    NotAList {
        /// The file.
        file: String,
        /// The name.
        name: String,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// Arrays of different lengths.
    #[error(
        "{file}: `{first}` has {first_len} values, `{other}` {other_len}: give each a value for each run, or one for all"
    )]
    UnequalLengths {
        /// The file.
        file: String,
        /// One name.
        first: String,
        /// Its number of values.
        first_len: usize,
        /// Another name.
        other: String,
        /// Its number of values.
        other_len: usize,
    },
    /// A value of an array that is infinite or not a number.
    #[error("{file}: `{name}` has the value {value} in run {run}: initial values and parameters are finite")]
    NotFinite {
        /// The file.
        file: String,
        /// The name.
        name: String,
        /// The run, from 0.
        run: usize,
        /// The value.
        value: f64,
    },
}

impl From<ReadError> for RunsFileError {
    fn from(error: ReadError) -> Self {
        Self::Table(error.into())
    }
}

impl Batch {
    /// Reads the runs of a CSV file: the header names states and parameters of the system, each further line has their values for one run. What has no
    /// column has its default. A column `duration`, where the system has no such state or parameter, gives each run its own [duration](Self::durations).
    /// Lines that begin with `#` are comments.
    ///
    /// # Errors
    /// When the file cannot be read, and as [`from_csv`](Self::from_csv).
    pub fn read_csv(path: impl AsRef<Path>, system: &System) -> Result<Self, RunsFileError> {
        Self::from_csv_columns(CsvColumns::open(path.as_ref())?, system)
    }

    /// As [`read_csv`](Self::read_csv), from any reader; messages call it `file`.
    ///
    /// ```
    /// use batch_solver::{Batch, System};
    ///
    /// let decay = System::builder("decay").equations("dx = -k*x").state("x", 1.0).parameter("k", 0.5).build()?;
    /// let batch = Batch::from_csv("k, x\n0.1, 1\n0.2, 2\n".as_bytes(), "runs.csv", &decay)?;
    /// assert_eq!((batch.runs()?, batch.value("x", 1)), (2, Some(2.0)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Each names file, line and column: a missing header, names the system does not vary, names twice, lines of another length than the header, values that are no
    /// finite numbers, no runs at all.
    pub fn from_csv(reader: impl Read, file: &str, system: &System) -> Result<Self, RunsFileError> {
        Self::from_csv_columns(CsvColumns::new(reader, file)?, system)
    }

    fn from_csv_columns(csv: CsvColumns<impl Read>, system: &System) -> Result<Self, RunsFileError> {
        let indices: Vec<usize> = (0..csv.names().count()).collect();
        for (index, name) in csv.names().enumerate() {
            csv.check_names(&[index])?;
            check_name(name, system, || csv.place(index))?;
        }
        let ReadColumns { columns, end } = csv.read(&indices, Values::Finite)?;
        if columns.iter().any(|(_, values)| values.is_empty()) {
            return Err(RunsFileError::NoRuns { place: end });
        }
        Ok(columns.into_iter().fold(Self::zip(), |batch, (name, values)| batch.with_column(name, values, system)))
    }

    /// Adds the values that a name has in the runs.
    pub(super) fn with_column(self, name: String, values: Vec<f64>, system: &System) -> Self {
        if is_duration(&name, system) { self.durations(values) } else { self.vary(name, values) }
    }
}

/// The states and parameters.
fn known(system: &System) -> Vec<&str> {
    system.states().iter().chain(system.parameters()).map(|quantity| quantity.name.as_str()).collect()
}

pub(super) fn is_duration(name: &str, system: &System) -> bool {
    name == DURATION && !known(system).contains(&name)
}

pub(super) fn check_name(name: &str, system: &System, place: impl FnOnce() -> String) -> Result<(), RunsFileError> {
    let known = known(system);
    if known.contains(&name) || name == DURATION {
        return Ok(());
    }
    let problem = Box::new(BatchError::unknown(name, system, &known));
    Err(RunsFileError::UnknownName { place: place(), problem })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system() -> System {
        System::builder("decay")
            .equations("dx = -k*x/c")
            .state("x", 1.0)
            .parameter("k", 0.5)
            .constant("c", 1.0)
            .build()
            .unwrap()
    }

    fn read(text: &str) -> Result<Batch, RunsFileError> {
        Batch::from_csv(text.as_bytes(), "runs.csv", &system())
    }

    #[test]
    fn columns_are_zipped_in_the_order_of_the_header() {
        let batch = read("# a comment\n x ,k\n1,2\n 3e0 ,4\n").unwrap();
        assert_eq!(batch, Batch::zip().vary("x", [1.0, 3.0]).vary("k", [2.0, 4.0]));
        assert_eq!(read("\u{feff}x\r\n1\r\n").unwrap(), Batch::zip().vary("x", [1.0]));
    }

    #[test]
    fn errors_name_line_and_column() {
        for (text, start) in [
            ("", "runs.csv:1:1: there is no header"),
            ("x,k\n", "runs.csv:2:1: there are no runs"),
            ("x, kk\n1,2\n", "runs.csv:1:4: `kk` is neither"),
            ("x,c\n1,2\n", "runs.csv:1:3: `c` is neither a state nor a parameter of `decay` but a constant"),
            (",x\n0,1\n", "runs.csv:1:1: column 1 has no name"),
            ("x_0\n1\n", "runs.csv:1:1: `x_0` is neither a state nor a parameter of `decay` (did you mean `x`?)"),
            ("k_0\n1\n", "runs.csv:1:1: `k_0` is neither a state nor a parameter of `decay`; it has"),
            ("x,x\n1,2\n", "runs.csv:1:3: there are two columns `x`"),
            ("x,k\n1,2\n3\n", "runs.csv:3:1: this line has 1 values"),
            ("x,k\n1,2\n3, four\n", "runs.csv:3:4: `four` is not"),
            ("x,k\n1,\n", "runs.csv:2:3: `` is not"),
            ("x\ninf\n", "runs.csv:2:1: `inf` is not"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.starts_with(start), "{error}");
        }
        let error = Batch::from_csv(&b"x\n1\n\xff\n"[..], "runs.csv", &system()).unwrap_err();
        assert!(matches!(error, RunsFileError::Csv(CsvError::NotUtf8 { line: 3, .. })), "{error}");
    }

    #[test]
    fn a_column_of_durations_is_one_of_the_batch_unless_the_system_has_the_name() {
        let batch = read("x,duration\n1,2\n3,4\n").unwrap();
        assert_eq!(batch, Batch::zip().vary("x", [1.0, 3.0]).durations([2.0, 4.0]));
        let alone = read("duration\n1\n2\n3\n").unwrap();
        assert_eq!(alone.check(&system()).unwrap(), 3);
        let own = System::builder("m").equations("dx = -x/duration").state("x", 1.0).parameter("duration", 1.0);
        let batch = Batch::from_csv("duration\n1\n2\n".as_bytes(), "f", &own.build().unwrap()).unwrap();
        assert_eq!(batch, Batch::zip().vary("duration", [1.0, 2.0]));
    }

    #[test]
    fn unknown_names_come_with_the_nearest() {
        let error = Batch::read_csv("/nowhere/runs.csv", &system()).unwrap_err();
        assert!(error.to_string().starts_with("/nowhere/runs.csv"));
        let system =
            System::builder("m").equations("dx = rho*x").state("x", 1.0).parameter("rho", 1.0).build().unwrap();
        let error = Batch::from_csv("roh\n1\n".as_bytes(), "f", &system).unwrap_err().to_string();
        assert!(error.contains("did you mean `rho`?"), "{error}");
    }
}
