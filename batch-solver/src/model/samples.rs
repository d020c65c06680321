//! Samples of drivers from a CSV file: a header of names, one line per time.

use std::path::Path;

use buffer_runtime::names::nearest;

use crate::columns::{CsvColumns, CsvError, Values};

/// The column that says when the samples are.
pub(super) const TIME: &str = "time";

/// A file of samples that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SamplesError {
    /// Its header or numbers cannot be read.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// A column that is asked for and is not there.
    #[error("{place}: there is no column `{name}`{}: there are {}", .suggestion.as_ref().map_or_else(String::new, |name| format!(" (did you mean `{name}`?)")), .known.join(", "))]
    UnknownColumn {
        /// The file, and line and column of its header.
        place: String,
        /// The column.
        name: String,
        /// The nearest there is.
        suggestion: Option<String>,
        /// All there are.
        known: Vec<String>,
    },
}

/// The columns `wanted`, or all where none are named, in the order of the file, and before them [`TIME`] if the file
/// has it. Other columns may hold anything.
pub(super) fn read(path: &Path, wanted: &[String]) -> Result<Vec<(String, Vec<f64>)>, SamplesError> {
    let csv = CsvColumns::open(path)?;
    let names: Vec<&str> = csv.names().collect();
    if let Some(name) = wanted.iter().find(|name| !names.contains(&name.as_str())) {
        return Err(SamplesError::UnknownColumn {
            place: csv.place(0),
            name: name.clone(),
            suggestion: nearest(name, names.iter().copied()).map(str::to_owned),
            known: names.into_iter().map(str::to_owned).collect(),
        });
    }
    let is_wanted = |name: &str| wanted.is_empty() || name == TIME || wanted.iter().any(|wanted| wanted == name);
    let indices: Vec<usize> = (0..names.len()).filter(|index| is_wanted(names[*index])).collect();
    let mut columns = csv.read(&indices, Values::Finite)?.columns;
    columns.sort_by_key(|(name, _)| name != TIME);
    Ok(columns)
}
