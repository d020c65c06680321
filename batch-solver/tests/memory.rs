//! Memory of a final-state solve: its inputs, its outputs, and little else.
//!
//! The high-water mark is the process's, so this file has one test that runs at a time.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use batch_solver::{Batch, Solver, linspace};
use buffer_runtime::{Unknown, settings};
use support::lorenz;

/// Bytes of physical memory: the most there has ever been (`VmHWM`), or now (`VmRSS`).
fn resident(field: &str) -> usize {
    let text = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':')).unwrap();
    line.trim().strip_suffix("kB").unwrap().trim().parse::<usize>().unwrap() * 1024
}

/// Solves a batch of `runs` and returns peak memory over inputs and outputs.
fn excess(runs: usize) -> f64 {
    let mut solver = Solver::new(lorenz()).unwrap();
    solver.update(&settings! { dt: 0.25 }, Unknown::Error).unwrap();
    // Compiler and allocator have their memory before the count begins.
    solver.solve(&Batch::grid().vary("rho", linspace(0.0, 21.0, 8)), 0.0..1.0).unwrap();
    let before = resident("VmRSS");
    let solution = solver.solve(&Batch::grid().vary("rho", linspace(0.0, 21.0, runs)), 0.0..1.0).unwrap();
    let peak = resident("VmHWM") - before;
    assert_eq!((solution.runs(), solution.times()), (runs, &[1.0][..]));
    // In: three states, one parameter. Out: three states, one status.
    let arrays = runs * ((3 + 1 + 3) * size_of::<f64>() + size_of::<i32>());
    eprintln!("{runs} runs: inputs and outputs {} MB, peak {} MB", arrays / 1_000_000, peak / 1_000_000);
    peak as f64 / arrays as f64
}

#[test]
fn a_million_runs_take_little_more_than_their_arrays() {
    let excess = excess(1_000_000);
    assert!(excess < 1.3, "{excess:.3} times inputs plus outputs");
}

#[test]
#[ignore = "takes a second and 0.7 GB; run it alone: --ignored"]
fn ten_million_runs_take_little_more_than_their_arrays() {
    let excess = excess(10_000_000);
    assert!(excess < 1.3, "{excess:.3} times inputs plus outputs");
}
