//! What is left of an interrupted solve: the table so far as `NAME.partial.EXT`, and beside it `NAME.partial.EXT.json`, which says what it is and how it goes on.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use batch_solver::{Batch, Model, Solver};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::interrupt;
use crate::output::{Output, Unplaced};
use crate::totals::Totals;

/// The record of a partial table.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    /// What a reader of the file should know.
    note: String,
    /// The file of the table, in the folder of the record.
    table: PathBuf,
    /// The name of that file until this record stands: one that still has it is the table, and what has the name of the table belongs to an earlier record.
    written_as: PathBuf,
    /// Runs in the table, the first of the batch.
    pub(crate) runs_solved: usize,
    /// Runs of the batch.
    pub(crate) runs: usize,
    /// Of the table: a file that has other rows is not the one this record was written for.
    #[serde(flatten)]
    pub(crate) size: Size,
    /// Stands for model, settings, batch and time span: only the same solve can go on.
    question: String,
    pub(crate) totals: Totals,
}

/// How much of a table is written.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Size {
    pub(crate) rows: u64,
    pub(crate) columns: u64,
}

impl Size {
    /// Bytes that a table of all runs takes in memory, as far as the first runs tell.
    pub(crate) fn in_memory(self, solved: usize, runs: usize) -> u64 {
        let per_run = self.rows / solved.max(1) as u64;
        [self.columns, runs as u64, size_of::<f64>() as u64].into_iter().fold(per_run, u64::saturating_mul)
    }
}

/// Where the partial table of a result lies, and its record.
#[derive(Debug)]
pub(crate) struct Partial {
    pub(crate) table: PathBuf,
    record: PathBuf,
}

impl Partial {
    pub(crate) fn of(out: &Path) -> Self {
        let stem = out.file_stem().unwrap_or_default().to_string_lossy();
        let extension = out.extension().map_or_else(String::new, |text| format!(".{}", text.to_string_lossy()));
        Self {
            table: out.with_file_name(format!("{stem}.partial{extension}")),
            record: out.with_file_name(format!("{stem}.partial{extension}.json")),
        }
    }

    /// Refuses to begin where a file would be replaced that is not this solve's to replace.
    pub(crate) fn check(&self, resume: bool) -> Result<(), Failure> {
        match (self.record.exists(), self.table.exists()) {
            (true, _) if !resume => Err(Failure::Unfinished { table: self.table.clone(), record: self.record.clone() }),
            (false, true) => Err(Failure::InTheWay { file: self.table.clone() }),
            _ => Ok(()),
        }
    }

    /// The record, if there is one, of the same solve; its table is in place then.
    pub(crate) fn read(&self, question: &str) -> Result<Option<Record>, Failure> {
        let files = || (self.table.clone(), self.record.clone());
        let unread = |source| {
            let (table, record) = files();
            Failure::Record { table, record, source }
        };
        let text = match fs::read_to_string(&self.record) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(unread(source)),
        };
        let record: Record = serde_json::from_str(&text).map_err(|error| unread(error.into()))?;
        if record.question != question {
            let (table, record) = files();
            return Err(Failure::OtherQuestion { table, record });
        }
        // The program was ended between the record and its table.
        let waiting = record.written_as.file_name().map(|name| self.table.with_file_name(name));
        if let Some(waiting) = waiting.filter(|file| file.is_file()) {
            fs::rename(waiting, &self.table).map_err(Failure::output(&self.table))?;
        }
        Ok(Some(record))
    }

    /// The record, whatever solve it is of.
    pub(crate) fn record(&self) -> &Path {
        &self.record
    }

    /// Lets a table and its record take the place of those there are. Whenever the program is ended in between, the record that is there has its table.
    pub(crate) fn replace(
        &self,
        table: Output,
        runs: usize,
        size: Size,
        question: String,
        totals: Totals,
    ) -> Result<(), Failure> {
        // The record says what is on the disk.
        if let Err(error) = table.sync() {
            return Err(table.unplaced(error).keep(&self.table));
        }
        interrupt::keep_files();
        let written_as = table.temporary().and_then(Path::file_name).map(PathBuf::from).unwrap_or_default();
        let recorded = self.write(runs, size, question, totals, written_as);
        // An earlier record keeps its table; without one the table is worth something as it is.
        if recorded.is_ok() || !self.record.exists() {
            table.place(Some(&self.table)).map_err(|unplaced| unplaced.keep(&self.table))?;
        }
        recorded
    }

    fn write(
        &self,
        runs: usize,
        size: Size,
        question: String,
        totals: Totals,
        written_as: PathBuf,
    ) -> Result<(), Failure> {
        let runs_solved = totals.runs;
        let note = format!(
            "Interrupted: {} has the first {runs_solved} of {runs} runs. The same command with --resume solves the others.",
            self.table.display()
        );
        let table = self.table.file_name().map(PathBuf::from).unwrap_or_default();
        let record = Record { note, table, written_as, runs_solved, runs, size, question, totals };
        let text = serde_json::to_string_pretty(&record).map_err(io::Error::from).map_err(Failure::Json)?;
        let failed = || Failure::output(&self.record);
        let mut output = Output::open(&self.record).map_err(failed())?;
        output.writer().and_then(|mut out| writeln!(out, "{text}")).map_err(failed())?;
        output.finish().map_err(Unplaced::discard).map_err(failed())
    }

    /// Removes both files, when the whole result has taken their place.
    pub(crate) fn remove(&self) {
        // What cannot be removed does no harm: the result is complete.
        let _ = fs::remove_file(&self.record);
        let _ = fs::remove_file(&self.table);
    }
}

/// A fingerprint of all that decides the rows of a table.
pub(crate) fn question(model: &Model, solver: &Solver, batch: &Batch, span: (f64, f64)) -> String {
    let settings = solver.plan().settings();
    let described = format!(
        "{} {:?} {:?} {:?} {} {:?} {:?} {:x}",
        env!("CARGO_PKG_VERSION"),
        model.drivers(),
        settings,
        solver.plan().precision(),
        // Chosen or given.
        solver.config().algorithm.name(),
        span.0.to_bits(),
        span.1.to_bits(),
        batch.checksum(),
    );
    let mut hash = Sha256::new();
    hash.update(model.text());
    hash.update(described);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_from_the_first_runs() {
        assert_eq!(Size { rows: 300, columns: 5 }.in_memory(3, 1000), 100 * 5 * 1000 * 8);
        assert_eq!(Size { rows: u64::MAX, columns: 9 }.in_memory(1, usize::MAX), u64::MAX);
        assert_eq!(Size::default().in_memory(0, 1000), 0);
    }

    #[test]
    fn partial_results_lie_beside_the_whole() {
        let partial = Partial::of(Path::new("a/final.csv"));
        assert_eq!((partial.table, partial.record), ("a/final.partial.csv".into(), "a/final.partial.csv.json".into()));
        let partial = Partial::of(Path::new("final"));
        assert_eq!((partial.table, partial.record), ("final.partial".into(), "final.partial.json".into()));
    }
}
