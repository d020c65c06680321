//! The verb `solve`.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use batch_solver::{Batch, Model, Solution, Solver, Table, read_numbers};
use buffer_runtime::{Device, Settings, settings};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::arguments::{SolveArguments, Where};
use crate::configure;
use crate::failure::Failure;
use crate::output::Output;
use crate::runs;

/// The line `--json` prints.
#[derive(Debug, Serialize)]
struct Summary {
    runs: usize,
    failed: usize,
    /// Wall time from reading the model to the written table.
    seconds: f64,
    kernel_seconds: f64,
    compile_seconds: f64,
    /// Steps of each run.
    steps: u64,
    device: String,
    algorithm: &'static str,
    /// Why it was chosen, and how stiff the batch seemed; nothing where it was given.
    reason: Option<String>,
    stiffness: Option<f64>,
}

/// Solves and writes; the number of runs that failed.
pub(crate) fn solve(arguments: &SolveArguments) -> Result<usize, Failure> {
    let begin = Instant::now();
    let output = Output::open(&arguments.out).map_err(Failure::output(&arguments.out))?;
    if arguments.json && matches!(output, Output::Stdout) {
        return Err(Failure::JsonWithTable);
    }
    let model = Model::read(&arguments.model)?;
    let batch = runs::batch(&arguments.runs, &model)?;
    let mut solver = solver(arguments, &model)?;

    let span = arguments.t0..arguments.t0 + arguments.duration;
    let device = solver.device().to_string();
    let spinner = spinner(arguments.quiet, &batch);
    let solution = solver.solve(&batch, span.clone());
    spinner.finish_and_clear();
    let solution = solution.map_err(|error| runs::failure(&arguments.runs, error))?;
    if !arguments.quiet {
        report(&model, &device, &solution);
    }

    let table = if arguments.summaries.is_empty() {
        let only_the_end = solution.times() == [span.end];
        Table::new(&batch, &solution)?.with_times(!only_the_end)
    } else {
        Table::summaries(&batch, &solution)?
    };
    output.write(|out| table.write_csv(out).map(drop)).map_err(Failure::output(&arguments.out))?;
    if arguments.json {
        let timings = solution.timings();
        let summary = Summary {
            runs: solution.runs(),
            failed: solution.failed(),
            seconds: begin.elapsed().as_secs_f64(),
            kernel_seconds: timings.kernel.as_secs_f64(),
            compile_seconds: timings.compile.as_secs_f64(),
            steps: solution.steps_per_run(),
            device,
            algorithm: solver.config().algorithm.name(),
            reason: solution.choice().map(|choice| choice.reason.clone()),
            stiffness: solution.choice().map(|choice| choice.stiffness),
        };
        let line = serde_json::to_string(&summary).map_err(io::Error::from).map_err(Failure::Json)?;
        writeln!(io::stdout(), "{line}").map_err(Failure::Json)?;
    }
    Ok(solution.failed())
}

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
    Ok(solver)
}

/// Shows on a terminal that something happens: a batch is one launch, which cannot be asked how far it is.
fn spinner(quiet: bool, batch: &Batch) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    let runs = batch.runs().unwrap_or(0);
    let spinner = ProgressBar::new_spinner().with_message(format!("{runs} run{}", plural(runs)));
    if let Ok(style) = ProgressStyle::with_template("{spinner} integrating {msg}, {elapsed}") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

fn report(model: &Model, device: &str, solution: &Solution) {
    let timings = solution.timings();
    let (runs, steps) = (solution.runs(), solution.steps_per_run());
    if let Some(choice) = solution.choice() {
        eprintln!("algorithm: {choice}");
    }
    eprintln!("{} on {device}", model.description().unwrap_or(model.name()));
    eprintln!(
        "{runs} run{} of {steps} step{} in {:.3} s: {:.3} s compiling, {:.3} s integrating, {:.0} trajectories per second",
        plural(runs),
        if steps == 1 { "" } else { "s" },
        timings.total.as_secs_f64(),
        timings.compile.as_secs_f64(),
        timings.kernel.as_secs_f64(),
        runs as f64 / timings.kernel.as_secs_f64().max(1e-9),
    );
    if let Some(run) = (0..runs).find(|run| solution.status(*run).is_some_and(|status| !status.is_success())) {
        let status = solution.status(run).map(|status| status.to_string()).unwrap_or_default();
        eprintln!("{} of {runs} runs failed, the first of them row {}: {status}", solution.failed(), run + 1);
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
