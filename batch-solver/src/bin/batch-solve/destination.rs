//! Where a solve writes: the table, its picture, and what is left if it does not get to the end.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use batch_solver::table::{TableFormat, TableWriter};
use batch_solver::{Frame, Model};

use crate::arguments::SolveArguments;
use crate::failure::Failure;
use crate::files::{self, Named};
use crate::output::{Output, is_stdout, tell};
use crate::partial::{Partial, Record, Size};
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
    pub(crate) fn open(arguments: &'a SolveArguments, model: &Model) -> Result<Self, Failure> {
        let stdout = is_stdout(&arguments.out);
        if arguments.json && stdout {
            return Err(Failure::JsonWithTable);
        }
        let plot = arguments.plot.as_deref();
        if plot.is_some_and(is_stdout) && (stdout || arguments.json) {
            let there = if stdout { "table" } else { "JSON line" };
            return Err(Failure::BothToStdout { option: "--plot", there });
        }
        refuse_same_files(arguments, model)?;
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
            None => {}
            Some(partial) => partial.check(arguments.resume)?,
        }
        Ok(Self { arguments, output, format, picture, partial })
    }

    pub(crate) fn temporaries(&self) -> Vec<PathBuf> {
        let outputs = std::iter::once(&self.output).chain(self.picture.iter().map(|(_, output)| output));
        outputs.filter_map(Output::temporary).map(Path::to_owned).collect()
    }

    /// A writer of the table.
    pub(crate) fn writer(&mut self) -> Result<TableWriter<Box<dyn Write + Send>>, Failure> {
        let out = self.output.writer().map_err(Failure::output(&self.arguments.out))?;
        let writer = TableWriter::new(self.format, out);
        Ok(match self.output.folder() {
            Some(folder) => writer.spool_in(folder),
            None => writer,
        })
    }

    /// Bytes of the table that are whole, if what follows them can be left out.
    pub(crate) fn whole(&self) -> Option<u64> {
        let can_be_cut = self.format == TableFormat::Csv && self.partial.is_some();
        self.output.written().ok().filter(|_| can_be_cut)
    }

    /// Leaves out what is behind the whole bytes, which a failed write left.
    pub(crate) fn cut(&self, whole: u64) -> io::Result<()> {
        self.output.cut(whole)
    }

    /// Says what is lost of the runs that were solved, and what is left of the first ones, where the table cannot be written: of CSV nothing is.
    pub(crate) fn tell_loss(&self, before: usize, solved: usize, runs: usize) {
        if self.format == TableFormat::Csv {
            return;
        }
        let lost = solved - before;
        if lost > 0 {
            tell(&format!("note: {lost} of {runs} runs were solved and are lost; a .csv would have kept them"));
        }
        if let Some(partial) = self.partial.as_ref().filter(|_| before > 0) {
            tell(&format!("note: {} still has {before} runs, which --resume continues", partial.table.display()));
        }
    }

    pub(crate) fn format(&self) -> TableFormat {
        self.format
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
        self.output.finish().map_err(|unplaced| unplaced.keep(&self.arguments.out))?;
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
    pub(crate) fn give_up(self, runs: usize, size: Size, question: String, totals: &Totals) -> Result<bool, Failure> {
        let Some(partial) = self.partial.filter(|_| totals.runs > 0) else { return Ok(false) };
        partial.replace(self.output, runs, size, question, totals.clone())?;
        tell(&format!(
            "{} has {} of {runs} runs, and the same command with --resume solves the others",
            partial.table.display(),
            totals.runs
        ));
        Ok(true)
    }
}

/// No two files written, and none written that is read: what an interruption leaves included.
fn refuse_same_files(arguments: &SolveArguments, model: &Model) -> Result<(), Failure> {
    let partial = Partial::of(&files::real(&arguments.out));
    let mut written: Vec<Named<'_>> = vec![("--out", &arguments.out)];
    written.extend(arguments.plot.iter().map(|file| ("--plot", file.as_path())));
    if !is_stdout(&arguments.out) {
        written.push(("the partial table of --out", &partial.table));
        written.push(("the record of the partial table of --out", partial.record()));
    }
    let mut read: Vec<Named<'_>> = vec![("the model", &arguments.model)];
    read.extend(model.sample_file().map(|file| ("the drivers' file", file)));
    read.extend(arguments.runs.batch.iter().map(|file| ("--batch", file.as_path())));
    read.extend(arguments.runs.grid.iter().filter_map(|grid| Some(("--grid", grid.file.as_deref()?))));
    read.extend(arguments.t_eval.iter().map(|file| ("--t-eval", file.as_path())));
    files::refuse_same(&written, &read)
}
