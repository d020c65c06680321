//! The verb `solve`: a batch in parts, each written as soon as it is there.

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::time::Instant;

use batch_solver::table::{TableWriter, WriteError};
use batch_solver::{Batch, Frame, LoopConfig, Model, Parts, Solution, SolveError, Solver, Table, read_times};
use buffer_runtime::{Device, Settings, settings};

use crate::arguments::{SolveArguments, Where};
use crate::configure;
use crate::destination::Destination;
use crate::failure::Failure;
use crate::interrupt;
use crate::notes;
use crate::output::{is_stdout, tell};
use crate::part_size::PartSize;
use crate::partial::{self, Size};
use crate::progress::Progress;
use crate::runs;
use crate::totals::{Summary, Totals};

/// Bytes of a table that is kept for its picture, at most.
const DRAWN: u64 = 2 << 30;

/// How a solve ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    AllReachedTheirEnd,
    SomeFailed,
    Interrupted,
}

/// Solves and writes.
pub(crate) fn solve(arguments: &SolveArguments) -> Result<Ended, Failure> {
    let begin = Instant::now();
    let model = Model::read(&arguments.model)?;
    let mut destination = Destination::open(arguments, &model)?;
    interrupt::listen(destination.temporaries());
    let batch = runs::batch(&arguments.runs, &model)?;
    let mut solver = solver(arguments, &model)?;
    let device = solver.device().to_string();
    let part_size = PartSize::of(&solver);

    let span = arguments.t0..arguments.t0 + arguments.duration;
    let refused = |error| runs::failure(&arguments.runs, error);
    let mut parts = solver.parts(&batch, span.clone()).map_err(refused)?.at_most(part_size.first);
    let choice = parts.choice().cloned();
    let question = partial::question(&model, parts.solver(), &batch, (span.start, span.end));
    let runs = parts.runs();
    if !arguments.quiet {
        let device = notes::of_device(parts.solver().device());
        device
            .iter()
            .chain(&notes::of(&model, &batch, parts.solver().config(), &span))
            .for_each(|note| tell(&format!("note: {note}")));
    }
    Table::check_columns(&batch, parts.solver().config(), is_summarised(arguments, parts.solver().config()))?;

    let mut so_far = SoFar {
        writer: destination.writer()?,
        frame: destination.frame(),
        totals: Totals::default(),
        size: Size::default(),
        unread: false,
        varied: 0,
        whole: None,
    };
    if let Some((table, record)) = destination.earlier(&question)? {
        so_far.take(table, &record, &destination, arguments)?;
        parts = parts.from_run(record.runs_solved);
    }
    let before = parts.next_run();
    let stopped = so_far.solve(arguments, &batch, &mut parts, part_size, &destination, span.end)?;
    let algorithm = parts.solver().config().algorithm.name();
    let SoFar { writer, frame, totals, size, unread, varied, whole } = so_far;
    let complete = totals.runs == runs;
    let unwritten = |error| {
        destination.tell_loss(before, totals.runs, runs);
        Failure::table(&arguments.out)(error)
    };
    let stopped = match stopped {
        Stopped::Not => None,
        Stopped::ByRuns(error) => Some(refused(error)),
        Stopped::ByWriting(error) => {
            let failure = unwritten(error);
            drop(writer);
            let Some(whole) = whole else { return Err(failure) };
            destination.cut(whole).map_err(Failure::output(&arguments.out))?;
            destination.give_up(runs, size, question, &totals)?;
            return Err(failure);
        }
    };
    if !unread {
        writer.finish().map_err(unwritten)?;
    }
    let drawn = if complete {
        destination.finish(frame, varied)?
    } else {
        if !unread && interrupt::asked() {
            tell(&format!("interrupted after {} of {runs} runs", totals.runs));
        }
        let continued = destination.give_up(runs, size, question, &totals)?;
        if !continued && !unread && totals.runs > 0 && is_stdout(&arguments.out) {
            let _ = writeln!(io::stdout(), "# {} of {runs} runs", totals.runs);
        }
        Ok(())
    };
    if let Some(failure) = stopped {
        return Err(failure);
    }
    if !arguments.quiet {
        totals.report(&model, &device, choice.as_ref(), begin.elapsed());
    }
    if arguments.json {
        let summary = Summary {
            runs: totals.runs,
            failed: totals.failed,
            complete,
            seconds: begin.elapsed().as_secs_f64(),
            kernel_seconds: totals.kernel_seconds,
            compile_seconds: totals.compile_seconds,
            steps: totals.steps_per_run(),
            device,
            algorithm,
            reason: choice.as_ref().map(|choice| choice.reason.clone()),
            stiffness: choice.as_ref().map(|choice| choice.stiffness),
        };
        let line = serde_json::to_string(&summary).map_err(io::Error::from).map_err(Failure::Json)?;
        writeln!(io::stdout(), "{line}").map_err(Failure::Json)?;
    }
    drawn?;
    Ok(match () {
        () if interrupt::asked() && !complete => Ended::Interrupted,
        () if totals.failed > 0 => Ended::SomeFailed,
        () => Ended::AllReachedTheirEnd,
    })
}

/// What is solved and written.
struct SoFar {
    writer: TableWriter<Box<dyn Write + Send>>,
    frame: Option<Frame>,
    totals: Totals,
    size: Size,
    /// The reader of standard output has seen enough.
    unread: bool,
    /// Columns that say what differs from run to run.
    varied: usize,
    /// Bytes of the parts that are written, where a part that is not can be left out.
    whole: Option<u64>,
}

/// Why there are no more parts, if not for a signal, a reader or the last run.
enum Stopped {
    Not,
    ByRuns(SolveError),
    ByWriting(WriteError),
}

impl SoFar {
    /// Begins with what an interrupted solve left.
    fn take(
        &mut self,
        table: &Path,
        record: &partial::Record,
        destination: &Destination<'_>,
        arguments: &SolveArguments,
    ) -> Result<(), Failure> {
        let (found, expected) =
            (self.writer.copy_from(table).map_err(Failure::table(&arguments.out))?, record.size.rows);
        if found != expected {
            return Err(Failure::OtherRows { file: table.to_owned(), found, expected });
        }
        self.size = record.size;
        self.bound_frame(record.size.in_memory(record.runs_solved, record.runs), arguments);
        if let Some(frame) = &mut self.frame {
            // Where the table has no extension, its partial name seems to.
            *frame = Frame::read_as(table, destination.format())?;
        }
        self.totals = record.totals.clone();
        self.whole = destination.whole();
        Ok(())
    }

    /// Solves until all runs are there, a signal comes, nobody reads any more or a part fails, in solving or in writing; what was there before is kept.
    fn solve(
        &mut self,
        arguments: &SolveArguments,
        batch: &Batch,
        parts: &mut Parts<'_>,
        part_size: PartSize,
        destination: &Destination<'_>,
        end: f64,
    ) -> Result<Stopped, Failure> {
        let progress = Progress::new(arguments.quiet, parts.runs(), parts.next_run());
        let mut stopped = Stopped::Not;
        while !self.unread && !interrupt::asked() {
            let started = Instant::now();
            let part = match parts.next() {
                None => break,
                Some(Ok(part)) => part,
                Some(Err(error)) => {
                    stopped = Stopped::ByRuns(error);
                    break;
                }
            };
            let table = table(arguments, parts.solver().config(), batch, &part, end)?;
            let size = Size { rows: table.rows() as u64, columns: table.columns().len() as u64 };
            self.bound_frame(size.in_memory(part.runs(), parts.runs()), arguments);
            self.frame.as_mut().map_or(Ok(()), |frame| frame.push(&table))?;
            match self.writer.push(&table) {
                Err(WriteError::Write { source })
                    if is_stdout(&arguments.out) && source.kind() == ErrorKind::BrokenPipe =>
                {
                    self.unread = true;
                }
                Err(error) => {
                    stopped = Stopped::ByWriting(error);
                    break;
                }
                Ok(()) => self.whole = destination.whole(),
            }
            self.size = Size { rows: self.size.rows + size.rows, ..size };
            self.varied = table.varied();
            self.totals.add(&part);
            progress.add(part.runs());
            parts.set_at_most(part_size.next(part.runs(), started.elapsed().saturating_sub(part.timings().compile)));
        }
        progress.clear();
        Ok(stopped)
    }

    /// Gives up the picture, if there is to be one, of a table that takes too many bytes in memory.
    fn bound_frame(&mut self, bytes: u64, arguments: &SolveArguments) {
        if bytes <= DRAWN || self.frame.take().is_none() {
            return;
        }
        if let Some(file) = &arguments.plot {
            tell(&format!(
                "note: {} is not drawn: the table would take {} in memory, 2 GiB at most; save less, and draw it with `batch-solve plot`",
                file.display(),
                bytesize::ByteSize(bytes)
            ));
        }
    }
}

/// Whether the table is one of summaries: those that the settings ask for are where no states are.
fn is_summarised(arguments: &SolveArguments, config: &LoopConfig) -> bool {
    let are_made = !config.summaries.is_empty() && !config.summary.summarised.is_empty();
    !arguments.summaries.is_empty() || (config.output.saved.is_empty() && are_made)
}

/// The rows of a part.
fn table<'a>(
    arguments: &SolveArguments,
    config: &LoopConfig,
    batch: &'a Batch,
    part: &'a Solution,
    end: f64,
) -> Result<Table<'a>, Failure> {
    if is_summarised(arguments, config) {
        return Ok(Table::summaries(batch, part)?);
    }
    let only_the_end = part.times() == [end];
    Ok(Table::new(batch, part)?.with_times(!only_the_end))
}

/// The solver with the model's settings, those of `--set` over them, and those with an option of their own over all.
fn solver(arguments: &SolveArguments, model: &Model) -> Result<Solver, Failure> {
    let device = match arguments.device {
        Where::Cpu => Device::cpu(),
        Where::Gpu => Device::gpu(0),
        Where::Best => Device::best(),
    }?;
    let mut solver = configure::configured(model, device, &arguments.given)?;
    refuse_set_twice(arguments)?;
    let mut update = |option, settings: &Settings| configure::update(&mut solver, option, settings);
    if let Some(interval) = arguments.save_every {
        update("--save-every", &settings! { save_every: interval, t_eval: "none" })?;
    }
    if let Some(file) = &arguments.t_eval {
        let option = "--t-eval";
        let span = arguments.t0..arguments.t0 + arguments.duration;
        let times = read_times(file, span).map_err(|error| Failure::Numbers { option, error })?;
        update(option, &settings! { save_every: "none", t_eval: times })?;
    }
    if arguments.final_only {
        update("--final", &settings! { save_every: "none", t_eval: "none" })?;
    }
    if !arguments.summaries.is_empty() {
        let names: Vec<String> = arguments.summaries.iter().map(ToString::to_string).collect();
        update("--summary", &settings! { summaries: names, save_variables: Vec::<String>::new() })?;
    }
    let config = solver.config();
    if arguments.summaries.is_empty() && !config.summaries.is_empty() && !config.output.saved.is_empty() {
        tell(
            "note: the settings ask for summaries besides states, which the table has no room for: write them with --summary",
        );
    }
    solver.set_memory_budget(arguments.memory.map(|size| size.as_u64()));
    Ok(solver)
}

/// What an option decides cannot be given by `--set` too.
fn refuse_set_twice(arguments: &SolveArguments) -> Result<(), Failure> {
    let set = configure::set(&arguments.given)?;
    let given = [
        ("--precision", arguments.given.precision.is_some(), &["precision"][..]),
        ("--save-every", arguments.save_every.is_some(), &["save_every", "t_eval"]),
        ("--t-eval", arguments.t_eval.is_some(), &["t_eval", "save_every"]),
        ("--final", arguments.final_only, &["save_every", "t_eval"]),
        ("--summary", !arguments.summaries.is_empty(), &["summaries", "save_variables"]),
    ];
    for (option, _, keys) in given.into_iter().filter(|(_, given, _)| *given) {
        if let Some(key) = keys.iter().find(|key| set.get(key).is_some()) {
            return Err(Failure::SetTwice { key: (*key).to_owned(), option });
        }
    }
    Ok(())
}
