//! Runs from a CSV file: a header of names, one line per run.

use std::io::Read;
use std::path::Path;

use indexmap::IndexMap;

use super::Batch;
use super::BatchError;
use crate::system::System;

/// A file of runs that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunsFileError {
    /// The file cannot be read.
    #[error("{file}: the runs cannot be read")]
    Read {
        /// The file as it was named.
        file: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// No header.
    #[error(
        "{file}:1:1: there is no header: the first line names states and parameters, each further line has their values for one run"
    )]
    NoHeader {
        /// The file.
        file: String,
    },
    /// A header and nothing else.
    #[error("{file}:2:1: there are no runs: each line after the header has the values for one run")]
    NoRuns {
        /// The file.
        file: String,
    },
    /// A column of something that cannot be varied.
    #[error("{file}:1:{column}: {problem}")]
    UnknownName {
        /// The file.
        file: String,
        /// Column in characters, from 1.
        column: usize,
        /// What is wrong with the name, and the nearest there is.
        problem: Box<BatchError>,
    },
    /// Two columns of the same name.
    #[error("{file}:1:{column}: there are two columns `{name}`: remove one")]
    DuplicateName {
        /// The file.
        file: String,
        /// Column in characters, from 1.
        column: usize,
        /// The name.
        name: String,
    },
    /// A line with too few or too many values.
    #[error("{file}:{line}:1: this line has {found} values, the header {expected} names")]
    WrongLength {
        /// The file.
        file: String,
        /// Line, from 1.
        line: u64,
        /// Names in the header.
        expected: u64,
        /// Values in the line.
        found: u64,
    },
    /// A value that is no finite number.
    #[error(
        "{file}:{line}:{column}: `{value}` is not a finite number: `{name}` needs one in every line; without its column it has its default"
    )]
    NotANumber {
        /// The file.
        file: String,
        /// Line, from 1.
        line: u64,
        /// Column in characters, from 1.
        column: usize,
        /// What stands for the value.
        value: String,
        /// The name of the column.
        name: String,
    },
    /// Text that is not UTF-8.
    #[error("{file}:{line}:1: this line is not UTF-8: save the file as UTF-8 text")]
    NotUtf8 {
        /// The file.
        file: String,
        /// Line, from 1.
        line: u64,
    },
}

impl Batch {
    /// Reads the runs of a CSV file: the header names states and parameters of the system, each further line has their values for one run. What has no
    /// column has its default. Lines that begin with `#` are comments.
    ///
    /// # Errors
    /// When the file cannot be read, and as [`from_csv`](Self::from_csv).
    pub fn read_csv(path: impl AsRef<Path>, system: &System) -> Result<Self, RunsFileError> {
        let file = path.as_ref().display().to_string();
        match std::fs::File::open(path.as_ref()) {
            Ok(open) => Self::from_csv(open, &file, system),
            Err(source) => Err(RunsFileError::Read { file, source }),
        }
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
        // Fields are trimmed here and not by the reader: places count the spaces.
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(reader);
        let header = reader.headers().map_err(|error| from_csv_error(error, file))?.clone();
        if header.iter().all(|name| name.trim().is_empty()) {
            return Err(RunsFileError::NoHeader { file: file.to_owned() });
        }
        let mut columns: IndexMap<String, Vec<f64>> = IndexMap::new();
        for (index, name) in header.iter().enumerate() {
            let trimmed = name.trim().trim_start_matches('\u{feff}');
            let column = character_column(header.iter().take(index), name);
            if !system.states().iter().chain(system.parameters()).any(|quantity| quantity.name == trimmed) {
                return Err(unknown(file, column, trimmed, system));
            }
            if columns.insert(trimmed.to_owned(), Vec::new()).is_some() {
                return Err(RunsFileError::DuplicateName { file: file.to_owned(), column, name: trimmed.to_owned() });
            }
        }
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| from_csv_error(error, file))? {
            for (index, ((name, values), text)) in columns.iter_mut().zip(&record).enumerate() {
                let Some(value) = text.trim().parse::<f64>().ok().filter(|value| value.is_finite()) else {
                    return Err(RunsFileError::NotANumber {
                        file: file.to_owned(),
                        line: record.position().map_or(0, csv::Position::line),
                        column: character_column(record.iter().take(index), text),
                        value: text.trim().to_owned(),
                        name: name.clone(),
                    });
                };
                values.push(value);
            }
        }
        if columns.values().any(Vec::is_empty) {
            return Err(RunsFileError::NoRuns { file: file.to_owned() });
        }
        Ok(columns.into_iter().fold(Self::zip(), |batch, (name, values)| batch.vary(name, values)))
    }
}

/// Where a field begins after the fields before it and their commas; exact where nothing is quoted.
pub(crate) fn character_column<'a>(before: impl Iterator<Item = &'a str>, field: &str) -> usize {
    let spaces = field.chars().take_while(|c| c.is_whitespace()).count();
    before.map(|field| field.chars().count() + 1).sum::<usize>() + spaces + 1
}

fn unknown(file: &str, column: usize, name: &str, system: &System) -> RunsFileError {
    let known: Vec<&str> =
        system.states().iter().chain(system.parameters()).map(|quantity| quantity.name.as_str()).collect();
    RunsFileError::UnknownName {
        file: file.to_owned(),
        column,
        problem: Box::new(BatchError::unknown(name, system, &known)),
    }
}

fn from_csv_error(error: csv::Error, file: &str) -> RunsFileError {
    let file = file.to_owned();
    let line = |position: &Option<csv::Position>| position.as_ref().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            RunsFileError::WrongLength { file, line: line(pos), expected: *expected_len, found: *len }
        }
        csv::ErrorKind::Utf8 { pos, .. } => RunsFileError::NotUtf8 { file, line: line(pos) },
        _ => RunsFileError::Read { file, source: error.into() },
    }
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
        assert!(matches!(error, RunsFileError::NotUtf8 { line: 3, .. }), "{error}");
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
