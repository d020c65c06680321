//! Columns of numbers in CSV files: a header of names, then lines of values. Lines that begin with `#` are comments.

use std::fs::File;
use std::io::Read;
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
    #[error("{file}:1:{column}: there are two columns `{name}`: rename or remove one")]
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
pub(crate) struct CsvColumns<R> {
    file: String,
    reader: csv::Reader<R>,
    header: csv::StringRecord,
}

impl CsvColumns<File> {
    pub(crate) fn open(path: &Path) -> Result<Self, CsvError> {
        let file = path.display().to_string();
        match File::open(path) {
            Ok(open) => Self::new(open, &file),
            Err(error) => Err(CsvError::Read { file, message: error.to_string() }),
        }
    }
}

impl<R: Read> CsvColumns<R> {
    /// Reads the header; messages call what is read `file`.
    pub(crate) fn new(reader: R, file: &str) -> Result<Self, CsvError> {
        // Fields are trimmed here and not by the reader: places count the spaces.
        let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(reader);
        let header = reader.headers().map_err(|error| from_csv(&error, file))?.clone();
        if header.iter().all(|name| name.trim().is_empty()) {
            return Err(CsvError::NoHeader { file: file.to_owned() });
        }
        Ok(Self { file: file.to_owned(), reader, header })
    }

    /// The names of the columns.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.header.iter().map(|name| name.trim().trim_start_matches('\u{feff}'))
    }

    /// Where the name of a column is.
    pub(crate) fn place(&self, index: usize) -> String {
        format!("{}:1:{}", self.file, self.column(index))
    }

    /// Where a line begins.
    pub(crate) fn line(&self, line: usize) -> String {
        format!("{}:{line}:1", self.file)
    }

    fn column(&self, index: usize) -> usize {
        character_column(self.header.iter().take(index), &self.header[index])
    }

    /// The values of some columns, each by its name; other columns may hold anything.
    pub(crate) fn read(mut self, wanted: &[usize]) -> Result<Vec<(String, Vec<f64>)>, CsvError> {
        let names: Vec<String> = self.names().map(str::to_owned).collect();
        if let Some(index) = wanted.iter().copied().find(|index| names[..*index].contains(&names[*index])) {
            let (column, name) = (self.column(index), names[index].clone());
            return Err(CsvError::DuplicateName { file: self.file, column, name });
        }
        let mut columns: Vec<(String, Vec<f64>)> =
            wanted.iter().map(|index| (names[*index].clone(), Vec::new())).collect();
        let mut record = csv::StringRecord::new();
        while self.reader.read_record(&mut record).map_err(|error| from_csv(&error, &self.file))? {
            for ((name, values), index) in columns.iter_mut().zip(wanted) {
                let text = record.get(*index).unwrap_or_default();
                let Some(value) = text.trim().parse::<f64>().ok().filter(|value| value.is_finite()) else {
                    return Err(CsvError::NotANumber {
                        file: self.file,
                        line: record.position().map_or(0, csv::Position::line),
                        column: character_column(record.iter().take(*index), text),
                        value: text.trim().to_owned(),
                        name: name.clone(),
                    });
                };
                values.push(value);
            }
        }
        Ok(columns)
    }
}

/// Where a field begins after the fields before it and their commas; exact where nothing is quoted.
pub(crate) fn character_column<'a>(before: impl Iterator<Item = &'a str>, field: &str) -> usize {
    let spaces = field.chars().take_while(|c| c.is_whitespace()).count();
    before.map(|field| field.chars().count() + 1).sum::<usize>() + spaces + 1
}

fn from_csv(error: &csv::Error, file: &str) -> CsvError {
    let file = file.to_owned();
    let line = |position: &Option<csv::Position>| position.as_ref().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            CsvError::WrongLength { file, line: line(pos), expected: *expected_len, found: *len }
        }
        csv::ErrorKind::Utf8 { pos, .. } => CsvError::NotUtf8 { file, line: line(pos) },
        _ => CsvError::Read { file, message: error.to_string() },
    }
}
