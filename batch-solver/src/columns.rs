//! Columns of numbers in CSV files: a header of names, then lines of values. Lines that begin with `#` are comments.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

/// A CSV file whose numbers cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CsvError {
    /// The file cannot be read.
    #[error("{file}: the file cannot be read: {message}")]
    Read {
        /// The file as it was named.
        file: String,
        /// Why.
        message: String,
    },
    /// No header.
    #[error("{file}:1:1: there is no header: the first line names the columns, each further line has a value for each")]
    NoHeader {
        /// The file.
        file: String,
    },
    /// Two columns of the same name.
    #[error("{file}:{line}:{column}: there are two columns `{name}`: rename or remove one")]
    DuplicateName {
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
    #[error("{file}:{line}:{column}: `{value}` is not a finite number: `{name}` needs one in every line")]
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

/// A file whose header has been read.
pub(crate) struct CsvColumns {
    file: String,
    /// Of the whole text, which also says where its records are.
    reader: csv::Reader<Cursor<Vec<u8>>>,
    header: csv::StringRecord,
}

impl CsvColumns {
    pub(crate) fn open(path: &Path) -> Result<Self, CsvError> {
        let file = path.display().to_string();
        match File::open(path) {
            Ok(open) => Self::new(open, &file),
            Err(error) => Err(CsvError::Read { file, message: error.to_string() }),
        }
    }

    /// Reads the header; messages call what is read `file`.
    pub(crate) fn new(mut from: impl Read, file: &str) -> Result<Self, CsvError> {
        let file = file.to_owned();
        let mut text = Vec::new();
        if let Err(error) = from.read_to_end(&mut text) {
            return Err(CsvError::Read { file, message: error.to_string() });
        }
        // Fields are trimmed here and not by the reader: places count the spaces.
        let reader = csv::ReaderBuilder::new().comment(Some(b'#')).has_headers(false).from_reader(Cursor::new(text));
        let mut columns = Self { file, reader, header: csv::StringRecord::new() };
        let mut header = csv::StringRecord::new();
        columns.read_record(0, &mut header)?;
        if header.iter().all(|name| name.trim().is_empty()) {
            return Err(CsvError::NoHeader { file: columns.file });
        }
        Ok(Self { header, ..columns })
    }

    /// The names of the columns.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.header.iter().map(|name| name.trim().trim_start_matches('\u{feff}'))
    }

    /// Where the name of a column is.
    pub(crate) fn place(&self, index: usize) -> String {
        format!("{}:{}:{}", self.file, self.line(0), self.column(index))
    }

    /// Where the first values are, or should be.
    pub(crate) fn place_of_values(&self) -> String {
        format!("{}:{}:1", self.file, self.line(1))
    }

    fn column(&self, index: usize) -> usize {
        character_column(self.header.iter().take(index), &self.header[index])
    }

    /// The line of a record, the header being the first; exact where nothing quoted has several lines. The CSV reader counts comments to the record after them.
    fn line(&self, record: usize) -> u64 {
        let mut lines = self.reader.get_ref().get_ref().split(|byte| *byte == b'\n').zip(1..).filter(|(line, _)| {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            !line.is_empty() && !line.starts_with(b"#")
        });
        let before = lines.by_ref().take(record).last().map_or(0, |(_, line)| line);
        lines.next().map_or(before + 1, |(_, line)| line)
    }

    /// Whether there was another record, which is that of this number.
    fn read_record(&mut self, number: usize, record: &mut csv::StringRecord) -> Result<bool, CsvError> {
        self.reader.read_record(record).map_err(|error| {
            let (file, line) = (self.file.clone(), self.line(number));
            match error.kind() {
                csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                    CsvError::WrongLength { file, line, expected: *expected_len, found: *len }
                }
                csv::ErrorKind::Utf8 { .. } => CsvError::NotUtf8 { file, line },
                _ => CsvError::Read { file, message: error.to_string() },
            }
        })
    }

    /// The values of some columns, each by its name; other columns may hold anything.
    pub(crate) fn read(mut self, wanted: &[usize]) -> Result<Vec<(String, Vec<f64>)>, CsvError> {
        let names: Vec<String> = self.names().map(str::to_owned).collect();
        if let Some(index) = wanted.iter().copied().find(|index| names[..*index].contains(&names[*index])) {
            let (line, column, name) = (self.line(0), self.column(index), names[index].clone());
            return Err(CsvError::DuplicateName { file: self.file, line, column, name });
        }
        let mut columns: Vec<(String, Vec<f64>)> =
            wanted.iter().map(|index| (names[*index].clone(), Vec::new())).collect();
        let mut record = csv::StringRecord::new();
        let mut number = 1;
        while self.read_record(number, &mut record)? {
            for ((name, values), index) in columns.iter_mut().zip(wanted) {
                let text = record.get(*index).unwrap_or_default();
                let Some(value) = text.trim().parse::<f64>().ok().filter(|value| value.is_finite()) else {
                    return Err(CsvError::NotANumber {
                        line: self.line(number),
                        file: self.file,
                        column: character_column(record.iter().take(*index), text),
                        value: text.trim().to_owned(),
                        name: name.clone(),
                    });
                };
                values.push(value);
            }
            number += 1;
        }
        Ok(columns)
    }
}

/// Where a field begins after the fields before it and their commas; exact where nothing is quoted.
pub(crate) fn character_column<'a>(before: impl Iterator<Item = &'a str>, field: &str) -> usize {
    let spaces = field.chars().take_while(|c| c.is_whitespace()).count();
    before.map(|field| field.chars().count() + 1).sum::<usize>() + spaces + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_with_comments_and_empty_ones() {
        let read = |text: &str| CsvColumns::new(text.as_bytes(), "a.csv")?.read(&[0, 1]);
        for end in ["\n", "\r\n"] {
            for (text, place) in [
                ("# one\n\nx,y\n# more\n1,2\n\n# and\n3,four\n", "a.csv:8:3: `four`"),
                ("# one\nx,x\n", "a.csv:2:3: there are two columns"),
                ("x,y\n#\n1\n", "a.csv:3:1: this line has 1 values"),
                ("#\n", "a.csv:1:1: there is no header"),
            ] {
                let message = read(&text.replace('\n', end)).unwrap_err().to_string();
                assert!(message.starts_with(place), "{message}");
            }
        }
        let empty = CsvColumns::new("# one\nx\n".as_bytes(), "a.csv").unwrap();
        assert_eq!((empty.place(0).as_str(), empty.place_of_values().as_str()), ("a.csv:2:1", "a.csv:3:1"));
    }
}
