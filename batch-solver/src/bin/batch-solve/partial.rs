//! What is left of an interrupted solve: the table so far as `NAME.partial.EXT`, and beside it `NAME.partial.EXT.json`, which says what it is and how it goes on.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use batch_solver::{Batch, Model, Solver};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::interrupt;
use crate::output::Output;
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
    /// Rows of the table: a file that has others is not the one this record was written for.
    pub(crate) rows: u64,
    /// Stands for model, settings, batch and time span: only the same solve can go on.
    question: String,
    pub(crate) totals: Totals,
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
            (true, _) if !resume => Err(Failure::Unfinished { file: self.record.clone() }),
            (false, true) => Err(Failure::InTheWay { file: self.table.clone() }),
            _ => Ok(()),
        }
    }

    /// The record, if there is one, of the same solve; its table is in place then.
    pub(crate) fn read(&self, question: &str) -> Result<Option<Record>, Failure> {
        let text = match fs::read_to_string(&self.record) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Failure::Record { file: self.record.clone(), source }),
        };
        let record: Record = serde_json::from_str(&text)
            .map_err(|error| Failure::Record { file: self.record.clone(), source: error.into() })?;
        if record.question != question {
            return Err(Failure::OtherQuestion { file: self.record.clone() });
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
        rows: u64,
        question: String,
        totals: Totals,
    ) -> Result<(), Failure> {
        // The record says what is on the disk.
        table.sync().map_err(Failure::output(&self.table))?;
        interrupt::keep_files();
        let written_as = table.temporary().and_then(Path::file_name).map(PathBuf::from).unwrap_or_default();
        let recorded = self.write(runs, rows, question, totals, written_as);
        // An earlier record keeps its table; without one the table is worth something as it is.
        if recorded.is_ok() || !self.record.exists() {
            table.finish_as(&self.table).map_err(Failure::output(&self.table))?;
        }
        recorded
    }

    fn write(
        &self,
        runs: usize,
        rows: u64,
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
        let record = Record { note, table, written_as, runs_solved, runs, rows, question, totals };
        let text = serde_json::to_string_pretty(&record).map_err(io::Error::from).map_err(Failure::Json)?;
        let failed = || Failure::output(&self.record);
        let mut output = Output::open(&self.record).map_err(failed())?;
        output.writer().and_then(|mut out| writeln!(out, "{text}")).map_err(failed())?;
        output.finish().map_err(failed())
    }

    /// Removes both files, when the whole result has taken their place.
    pub(crate) fn remove(&self) {
        // What cannot be removed does no harm: the result is complete.
        let _ = fs::remove_file(&self.record);
        let _ = fs::remove_file(&self.table);
    }
}

/// A fingerprint of all that decides the rows of a table.
pub(crate) fn question(text: &[u8], model: &Model, solver: &Solver, batch: &Batch, span: (f64, f64)) -> String {
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
    hash.update(text);
    hash.update(described);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partial_results_lie_beside_the_whole() {
        let partial = Partial::of(Path::new("a/final.csv"));
        assert_eq!((partial.table, partial.record), ("a/final.partial.csv".into(), "a/final.partial.csv.json".into()));
        let partial = Partial::of(Path::new("final"));
        assert_eq!((partial.table, partial.record), ("final.partial".into(), "final.partial.json".into()));
    }
}
