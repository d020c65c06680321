//! What implicit methods take for an error: the stiff test set with a ladder of tolerances, beside the errors and steps of SciPy's Radau.
//!
//! Writes `docs/work-precision`: a table and two pictures of each problem, one of the Rosenbrock methods and one of those that iterate. Only times differ from one run to the next; they are of one thread's processor time on one core,
//! rounded to two digits. `cargo bench -p batch-solver --bench work_precision`.

mod common;
#[path = "../tests/support/stiff.rs"]
#[allow(clippy::unwrap_used, dead_code, reason = "shared with tests")]
mod test_set;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use batch_solver::plot::WorkPrecision;
use batch_solver::{Algorithm, Batch, Counters, Solver, linspace};
use buffer_runtime::{CpuDevice, CpuOptions, Settings, Unknown, settings};
use rustix::time::ClockId;

use common::{Fallible, processor_time, systems};
use test_set::{Rung, error, ladders, references, solve, solver};

/// Runs of a measured batch; [`FEW`] where those would take longer than [`LONGEST`] seconds.
const RUNS: usize = 512;
const FEW: usize = 64;
const LONGEST: f64 = 0.5;
/// Measurements shorter than this many seconds are repeated.
const SHORTEST: f64 = 0.03;
/// Attempts after which a run is given up: a method of order 2 takes more at tight tolerances, and nobody would choose it there.
const MOST_ATTEMPTS: i64 = 100_000;
/// Methods that iterate and estimate their error; Gauss methods are for other problems than stiff ones.
const ITERATING: &[&str] =
    &["crank_nicolson", "kvaerno3", "kvaerno5", "l_stable_sdirk_4", "radau_iia_3", "radau_iia_5", "radau_iia_9"];
/// Which of them are tried where a kernel takes long to compile: on systems of more than so many states.
const LARGE: usize = 30;
const OF_LARGE: &[&str] = &["kvaerno5", "radau_iia_5"];
/// Rosenbrock methods that the others are seen beside.
const BESIDE: [&str; 2] = ["rodas4", "rodas5p"];

/// Times per run in microseconds and errors of a method, from one tolerance to the next.
struct Line {
    method: &'static str,
    points: Vec<(f64, f64)>,
}

/// What a method made of a problem at one of the tolerances.
struct Outcome {
    counters: Counters,
    /// In units of the tolerance; or why there is none.
    error: Result<f64, String>,
    /// Processor time per run of a batch, in microseconds.
    microseconds: f64,
}

/// A batch of runs whose first is the problem's; the others have a first initial value that is up to a thousandth larger.
fn varied(solver: &Solver, rung: &Rung, runs: usize) -> Fallible<Batch> {
    let state = solver.system().states().iter().find(|state| state.value != 0.0).ok_or("all states begin with 0")?;
    let mut batch = Batch::zip().vary(&state.name, linspace(state.value, state.value * 1.001, runs));
    if let Some((name, value)) = rung.variation.split_once('=') {
        batch = batch.fix(name, value.parse()?);
    }
    Ok(batch)
}

/// Seconds of processor time per run, the best of what [`SHORTEST`] has room for.
fn seconds_per_run(solver: &mut Solver, rung: &Rung, runs: usize) -> Fallible<f64> {
    let batch = varied(solver, rung, runs)?;
    let (mut best, mut all) = (f64::INFINITY, 0.0);
    while all < SHORTEST {
        let begin = processor_time(ClockId::ThreadCPUTime);
        let solution = solver.solve(&batch, 0.0..rung.end)?;
        let elapsed = (processor_time(ClockId::ThreadCPUTime) - begin).as_secs_f64();
        if solution.failed() > 0 {
            println!("NOTE {} at {:e}: {} runs failed", rung.problem, rung.rtol, solution.failed());
            return Ok(f64::NAN);
        }
        (best, all) = (elapsed.min(best), all + elapsed);
    }
    Ok(best / runs as f64)
}

fn measure(solver: &mut Solver, rung: &Rung, exact: &[f64]) -> Fallible<Outcome> {
    let solution = solve(solver, rung, &Settings::new());
    let counters = solution.counters(0).ok_or("no counters")?;
    let status = solution.status(0).ok_or("no status")?;
    if !status.is_success() {
        return Ok(Outcome { counters, error: Err(status.to_string()), microseconds: f64::NAN });
    }
    let error = error(&solution.final_state(0).ok_or("no state")?, exact, rung);
    let mut each = seconds_per_run(solver, rung, FEW)?;
    if each * (RUNS as f64) < LONGEST {
        each = seconds_per_run(solver, rung, RUNS)?;
    }
    Ok(Outcome { counters, error: Ok(error), microseconds: 1e6 * each })
}

/// Two digits, whatever the size.
fn two_digits(value: f64) -> String {
    if !value.is_finite() || value <= 0.0 {
        return "—".to_owned();
    }
    let digits = 1 - value.log10().floor() as i32;
    let unit = 10.0_f64.powi(-digits);
    format!("{:.*}", usize::try_from(digits).unwrap_or(0), (value / unit).round() * unit)
}

/// The methods that iterate, for a system of a number of states.
fn iterating(states: usize) -> impl Iterator<Item = Algorithm> {
    let tried = move |method: &Algorithm| if states <= LARGE { ITERATING } else { OF_LARGE }.contains(&method.name());
    Algorithm::all().filter(tried)
}

/// A problem as a heading, and the name of its pictures.
fn names(rung: &Rung) -> (String, String) {
    let with = if rung.variation.is_empty() { String::new() } else { format!(", {}", rung.variation) };
    let end = if rung.end < 1e6 { rung.end.to_string() } else { format!("{:e}", rung.end) };
    (format!("{}{with}, to t = {end}", rung.problem), format!("{}-{end}", rung.problem))
}

/// One method at all tolerances: rows of the table, and a line of a picture.
fn method_rows(method: Algorithm, ladder: &[Rung], exact: &[f64], text: &mut String) -> Fallible<Line> {
    let device = CpuDevice::with_options(CpuOptions { threads: Some(1), ..CpuOptions::default() }, Default::default())?;
    let mut solver = solver(&ladder[0].problem, device, method.name());
    solver.update(&settings! { max_steps: MOST_ATTEMPTS }, Unknown::Error)?;
    let mut points = Vec::new();
    for rung in ladder {
        let Outcome { counters, error, microseconds } = measure(&mut solver, rung, exact)?;
        if let Ok(error) = error {
            points.push((microseconds, error * rung.rtol));
        }
        let gave_up = counters.steps + counters.rejections >= MOST_ATTEMPTS.unsigned_abs();
        let error = error.map_or_else(
            |failure| if gave_up { "given up".to_owned() } else { failure },
            |error| format!("{error:.1e}"),
        );
        let iterations = if method.iterates() { counters.newton_iterations.to_string() } else { String::new() };
        writeln!(
            text,
            "| {method} | {:.0e} | {:.1e} | {error} | {} | {} | {} | {iterations} | {} |",
            rung.rtol,
            rung.atol,
            counters.steps,
            counters.rejections,
            counters.factorisations.total(),
            two_digits(microseconds)
        )?;
    }
    Ok(Line { method: method.name(), points })
}

/// All of a problem: its section of the text, and its pictures.
fn section(ladder: &[Rung], exact: &[f64], folder: &Path, text: &mut String) -> Fallible<()> {
    let (title, file) = names(&ladder[0]);
    let pictures = [format!("{file}.svg"), format!("{file}-newton.svg")];
    write!(text, "\n## {title}\n\n")?;
    for (picture, of) in pictures.iter().zip(["Rosenbrock methods", "methods that iterate"]) {
        write!(text, "![error over time per run, {of}]({picture})\n\n")?;
    }
    text.push_str("| method | rtol | atol | error | steps | refused | factorisations | iterations | µs per run |\n");
    text.push_str("|---|---|---|---|---|---|---|---|---|\n");
    let mut all = |methods: &mut dyn Iterator<Item = Algorithm>| -> Fallible<Vec<Line>> {
        methods.map(|method| method_rows(method, ladder, exact, text)).collect()
    };
    let direct = all(&mut Algorithm::all().filter(|method| method.is_implicit() && !method.iterates()))?;
    let iterated = all(&mut iterating(exact.len()))?;
    for rung in ladder {
        let Rung { rtol, atol, radau_error, radau_steps, .. } = rung;
        writeln!(text, "| SciPy's Radau | {rtol:.0e} | {atol:.1e} | {radau_error:.1e} | {radau_steps} | | | | |")?;
    }
    let empty = WorkPrecision::new().title(title).axes("processor time per run, µs", "relative error at the end");
    let method = |picture: WorkPrecision, line: &Line| picture.method(line.method, line.points.iter().copied());
    std::fs::write(folder.join(&pictures[0]), direct.iter().fold(empty.clone(), method).to_svg()?)?;
    let beside = direct.iter().filter(|line| BESIDE.contains(&line.method));
    let picture = beside.fold(iterated.iter().fold(empty, method), |picture, line| {
        picture.beside(line.method, line.points.iter().copied())
    });
    std::fs::write(folder.join(&pictures[1]), picture.to_svg()?)?;
    Ok(())
}

fn main() -> Fallible<()> {
    common::stay_on_this_core();
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/work-precision"));
    std::fs::create_dir_all(&folder)?;
    let mut text = format!(
        "# Work and precision\n\n\
         What implicit methods take for an error, problem by problem; `cargo bench -p batch-solver --bench work_precision` writes this page. Results are of double\n\
         precision and have the same bits on every machine; only times differ.\n\n\
         `error` is the largest of any state at the end, in units of `atol + rtol |value|`; the values are those of `batch-solver/tests/data/stiff_references.csv`. `steps` were\n\
         made, `refused` attempts were not; `iterations` are those of Newton's method. A run is given up after {MOST_ATTEMPTS} attempts, and on the cell of 33 states not all methods\n\
         that iterate are tried, which take long to compile there. All settings but tolerances and bounds of steps have their defaults. The time is the processor time of one thread for a run of a batch of 512 (64 where a run is long) that begin up to a thousandth apart. It is missing where one of them was given up.\n\
         Pictures show the error relative to `|value| + atol / rtol`: first the Rosenbrock methods, then those that iterate with two Rosenbrock methods, dashed, beside them. SciPy's Radau, order 5, is there for its errors and steps: `batch-solver/tests/data/scipy_radau.csv`.\n",
    );
    let references = references();
    for ladder in ladders() {
        let begin = processor_time(ClockId::ThreadCPUTime);
        let exact = references.get(&ladder[0].key()).ok_or("a problem without reference")?;
        section(&ladder, exact, &folder, &mut text)?;
        let elapsed = processor_time(ClockId::ThreadCPUTime) - begin;
        println!("{}: {:.1} s", names(&ladder[0]).0, elapsed.as_secs_f64());
    }
    std::fs::write(folder.join("README.md"), text)?;
    println!("{}", folder.canonicalize()?.display());
    Ok(())
}
