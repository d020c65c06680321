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

/// What the kernel reads of a run: three states and a parameter.
const READ: usize = 4 * size_of::<f64>();
/// What the batch holds of a run: the value of the parameter that is varied.
const HELD: usize = size_of::<f64>();

/// Solves a batch of `runs` and returns peak memory over inputs and outputs, so many bytes a run.
fn excess(runs: usize, given: &Settings, inputs: usize, outputs: usize) -> (f64, Solution) {
    let mut solver = Solver::new(lorenz()).unwrap();
    solver.update(&settings! { algorithm: "classical-rk4", dt: 0.25 }, Unknown::Error).unwrap();
    solver.update(given, Unknown::Error).unwrap();
    // Compiler and allocator have their memory before the count begins.
    solver.solve(&Batch::grid().vary("rho", linspace(0.0, 21.0, 8)), 0.0..1.0).unwrap();
    let before = resident("VmRSS");
    let solution = solver.solve(&Batch::grid().vary("rho", linspace(0.0, 21.0, runs)), 0.0..1.0).unwrap();
    let peak = resident("VmHWM") - before;
    assert_eq!(solution.runs(), runs);
    let arrays = runs * (inputs + outputs);
    let excess = peak as f64 / arrays as f64;
    eprintln!(
        "{runs} runs: inputs and outputs {} MB, peak {} MB, {excess:.3} times as much",
        arrays / 1_000_000,
        peak / 1_000_000
    );
    (excess, solution)
}

/// The same for final states: three of them and a status come out.
fn excess_of_states(runs: usize, inputs: usize) -> f64 {
    let (excess, solution) = excess(runs, &Settings::new(), inputs, 3 * size_of::<f64>() + size_of::<i32>());
    assert_eq!(solution.times(), [1.0]);
    excess
}

/// The tests below that are ignored.
#[test]
fn each_in_a_process_of_its_own() {
    for test in [
        "ten_million_runs_take_little_more_than_their_arrays",
        "summaries_of_a_million_runs_take_little_more_than_their_arrays",
    ] {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        let output = command.args(["--ignored", "--exact", test, "--nocapture"]).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && text.contains("1 passed"),
            "{text}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn a_million_runs_take_little_more_than_their_arrays() {
    let excess = excess_of_states(1_000_000, READ);
    assert!(excess < 1.3, "{excess:.3} times inputs plus outputs");
}

#[test]
#[ignore = "run by `each_in_a_process_of_its_own`"]
fn ten_million_runs_take_little_more_than_their_arrays() {
    // The kernel's inputs are made part by part.
    let excess = excess_of_states(10_000_000, HELD);
    assert!(excess < 1.3, "{excess:.3} times inputs plus outputs");
}

#[test]
#[ignore = "run by `each_in_a_process_of_its_own`"]
fn summaries_of_a_million_runs_take_little_more_than_their_arrays() {
    let summarise = settings! { summaries: ["mean", "std", "max"], save_variables: Vec::<String>::new(), sample_summaries_every: 0.25 };
    // Three metrics of three states, and a status.
    let (excess, solution) = excess(1_000_000, &summarise, READ, 9 * size_of::<f64>() + size_of::<i32>());
    assert!(solution.times().is_empty());
    assert_eq!(solution.summaries().values::<f64>().unwrap().dim(), (1, 3, 3, 1_000_000));
    assert!(excess < 1.3, "{excess:.3} times inputs plus outputs");
}
