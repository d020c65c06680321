//! A list of numbers from a file.

use std::path::Path;

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
    let path = path.as_ref();
    let file = path.display().to_string();
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let numbers = match extension.as_str() {
        "csv" | "txt" => match std::fs::read(path) {
            Ok(bytes) => from_lines(&bytes, &file)?,
            Err(error) => return Err(NumbersError::Read { file, message: error.to_string() }),
        },
        "npy" => match npy::read_npy(path) {
            Ok(array) => from_array(array, &file)?,
            Err(error) => return Err(NumbersError::Read { message: without_file(&error, &file), file }),
        },
        _ => return Err(NumbersError::Extension { file }),
    };
    if numbers.is_empty() { Err(NumbersError::Empty { file }) } else { Ok(numbers) }
}

fn from_lines(bytes: &[u8], file: &str) -> Result<Vec<f64>, NumbersError> {
    let mut numbers = Vec::new();
    for (index, line) in bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).split(|byte| *byte == b'\n').enumerate() {
        let line = String::from_utf8_lossy(line);
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        numbers.push(number.ok_or_else(|| NumbersError::NotANumber {
            file: file.to_owned(),
            line: index + 1,
            text: text.to_owned(),
        })?);
    }
    Ok(numbers)
}

fn from_array((shape, values): npy::Array, file: &str) -> Result<Vec<f64>, NumbersError> {
    if shape.len() != 1 {
        return Err(NumbersError::Shape { file: file.to_owned(), shape });
    }
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(NumbersError::NotFinite { file: file.to_owned(), index, value: values[index] }),
        None => Ok(values),
    }
}

/// What an error says, and what caused it, without the file that comes first.
fn without_file(error: &npy::NpyError, file: &str) -> String {
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
        let read = |text: &[u8]| from_lines(text, "a.csv");
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
        assert_eq!(from_array((vec![2], vec![1.0, 2.0]), "a").unwrap(), [1.0, 2.0]);
        assert!(matches!(from_array((vec![1, 2], vec![1.0, 2.0]), "a"), Err(NumbersError::Shape { .. })));
        let infinite = from_array((vec![2], vec![1.0, f64::INFINITY]), "a");
        assert!(matches!(infinite, Err(NumbersError::NotFinite { index: 1, .. })));
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
        }
    }
}
