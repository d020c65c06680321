//! Samples of drivers from a CSV file: a header of names, one line per time.

use std::path::Path;

use buffer_runtime::names::nearest;

use crate::batch::character_column;

/// The column that says when the samples are.
pub(super) const TIME: &str = "time";

/// A file of samples that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SamplesError {
    /// The file cannot be read.
    #[error("the samples in {file} cannot be read: {message}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        message: String,
    },
    /// No header.
    #[error(
        "{file}:1:1: there is no header: the first line names drivers, each further line has their values at one time"
    )]
    NoHeader {
        /// The file.
        file: String,
    },
    /// A column that is asked for and is not there.
    #[error("{file}:1:1: there is no column `{name}`{}: there are {}", .suggestion.as_ref().map_or_else(String::new, |name| format!(" (did you mean `{name}`?)")), .known.join(", "))]
    UnknownColumn {
        /// The file.
        file: String,
        /// The column.
        name: String,
        /// The nearest there is.
        suggestion: Option<String>,
        /// All there are.
        known: Vec<String>,
    },
    /// Two columns of the same name.
    #[error("{file}:1:{column}: there are two columns `{name}`: rename or remove one")]
    DuplicateColumn {
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

/// A column: its name, its place in the header, its values.
type Column = (String, usize, Vec<f64>);

/// The columns `wanted`, or all where none are named, in the order of the file, and before them [`TIME`] if the file
/// has it. Other columns may hold anything.
pub(super) fn read(path: &Path, wanted: &[String]) -> Result<Vec<(String, Vec<f64>)>, SamplesError> {
    let file = path.display().to_string();
    let unread = |message: String| SamplesError::Read { file: file.clone(), message };
    let open = std::fs::File::open(path).map_err(|error| unread(error.to_string()))?;
    // Fields are trimmed here and not by the reader: places count the spaces.
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(open);
    let header = reader.headers().map_err(|error| from_csv_error(&error, &file))?.clone();
    let names: Vec<&str> = header.iter().map(|name| name.trim().trim_start_matches('\u{feff}')).collect();
    if names.iter().all(|name| name.is_empty()) {
        return Err(SamplesError::NoHeader { file });
    }
    if let Some(name) = wanted.iter().find(|name| !names.contains(&name.as_str())) {
        return Err(SamplesError::UnknownColumn {
            file,
            name: name.clone(),
            suggestion: nearest(name, names.iter().copied()).map(str::to_owned),
            known: names.into_iter().map(str::to_owned).collect(),
        });
    }
    let mut columns: Vec<Column> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let is_wanted = wanted.is_empty() || *name == TIME || wanted.iter().any(|wanted| wanted == name);
        if is_wanted && names.iter().take(index).any(|earlier| earlier == name) {
            let column = character_column(header.iter().take(index), &header[index]);
            return Err(SamplesError::DuplicateColumn { file, column, name: (*name).to_owned() });
        }
        if is_wanted {
            columns.push(((*name).to_owned(), index, Vec::new()));
        }
    }
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| from_csv_error(&error, &file))? {
        for (name, index, values) in &mut columns {
            let text = record.get(*index).unwrap_or_default();
            let Some(value) = text.trim().parse::<f64>().ok().filter(|value| value.is_finite()) else {
                return Err(SamplesError::NotANumber {
                    file,
                    line: record.position().map_or(0, csv::Position::line),
                    column: character_column(record.iter().take(*index), text),
                    value: text.trim().to_owned(),
                    name: name.clone(),
                });
            };
            values.push(value);
        }
    }
    columns.sort_by_key(|(name, ..)| name != TIME);
    Ok(columns.into_iter().map(|(name, _, values)| (name, values)).collect())
}

fn from_csv_error(error: &csv::Error, file: &str) -> SamplesError {
    let file = file.to_owned();
    let line = |position: &Option<csv::Position>| position.as_ref().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            SamplesError::WrongLength { file, line: line(pos), expected: *expected_len, found: *len }
        }
        csv::ErrorKind::Utf8 { pos, .. } => SamplesError::NotUtf8 { file, line: line(pos) },
        _ => SamplesError::Read { file, message: error.to_string() },
    }
}
