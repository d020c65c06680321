//! The Lorenz system by RK4, 10,000 runs of 1,000 steps, against loops written by hand (`benches/peers/rk4.cpp`).
//!
//! Every figure is a ratio of measurements taken in turns, and the median of many: on a shared machine the load changes by the second. One thread is measured in
//! processor time, in which the others' work does not count; two threads and the cost of a launch in time on the wall.
//! `cargo bench -p batch-solver --bench lorenz -- [rounds]`.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use batch_solver::{Batch, Solver, System, linspace};
use buffer_runtime::compiler::{HostCompiler, HostOptions};
use buffer_runtime::{CpuDevice, CpuOptions, Unknown, settings};
use rustix::time::{ClockId, clock_gettime};

type Fallible<T> = Result<T, Box<dyn Error>>;

const RUNS: usize = 10_000;
const STEPS: usize = 1_000;
/// Floating-point instructions of a step.
const INSTRUCTIONS: usize = 45;
const ROUNDS: usize = 15;

/// The hand-written program, waiting for questions.
struct Peers {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peers {
    /// Compiles the program as kernels are compiled, and starts it.
    fn start(compiler: &HostCompiler, folder: &Path) -> Fallible<Self> {
        let out = folder.join("rk4");
        let source = include_str!("../../benches/peers/rk4.cpp");
        compiler.compile_executable(source, &HostOptions::default(), &[], &out)?;
        let mut process = Command::new(out).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let questions = process.stdin.take().ok_or("no standard input")?;
        let answers = BufReader::new(process.stdout.take().ok_or("no standard output")?);
        Ok(Self { process, questions, answers })
    }

    fn measure(&mut self, what: &str, precision: &str) -> Fallible<f64> {
        writeln!(self.questions, "{what} {precision}")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        let value = answer.split_whitespace().last().ok_or_else(|| format!("{what}: the program ended"))?;
        Ok(value.parse()?)
    }

    fn stop(self) -> Fallible<()> {
        let Self { mut process, questions, .. } = self;
        drop(questions);
        process.wait()?;
        Ok(())
    }
}

fn lorenz() -> Fallible<System> {
    Ok(System::builder("lorenz")
        .equations("dx = sigma*(y - x); dy = x*(rho - z) - y; dz = x*y - beta*z")
        .states([("x", 1.0), ("y", 0.0), ("z", 0.0)])
        .parameter("rho", 28.0)
        .constants([("sigma", 10.0), ("beta", 8.0 / 3.0)])
        .build()?)
}

/// A solver with its kernel compiled.
fn solver(precision: &str, options: CpuOptions) -> Fallible<Solver> {
    let mut solver = Solver::on(lorenz()?, CpuDevice::with_options(options, Default::default())?)?;
    solver.update(&settings! { precision: precision, dt: 1e-3 }, Unknown::Error)?;
    solver.solve(&batch(8), 0.0..2e-3)?;
    Ok(solver)
}

fn batch(runs: usize) -> Batch {
    Batch::grid().vary("rho", linspace(0.0, 21.0, runs))
}

fn processor_time(clock: ClockId) -> Duration {
    Duration::try_from(clock_gettime(clock)).unwrap_or_default()
}

/// Runs per second of this thread's processor time, the whole call included.
fn on_this_thread(solver: &mut Solver, runs: usize) -> Fallible<f64> {
    let batch = batch(runs);
    let begin = processor_time(ClockId::ThreadCPUTime);
    solver.solve(&batch, 0.0..1.0)?;
    Ok(runs as f64 / (processor_time(ClockId::ThreadCPUTime) - begin).as_secs_f64())
}

/// Runs per second of time on the wall, of the kernel alone.
fn on_the_wall(solver: &mut Solver, runs: usize) -> Fallible<f64> {
    Ok(runs as f64 / solver.solve(&batch(runs), 0.0..1.0)?.timings().kernel.as_secs_f64())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// One round: every measurement once, in runs per second.
#[derive(Clone, Copy)]
struct Round {
    peak: f64,
    vector: f64,
    scalar: f64,
    ours: f64,
    one_lane: f64,
}

fn one_thread(peers: &mut Peers, precision: &str, lanes: usize, rounds: usize) -> Fallible<()> {
    let single = CpuOptions { threads: Some(1), ..CpuOptions::default() };
    let mut ours = solver(precision, single.clone())?;
    let mut one_lane = solver(precision, CpuOptions { vector_bytes: Some(0), ..single })?;
    let instructions_per_run = (STEPS * INSTRUCTIONS) as f64 / lanes as f64;
    let mut measured = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        measured.push(Round {
            peak: peers.measure("peak", precision)? / instructions_per_run,
            vector: peers.measure("vector", precision)?,
            ours: on_this_thread(&mut ours, RUNS)?,
            scalar: peers.measure("scalar", precision)?,
            one_lane: on_this_thread(&mut one_lane, RUNS / 10)?,
        });
    }
    let of = |value: fn(Round) -> f64| median(measured.iter().copied().map(value).collect());
    println!("{precision}, one thread: runs per second");
    for (name, value) in [
        ("issue rate", (|round| round.peak) as fn(Round) -> f64),
        ("vector loop", |round| round.vector),
        ("ours", |round| round.ours),
        ("scalar loop", |round| round.scalar),
        ("ours, one lane", |round| round.one_lane),
    ] {
        println!("    {name:<28}{:>12.0}", of(value));
    }
    let speedup = if precision == "f64" { 8.5 } else { 15.0 };
    figure("vector loop / issue rate", of(|round| round.vector / round.peak), 0.9);
    figure("ours / vector loop", of(|round| round.ours / round.vector), 0.9);
    figure("ours, one lane / scalar loop", of(|round| round.one_lane / round.scalar), 0.9);
    figure("ours / ours, one lane", of(|round| round.ours / round.one_lane), speedup);
    Ok(())
}

fn figure(name: &str, measured: f64, wanted: f64) {
    let verdict = if measured >= wanted { "" } else { "   below" };
    println!("    {name:<28}{measured:>12.2}   (at least {wanted}){verdict}");
}

/// Two threads against one: on the wall, where others on the machine count, and in processor time, which grows only by what sharing the work costs.
fn two_threads(precision: &str, rounds: usize) -> Fallible<()> {
    let threads = |count| solver(precision, CpuOptions { threads: Some(count), ..CpuOptions::default() });
    let (mut one, mut two) = (threads(1)?, threads(2)?);
    let (mut wall, mut processor) = (Vec::with_capacity(rounds), Vec::with_capacity(rounds));
    for _ in 0..rounds {
        let begin = processor_time(ClockId::ProcessCPUTime);
        let together = on_the_wall(&mut two, RUNS)?;
        let between = processor_time(ClockId::ProcessCPUTime);
        wall.push(together / on_the_wall(&mut one, RUNS)?);
        let end = processor_time(ClockId::ProcessCPUTime);
        processor.push((between - begin).as_secs_f64() / (end - between).as_secs_f64());
    }
    println!("{precision}, two threads: best of {rounds} {:.2}", wall.iter().copied().fold(0.0, f64::max));
    println!("    {:<28}{:>12.2}", "processor time of two / one", median(processor));
    figure("two threads / one", median(wall), 1.8);
    Ok(())
}

/// What a warm solve of few runs costs beside its kernel.
fn launch_cost() -> Fallible<()> {
    let mut solver = solver("f64", CpuOptions { threads: Some(1), ..CpuOptions::default() })?;
    let batch = batch(8);
    let mut costs = Vec::new();
    for _ in 0..2_000 {
        let begin = Instant::now();
        let solution = solver.solve(&batch, 0.0..1e-2)?;
        costs.push((begin.elapsed() - solution.timings().kernel).as_secs_f64() * 1e6);
    }
    println!("warm solve of 8 runs: {:.1} µs beside the kernel (at most 50)", median(costs));
    Ok(())
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("peers")
}

fn main() -> Fallible<()> {
    let rounds = std::env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(ROUNDS).max(1);
    let compiler = HostCompiler::find()?;
    fs::create_dir_all(folder())?;
    let mut peers = Peers::start(&compiler, &folder())?;
    println!(
        "Lorenz, RK4, {RUNS} runs of {STEPS} steps, {} {}, median of {rounds} rounds",
        compiler.kind(),
        compiler.version()
    );
    for (precision, bytes) in [("f64", 8), ("f32", 4)] {
        one_thread(&mut peers, precision, compiler.vector_bytes() / bytes, rounds)?;
        two_threads(precision, rounds)?;
    }
    launch_cost()?;
    peers.stop()
}
