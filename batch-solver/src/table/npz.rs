//! Tables as archives of NumPy's arrays.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use zip::write::SimpleFileOptions;

use super::columns::Column;
use super::dtype;
use super::npy::{self, NpyError};
use super::writer::WriteError;
use super::{ReadError, Table};

/// Keeps the values of all arrays on disk until their number is known, which the arrays begin with.
#[derive(Debug)]
pub(super) struct NpzWriter<W: Write> {
    out: W,
    spool: BufWriter<File>,
    spooled: u64,
    arrays: Vec<Array>,
    runs: usize,
}

/// An array, piece by piece where the spool has it.
#[derive(Debug)]
struct Array {
    name: String,
    dtype: String,
    axes: Axes,
    pieces: Vec<Range<u64>>,
}

#[derive(Clone, Debug, PartialEq)]
enum Axes {
    Runs,
    RunsTimes(usize),
    /// The times themselves, of which all parts have the same.
    Times(Vec<f64>),
}

impl Array {
    fn shape(&self, runs: usize) -> Vec<usize> {
        match &self.axes {
            Axes::Runs => vec![runs],
            Axes::RunsTimes(times) => vec![runs, *times],
            Axes::Times(times) => vec![times.len()],
        }
    }

    /// Name, type and axes for a message.
    fn description(&self) -> String {
        let axes = match &self.axes {
            Axes::Runs => "runs".to_owned(),
            Axes::RunsTimes(times) => format!("runs × {times}"),
            Axes::Times(times) => match (times.first(), times.last()) {
                (Some(first), Some(last)) => format!("{} from {first} to {last}", times.len()),
                _ => "0".to_owned(),
            },
        };
        format!("{} ({} of {axes})", self.name, self.dtype)
    }
}

fn description(arrays: &[Array]) -> String {
    arrays.iter().map(Array::description).collect::<Vec<_>>().join(", ")
}

impl<W: Write> NpzWriter<W> {
    /// A writer that keeps what it must in a nameless file of a folder.
    pub(super) fn new(out: W, folder: &Path) -> io::Result<Self> {
        let spool = BufWriter::with_capacity(1 << 20, tempfile::tempfile_in(folder)?);
        Ok(Self { out, spool, spooled: 0, arrays: Vec::new(), runs: 0 })
    }

    pub(super) fn push(&mut self, table: &Table<'_>) -> Result<(), WriteError> {
        self.expect(arrays(table))?;
        for (index, column) in table.parts().enumerate() {
            let first = self.spooled;
            for runs in table.groups() {
                match column {
                    Column::Varied(position) => {
                        self.write(runs.map(|run| table.varied_value(position, run).to_le_bytes()))?;
                    }
                    Column::Status => {
                        let status = |run| table.solution.status(run).map_or(0, |status| status.0);
                        self.write(runs.map(|run| status(run).to_le_bytes()))?;
                    }
                    Column::Saved(position) if table.is_single() => {
                        let mut gathered = Vec::new();
                        table.gather::<f32>(position, &runs, &mut gathered);
                        self.write(gathered.into_iter().map(f32::to_le_bytes))?;
                    }
                    Column::Saved(position) => {
                        let mut gathered = Vec::new();
                        table.gather::<f64>(position, &runs, &mut gathered);
                        self.write(gathered.into_iter().map(f64::to_le_bytes))?;
                    }
                    Column::Time => {}
                }
            }
            self.end_piece(index, first);
        }
        self.runs += table.solution.runs();
        Ok(())
    }

    /// Takes over the arrays of a file, and says how many rows these are.
    pub(super) fn copy_from(&mut self, path: &Path) -> Result<u64, WriteError> {
        let (mut found, mut runs) = (Vec::new(), None);
        npy::for_each_array(path, |name, place, mut reader| {
            let described = npy::describe(&mut reader, place)?;
            let axes = match *described.shape {
                [_] if name == "t" => Axes::Times(npy::values(&described, reader, place)?),
                [count] if count == *runs.get_or_insert(count) => Axes::Runs,
                [count, times] if count == *runs.get_or_insert(count) && !described.fortran_order => {
                    Axes::RunsTimes(times)
                }
                _ => return Err(ReadError::Shape { place: place.to_owned(), shape: described.shape }.into()),
            };
            found.push(Array { name: name.to_owned(), dtype: described.dtype, axes, pieces: Vec::new() });
            Ok::<_, WriteError>(())
        })?;
        let runs = runs.unwrap_or(0);
        self.expect(found)?;
        let mut index = 0;
        npy::for_each_array(path, |_, place, mut reader| {
            let described = npy::describe(&mut reader, place)?;
            if self.arrays.get(index).is_some_and(|array| !matches!(array.axes, Axes::Times(_))) {
                let first = self.spooled;
                let bytes = (described.count as u64).saturating_mul(dtype::bytes_of(&described.dtype) as u64);
                let copied =
                    io::copy(&mut BufReader::with_capacity(1 << 16, Read::take(&mut *reader, bytes)), &mut self.spool)?;
                self.spooled += copied;
                if copied < bytes {
                    let found = copied as usize / dtype::bytes_of(&described.dtype).max(1);
                    let (place, shape, expected) = (place.to_owned(), described.shape, described.count);
                    return Err(NpyError::CutOff { place, shape, expected, found }.into());
                }
                npy::to_the_end(reader, place)?;
                self.end_piece(index, first);
            }
            index += 1;
            Ok::<_, WriteError>(())
        })?;
        self.runs += runs;
        Ok((runs * self.times()) as u64)
    }

    /// Puts the archive together.
    pub(super) fn finish(mut self) -> Result<W, WriteError> {
        self.spool.flush()?;
        let mut spool = self.spool.get_ref();
        let mut archive = zip::ZipWriter::new_stream(BufWriter::with_capacity(1 << 20, self.out));
        for array in &self.arrays {
            let head = npy::head(&array.dtype, &array.shape(self.runs));
            let bytes: u64 = array.pieces.iter().map(|piece| piece.end - piece.start).sum();
            // Beyond 4 GiB, sizes take 64 bits; some room is left for the head.
            let options = SimpleFileOptions::default()
                .compression_method(zip::CompressionMethod::Stored)
                .large_file(bytes > u64::from(u32::MAX) - (1 << 20));
            archive.start_file(format!("{}.npy", array.name), options).map_err(io::Error::from)?;
            archive.write_all(&head)?;
            if let Axes::Times(times) = &array.axes {
                let times: Vec<u8> = times.iter().flat_map(|time| time.to_le_bytes()).collect();
                archive.write_all(&times)?;
            }
            for piece in &array.pieces {
                spool.seek(SeekFrom::Start(piece.start))?;
                let mut piece = BufReader::with_capacity(1 << 20, spool.take(piece.end - piece.start));
                io::copy(&mut piece, &mut archive)?;
            }
        }
        let out = archive.finish().map_err(io::Error::from)?.into_inner();
        Ok(out.into_inner().map_err(io::IntoInnerError::into_error)?)
    }

    /// Compares the arrays of a part with those before it.
    fn expect(&mut self, found: Vec<Array>) -> Result<(), WriteError> {
        if self.arrays.is_empty() {
            self.arrays = found;
            return Ok(());
        }
        let same = |(one, other): (&Array, &Array)| {
            one.name == other.name && one.dtype == other.dtype && one.axes == other.axes
        };
        if self.arrays.len() == found.len() && self.arrays.iter().zip(&found).all(same) {
            return Ok(());
        }
        Err(WriteError::OtherColumns { earlier: description(&self.arrays), found: description(&found) })
    }

    fn times(&self) -> usize {
        let times = |array: &Array| match &array.axes {
            Axes::RunsTimes(times) => Some(*times),
            _ => None,
        };
        self.arrays.iter().find_map(times).unwrap_or(1)
    }

    fn write<const N: usize>(&mut self, numbers: impl Iterator<Item = [u8; N]>) -> io::Result<()> {
        for number in numbers {
            self.spool.write_all(&number)?;
            self.spooled += N as u64;
        }
        Ok(())
    }

    /// What was spooled since `first` belongs to an array.
    fn end_piece(&mut self, index: usize, first: u64) {
        if let Some(array) = self.arrays.get_mut(index).filter(|_| self.spooled > first) {
            array.pieces.push(first..self.spooled);
        }
    }
}

/// The arrays of a table, still empty.
fn arrays(table: &Table<'_>) -> Vec<Array> {
    let of_times = table.times || table.rows.len() != 1;
    let of_column = |(name, column)| {
        let (dtype, axes) = match column {
            Column::Varied(_) => ("<f8", Axes::Runs),
            Column::Time => ("<f8", Axes::Times(table.rows.to_vec())),
            Column::Saved(_) => (
                if table.is_single() { "<f4" } else { "<f8" },
                if of_times { Axes::RunsTimes(table.rows.len()) } else { Axes::Runs },
            ),
            Column::Status => ("<i4", Axes::Runs),
        };
        Array { name, dtype: dtype.to_owned(), axes, pieces: Vec::new() }
    };
    table.columns().into_iter().zip(table.parts()).map(of_column).collect()
}
