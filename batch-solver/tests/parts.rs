//! A batch solved in parts, or launched in parts under a memory budget, is bit for bit the batch solved at once.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use batch_solver::{Batch, Solution, SolveError, Solver, Table, linspace};
use buffer_runtime::{Settings, Unknown, settings};
use support::lorenz;

fn solver(given: &Settings) -> Solver {
    let mut solver = Solver::new(lorenz()).unwrap();
    solver.update(given, Unknown::Error).unwrap();
    solver
}

fn batch() -> Batch {
    Batch::grid()
        .vary("rho", linspace(0.0, 28.0, 23))
        .vary_together([("x", linspace(-1.0, 1.0, 9)), ("y", linspace(2.0, 3.0, 9))])
}

/// The tables of states and of summaries, one below the other.
fn csv(batch: &Batch, parts: &[Solution]) -> String {
    let mut text = Vec::new();
    for part in parts {
        Table::new(batch, part).unwrap().write_csv(&mut text).unwrap();
    }
    for part in parts {
        Table::summaries(batch, part).unwrap().write_csv(&mut text).unwrap();
    }
    let text = String::from_utf8(text).unwrap();
    let mut seen = std::collections::HashSet::new();
    // The header of each part, once.
    text.lines().filter(|line| !line.starts_with("rho") || seen.insert(*line)).map(|line| format!("{line}\n")).collect()
}

fn check(given: &Settings, batch: &Batch) {
    let whole = solver(given).solve(batch, 0.0..2.0).unwrap();
    let expected = csv(batch, std::slice::from_ref(&whole));
    for at_most in [1, 17, 64, usize::MAX] {
        let mut solver = solver(given);
        let parts = solver.parts(batch, 0.0..2.0).unwrap().at_most(at_most);
        let parts: Vec<Solution> = parts.map(Result::unwrap).collect();
        assert_eq!(parts.len(), whole.runs().div_ceil(at_most.min(whole.runs())));
        assert!(csv(batch, &parts) == expected, "parts of {at_most} runs");
        let method = |solution: &Solution| solution.choice().map(|choice| choice.algorithm);
        assert!(parts.iter().all(|part| method(part) == method(&whole)));
    }
    let mut solver = solver(given);
    solver.set_memory_budget(Some(20_000));
    let budgeted = solver.solve(batch, 0.0..2.0).unwrap();
    assert!(csv(batch, std::slice::from_ref(&budgeted)) == expected, "launches within a budget");
    for run in 0..whole.runs() {
        assert_eq!(budgeted.counters(run), whole.counters(run));
    }
    assert_eq!(budgeted.trace(), whole.trace());
}

#[test]
fn steps_of_their_own_observed_summarised_and_traced() {
    let given = settings! {
        algorithm: "tsit5", rtol: 1e-6, save_every: 0.5, summaries: ["mean", "peaks[3]"], save_counters: true,
        trace: true, trace_runs: [0, 100, 206], trace_steps: 8
    };
    check(&given, &batch());
}

#[test]
fn fixed_steps_in_single_precision() {
    check(&settings! { algorithm: "classical-rk4", dt: 0.01, precision: "f32", summaries: ["max"] }, &batch());
}

#[test]
fn a_chosen_method_and_durations_of_their_own() {
    let durations = linspace(0.5, 2.0, 207);
    check(&settings! { rtol: 1e-5, summaries: ["max"] }, &batch().durations(durations));
}

#[test]
fn an_interrupted_batch_goes_on_where_it_stopped() {
    let (batch, given) = (batch(), settings! { algorithm: "tsit5" });
    let whole = solver(&given).solve(&batch, 0.0..2.0).unwrap();
    let mut first = solver(&given);
    let mut parts = first.parts(&batch, 0.0..2.0).unwrap().at_most(50);
    let mut solved: Vec<Solution> = parts.by_ref().take(2).map(Result::unwrap).collect();
    let next = parts.next_run();
    assert_eq!((next, parts.runs()), (100, 207));
    let mut second = solver(&given);
    solved.extend(second.parts(&batch, 0.0..2.0).unwrap().from_run(next).map(Result::unwrap));
    assert!(csv(&batch, &solved) == csv(&batch, &[whole]));
    assert_eq!(solved.last().unwrap().runs_of_batch(), 100..207);
}

#[test]
fn a_budget_below_a_run_and_a_failed_part_are_told() {
    let (batch, given) = (batch(), settings! { algorithm: "tsit5" });
    let mut solver = solver(&given);
    solver.set_memory_budget(Some(10));
    let error = solver.solve(&batch, 0.0..1.0).unwrap_err();
    assert!(matches!(error, SolveError::MemoryBudget { budget: 10, .. }), "{error}");
    let mut parts = solver.parts(&batch, 0.0..1.0).unwrap();
    assert!(parts.next().unwrap().is_err());
    assert!(parts.next().is_none(), "a loop over parts ends");
    assert_eq!(parts.next_run(), 0);
}
