//! The Lorenz system by the adaptive method of Tsitouras, 10,000 runs with tolerances of 1e-6, against a loop written by hand (`benches/peers/tsit5.cpp`) and against
//! Boost.Odeint (`benches/peers/odeint.cpp`), at the tolerance at which its error is no larger than ours.
//!
//! As in `lorenz`, every figure is the median of ratios of measurements taken in turns, in processor time of one thread.
//! `cargo bench -p batch-solver --bench adaptive -- [rounds]`.

mod common;

use batch_solver::{Batch, Solution, Solver, linspace};
use buffer_runtime::compiler::{HostCompiler, Optimisation};
use buffer_runtime::{CpuOptions, Settings, Unknown, settings};

use common::programs::first_fault;
use common::{Fallible, Peer, RUNS, figure, median, on_this_thread, rounds, solver, sweep};

const ROUNDS: usize = 15;
/// Odeint's tolerances, loosest first.
const LADDER: [&str; 11] = ["1e-4", "5e-5", "2e-5", "1e-5", "5e-6", "3e-6", "2.5e-6", "2e-6", "1e-6", "5e-7", "2e-7"];

/// The method at its tolerances, in a precision.
fn tsit5(precision: &str, tolerance: f64) -> Settings {
    settings! { algorithm: "tsit5", precision: precision, atol: tolerance, rtol: tolerance, save_counters: false }
}

fn single() -> CpuOptions {
    CpuOptions { threads: Some(1), ..CpuOptions::default() }
}

/// The sweep with its values in random order, the same in every round.
fn shuffled(runs: usize) -> Batch {
    let mut values = linspace(0.0, 21.0, runs);
    let mut state = 1_u64;
    for last in (1..values.len()).rev() {
        // A linear congruential generator: D. E. Knuth, MMIX.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        values.swap(last, (state >> 33) as usize % (last + 1));
    }
    Batch::zip().vary("rho", values)
}

fn final_states(solution: &Solution) -> Fallible<Vec<f64>> {
    let states: Option<Vec<_>> = (0..RUNS).map(|run| solution.final_state(run)).collect();
    Ok(states.ok_or("a run without a final state")?.concat())
}

/// Attempted steps per run and the largest error of any final value.
fn quality(precision: &str, reference: &[f64]) -> Fallible<(f64, f64)> {
    let mut counting = solver(&tsit5(precision, 1e-6), single())?;
    counting.update(&settings! { save_counters: true }, Unknown::Error)?;
    let solution = counting.solve(&sweep(RUNS), 0.0..1.0)?;
    let counters: Vec<_> = (0..RUNS).filter_map(|run| solution.counters(run)).collect();
    let attempts: f64 = counters.iter().map(|run| (run.steps + run.rejections) as f64).sum();
    let states = final_states(&solution)?;
    let error = states.iter().zip(reference).map(|(ours, exact)| (ours - exact).abs()).fold(0.0, f64::max);
    Ok((attempts / counters.len() as f64, error))
}

fn reference() -> Fallible<Vec<f64>> {
    let mut exact = solver(&tsit5("f64", 1e-12), single())?;
    final_states(&exact.solve(&sweep(RUNS), 0.0..1.0)?)
}

/// Odeint, and the problem with the loosest tolerances at which it is as accurate as `error`.
fn odeint(compiler: &HostCompiler, error: f64) -> Fallible<(Peer, String)> {
    let mut peer = Peer::start(compiler, "odeint", Optimisation::O3)?;
    for tolerance in LADDER {
        let tolerances = format!("L:{tolerance}:{tolerance}");
        if peer.ask("error", &tolerances)? <= error {
            return Ok((peer, tolerances));
        }
    }
    Err(format!("its error exceeds {error:.1e} at every tolerance").into())
}

/// One round: every measurement once, in runs per second. `odeint` is NaN where it is missing.
#[derive(Clone, Copy)]
struct Round {
    vector: f64,
    ours: f64,
    ours_waiting: f64,
    ours_shuffled: f64,
    vector_shuffled: f64,
    refill: f64,
    scalar: f64,
    one_lane: f64,
    odeint: f64,
}

/// The solvers of one precision.
struct Ours {
    packs: Solver,
    /// Its lanes wait for their neighbours, as those of the vector loop do.
    waiting: Solver,
    one_lane: Solver,
}

impl Ours {
    fn new(precision: &str) -> Fallible<Self> {
        let settings = tsit5(precision, 1e-6);
        let mut waiting = settings.clone();
        waiting.set("refill", false);
        Ok(Self {
            packs: solver(&settings, single())?,
            waiting: solver(&waiting, single())?,
            one_lane: solver(&settings, CpuOptions { vector_bytes: Some(0), ..single() })?,
        })
    }
}

fn round(precision: &str, ours: &mut Ours, peer: &mut Peer, odeint: Option<&mut (Peer, String)>) -> Fallible<Round> {
    Ok(Round {
        vector: peer.ask("vector", precision)?,
        ours: on_this_thread(&mut ours.packs, &sweep(RUNS))?,
        ours_waiting: on_this_thread(&mut ours.waiting, &sweep(RUNS))?,
        ours_shuffled: on_this_thread(&mut ours.packs, &shuffled(RUNS))?,
        vector_shuffled: peer.ask("shuffled", precision)?,
        refill: peer.ask("refill", precision)?,
        scalar: peer.ask("scalar", precision)?,
        one_lane: on_this_thread(&mut ours.one_lane, &sweep(RUNS))?,
        odeint: odeint.map_or(Ok(f64::NAN), |(peer, tolerance)| peer.ask("speed", tolerance))?,
    })
}

/// Prints a precision's figures.
fn report(precision: &str, measured: &[Round], with_odeint: bool) {
    let of = |value: fn(Round) -> f64| median(measured.iter().copied().map(value).collect());
    println!("{precision}, one thread: runs per second");
    for (name, value) in [
        ("vector loop", (|round| round.vector) as fn(Round) -> f64),
        ("ours", |round| round.ours),
        ("ours, without refill", |round| round.ours_waiting),
        ("vector loop, shuffled", |round| round.vector_shuffled),
        ("vector loop, refilled", |round| round.refill),
        ("ours, shuffled", |round| round.ours_shuffled),
        ("scalar loop", |round| round.scalar),
        ("ours, one lane", |round| round.one_lane),
    ] {
        println!("    {name:<28}{:>12.0}", of(value));
    }
    figure("ours / vector loop", of(|round| round.ours / round.vector), 0.9);
    figure("ours, without refill / vector", of(|round| round.ours_waiting / round.vector), 0.9);
    figure("ours, shuffled / sorted", of(|round| round.ours_shuffled / round.ours), 0.85);
    figure("ours / ours, one lane", of(|round| round.ours / round.one_lane), 6.5);
    if with_odeint {
        println!("    {:<28}{:>12.0}", "odeint (f64)", of(|round| round.odeint));
        figure("ours / odeint", of(|round| round.ours / round.odeint), 8.0);
    }
}

fn main() -> Fallible<()> {
    let rounds = rounds(ROUNDS);
    let compiler = HostCompiler::find()?;
    common::stay_on_this_core();
    println!(
        "Lorenz, Tsit5, {RUNS} runs, tolerances of 1e-6, {} {}, median of {rounds} rounds",
        compiler.kind(),
        compiler.version()
    );
    let mut peer = Peer::start(&compiler, "tsit5", Optimisation::default())?;
    let reference = reference()?;
    let line = |name: &str, attempts: f64, error: f64| println!("    {name:<28}{attempts:>12.2}{error:>12.1e}");
    println!("attempts per run, largest error");
    let mut ours_error = 0.0;
    for precision in ["f64", "f32"] {
        let (attempts, error) = quality(precision, &reference)?;
        line(&format!("ours, {precision}"), attempts, error);
        line(&format!("vector loop, {precision}"), peer.ask("attempts", precision)?, peer.ask("error", precision)?);
        if precision == "f64" {
            ours_error = error;
        }
    }
    let mut odeint = match odeint(&compiler, ours_error) {
        Ok((mut peer, tolerances)) => {
            line(
                &format!("odeint at {tolerances}"),
                peer.ask("attempts", &tolerances)?,
                peer.ask("error", &tolerances)?,
            );
            Some((peer, tolerances))
        }
        Err(error) => {
            println!("SKIPPED odeint: {}", first_fault(&error.to_string()));
            None
        }
    };
    let (mut double, mut single) = (Ours::new("f64")?, Ours::new("f32")?);
    let (mut in_double, mut in_single) = (Vec::with_capacity(rounds), Vec::with_capacity(rounds));
    for _ in 0..rounds {
        in_double.push(round("f64", &mut double, &mut peer, odeint.as_mut())?);
        in_single.push(round("f32", &mut single, &mut peer, None)?);
    }
    report("f64", &in_double, odeint.is_some());
    report("f32", &in_single, false);
    figure("f32 / f64", median(in_double.iter().zip(&in_single).map(|(f64, f32)| f32.ours / f64.ours).collect()), 1.7);
    if let Some((peer, _)) = odeint {
        peer.stop()?;
    }
    peer.stop()
}
