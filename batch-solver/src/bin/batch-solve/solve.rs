//! The verb `solve`: a batch in parts, each written as soon as it is there.

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use batch_solver::table::{TableFormat, TableWriter, WriteError};
use batch_solver::{Batch, Frame, Model, Solution, Solver, Table, read_numbers};
use buffer_runtime::{Device, Settings, settings};

use crate::arguments::{SolveArguments, Where};
use crate::configure;
use crate::failure::Failure;
use crate::interrupt;
use crate::output::Output;
use crate::partial::{self, Partial};
use crate::plot::{self, PlotOptions};
use crate::progress::Progress;
use crate::runs;
use crate::totals::{Summary, Totals};

/// Runs of the first part: enough for the lanes of many cores, or for the threads of a card.
const FIRST_PART: (usize, usize) = (3 << 13, 1 << 18);
/// How long a part takes, about: as long as an interruption waits.
const PART: Duration = Duration::from_millis(500);

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
    let file = (arguments.out != Path::new("-")).then_some(arguments.out.as_path());
    if arguments.json && file.is_none() {
        return Err(Failure::JsonWithTable);
    }
    if arguments.resume && file.is_none() {
        return Err(Failure::ResumeWithoutFile);
    }
    let failed = || Failure::output(&arguments.out);
    let format = file.map_or(Ok(TableFormat::Csv), TableFormat::from_path)?;
    let mut output = Output::open(&arguments.out).map_err(failed())?;
    let picture = match &arguments.plot {
        Some(file) => Some((file, Output::open(file).map_err(Failure::output(file))?)),
        None => None,
    };
    let mut frame = picture.is_some().then(Frame::default);
    let text = std::fs::read(&arguments.model).unwrap_or_default();
    let model = Model::read(&arguments.model)?;
    let batch = runs::batch(&arguments.runs, &model)?;
    let mut solver = solver(arguments, &model)?;
    let device = solver.device().to_string();
    let first_part = if matches!(solver.device(), Device::Gpu(_)) { FIRST_PART.1 } else { FIRST_PART.0 };

    let span = arguments.t0..arguments.t0 + arguments.duration;
    let refused = |error| runs::failure(&arguments.runs, error);
    let mut parts = solver.parts(&batch, span.clone()).map_err(refused)?.at_most(first_part);
    let choice = parts.choice().cloned();
    let question = partial::question(&text, &model, parts.solver(), &batch, (span.start, span.end));

    let mut writer = TableWriter::new(format, output.writer().map_err(failed())?);
    if let Some(folder) = output.folder() {
        writer = writer.spool_in(folder);
    }
    let (partial, mut totals) = (Partial::of(&arguments.out), Totals::default());
    if let Some(record) = earlier(arguments, &partial, &question)? {
        writer.copy_from(&partial.table).map_err(Failure::table(&arguments.out))?;
        if let Some(frame) = &mut frame {
            *frame = Frame::read(&partial.table)?;
        }
        parts = parts.from_run(record.runs_solved);
        totals = record.totals;
    }

    interrupt::listen(output.temporary());
    let progress = Progress::new(arguments.quiet, parts.runs(), parts.next_run());
    let (runs, mut read_to_the_end) = (parts.runs(), true);
    while read_to_the_end && !interrupt::asked() {
        let started = Instant::now();
        let Some(part) = parts.next() else { break };
        let part = part.inspect_err(|_| progress.clear()).map_err(refused)?;
        totals.add(&part);
        let table = table(arguments, &batch, &part, span.end)?;
        if let Some(frame) = &mut frame {
            frame.push(&table)?;
        }
        match writer.push(&table) {
            // The reader of a pipe has seen enough.
            Err(WriteError::Write { source }) if file.is_none() && source.kind() == ErrorKind::BrokenPipe => {
                read_to_the_end = false;
            }
            pushed => pushed.map_err(Failure::table(&arguments.out))?,
        }
        progress.add(part.runs());
        parts.set_at_most(next_size(part.runs(), started.elapsed()));
    }
    progress.clear();
    let algorithm = parts.solver().config().algorithm.name();
    let complete = totals.runs == runs;

    if read_to_the_end {
        writer.finish().map_err(Failure::table(&arguments.out))?;
    }
    match file {
        Some(_) if !complete => {
            output.finish_as(&partial.table).map_err(Failure::output(&partial.table))?;
            partial.write(runs, question, totals.clone())?;
        }
        Some(_) => {
            output.finish().map_err(failed())?;
            if arguments.resume {
                partial.remove();
            }
        }
        None => {}
    }
    if let (Some((file, output)), Some(frame), true) = (picture, frame, complete) {
        let svg = plot::draw(&frame.with_varied(batch.varied().count()), &PlotOptions::default())?;
        output.write(&svg).map_err(Failure::output(file))?;
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
    if interrupt::asked() && !complete {
        let solved = totals.runs;
        match file {
            Some(_) => eprintln!(
                "interrupted after {solved} of {runs} runs: {} has them, and the same command with --resume solves the others",
                partial.table.display()
            ),
            None => {
                println!("# interrupted after {solved} of {runs} runs");
                eprintln!(
                    "interrupted after {solved} of {runs} runs; with `--out FILE` the others could be solved later"
                );
            }
        }
        return Ok(Ended::Interrupted);
    }
    Ok(if totals.failed > 0 { Ended::SomeFailed } else { Ended::AllReachedTheirEnd })
}

/// What an interrupted solve left, if it is to go on.
fn earlier(arguments: &SolveArguments, partial: &Partial, question: &str) -> Result<Option<partial::Record>, Failure> {
    if !arguments.resume {
        if arguments.out != Path::new("-") && partial.exists() && !arguments.quiet {
            eprintln!("note: {} is of an interrupted solve, which --resume continues", partial.table.display());
        }
        return Ok(None);
    }
    let record = partial.read(question)?;
    if record.is_none() && !arguments.quiet {
        eprintln!("note: there is no {} to continue; all runs are solved", partial.table.display());
    }
    Ok(record)
}

/// The rows of a part.
fn table<'a>(arguments: &SolveArguments, batch: &'a Batch, part: &'a Solution, end: f64) -> Result<Table<'a>, Failure> {
    if !arguments.summaries.is_empty() {
        return Ok(Table::summaries(batch, part)?);
    }
    let only_the_end = part.times() == [end];
    Ok(Table::new(batch, part)?.with_times(!only_the_end))
}

/// Runs of the part after one of so many runs that took so long.
fn next_size(runs: usize, elapsed: Duration) -> usize {
    let factor = PART.as_secs_f64() / elapsed.as_secs_f64().max(1e-6);
    let wanted = (runs as f64 * factor.clamp(0.25, 4.0)) as usize;
    // Whole packs on the CPU, whole blocks on a card.
    if wanted > WHOLE { wanted / WHOLE * WHOLE } else { wanted.max(1) }
}

/// A multiple of the lanes of every pack and of the threads of a block.
const WHOLE: usize = 3 << 8;

/// The solver with the model's settings, those of `--set` over them, and those with an option of their own over all.
fn solver(arguments: &SolveArguments, model: &Model) -> Result<Solver, Failure> {
    let device = match arguments.device {
        Where::Cpu => Device::cpu(),
        Where::Gpu => Device::gpu(0),
        Where::Best => Device::best(),
    }?;
    let mut solver = configure::configured(model, device, &arguments.given)?;
    let mut update = |option, settings: &Settings| configure::update(&mut solver, option, settings);
    if let Some(interval) = arguments.save_every {
        update("--save-every", &settings! { save_every: interval, t_eval: "none" })?;
    }
    if let Some(file) = &arguments.t_eval {
        let option = "--t-eval";
        let times = read_numbers(file).map_err(|error| Failure::Numbers { option, error })?;
        update(option, &settings! { save_every: "none", t_eval: times })?;
    }
    if arguments.final_only {
        update("--final", &settings! { save_every: "none", t_eval: "none" })?;
    }
    if !arguments.summaries.is_empty() {
        let names: Vec<String> = arguments.summaries.iter().map(ToString::to_string).collect();
        update("--summary", &settings! { summaries: names, save_variables: Vec::<String>::new() })?;
    }
    solver.set_memory_budget(arguments.memory.map(|size| size.as_u64()));
    Ok(solver)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_grow_and_shrink_towards_half_a_second() {
        assert_eq!(next_size(24_576, Duration::from_millis(1)), 98_304);
        assert_eq!(next_size(98_304, Duration::from_millis(500)), 98_304);
        assert_eq!(next_size(98_304, Duration::from_secs(1)), 49_152);
        assert_eq!(next_size(1, Duration::from_secs(10)), 1);
    }
}
