//! Formats of tables in files.

use std::fmt;
use std::path::Path;

/// How a table is written to a file.
///
/// ```
/// use batch_solver::table::TableFormat;
///
/// assert_eq!(TableFormat::from_path("runs.npz".as_ref())?, TableFormat::Npz);
/// assert_eq!(TableFormat::from_path("/dev/null".as_ref())?, TableFormat::Csv);
/// let error = TableFormat::from_path("runs.xls".as_ref()).unwrap_err();
/// assert!(error.to_string().contains(".csv, .npz or .parquet"));
/// # Ok::<(), batch_solver::table::FormatError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TableFormat {
    /// Text: the names of the columns, then a line for each row.
    #[default]
    Csv,
    /// NumPy's archive: an array for each column.
    ///
    /// Varied names and `status` have a value for each run, `t` one for each time. What was saved has an axis of runs and one of times, or one of runs only where the table has no
    /// column `t`. Its numbers have the precision of the kernel.
    Npz,
    /// Apache Parquet: the rows of the CSV, in binary. Numbers that were saved have the precision of the kernel. Needs the feature `parquet`.
    Parquet,
}

/// A file in whose format no table can be written or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The extension says nothing.
    #[error("{file}: tables are not written or read as `.{extension}`: use .csv, .npz or .parquet")]
    UnknownExtension {
        /// The file.
        file: String,
        /// What follows the last point of its name.
        extension: String,
    },
    /// Parquet, in a build without.
    #[error(
        "{file}: this build has no Parquet: build it with `--features parquet` (`cargo install --path batch-solver --features parquet`), or use .csv or .npz"
    )]
    NoParquet {
        /// The file.
        file: String,
    },
}

impl TableFormat {
    /// The format of a file, from its extension: `.csv`, `.npz` or `.parquet`. A name without extension, such as `/dev/null`, is of CSV.
    ///
    /// # Errors
    /// When it is another, or `.parquet` in a build without the feature `parquet`.
    pub fn from_path(path: &Path) -> Result<Self, FormatError> {
        let Some(extension) = path.extension() else { return Ok(Self::Csv) };
        let extension = extension.to_string_lossy();
        let file = || path.display().to_string();
        match extension.to_ascii_lowercase().as_str() {
            "csv" => Ok(Self::Csv),
            "npz" => Ok(Self::Npz),
            "parquet" if cfg!(feature = "parquet") => Ok(Self::Parquet),
            "parquet" => Err(FormatError::NoParquet { file: file() }),
            _ => Err(FormatError::UnknownExtension { file: file(), extension: extension.into_owned() }),
        }
    }
}

impl fmt::Display for TableFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Csv => "CSV",
            Self::Npz => "npz",
            Self::Parquet => "Parquet",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parquet_is_there_or_says_how_to_get_it() {
        match TableFormat::from_path(Path::new("runs.PARQUET")) {
            Ok(format) => assert!(format == TableFormat::Parquet && cfg!(feature = "parquet")),
            Err(error) => assert!(error.to_string().contains("--features parquet"), "{error}"),
        }
    }
}
