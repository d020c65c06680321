//! What the benchmarks share: the equations, a solver, hand-written programs that answer questions, and the arithmetic of figures.
#![allow(dead_code, reason = "each benchmark is a program of its own and uses a part")]

#[path = "../../tests/support/systems.rs"]
#[allow(clippy::unwrap_used, reason = "shared with tests")]
pub(crate) mod systems;

pub(crate) mod programs;

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use batch_solver::{Batch, Solver, System, linspace};
use buffer_runtime::compiler::{HostCompiler, Optimisation};
use buffer_runtime::{CpuDevice, CpuOptions, Settings, Unknown};
use rustix::time::{ClockId, clock_gettime};

pub(crate) type Fallible<T> = Result<T, Box<dyn Error>>;

/// Where the hand-written programs are.
pub(crate) const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../benches/peers");

pub(crate) const RUNS: usize = 10_000;

/// A hand-written program, waiting for questions.
pub(crate) struct Peer {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// Compiles `benches/peers/<name>.cpp` and starts it.
    pub(crate) fn start(compiler: &HostCompiler, name: &str, optimisation: Optimisation) -> Fallible<Self> {
        Self::spawn(&mut Command::new(programs::by_hand(compiler, name, optimisation)?))
    }

    /// Starts a program that is there.
    pub(crate) fn spawn(command: &mut Command) -> Fallible<Self> {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let questions = process.stdin.take().ok_or("no standard input")?;
        let answers = BufReader::new(process.stdout.take().ok_or("no standard output")?);
        Ok(Self { process, questions, answers })
    }

    pub(crate) fn ask(&mut self, what: &str, argument: &str) -> Fallible<f64> {
        Ok(self.ask_word(what, argument)?.parse()?)
    }

    /// An answer that may be no number.
    pub(crate) fn ask_word(&mut self, what: &str, argument: &str) -> Fallible<String> {
        writeln!(self.questions, "{what} {argument}")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        let word = answer.split_whitespace().last().ok_or_else(|| format!("{what} {argument}: the program ended"))?;
        Ok(word.to_owned())
    }

    pub(crate) fn stop(self) -> Fallible<()> {
        let Self { mut process, questions, .. } = self;
        drop(questions);
        process.wait()?;
        Ok(())
    }
}

/// The folder in which cargo builds.
pub(crate) fn target_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("..")
}

pub(crate) fn lorenz() -> Fallible<System> {
    Ok(System::builder("lorenz")
        .equations("dx = sigma*(y - x); dy = x*(rho - z) - y; dz = x*y - beta*z")
        .states([("x", 1.0), ("y", 0.0), ("z", 0.0)])
        .parameter("rho", 28.0)
        .constants([("sigma", 10.0), ("beta", 8.0 / 3.0)])
        .build()?)
}

/// HIRES with the rate at which the first reactant decays as a parameter.
pub(crate) fn hires() -> Fallible<System> {
    Ok(System::builder("hires")
        .equations(
            "binding = 280*y6*y8
             dy1 = -decay*y1 + 0.43*y2 + 8.32*y3 + 0.0007
             dy2 = 1.71*y1 - 8.75*y2
             dy3 = -10.03*y3 + 0.43*y4 + 0.035*y5
             dy4 = 8.32*y2 + 1.71*y3 - 1.12*y4
             dy5 = -1.745*y5 + 0.43*y6 + 0.43*y7
             dy6 = -binding + 0.69*y4 + 1.71*y5 - 0.43*y6 + 0.69*y7
             dy7 = binding - 1.81*y7
             dy8 = -dy7",
        )
        .states([1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0057].iter().zip(1..).map(|(value, i)| (format!("y{i}"), *value)))
        .parameter("decay", 1.71)
        .build()?)
}

/// A solver of the Lorenz system with its kernel compiled.
pub(crate) fn solver(settings: &Settings, options: CpuOptions) -> Fallible<Solver> {
    let mut solver = Solver::on(lorenz()?, CpuDevice::with_options(options, Default::default())?)?;
    solver.update(settings, Unknown::Error)?;
    solver.solve(&sweep(8), 0.0..2e-3)?;
    Ok(solver)
}

pub(crate) fn sweep(runs: usize) -> Batch {
    Batch::grid().vary("rho", linspace(0.0, 21.0, runs))
}

pub(crate) fn processor_time(clock: ClockId) -> Duration {
    Duration::try_from(clock_gettime(clock)).unwrap_or_default()
}

/// Runs per second of this thread's processor time, the whole call included.
pub(crate) fn on_this_thread(solver: &mut Solver, batch: &Batch) -> Fallible<f64> {
    to_on_this_thread(solver, batch, 1.0)
}

/// The same, up to the time `end`.
pub(crate) fn to_on_this_thread(solver: &mut Solver, batch: &Batch, end: f64) -> Fallible<f64> {
    let runs = batch.runs()?;
    let begin = processor_time(ClockId::ThreadCPUTime);
    solver.solve(batch, 0.0..end)?;
    Ok(runs as f64 / (processor_time(ClockId::ThreadCPUTime) - begin).as_secs_f64())
}

/// Keeps this program and the programs it starts on one core: two cores of a shared machine are rarely equally fast. Without effect where it is not allowed.
pub(crate) fn stay_on_this_core() {
    let mut cores = rustix::thread::CpuSet::new();
    cores.set(rustix::thread::sched_getcpu());
    let _ = rustix::thread::sched_setaffinity(None, &cores);
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

pub(crate) fn figure(name: &str, measured: f64, wanted: f64) {
    let verdict = if measured >= wanted { "" } else { "   below" };
    println!("    {name:<28}{measured:>12.2}   (at least {wanted}){verdict}");
}

/// The number of rounds that the command line asks for.
pub(crate) fn rounds(default: usize) -> usize {
    std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(default).max(1)
}
