//! Where a solve writes: the table, its picture, and what is left if it does not get to the end.

use std::fs;
use std::path::{Path, PathBuf};

use batch_solver::Frame;
use batch_solver::table::{TableFormat, TableWriter};

use crate::arguments::SolveArguments;
use crate::failure::Failure;
use crate::output::{Output, is_stdout, tell};
use crate::partial::{Partial, Record};
use crate::plot::{self, PlotOptions};
use crate::totals::Totals;

/// The files of a solve, opened before anything is computed so that a wrong path is noticed early.
#[derive(Debug)]
pub(crate) struct Destination<'a> {
    arguments: &'a SolveArguments,
    output: Output,
    format: TableFormat,
    picture: Option<(&'a Path, Output)>,
    /// Only a file can be continued.
    partial: Option<Partial>,
}

impl<'a> Destination<'a> {
    pub(crate) fn open(arguments: &'a SolveArguments) -> Result<Self, Failure> {
        let stdout = is_stdout(&arguments.out);
        if arguments.json && stdout {
            return Err(Failure::JsonWithTable);
        }
        let plot = arguments.plot.as_deref();
        if plot.is_some_and(is_stdout) && (stdout || arguments.json) {
            let there = if stdout { "table" } else { "JSON line" };
            return Err(Failure::BothToStdout { option: "--plot", there });
        }
        refuse_same_files(arguments)?;
        plot.map_or(Ok(()), batch_solver::plot::check_ending)?;
        let format = if stdout { TableFormat::Csv } else { TableFormat::from_path(&arguments.out)? };
        let output = Output::open(&arguments.out).map_err(Failure::output(&arguments.out))?;
        let picture = match plot {
            Some(file) => Some((file, Output::open(file).map_err(Failure::output(file))?)),
            None => None,
        };
        let partial = output.target().map(Partial::of);
        match &partial {
            None if arguments.resume => return Err(Failure::ResumeWithoutFile),
            Some(partial) if !arguments.resume && partial.exists() => {
                return Err(Failure::Unfinished { file: partial.record().to_owned() });
            }
            _ => {}
        }
        Ok(Self { arguments, output, format, picture, partial })
    }

    pub(crate) fn temporaries(&self) -> Vec<PathBuf> {
        let outputs = std::iter::once(&self.output).chain(self.picture.iter().map(|(_, output)| output));
        outputs.filter_map(Output::temporary).map(Path::to_owned).collect()
    }

    /// A writer of the table.
    pub(crate) fn writer(&mut self) -> Result<TableWriter<Box<dyn std::io::Write + Send>>, Failure> {
        let out = self.output.writer().map_err(Failure::output(&self.arguments.out))?;
        let writer = TableWriter::new(self.format, out);
        Ok(match self.output.folder() {
            Some(folder) => writer.spool_in(folder),
            None => writer,
        })
    }

    /// The rows of the picture, where there is to be one.
    pub(crate) fn frame(&self) -> Option<Frame> {
        self.picture.as_ref().map(|_| Frame::default())
    }

    /// What an interrupted solve left, and where, if it is to go on.
    pub(crate) fn earlier(&self, question: &str) -> Result<Option<(&Path, Record)>, Failure> {
        let Some(partial) = self.partial.as_ref().filter(|_| self.arguments.resume) else { return Ok(None) };
        let record = partial.read(question)?;
        if record.is_none() && !self.arguments.quiet {
            tell(&format!("note: there is no {} to continue; all runs are solved", partial.table.display()));
        }
        Ok(record.map(|record| (partial.table.as_path(), record)))
    }

    /// Lets the whole table appear, and what was left of it before disappear; then draws it.
    ///
    /// # Errors
    /// The table is there even if the picture cannot be drawn, which is the second error.
    pub(crate) fn finish(self, frame: Option<Frame>, varied: usize) -> Result<Result<(), Failure>, Failure> {
        self.output.finish().map_err(Failure::output(&self.arguments.out))?;
        if let Some(partial) = self.partial.filter(|_| self.arguments.resume) {
            partial.remove();
        }
        let (Some((file, output)), Some(frame)) = (self.picture, frame) else { return Ok(Ok(())) };
        let draw = || {
            let svg = plot::draw(&frame.with_varied(varied), &PlotOptions::default())?;
            output.write(&svg).map_err(Failure::output(file))
        };
        Ok(draw())
    }

    /// Lets what there is of the table appear under its partial name, with its record. Whether there is anything to continue.
    pub(crate) fn give_up(self, runs: usize, rows: u64, question: String, totals: &Totals) -> Result<bool, Failure> {
        let Some(partial) = self.partial.filter(|_| totals.runs > 0) else { return Ok(false) };
        self.output.finish_as(&partial.table).map_err(Failure::output(&partial.table))?;
        partial.write(runs, rows, question, totals.clone())?;
        tell(&format!(
            "{} has {} of {runs} runs, and the same command with --resume solves the others",
            partial.table.display(),
            totals.runs
        ));
        Ok(true)
    }
}

/// No two files written, and none written that is read.
fn refuse_same_files(arguments: &SolveArguments) -> Result<(), Failure> {
    let written = [("--out", Some(&arguments.out)), ("--plot", arguments.plot.as_ref())];
    let read = [
        ("the model", Some(&arguments.model)),
        ("--batch", arguments.runs.batch.as_ref()),
        ("--t-eval", arguments.t_eval.as_ref()),
    ];
    let named = |(name, file): (&'static str, Option<&PathBuf>)| {
        let file = file.filter(|file| !is_stdout(file))?;
        Some((name, real(file)))
    };
    let written: Vec<_> = written.into_iter().filter_map(named).collect();
    let read: Vec<_> = read.into_iter().filter_map(named).collect();
    for (index, (first, file)) in written.iter().enumerate() {
        let others = written[..index].iter().chain(&read);
        // Nothing is lost in what is no file, such as /dev/null.
        let special = file.exists() && !file.is_file();
        if let Some((second, _)) = others.filter(|_| !special).find(|(_, other)| other == file) {
            return Err(Failure::SameFile { first, second });
        }
    }
    Ok(())
}

/// A path with its links followed, where it or its folder is there.
pub(crate) fn real(file: &Path) -> PathBuf {
    fs::canonicalize(file).unwrap_or_else(|_| {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::canonicalize(folder).unwrap_or_default().join(file.file_name().unwrap_or_default())
    })
}
