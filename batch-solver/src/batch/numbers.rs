//! A list of numbers from a file.

use std::ops::Range;
use std::path::Path;

use crate::columns::BYTE_ORDER_MARK;
use crate::integrate::{is_span, within};
use crate::table::npy;

/// A file that is no list of numbers.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NumbersError {
    /// The file cannot be read.
    #[error("{file}: the numbers cannot be read: {message}")]
    Read {
        /// The file as it was named.
        file: String,
        /// Why.
        message: String,
    },
    /// A kind of file that is not known.
    #[error("{file}: numbers come from `.csv` and `.txt` files, one in each line, or from `.npy` files")]
    Extension {
        /// The file.
        file: String,
    },
    /// A line that is no finite number.
    #[error("{file}:{line}:1: `{text}` is not a finite number: write one number in each line")]
    NotANumber {
        /// The file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// The line.
        text: String,
    },
    /// An array that is no list.
    #[error("{file}: the array has shape {shape:?}: a list of numbers is one-dimensional")]
    Shape {
        /// The file.
        file: String,
        /// Its shape.
        shape: Vec<usize>,
    },
    /// A value of an array that is infinite or not a number.
    #[error("{file}: value {index} is {value}: numbers need to be finite")]
    NotFinite {
        /// The file.
        file: String,
        /// Its place in the array, from 0.
        index: usize,
        /// The value.
        value: f64,
    },
    /// A time that does not come after the one before it.
    #[error("{place}: {time:?} comes after {before:?}: give times in ascending order, each once")]
    NotAscending {
        /// The file, and the line or the place in the array.
        place: String,
        /// The time.
        time: f64,
        /// The one before it.
        before: f64,
    },
    /// A span without times.
    #[error("there are no times from {from} to {to}: the end must be a finite time after the start")]
    Span {
        /// Start of the span.
        from: f64,
        /// End of the span.
        to: f64,
    },
    /// A time outside of the span that is solved.
    #[error("{place}: {time:?} is not between {from} and {to}: remove it, or widen the time span")]
    Outside {
        /// The file, and the line or the place in the array.
        place: String,
        /// The time.
        time: f64,
        /// Start of the span.
        from: f64,
        /// End of the span.
        to: f64,
    },
    /// Nothing in it.
    #[error("{file}: there are no numbers: give at least one")]
    Empty {
        /// The file.
        file: String,
    },
}

/// Reads a list of numbers: of a `.csv` or `.txt` file one in each line, where empty lines and lines that begin with `#` are passed over, of a `.npy` file a one-dimensional array.
///
/// ```
/// use batch_solver::{Batch, read_numbers};
///
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("rho.csv");
/// std::fs::write(&file, "# Rayleigh numbers\n14\n2.1e1\n28\n")?;
/// assert_eq!(read_numbers(&file)?, [14.0, 21.0, 28.0]);
/// assert_eq!(Batch::grid().vary("rho", read_numbers(&file)?).runs()?, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the file cannot be read or is of another kind, has no numbers, or some that are not finite.
pub fn read_numbers(path: impl AsRef<Path>) -> Result<Vec<f64>, NumbersError> {
    Ok(read(path.as_ref())?.values)
}

/// Reads times to [save at](crate::integrate::LoopConfig#structfield.t_eval), as [`read_numbers`]: they ascend, and lie in the span that is solved.
///
/// # Errors
/// As [`read_numbers`], where the span has no times, and at the first time that is out of order or outside of the span.
pub fn read_times(path: impl AsRef<Path>, span: Range<f64>) -> Result<Vec<f64>, NumbersError> {
    if !is_span(&span) {
        return Err(NumbersError::Span { from: span.start, to: span.end });
    }
    let times = read(path.as_ref())?;
    let mut before = f64::NEG_INFINITY;
    for (index, time) in times.values.iter().copied().enumerate() {
        if time <= before {
            return Err(NumbersError::NotAscending { place: times.place(index), time, before });
        }
        if within(span.start, span.end, time).is_none() {
            return Err(NumbersError::Outside { place: times.place(index), time, from: span.start, to: span.end });
        }
        before = time;
    }
    Ok(times.values)
}

/// The numbers of a file.
#[derive(Debug)]
struct Numbers {
    file: String,
    values: Vec<f64>,
    /// The line of each, from 1, where they have lines.
    lines: Option<Vec<usize>>,
}

impl Numbers {
    fn place(&self, index: usize) -> String {
        match &self.lines {
            Some(lines) => format!("{}:{}:1", self.file, lines[index]),
            None => format!("{}: value {index}", self.file),
        }
    }
}

fn read(path: &Path) -> Result<Numbers, NumbersError> {
    let file = path.display().to_string();
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let numbers = match extension.as_str() {
        "csv" | "txt" => match std::fs::read(path) {
            Ok(bytes) => from_lines(&bytes, file)?,
            Err(error) => return Err(NumbersError::Read { file, message: error.to_string() }),
        },
        "npy" => match npy::read_npy(path) {
            Ok(array) => from_array(array, file)?,
            Err(error) => return Err(NumbersError::Read { message: without_file(&error, &file), file }),
        },
        _ => return Err(NumbersError::Extension { file }),
    };
    if numbers.values.is_empty() { Err(NumbersError::Empty { file: numbers.file }) } else { Ok(numbers) }
}

fn from_lines(bytes: &[u8], file: String) -> Result<Numbers, NumbersError> {
    let (mut values, mut lines) = (Vec::new(), Vec::new());
    for (index, line) in bytes.strip_prefix(&BYTE_ORDER_MARK).unwrap_or(bytes).split(|byte| *byte == b'\n').enumerate()
    {
        let line = String::from_utf8_lossy(line);
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let Some(number) = text.parse::<f64>().ok().filter(|number| number.is_finite()) else {
            return Err(NumbersError::NotANumber { file, line: index + 1, text: text.to_owned() });
        };
        values.push(number);
        lines.push(index + 1);
    }
    Ok(Numbers { file, values, lines: Some(lines) })
}

fn from_array((shape, values): npy::Array, file: String) -> Result<Numbers, NumbersError> {
    if shape.len() != 1 {
        return Err(NumbersError::Shape { file, shape });
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(NumbersError::NotFinite { file, index, value: values[index] }),
        None => Ok(Numbers { file, values, lines: None }),
    }
}

/// What an error says, and what caused it, without the file that comes first.
fn without_file(error: &npy::NpyError, file: &str) -> String {
    if let npy::NpyError::Read { source, .. } = error {
        return source.to_string();
    }
    let message = error.to_string();
    let message = message.strip_prefix(file).map_or(message.as_str(), |rest| rest.trim_start_matches(": "));
    match std::error::Error::source(error) {
        Some(cause) => format!("{message}: {cause}"),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbers() {
        let read = |text: &[u8]| Ok::<_, NumbersError>(from_lines(text, "a.csv".to_owned())?.values);
        assert_eq!(read(b"\xef\xbb\xbf1\r\n\n # no\n 2e3 \n-1").unwrap(), [1.0, 2000.0, -1.0]);
        for (text, line, part) in
            [(&b"1\n2,3\n"[..], 2, "2,3"), (b"x\n1\n", 1, "x"), (b"1\n\n#\ninf", 4, "inf"), (b"1\n\xff", 2, "\u{fffd}")]
        {
            let error = read(text).unwrap_err();
            assert_eq!(error, NumbersError::NotANumber { file: "a.csv".to_owned(), line, text: part.to_owned() });
        }
    }

    #[test]
    fn arrays_are_lists_of_finite_numbers() {
        let of = |shape, values| from_array((shape, values), "a".to_owned());
        assert_eq!(of(vec![2], vec![1.0, 2.0]).unwrap().values, [1.0, 2.0]);
        assert!(matches!(of(vec![1, 2], vec![1.0, 2.0]), Err(NumbersError::Shape { .. })));
        let infinite = of(vec![2], vec![1.0, f64::INFINITY]);
        assert!(matches!(infinite, Err(NumbersError::NotFinite { index: 1, .. })));
    }

    #[test]
    fn times_ascend_within_the_span() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("times.txt");
        for (text, expected) in [
            ("0\n# half\n0.5\n1\n", Ok(vec![0.0, 0.5, 1.0])),
            ("0\n# half\n0.5\n0.5\n", Err("times.txt:4:1: 0.5 comes after 0.5")),
            ("0\n1.0000000000000002\n", Ok(vec![0.0, 1.0 + f64::EPSILON])),
            ("0\n\n1.5\n", Err("times.txt:3:1: 1.5 is not between 0 and 1")),
        ] {
            std::fs::write(&file, text).unwrap();
            match (read_times(&file, 0.0..1.0), expected) {
                (Ok(times), Ok(expected)) => assert_eq!(times, expected),
                (found, expected) => {
                    let (found, expected) = (found.unwrap_err().to_string(), expected.unwrap_err());
                    assert!(found.contains(expected), "{found}");
                }
            }
        }
    }

    #[test]
    fn a_span_without_times_is_not_the_fault_of_a_file() {
        let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        std::fs::write(file.path(), "1\n").unwrap();
        // The second ends before it begins by less than rounding.
        for (from, to) in [(1.0, 0.0), (1.0, 1.0 - f64::EPSILON), (1.0, 1.0), (0.0, f64::NAN)] {
            assert!(matches!(read_times(file.path(), from..to), Err(NumbersError::Span { .. })), "{from} to {to}");
        }
    }

    #[test]
    fn files_that_cannot_be_read_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let (empty, text) = (folder.path().join("empty.txt"), folder.path().join("text.npy"));
        std::fs::write(&empty, "# nothing\n").unwrap();
        std::fs::write(&text, "1\n2\n").unwrap();
        assert!(matches!(read_numbers(&empty), Err(NumbersError::Empty { .. })));
        assert!(matches!(read_numbers("a.xlsx"), Err(NumbersError::Extension { .. })));
        for file in ["/nowhere/a.csv", "/nowhere/a.npy", text.to_str().unwrap()] {
            let message = read_numbers(file).unwrap_err().to_string();
            assert!(message.starts_with(&format!("{file}: the numbers cannot be read: ")), "{message}");
            assert_eq!(message.matches(file).count(), 1, "{message}");
            assert_eq!(message.matches("cannot be read").count(), 1, "{message}");
        }
    }
}
