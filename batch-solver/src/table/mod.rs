//! Results as tables: one row per run, or per run and time.

mod columns;
mod digits;
mod dtype;
mod format;
mod frame;
mod names;
pub(crate) mod npy;
mod npz;
#[cfg(feature = "parquet")]
mod parquet;
mod read;
#[cfg(test)]
mod tests;
mod writer;

use std::io::{self, Write};

use rayon::prelude::*;

use crate::batch::Batch;
use crate::solution::{Scalar, Solution, Values};

pub use format::{FormatError, TableFormat};
pub use frame::{Frame, FrameError};
pub use npy::NpyError;
pub use read::ReadError;
pub use writer::{TableWriter, WriteError};

/// A solution as a table: the varied names first, then `t` (if asked for), the states in the system's order, the observables, and `status`.
///
/// Rows are ordered by run, then by time. Written as CSV every number has 17 significant digits, so reading it brings back the same bits.
///
/// ```no_run
/// # fn show(batch: batch_solver::Batch, solution: batch_solver::Solution) -> Result<(), Box<dyn std::error::Error>> {
/// use batch_solver::Table;
///
/// Table::new(&batch, &solution)?.write_csv(std::fs::File::create("final.csv")?)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Table<'a> {
    varied: Vec<(&'a str, &'a [f64], usize)>,
    solution: &'a Solution,
    /// The rows of a run.
    rows: &'a [f64],
    names: Vec<String>,
    /// Row × variable × run: the first variables, then the others.
    blocks: [(&'a Values, usize); 2],
    times: bool,
}

/// A solution of which there is no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The batch and the solution do not belong together.
    #[error("the solution has {solution} runs, the batch {batch}: make the table from the batch that was solved")]
    Runs {
        /// Runs of the solution.
        solution: usize,
        /// Runs of the batch.
        batch: usize,
    },
    /// Neither states nor observables nor summaries.
    #[error(
        "the table would have no results: save or summarise at least one variable (save_variables, summarise_variables)"
    )]
    NoResults,
    /// Two columns would have one name.
    #[error("the table would have two columns `{name}`: rename that state, parameter or observable")]
    NameTwice {
        /// The name.
        name: String,
    },
}

/// The column of runs that have durations of their own; what such a run never reached is NaN, and a row for its end has the end of the span as `t`.
const DURATION: &str = "duration";
/// Bytes of a number with 17 digits and its comma, at most.
const NUMBER_BYTES: usize = 25;
/// Runs whose saved values are gathered together: neighbours in memory, so that each cache line is fetched once.
const RUNS_TOGETHER: usize = 64;
/// Bytes of text that are held back at a time.
const TEXT_BYTES: usize = 8 << 20;

impl<'a> Table<'a> {
    /// The table of a solution, or of a part of one, and the batch it was solved for. It has a column `t` when more than one time was saved.
    ///
    /// # Errors
    /// [`TableError`] when the numbers of runs differ, or two columns would have one name.
    pub fn new(batch: &'a Batch, solution: &'a Solution) -> Result<Self, TableError> {
        let (states, observables) = (solution.state_names(), solution.observable_names());
        let names = [states, observables].concat();
        let blocks = [(&solution.states, states.len()), (&solution.observables, observables.len())];
        Self::of(batch, solution, solution.times(), names, blocks)
    }

    /// The table of a solution's summaries: one row per run and window, with a column `t` for the end of the window when there are several.
    ///
    /// # Errors
    /// [`TableError`] when the numbers of runs differ, or two columns would have one name.
    pub fn summaries(batch: &'a Batch, solution: &'a Solution) -> Result<Self, TableError> {
        let summaries = solution.summaries();
        let blocks = [(&summaries.values, summaries.width()), (&summaries.values, 0)];
        Self::of(batch, solution, summaries.windows(), summaries.names(), blocks)
    }

    fn of(
        batch: &'a Batch,
        solution: &'a Solution,
        rows: &'a [f64],
        names: Vec<String>,
        blocks: [(&'a Values, usize); 2],
    ) -> Result<Self, TableError> {
        let runs = batch.runs().unwrap_or(0);
        if runs != solution.batch_runs {
            return Err(TableError::Runs { solution: solution.batch_runs, batch: runs });
        }
        let mut varied: Vec<(&str, &[f64], usize)> =
            batch.varied().zip(batch.columns()).map(|(name, (values, repeat))| (name, values, repeat)).collect();
        if let Some(durations) = batch.own_durations() {
            varied.push((DURATION, durations, 1));
        }
        let table = Self { varied, solution, rows, names, blocks, times: rows.len() > 1 };
        names::check(table.columns())?;
        Ok(table)
    }

    /// Whether there is a column `t`; without one and with several saved times, rows of a run differ by their position only.
    #[must_use]
    pub fn with_times(mut self, times: bool) -> Self {
        self.times = times;
        self
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.solution.runs() * self.rows.len()
    }

    /// How many of the first columns say what differs from run to run: what is varied, and durations.
    pub fn varied(&self) -> usize {
        self.varied.len()
    }

    /// The names of the columns. What is varied of a state `<name>` is its initial value, `<name>_0`. Durations of
    /// runs that have their own are called `duration`, behind what is varied.
    pub fn columns(&self) -> Vec<String> {
        let varied = self.varied.iter().map(|(name, ..)| *name);
        names::all(varied, &self.solution.system_states, self.times, &self.names)
    }

    /// Writes the table as CSV, the names of the columns in the first line, and returns how many bytes that were. Text is made on all threads of Rayon's pool.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_csv(&self, mut out: impl Write) -> io::Result<u64> {
        let header = self.csv_header();
        out.write_all(header.as_bytes())?;
        let body = self.write_rows(&mut out)?;
        out.flush()?;
        Ok(header.len() as u64 + body)
    }

    /// The first line of a CSV file.
    fn csv_header(&self) -> String {
        let mut header = self.columns().join(",");
        header.push('\n');
        header
    }

    /// Writes the lines after the first, and returns their bytes.
    fn write_rows(&self, out: &mut impl Write) -> io::Result<u64> {
        // A kernel has one precision, so what is of another is nothing at all.
        match self.blocks[0].0 {
            Values::F32(_) => self.write_rows_of::<f32>(out),
            Values::F64(_) => self.write_rows_of::<f64>(out),
        }
    }

    fn write_rows_of<T: Scalar + Into<f64> + Sync>(&self, out: &mut impl Write) -> io::Result<u64> {
        let saved = self.blocks.map(|(values, count)| (T::of(values).unwrap_or_default(), count));
        let (times, rows) = (self.rows.len(), self.rows());
        let row_bytes = NUMBER_BYTES * (self.columns().len() + 1);
        // Every thread gets some blocks, so that one slow thread does not keep the others waiting.
        let least = 4 * rayon::current_num_threads();
        let most_rows = (TEXT_BYTES / row_bytes / least).max(1);
        let block_rows = RUNS_TOGETHER.saturating_mul(times).clamp(1, most_rows);
        let blocks = (TEXT_BYTES / (row_bytes * block_rows)).min(1 << 12).max(least);
        let mut texts: Vec<Vec<u8>> = vec![Vec::new(); blocks];
        let mut written = 0;
        for first in (0..rows).step_by(blocks * block_rows) {
            texts.par_iter_mut().enumerate().for_each(|(block, text)| {
                text.clear();
                let begin = (first + block * block_rows).min(rows);
                for row in begin..(begin + block_rows).min(rows) {
                    self.push_row(text, &saved, row / times, row % times);
                }
            });
            for text in &texts {
                out.write_all(text)?;
                written += text.len() as u64;
            }
        }
        Ok(written)
    }

    fn push_row<T: Copy + Into<f64>>(&self, text: &mut Vec<u8>, blocks: &[(&[T], usize)], run: usize, time: usize) {
        let mut number = |value: f64| {
            digits::push(text, value);
            text.push(b',');
        };
        for (_, values, repeat) in &self.varied {
            let run = self.solution.first_run + run;
            number(values.get(run / repeat % values.len()).copied().unwrap_or(f64::NAN));
        }
        if self.times {
            number(self.rows.get(time).copied().unwrap_or(f64::NAN));
        }
        for (values, count) in blocks {
            // Time × variable × run.
            let column = values.get(time * count * self.solution.runs() + run..).unwrap_or_default();
            column.iter().step_by(self.solution.runs()).take(*count).for_each(|value| number((*value).into()));
        }
        let status = self.solution.status(run).map_or(0, |status| status.0);
        // Writing into a vector cannot fail.
        let _ = writeln!(text, "{status}");
    }
}
