//! Tables written part by part.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use super::npz::NpzWriter;
#[cfg(feature = "parquet")]
use super::parquet::ParquetWriter;
use super::{FormatError, NpyError, ReadError, Table, TableFormat};
use crate::columns::CsvError;

/// Writes a table whose rows come in parts, such as those of [`Solver::parts`](crate::Solver::parts), and keeps one part in memory at most.
///
/// ```no_run
/// # fn show(batch: batch_solver::Batch, parts: Vec<batch_solver::Solution>) -> Result<(), Box<dyn std::error::Error>> {
/// use batch_solver::Table;
/// use batch_solver::table::{TableFormat, TableWriter};
///
/// let mut writer = TableWriter::new(TableFormat::Npz, std::fs::File::create("final.npz")?);
/// for part in &parts {
///     writer.push(&Table::new(&batch, part)?)?;
/// }
/// writer.finish()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct TableWriter<W: Write + Send> {
    to: To<W>,
    spool_folder: PathBuf,
}

/// Where rows go. What needs to know the columns begins with the first part.
#[derive(Debug)]
enum To<W: Write + Send> {
    Csv {
        out: W,
        header: Option<String>,
    },
    Npz(Box<NpzWriter<W>>),
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetWriter<W>>),
    NotBegun(W, TableFormat),
    /// Something failed as it began.
    Failed,
}

/// A table that cannot be written, or not behind what was written before it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The writer's error, or that of a temporary file.
    #[error("the table cannot be written")]
    Write {
        /// Which.
        #[from]
        source: io::Error,
    },
    /// A part with other columns than those before it, of another precision or at other times.
    #[error("all parts of a table have the same columns: before there were {earlier}; here are {found}")]
    OtherColumns {
        /// The columns of what was written.
        earlier: String,
        /// Those of the part.
        found: String,
    },
    /// An earlier part that cannot be read.
    #[error(transparent)]
    Partial(#[from] ReadError),
    /// A format that this build has not.
    #[error(transparent)]
    Format(#[from] FormatError),
}

impl From<NpyError> for WriteError {
    fn from(error: NpyError) -> Self {
        Self::Partial(error.into())
    }
}

impl<W: Write + Send> TableWriter<W> {
    /// A writer of a table in a format. Nothing is written before the first part.
    pub fn new(format: TableFormat, out: W) -> Self {
        Self { to: To::NotBegun(out, format), spool_folder: std::env::temp_dir() }
    }

    /// The folder for the temporary file that [`TableFormat::Npz`] needs until the end, as large as the table; without, the system's. That of the table itself
    /// has the room.
    #[must_use]
    pub fn spool_in(mut self, folder: impl Into<PathBuf>) -> Self {
        self.spool_folder = folder.into();
        self
    }

    /// Appends the rows of a table.
    ///
    /// # Errors
    /// Those of the writer, after which nothing more can be written, and [`WriteError::OtherColumns`], with which nothing is written.
    pub fn push(&mut self, table: &Table<'_>) -> Result<(), WriteError> {
        let pushed = self.try_push(table);
        // Half a part may be there: nothing can follow it.
        if pushed.as_ref().is_err_and(|error| !matches!(error, WriteError::OtherColumns { .. })) {
            self.to = To::Failed;
        }
        pushed
    }

    fn try_push(&mut self, table: &Table<'_>) -> Result<(), WriteError> {
        match self.begun()? {
            To::Csv { out, header } => {
                expect_header(out, header, table.csv_header())?;
                table.write_rows(out)?;
                Ok(())
            }
            To::Npz(writer) => writer.push(table),
            #[cfg(feature = "parquet")]
            To::Parquet(writer) => writer.push(table),
            To::NotBegun(..) | To::Failed => Err(failed_before()),
        }
    }

    /// Appends all rows of an earlier file of the same format and returns their number, such as those of a solve that was interrupted. Of CSV, a last line without its end is left out.
    ///
    /// # Errors
    /// When the file cannot be read, [`WriteError::OtherColumns`], and those of the writer.
    pub fn copy_from(&mut self, partial: impl AsRef<Path>) -> Result<u64, WriteError> {
        let partial = partial.as_ref();
        match self.begun()? {
            To::Csv { out, header } => copy_csv(partial, out, header),
            To::Npz(writer) => writer.copy_from(partial),
            #[cfg(feature = "parquet")]
            To::Parquet(writer) => writer.copy_from(partial),
            To::NotBegun(..) | To::Failed => Err(failed_before()),
        }
    }

    /// Writes what is left, and gives back the writer. Without it an `.npz` file has nothing and a Parquet file no end.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> Result<W, WriteError> {
        self.begun()?;
        match self.to {
            To::Csv { mut out, .. } => {
                out.flush()?;
                Ok(out)
            }
            To::Npz(writer) => writer.finish(),
            #[cfg(feature = "parquet")]
            To::Parquet(writer) => writer.finish(),
            To::NotBegun(..) | To::Failed => Err(failed_before()),
        }
    }

    fn begun(&mut self) -> Result<&mut To<W>, WriteError> {
        self.to = match std::mem::replace(&mut self.to, To::Failed) {
            To::NotBegun(out, TableFormat::Csv) => To::Csv { out, header: None },
            To::NotBegun(out, TableFormat::Npz) => To::Npz(Box::new(NpzWriter::new(out, &self.spool_folder)?)),
            #[cfg(feature = "parquet")]
            To::NotBegun(out, TableFormat::Parquet) => To::Parquet(Box::new(ParquetWriter::new(out))),
            #[cfg(not(feature = "parquet"))]
            To::NotBegun(_, TableFormat::Parquet) => {
                return Err(FormatError::NoParquet { file: "the table".to_owned() }.into());
            }
            begun => begun,
        };
        Ok(&mut self.to)
    }
}

fn failed_before() -> WriteError {
    io::Error::other("an earlier part of it failed").into()
}

/// Writes the header in front of the first rows, and compares it with that of all others.
fn expect_header(out: &mut impl Write, header: &mut Option<String>, found: String) -> Result<(), WriteError> {
    match header {
        None => out.write_all(header.insert(found).as_bytes())?,
        Some(earlier) if *earlier == found => {}
        Some(earlier) => {
            let names = |header: &str| header.trim_end().replace(',', ", ");
            return Err(WriteError::OtherColumns { earlier: names(earlier), found: names(&found) });
        }
    }
    Ok(())
}

fn copy_csv(partial: &Path, out: &mut impl Write, header: &mut Option<String>) -> Result<u64, WriteError> {
    let file = || partial.display().to_string();
    let failed = |source| ReadError::Read { file: file(), source };
    let mut reader = BufReader::with_capacity(1 << 16, File::open(partial).map_err(failed)?);
    let mut line = Vec::new();
    let mut next = |line: &mut Vec<u8>| {
        loop {
            line.clear();
            reader.read_until(b'\n', line).map_err(failed)?;
            // A comment is passed over; a line without its end was not written to its end.
            match line.last() {
                Some(b'\n') if line.starts_with(b"#") => {}
                last => return Ok::<_, WriteError>(last == Some(&b'\n')),
            }
        }
    };
    if !next(&mut line)? {
        return Err(ReadError::from(CsvError::NoHeader { file: file() }).into());
    }
    expect_header(out, header, String::from_utf8_lossy(&line).into_owned())?;
    let (mut rows, mut text) = (0, Vec::new());
    while next(&mut line)? {
        text.append(&mut line);
        rows += 1;
        if text.len() >= 1 << 20 {
            out.write_all(&text)?;
            text.clear();
        }
    }
    out.write_all(&text)?;
    Ok(rows)
}
