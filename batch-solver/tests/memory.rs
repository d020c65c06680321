//! Memory of a solve without trajectories: its inputs, its outputs, and little else.
//!
//! The high-water mark is the process's, so this file has one test that runs at a time.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use batch_solver::{Batch, Solution, Solver, linspace};
use buffer_runtime::{Settings, Unknown, settings};
use support::lorenz;

/// Bytes of physical memory: the most there has ever been (`VmHWM`), or now (`VmRSS`).
fn resident(field: &str) -> usize {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':')).unwrap();
    line.trim().strip_suffix("kB").unwrap().trim().parse::<usize>().unwrap() * 1024
}

/// Solves a batch of `runs` and returns peak memory over inputs and outputs, `outputs` bytes a run.
fn excess(runs: usize, given: &Settings, outputs: usize) -> (f64, Solution) {
    let mut solver = Solver::new(lorenz()).unwrap();
    solver.update(&settings! { algorithm: "classical-rk4", dt: 0.25 }, Unknown::Error).unwrap();
    solver.update(given, Unknown::Error).unwrap();
    // Compiler and allocator have their memory before the count begins.
    solver.solve(&Batch::grid().vary("rho", linspace(0.0, 21.0, 8)), 0.0..1.0).unwrap();
    let before = resident("VmRSS");
    let solution = solver.solve(&Batch::grid().vary("rho", linspace(0.0, 21.0, runs)), 0.0..1.0).unwrap();
    let peak = resident("VmHWM") - before;
    assert_eq!(solution.runs(), runs);
    // In: three states, one parameter.
    let arrays = runs * ((3 + 1) * size_of::<f64>() + outputs);
    let excess = peak as f64 / arrays as f64;
    eprintln!(
        "{runs} runs: inputs and outputs {} MB, peak {} MB, {excess:.3} times as much",
        arrays / 1_000_000,
        peak / 1_000_000
    );
    (excess, solution)
}

/// The same for final states: three of them and a status come out.
fn excess_of_states(runs: usize) -> f64 {
    let (excess, solution) = excess(runs, &Settings::new(), 3 * size_of::<f64>() + size_of::<i32>());
    assert_eq!(solution.times(), [1.0]);
    excess
}

#[test]
fn a_million_runs_take_little_more_than_their_arrays() {
    let excess = excess_of_states(1_000_000);
    assert!(excess < 1.3, "{excess:.3} times inputs plus outputs");
}

#[test]
#[ignore = "takes a second and 0.7 GB; alone in its process: --ignored --exact ten_million_runs_take_little_more_than_their_arrays"]
fn ten_million_runs_take_little_more_than_their_arrays() {
    let excess = excess_of_states(10_000_000);
    assert!(excess < 1.3, "{excess:.3} times inputs plus outputs");
}

#[test]
#[ignore = "alone in its process, as every test here: --ignored --exact summaries_of_a_million_runs_take_little_more_than_their_arrays"]
fn summaries_of_a_million_runs_take_little_more_than_their_arrays() {
    let summarise = settings! { summaries: ["mean", "std", "max"], save_variables: Vec::<String>::new(), sample_summaries_every: 0.25 };
    // Three metrics of three states, and a status.
    let (excess, solution) = excess(1_000_000, &summarise, 9 * size_of::<f64>() + size_of::<i32>());
    assert!(solution.times().is_empty());
    assert_eq!(solution.summaries().values::<f64>().unwrap().dim(), (1, 3, 3, 1_000_000));
    assert!(excess < 1.3, "{excess:.3} times inputs plus outputs");
}
