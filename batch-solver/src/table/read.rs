//! Tables read from files.

use std::io::{self, Read};
use std::path::Path;

use indexmap::IndexMap;

use super::npy::{self, Array};
use super::{FormatError, Frame, FrameError, NpyError, TableFormat};
use crate::columns::{CsvColumns, CsvError, Values};

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
    /// A header or a value of CSV that cannot be read.
    #[error(transparent)]
    Csv(#[from] CsvError),
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
        Self::read_as(path, TableFormat::from_path(path)?)
    }

    /// Reads a table as [`read`](Self::read) does, of a format that the name of the file need not tell.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_as(path: impl AsRef<Path>, format: TableFormat) -> Result<Self, ReadError> {
        let path = path.as_ref();
        match format {
            TableFormat::Csv => of_columns(CsvColumns::open(path)?),
            TableFormat::Npz => of_arrays(npy::read_npz(path)?, &path.display().to_string()),
            #[cfg(feature = "parquet")]
            TableFormat::Parquet => super::parquet::read(path),
            #[cfg(not(feature = "parquet"))]
            TableFormat::Parquet => Err(FormatError::NoParquet { file: path.display().to_string() }.into()),
        }
    }
}

fn of_columns(csv: CsvColumns<impl Read>) -> Result<Frame, ReadError> {
    let all: Vec<usize> = (0..csv.names().count()).collect();
    Ok(Frame::new(csv.read(&all, Values::Any)?.columns)?)
}

/// The rows of arrays over runs, over times, and over both.
fn of_arrays(arrays: IndexMap<String, Array>, file: &str) -> Result<Frame, ReadError> {
    let both = arrays.values().find_map(|(shape, _)| match **shape {
        [runs, times] => Some((runs, times)),
        _ => None,
    });
    let first = arrays.values().next().map_or(0, |(_, values)| values.len());
    let (runs, times) = both.unwrap_or((first, 1));
    // What has one value for each run is what was varied, where other arrays have one for each time.
    let varied = both.map(|_| arrays.iter().take_while(|(name, (shape, _))| shape.len() == 1 && *name != "t").count());
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
    let frame = Frame::new(columns)?;
    Ok(match varied {
        Some(varied) => frame.with_varied(varied),
        None => frame,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Frame, ReadError> {
        of_columns(CsvColumns::new(text, "a.csv")?)
    }

    #[test]
    fn comments_are_skipped_and_nothing_is_nan() {
        let frame = read(b"# made by hand\n a ,b\n1,inf\n# more\n,-2e-3\n").unwrap();
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
            let error = read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with(start), "{error}");
        }
        let error = read(b"x\n\n#\n1\n\xff\n").unwrap_err();
        assert!(matches!(error, ReadError::Csv(CsvError::NotUtf8 { line: 5, .. })), "{error}");
        let error = Frame::read("/nowhere/a.csv").unwrap_err().to_string();
        assert!(error.starts_with("/nowhere/a.csv: the file cannot be read: "), "{error}");
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
        assert_eq!((frame.rows(), frame.column("x").unwrap()[4], frame.varied()), (6, 4.0, Some(1)));
        let error = of_arrays(arrays(2), "a.npz").unwrap_err().to_string();
        assert!(error.starts_with("a.npz: array `t`: shape [2] does not fit"), "{error}");
    }
}
