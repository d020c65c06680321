//! The Lorenz system by RK4, 10,000 runs of 1,000 steps, against loops written by hand (`benches/peers/rk4.cpp`).
//!
//! Every figure is a ratio of measurements taken in turns, and the median of many: on a shared machine the load changes by the second. One thread is measured in
//! processor time, in which the others' work does not count; two threads and the cost of a launch in time on the wall.
//! `cargo bench -p batch-solver --bench lorenz -- [rounds]`.

mod common;

use std::time::Instant;

use batch_solver::Solver;
use buffer_runtime::compiler::{HostCompiler, Optimisation};
use buffer_runtime::{CpuOptions, settings};
use rustix::time::ClockId;

use common::{Fallible, Peer, RUNS, figure, median, on_this_thread, processor_time, rounds, sweep};

const STEPS: usize = 1_000;
/// Floating-point instructions of a step.
const INSTRUCTIONS: usize = 45;
const ROUNDS: usize = 15;

/// A solver with its kernel compiled.
fn solver(precision: &str, options: CpuOptions) -> Fallible<Solver> {
    common::solver(&settings! { algorithm: "classical-rk4", precision: precision, dt: 1e-3 }, options)
}

/// Runs per second of time on the wall, of the kernel alone.
fn on_the_wall(solver: &mut Solver, runs: usize) -> Fallible<f64> {
    Ok(runs as f64 / solver.solve(&sweep(runs), 0.0..1.0)?.timings().kernel.as_secs_f64())
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

fn one_thread(peer: &mut Peer, precision: &str, lanes: usize, rounds: usize) -> Fallible<()> {
    let single = CpuOptions { threads: Some(1), ..CpuOptions::default() };
    let mut ours = solver(precision, single.clone())?;
    let mut one_lane = solver(precision, CpuOptions { vector_bytes: Some(0), ..single })?;
    let instructions_per_run = (STEPS * INSTRUCTIONS) as f64 / lanes as f64;
    let mut measured = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        measured.push(Round {
            peak: peer.ask("peak", precision)? / instructions_per_run,
            vector: peer.ask("vector", precision)?,
            ours: on_this_thread(&mut ours, &sweep(RUNS))?,
            scalar: peer.ask("scalar", precision)?,
            one_lane: on_this_thread(&mut one_lane, &sweep(RUNS / 10))?,
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
    let batch = sweep(8);
    let mut costs = Vec::new();
    for _ in 0..2_000 {
        let begin = Instant::now();
        let solution = solver.solve(&batch, 0.0..1e-2)?;
        costs.push((begin.elapsed() - solution.timings().kernel).as_secs_f64() * 1e6);
    }
    println!("warm solve of 8 runs: {:.1} µs beside the kernel (at most 50)", median(costs));
    Ok(())
}

fn main() -> Fallible<()> {
    let rounds = rounds(ROUNDS);
    let compiler = HostCompiler::find()?;
    let mut peer = Peer::start(&compiler, "rk4", Optimisation::default())?;
    println!(
        "Lorenz, RK4, {RUNS} runs of {STEPS} steps, {} {}, median of {rounds} rounds",
        compiler.kind(),
        compiler.version()
    );
    for (precision, bytes) in [("f64", 8), ("f32", 4)] {
        one_thread(&mut peer, precision, compiler.vector_bytes() / bytes, rounds)?;
        two_threads(precision, rounds)?;
    }
    launch_cost()?;
    peer.stop()
}
