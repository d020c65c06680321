//! Tables read from files.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;

use indexmap::IndexMap;

use super::npy::{self, Array};
use super::{FormatError, Frame, FrameError, NpyError, TableFormat};
use crate::batch::character_column;

/// A file that cannot be read as a table.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// A name that tells no format.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The file cannot be read, or is none of its format.
    #[error("{file}: the table cannot be read")]
    Read {
        /// The file.
        file: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// CSV without a first line.
    #[error(
        "{file}:1:1: there is no header: the first line names the columns, each further line has the values of a row"
    )]
    NoHeader {
        /// The file.
        file: String,
    },
    /// Two columns of one name.
    #[error("{file}:{line}:{column}: there are two columns `{name}`: name each once")]
    NameTwice {
        /// The file.
        file: String,
        /// Line of the header, from 1.
        line: u64,
        /// Column in characters, from 1.
        column: usize,
        /// The name.
        name: String,
    },
    /// A line with too few or too many values.
    #[error("{file}:{line}:1: this line has {found} values, the header {expected} names: is it cut off?")]
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
    /// A value that is no number.
    #[error(
        "{file}:{line}:{column}: `{value}` is not a number, which `{name}` needs: correct it, or leave it empty for NaN"
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
    /// An array that cannot be read.
    #[error(transparent)]
    Npy(#[from] NpyError),
    /// An array that is no column of the table the others make.
    #[error(
        "{place}: shape {shape:?} does not fit the arrays before it: a table has arrays of runs and of runs × times, and `t` of times"
    )]
    Shape {
        /// The file and the array.
        place: String,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// A column of a Parquet file with something else than numbers.
    #[error("{file}: column `{column}` is {found}, no number: leave it out, or convert it to DOUBLE")]
    NoNumbers {
        /// The file.
        file: String,
        /// The name of the column.
        column: String,
        /// Its type.
        found: String,
    },
    /// Columns that make no table.
    #[error(transparent)]
    Frame(#[from] FrameError),
}

impl Frame {
    /// Reads a table that was written by [`TableWriter`](super::TableWriter), or by others in the same form: CSV, `.npz` or Parquet, by the name of the file.
    ///
    /// Of CSV, lines that begin with `#` are comments, and an empty value is NaN, as a missing one of Parquet. Arrays of an `.npz` file that have one value for each run are
    /// repeated for each time, those of `t` for each run.
    ///
    /// # Errors
    /// Each names the file, and the line and column or the array that cannot be read.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, ReadError> {
        let path = path.as_ref();
        match TableFormat::from_path(path)? {
            TableFormat::Csv => {
                let file = path.display().to_string();
                match File::open(path) {
                    Ok(open) => read_csv(open, &file),
                    Err(source) => Err(ReadError::Read { file, source }),
                }
            }
            TableFormat::Npz => of_arrays(npy::read_npz(path)?, &path.display().to_string()),
            #[cfg(feature = "parquet")]
            TableFormat::Parquet => super::parquet::read(path),
            #[cfg(not(feature = "parquet"))]
            TableFormat::Parquet => Err(FormatError::NoParquet { file: path.display().to_string() }.into()),
        }
    }
}

fn read_csv(reader: impl Read + Seek, file: &str) -> Result<Frame, ReadError> {
    // Fields are trimmed here and not by the reader: places count the spaces.
    let mut builder = csv::ReaderBuilder::new();
    let mut reader = builder.comment(Some(b'#')).buffer_capacity(1 << 16).has_headers(false).from_reader(reader);
    read_records(&mut reader, file).map_err(|mut error| {
        if let Some(number) = error.line()
            && let Ok(line) = line_of_record(&mut reader.into_inner(), *number)
        {
            *number = line;
        }
        error
    })
}

/// The columns of a file; errors have the number of a record instead of its line.
fn read_records(reader: &mut csv::Reader<impl Read>, file: &str) -> Result<Frame, ReadError> {
    let mut record = csv::StringRecord::new();
    if !reader.read_record(&mut record).map_err(|error| from_csv_error(error, file, 1))? {
        return Err(ReadError::NoHeader { file: file.to_owned() });
    }
    let mut columns: IndexMap<String, Vec<f64>> = IndexMap::new();
    for (index, name) in record.iter().enumerate() {
        let trimmed = name.trim().trim_start_matches('\u{feff}').to_owned();
        if columns.contains_key(&trimmed) {
            let column = character_column(record.iter().take(index), name);
            return Err(ReadError::NameTwice { file: file.to_owned(), line: 1, column, name: trimmed });
        }
        columns.insert(trimmed, Vec::new());
    }
    for line in 2.. {
        if !reader.read_record(&mut record).map_err(|error| from_csv_error(error, file, line))? {
            break;
        }
        for (index, ((name, values), text)) in columns.iter_mut().zip(&record).enumerate() {
            let trimmed = text.trim();
            values.push(match trimmed.parse() {
                Ok(value) => value,
                Err(_) if trimmed.is_empty() => f64::NAN,
                Err(_) => {
                    return Err(ReadError::NotANumber {
                        file: file.to_owned(),
                        line,
                        column: character_column(record.iter().take(index), text),
                        value: trimmed.to_owned(),
                        name: name.clone(),
                    });
                }
            });
        }
    }
    Ok(Frame::new(columns)?)
}

/// The line of a record, both from 1: records are lines that are neither comments nor empty, which the reader of CSV does not count.
fn line_of_record(reader: &mut (impl Read + Seek), record: u64) -> io::Result<u64> {
    reader.rewind()?;
    let mut records = 0;
    for (line, text) in (1..).zip(BufReader::new(reader).split(b'\n')) {
        let text = text?;
        records += u64::from(!matches!(*text, [] | [b'\r'] | [b'#', ..]));
        if records == record {
            return Ok(line);
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

impl ReadError {
    fn line(&mut self) -> Option<&mut u64> {
        match self {
            Self::NameTwice { line, .. }
            | Self::WrongLength { line, .. }
            | Self::NotANumber { line, .. }
            | Self::NotUtf8 { line, .. } => Some(line),
            _ => None,
        }
    }
}

fn from_csv_error(error: csv::Error, file: &str, line: u64) -> ReadError {
    let file = file.to_owned();
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            ReadError::WrongLength { file, line, expected: *expected_len, found: *len }
        }
        csv::ErrorKind::Utf8 { .. } => ReadError::NotUtf8 { file, line },
        _ => ReadError::Read { file, source: error.into() },
    }
}

/// The rows of arrays over runs, over times, and over both.
fn of_arrays(arrays: IndexMap<String, Array>, file: &str) -> Result<Frame, ReadError> {
    let both = arrays.values().find_map(|(shape, _)| match **shape {
        [runs, times] => Some((runs, times)),
        _ => None,
    });
    let first = arrays.values().next().map_or(0, |(_, values)| values.len());
    let (runs, times) = both.unwrap_or((first, 1));
    let mut columns = Vec::with_capacity(arrays.len());
    for (name, (shape, values)) in arrays {
        let rows: Vec<f64> = match *shape {
            [count] if name == "t" && both.is_some() && count == times => values.repeat(runs),
            [count] if count == runs && (name != "t" || both.is_none()) => {
                values.into_iter().flat_map(|value| std::iter::repeat_n(value, times)).collect()
            }
            [of_runs, of_times] if (of_runs, of_times) == (runs, times) => values,
            _ => return Err(ReadError::Shape { place: format!("{file}: array `{name}`"), shape }),
        };
        columns.push((name, rows));
    }
    Ok(Frame::new(columns)?)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn read(text: &str) -> Result<Frame, ReadError> {
        read_csv(Cursor::new(text), "a.csv")
    }

    #[test]
    fn comments_are_skipped_and_nothing_is_nan() {
        let frame = read("# made by hand\n a ,b\n1,inf\n# more\n,-2e-3\n").unwrap();
        assert_eq!(frame.names().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(frame.column("b").unwrap(), [f64::INFINITY, -2e-3]);
        assert!(frame.column("a").unwrap()[1].is_nan());
    }

    #[test]
    fn errors_name_line_and_column() {
        for (text, start) in [
            ("", "a.csv:1:1: there is no header"),
            ("# only this\n", "a.csv:1:1: there is no header"),
            ("#\nx, y,x\n", "a.csv:2:6: there are two columns `x`"),
            ("x,y\r\n\r\n1,2\r\n3\r\n", "a.csv:4:1: this line has 1 values, the header 2 names"),
            ("x,y\n#\n3, four\n", "a.csv:3:4: `four` is not a number, which `y` needs"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.starts_with(start), "{error}");
        }
        let error = read_csv(Cursor::new(b"x\n\n#\n1\n\xff\n"), "a.csv").unwrap_err();
        assert!(matches!(error, ReadError::NotUtf8 { line: 5, .. }), "{error}");
        let error = Frame::read("/nowhere/a.csv").unwrap_err().to_string();
        assert_eq!(error, "/nowhere/a.csv: the table cannot be read");
        assert!(matches!(Frame::read("a.xls"), Err(ReadError::Format(_))));
    }

    #[test]
    fn arrays_of_runs_and_times_become_rows_of_both() {
        let arrays = |t: usize| {
            IndexMap::from([
                ("a".to_owned(), (vec![2], vec![5.0, 6.0])),
                ("t".to_owned(), (vec![t], vec![0.5; t])),
                ("x".to_owned(), (vec![2, 3], (0..6).map(f64::from).collect())),
            ])
        };
        let frame = of_arrays(arrays(3), "a.npz").unwrap();
        assert_eq!(frame.column("a").unwrap(), [5.0, 5.0, 5.0, 6.0, 6.0, 6.0]);
        assert_eq!((frame.rows(), frame.column("x").unwrap()[4]), (6, 4.0));
        let error = of_arrays(arrays(2), "a.npz").unwrap_err().to_string();
        assert!(error.starts_with("a.npz: array `t`: shape [2] does not fit"), "{error}");
    }
}
