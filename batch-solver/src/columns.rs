//! Columns of numbers in CSV files: a header of names, then lines of values. Lines that begin with `#` are comments.

use std::fs::File;
use std::io::{self, Read};
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
    /// A first name that is a number.
    #[error(
        "{file}:{line}:{column}: there is no header, `{name}` is a number: the first line names the columns, as in `rho,x`"
    )]
    NumberForName {
        /// The file.
        file: String,
        /// Line of the header, from 1.
        line: u64,
        /// Column in characters, from 1.
        column: usize,
        /// What stands for a name.
        name: String,
    },
    /// A header whose names are separated by something else than commas.
    #[error(
        "{file}:{line}:1: the header `{header}` has no commas: separate columns by commas, not by {separator}, and write decimals with a point"
    )]
    OtherSeparator {
        /// The file.
        file: String,
        /// Line of the header, from 1.
        line: u64,
        /// The header.
        header: String,
        /// What separates the names, as a noun phrase.
        separator: &'static str,
    },
    /// A column without a name.
    #[error(
        "{file}:{line}:{column}: column {number} has no name: name or remove it; of pandas it is the index, which `to_csv(…, index=False)` leaves out"
    )]
    Unnamed {
        /// The file.
        file: String,
        /// Line of the header, from 1.
        line: u64,
        /// Column in characters, from 1.
        column: usize,
        /// The column among others, from 1.
        number: usize,
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
    /// A value that is no number, of a column in which it may be infinite or missing.
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
    /// A value that is no finite number, of a column that needs one in every line.
    #[error("{file}:{line}:{column}: `{value}` is not a finite number: `{name}` needs one in every line")]
    NotFinite {
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

/// The values that columns may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Values {
    /// A finite number in every line.
    Finite,
    /// Any number; none is NaN.
    Any,
}

/// A file whose header has been read.
pub(crate) struct CsvColumns<R> {
    file: String,
    reader: csv::Reader<Lines<R>>,
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
    pub(crate) fn new(from: R, file: &str) -> Result<Self, CsvError> {
        // Fields are trimmed here and not by the reader: places count the spaces.
        let mut builder = csv::ReaderBuilder::new();
        let builder = builder.comment(Some(b'#')).buffer_capacity(1 << 16).has_headers(false);
        let reader = builder.from_reader(Lines::new(from));
        let mut columns = Self { file: file.to_owned(), reader, header: csv::StringRecord::new() };
        let mut header = csv::StringRecord::new();
        columns.read_record(0, &mut header)?;
        if header.iter().all(|name| name.trim().is_empty()) {
            return Err(CsvError::NoHeader { file: columns.file });
        }
        let columns = Self { header, ..columns };
        columns.check_header()?;
        Ok(columns)
    }

    /// Refuses a header that is none, or not one of CSV.
    fn check_header(&self) -> Result<(), CsvError> {
        let (file, line) = (self.file.clone(), self.line(0));
        let name = self.names().next().unwrap_or_default().to_owned();
        // Not `inf` or `nan`, which are names.
        if name.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) && name.parse::<f64>().is_ok() {
            return Err(CsvError::NumberForName { file, line, column: self.column(0), name });
        }
        let separator =
            [(';', "semicolons"), ('\t', "tabs")].into_iter().find(|(separator, _)| name.contains(*separator));
        match separator {
            Some((_, separator)) if self.header.len() == 1 => {
                let header = name.replace('\t', " ");
                Err(CsvError::OtherSeparator { file, line, header, separator })
            }
            _ => Ok(()),
        }
    }

    /// Refuses columns without a name, and two of one name.
    pub(crate) fn check_names(&self, wanted: &[usize]) -> Result<(), CsvError> {
        let names: Vec<&str> = self.names().collect();
        let (file, line) = (&self.file, self.line(0));
        for &index in wanted {
            let (file, column) = (file.clone(), self.column(index));
            if names[index].is_empty() {
                return Err(CsvError::Unnamed { file, line, column, number: index + 1 });
            }
            if names[..index].contains(&names[index]) {
                return Err(CsvError::DuplicateName { file, line, column, name: names[index].to_owned() });
            }
        }
        Ok(())
    }

    /// The names of the columns.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.header.iter().map(str::trim)
    }

    /// Where the name of a column is.
    pub(crate) fn place(&self, index: usize) -> String {
        format!("{}:{}:{}", self.file, self.line(0), self.column(index))
    }

    fn column(&self, index: usize) -> usize {
        character_column(self.header.iter().take(index), &self.header[index])
    }

    fn line(&self, record: u64) -> u64 {
        self.reader.get_ref().line_of(record)
    }

    /// Whether there was another record, which is that of this number.
    fn read_record(&mut self, number: u64, record: &mut csv::StringRecord) -> Result<bool, CsvError> {
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
    pub(crate) fn read(mut self, wanted: &[usize], allowed: Values) -> Result<ReadColumns, CsvError> {
        self.check_names(wanted)?;
        let names: Vec<String> = self.names().map(str::to_owned).collect();
        let mut columns: Vec<(String, Vec<f64>)> =
            wanted.iter().map(|index| (names[*index].clone(), Vec::new())).collect();
        let mut record = csv::StringRecord::new();
        let mut number = 1;
        while self.read_record(number, &mut record)? {
            for ((name, values), index) in columns.iter_mut().zip(wanted) {
                let text = record.get(*index).unwrap_or_default();
                let trimmed = text.trim();
                let value = match trimmed.parse::<f64>() {
                    Ok(value) if value.is_finite() || allowed == Values::Any => value,
                    Err(_) if trimmed.is_empty() && allowed == Values::Any => f64::NAN,
                    _ => {
                        let line = self.line(number);
                        let column = character_column(record.iter().take(*index), text);
                        let (file, value, name) = (self.file, trimmed.to_owned(), name.clone());
                        return Err(match allowed {
                            Values::Any => CsvError::NotANumber { file, line, column, value, name },
                            Values::Finite => CsvError::NotFinite { file, line, column, value, name },
                        });
                    }
                };
                values.push(value);
            }
            number += 1;
        }
        let end = format!("{}:{}:1", self.file, self.line(number));
        Ok(ReadColumns { columns, end })
    }
}

/// The columns of a file.
#[derive(Debug)]
pub(crate) struct ReadColumns {
    pub(crate) columns: Vec<(String, Vec<f64>)>,
    /// Where another line would begin.
    pub(crate) end: String,
}

/// Passes bytes on and notes which lines are comments or empty, none of which is a record. Exact where nothing quoted has several lines.
struct Lines<R> {
    from: R,
    /// Bytes so far, as far as a byte order mark reaches.
    begun: usize,
    is_in: Line,
    /// Records that have ended.
    records: u64,
    /// For each line that is no record, how many records came before.
    others: Vec<u64>,
}

/// What some programs begin UTF-8 with; it belongs to no line.
pub(crate) const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

#[derive(Clone, Copy)]
enum Line {
    Nothing,
    Comment,
    Record,
}

impl<R> Lines<R> {
    fn new(from: R) -> Self {
        Self { from, begun: 0, is_in: Line::Nothing, records: 0, others: Vec::new() }
    }

    /// The line of a record, the line from 1 and the record from 0.
    fn line_of(&self, record: u64) -> u64 {
        1 + record + self.others.partition_point(|before| *before <= record) as u64
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(buffer)?;
        for byte in &buffer[..count] {
            if BYTE_ORDER_MARK.get(self.begun) == Some(byte) {
                self.begun += 1;
                continue;
            }
            self.begun = BYTE_ORDER_MARK.len();
            self.is_in = match (self.is_in, byte) {
                (Line::Nothing | Line::Comment, b'\n') => {
                    self.others.push(self.records);
                    Line::Nothing
                }
                (Line::Record, b'\n') => {
                    self.records += 1;
                    Line::Nothing
                }
                (Line::Nothing, b'\r') => Line::Nothing,
                (Line::Nothing, b'#') => Line::Comment,
                (Line::Nothing, _) => Line::Record,
                (same, _) => same,
            };
        }
        Ok(count)
    }
}

/// Where a field begins after the fields before it and their commas; exact where nothing is quoted.
fn character_column<'a>(before: impl Iterator<Item = &'a str>, field: &str) -> usize {
    let spaces = field.chars().take_while(|c| c.is_whitespace()).count();
    before.map(|field| field.chars().count() + 1).sum::<usize>() + spaces + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_with_comments_and_empty_ones() {
        let read = |text: &str| CsvColumns::new(text.as_bytes(), "a.csv")?.read(&[0, 1], Values::Finite);
        for end in ["\n", "\r\n"] {
            for (text, place) in [
                ("# one\n\nx,y\n# more\n1,2\n\n# and\n3,four\n", "a.csv:8:3: `four`"),
                ("# one\nx,x\n", "a.csv:2:3: there are two columns"),
                ("x,y\n#\n1\n", "a.csv:3:1: this line has 1 values"),
                ("#\n", "a.csv:1:1: there is no header"),
                ("#\n1,2\n", "a.csv:2:1: there is no header, `1` is a number"),
                (
                    "x;y\n1;2,5\n",
                    "a.csv:1:1: the header `x;y` has no commas: separate columns by commas, not by semicolons",
                ),
                ("x\ty\n1\t2\n", "a.csv:1:1: the header `x y` has no commas: separate columns by commas, not by tabs"),
                (",x\n0,1\n", "a.csv:1:1: column 1 has no name: name or remove it; of pandas"),
                ("inf, \n0,1\n", "a.csv:1:6: column 2 has no name"),
                ("\u{feff}# one\nx,y\n1,2\n3,four\n", "a.csv:4:3: `four`"),
                ("\u{feff}x,y\n1,2\n3,four\n", "a.csv:3:3: `four`"),
            ] {
                let message = read(&text.replace('\n', end)).unwrap_err().to_string();
                assert!(message.starts_with(place), "{message}");
            }
        }
        let empty = CsvColumns::new("# one\nx\n".as_bytes(), "a.csv").unwrap();
        assert_eq!(empty.place(0), "a.csv:2:1");
        assert_eq!(empty.read(&[0], Values::Finite).unwrap().end, "a.csv:3:1");
    }

    #[test]
    fn lines_are_found_in_files_longer_than_the_buffer() {
        let mut text = String::from("x\n");
        (0..40_000).for_each(|row| text += &format!("{row}\n# {row}\n\n"));
        text += "end";
        let columns = CsvColumns::new(text.as_bytes(), "a.csv").unwrap();
        let message = columns.read(&[0], Values::Any).unwrap_err().to_string();
        assert!(message.starts_with("a.csv:120002:1: `end` is not a number, which `x` needs"), "{message}");
    }
}
