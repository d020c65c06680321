//! A result has the same bits wherever the buffers lie and however many lanes run at once.

#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use batch_solver::{Batch, Solver, System, linspace};
use buffer_runtime::compiler::Optimisation;
use buffer_runtime::{CpuOptions, Location, Settings, Unknown, settings};
use support::{Random, cpu, lorenz};

/// Runs that leave a tail in every pack width.
fn batch() -> Batch {
    Batch::grid().vary("rho", linspace(0.0, 28.0, 61))
}

fn quick(options: CpuOptions) -> CpuOptions {
    CpuOptions { threads: Some(1), optimisation: Optimisation::O1, ..options }
}

fn checksum(solver: &mut Solver) -> u64 {
    let solution = solver.solve(&batch(), 0.0..0.5).unwrap();
    assert_eq!(solution.failed(), 0);
    solution.checksum()
}

/// Every buffer of the tree at a place of its own.
fn placement(solver: &Solver, mut choose: impl FnMut() -> Location) -> Settings {
    let buffers = solver.plan().layout().buffers().iter();
    buffers.map(|buffer| (format!("{}_location", buffer.path), choose().to_string())).collect()
}

#[test]
fn placements_leave_all_bits_unchanged() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for algorithm in ["euler", "classical-rk4", "dormand-prince-54"] {
        for precision in ["f32", "f64"] {
            let device = cpu(quick(CpuOptions { pack: Some(1), ..CpuOptions::default() }));
            let mut solver = Solver::on(lorenz(), device).unwrap();
            solver.update(&settings! { algorithm: algorithm, precision: precision, dt: 0.01 }, Unknown::Error).unwrap();
            let expected = checksum(&mut solver);
            let mut placements = vec![placement(&solver, || Location::Shared)];
            for _ in 0..3 {
                placements.push(placement(&solver, || if random.bit() { Location::Shared } else { Location::Local }));
            }
            for placement in placements {
                solver.update(&placement, Unknown::Error).unwrap();
                assert_eq!(checksum(&mut solver), expected, "{algorithm}, {precision}:\n{placement}");
            }
            let everywhere = placement(&solver, || Location::Shared);
            solver.update(&everywhere, Unknown::Error).unwrap();
            assert!(solver.plan().layout().totals().shared.get() > 0);
        }
    }
}

#[test]
fn widths_and_packs_leave_all_bits_unchanged() {
    for precision in ["f32", "f64"] {
        let mut results = Vec::new();
        let host = cpu(CpuOptions::default()).compiler().target().vector_widths();
        let packs = (1..=3).map(|pack| CpuOptions { pack: Some(pack), ..CpuOptions::default() });
        let widths = host.iter().map(|bytes| *bytes as u32).chain([0]);
        let widths =
            widths.map(|bytes| CpuOptions { vector_bytes: Some(bytes), pack: Some(1), ..CpuOptions::default() });
        for options in packs.chain(widths) {
            let mut solver = Solver::on(lorenz(), cpu(quick(options.clone()))).unwrap();
            let settings = settings! { algorithm: "dormand-prince-54", precision: precision, dt: 0.01 };
            solver.update(&settings, Unknown::Error).unwrap();
            results.push((checksum(&mut solver), options));
        }
        let (expected, _) = results[0];
        assert!(results.iter().all(|(bits, _)| *bits == expected), "{precision}: {results:#?}");
    }
}

#[test]
fn threads_and_optimisation_leave_all_bits_unchanged() {
    let mut results = Vec::new();
    for (threads, optimisation) in [(1, Optimisation::O1), (2, Optimisation::O2), (3, Optimisation::O3)] {
        let options = CpuOptions { threads: Some(threads), optimisation, ..CpuOptions::default() };
        let mut solver = Solver::on(lorenz(), cpu(options)).unwrap();
        solver.update(&settings! { algorithm: "classical-rk4", dt: 0.01 }, Unknown::Error).unwrap();
        results.push(checksum(&mut solver));
    }
    assert!(results.iter().all(|bits| *bits == results[0]), "{results:x?}");
}

#[test]
fn a_run_has_the_same_bits_alone_and_in_a_batch() {
    let mut solver = Solver::on(lorenz(), cpu(quick(CpuOptions::default()))).unwrap();
    solver.update(&settings! { algorithm: "classical-rk4", dt: 0.01 }, Unknown::Error).unwrap();
    let together = solver.solve(&batch(), 0.0..0.5).unwrap();
    for run in [0, 23, 24, 60] {
        let rho = batch().value("rho", run).unwrap();
        let alone = solver.solve(&Batch::grid().fix("rho", rho), 0.0..0.5).unwrap();
        assert_eq!(alone.final_state(0), together.final_state(run), "run {run}");
    }
}

#[test]
fn systems_of_many_states_run_in_packs_of_one_vector() {
    let mut builder = System::builder("ring");
    let states: Vec<_> = (0..12).map(|k| builder.add_state(format!("u{k}"), f64::from(k) / 12.0)).collect();
    for (k, state) in states.iter().enumerate() {
        let next = &states[(k + 1) % states.len()];
        builder.derivative(state, next.clone() - state.clone() * state.clone());
    }
    let system = builder.build().unwrap();
    let mut results = Vec::new();
    for options in [CpuOptions::default(), CpuOptions { vector_bytes: Some(0), ..CpuOptions::default() }] {
        let mut solver = Solver::on(system.clone(), cpu(quick(options))).unwrap();
        solver.update(&settings! { algorithm: "classical-rk4", dt: 0.01 }, Unknown::Error).unwrap();
        let solution = solver.solve(&Batch::grid().vary("u0", linspace(0.0, 1.0, 19)), 0.0..1.0).unwrap();
        assert_eq!(solution.failed(), 0);
        results.push(solution.checksum());
    }
    assert_eq!(results[0], results[1]);
}
