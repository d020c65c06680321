//! Matrix-free linear solvers on the device, for dense matrices given run by run, against elimination on the host.
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod dense;
#[path = "../support/mod.rs"]
mod support;

use batch_solver::Status;
use buffer_runtime::nvrtc::Architecture;
use buffer_runtime::{CpuOptions, GpuOptions, Location, Precision, Settings, Unknown, settings};
use dense::{PRECONDITIONERS, Problem, SOLVERS, Solved, all, entry, of_all, preconditioned};
use integration_tests::gpu::compiler;
use support::{Random, narrow};

/// What each precision is asked for, and what its rounding may add to a residual.
const PRECISIONS: [(Precision, f64, f64); 2] = [(Precision::F64, 1e-10, 1e-14), (Precision::F32, 1e-4, 1e-6)];

#[test]
fn every_solver_meets_its_target_with_every_preconditioner() {
    for (case, preconditioner) in PRECONDITIONERS.into_iter().enumerate() {
        for (half, (precision, reduction, rounding)) in PRECISIONS.into_iter().enumerate() {
            let n = 1 + (2 * case + half) % 12;
            let mut problem = Problem::dominant(n, 13, 1.0, 0xabc + case as u64);
            if preconditioner.0 == "neumann" {
                // Its series wants a matrix near the identity.
                let size = 2.0 * n as f64 + 2.0;
                problem.matrix.iter_mut().for_each(|entry| *entry /= size);
                problem.add_to_diagonal(1.0);
            }
            let given = all([
                preconditioned(preconditioner),
                of_all("reduction", reduction),
                of_all("floor", 0.0),
                of_all("max_iterations", 400),
            ]);
            let solved = problem.solved(precision, &given, narrow(1));
            for run in 0..problem.runs {
                let exact = problem.eliminated(run);
                for (solver, name) in SOLVERS.into_iter().enumerate() {
                    let what = format!("{name} with {preconditioner:?}, {precision:?}, n = {n}, run {run}");
                    let (x, status) = (solved.x(solver, run), solved.status(solver, run));
                    assert!(status.is_success(), "{what}: {status} in {}", solved.iterations(solver, run));
                    let (left, of) = problem.norms(&x, run);
                    assert!(left <= (1.01 * reduction + 20.0 * rounding) * of, "{what}: {left:e} of {of:e}");
                    // The inverse of these matrices has a maximum norm of at most 1, weights are between a half and 2.5.
                    let error = x.iter().zip(&exact).map(|(x, exact)| (x - exact).abs()).fold(0.0, f64::max);
                    assert!(
                        error <= 2.0 * left + 100.0 * rounding * of,
                        "{what}: {error:e} with a residual of {left:e}"
                    );
                }
            }
        }
    }
}

#[test]
fn dividing_by_the_diagonal_saves_iterations() {
    let mut problem = Problem::dominant(8, 7, 1.0, 0xd1a6);
    // A diagonal from one to 10^6, the rest as small as its least.
    let runs = problem.runs;
    for (place, value) in problem.matrix.iter_mut().enumerate() {
        let (row, column) = (place / runs / 8, place / runs % 8);
        *value = if row == column { 10.0_f64.powf(row as f64 * 6.0 / 7.0) } else { 0.1 * *value };
    }
    let iterations = |preconditioner| {
        let given = all([
            preconditioned(preconditioner),
            of_all("reduction", 1e-10),
            of_all("floor", 0.0),
            of_all("max_iterations", 1000),
        ]);
        problem.solved(Precision::F64, &given, narrow(1))
    };
    let (plain, jacobi, twice) = (iterations(("none", 0)), iterations(("jacobi", 0)), iterations(("jacobi", 2)));
    for run in 0..runs {
        for (solver, name) in SOLVERS.into_iter().enumerate() {
            let [plain, jacobi, twice] = [&plain, &jacobi, &twice].map(|solved| solved.iterations(solver, run));
            assert!(3 * jacobi < plain && twice < jacobi, "{name}: {plain}, {jacobi} and {twice} iterations");
        }
    }
}

#[test]
fn too_few_iterations_are_a_failure() {
    let problem = Problem::dominant(6, 5, 0.5, 77);
    let given = all([of_all("max_iterations", 2), of_all("reduction", 1e-12), of_all("floor", 0.0)]);
    let solved = problem.solved(Precision::F64, &given, narrow(1));
    for run in 0..5 {
        for solver in 0..3 {
            assert_eq!((solved.iterations(solver, run), solved.status(solver, run)), (2, Status::MAX_LINEAR));
            // What has been found so far is better than nothing.
            let (left, of) = problem.norms(&solved.x(solver, run), run);
            assert!(left < of, "{left:e} of {of:e}");
        }
    }
}

#[test]
fn a_small_right_hand_side_needs_no_iteration() {
    let mut problem = Problem::dominant(3, 3, 1.0, 5);
    for (place, b) in problem.b.iter_mut().enumerate() {
        // The first run has none at all, the second one below the floor.
        *b *= [0.0, 1e-8, 1.0][place % 3];
    }
    let solved = problem.solved(Precision::F64, &Settings::new(), narrow(1));
    for solver in 0..3 {
        assert!((0..3).all(|run| solved.status(solver, run).is_success()));
        assert_eq!([0, 1].map(|run| solved.iterations(solver, run)), [0, 0]);
        assert!(solved.iterations(solver, 2) > 0);
        assert_eq!([0, 1].map(|run| solved.x(solver, run)), [[0.0; 3]; 2]);
    }
}

#[test]
fn units_of_the_right_hand_side_do_not_matter() {
    for (precision, exponent) in [(Precision::F64, -500), (Precision::F32, -60), (Precision::F32, 60)] {
        let problem = Problem::dominant(5, 4, 1.0, 99);
        let unit = 2.0_f64.powi(exponent);
        let mut scaled = problem.clone();
        scaled.b.iter_mut().for_each(|b| *b *= unit);
        let given = all([of_all("reduction", 1e-4), of_all("floor", 0.0)]);
        let [solved, of_scaled] = [&problem, &scaled].map(|problem| problem.solved(precision, &given, narrow(1)));
        assert_eq!(solved.report, of_scaled.report);
        assert!(solved.x.iter().zip(&of_scaled.x).all(|(x, scaled)| x * unit == *scaled), "2^{exponent}");
    }
}

/// Ends, with finite numbers.
fn fails(problem: &Problem, precision: Precision, expected: [Option<Status>; 3]) {
    let given = all([of_all("reduction", 1e-3), of_all("floor", 0.0), of_all("max_iterations", 10_000)]);
    let solved = problem.solved(precision, &given, narrow(1));
    for run in 0..problem.runs {
        for (solver, name) in SOLVERS.into_iter().enumerate() {
            let (x, status) = (solved.x(solver, run), solved.status(solver, run));
            let what = format!("{name}, {precision:?}: {status} in {} with {x:?}", solved.iterations(solver, run));
            assert!(x.iter().all(|x| x.is_finite()), "{what}");
            assert_eq!(Some(status), expected[solver].or(Some(status)), "{what}");
            let (left, of) = problem.norms(&x, run);
            assert!(!status.is_success() || left <= 1.01e-3 * of, "{what}, which leaves {left:e} of {of:e}");
        }
    }
}

#[test]
fn what_cannot_be_solved_is_reported() {
    let (maximum, breakdown) = (Some(Status::MAX_LINEAR), Some(Status::BICGSTAB_BREAKDOWN));
    for precision in [Precision::F64, Precision::F32] {
        let zero: &[&[f64]] = &[&[0.0, 0.0], &[0.0, 0.0]];
        fails(&Problem::same(zero, &[1.0, 0.3], 2), precision, [maximum, maximum, breakdown]);
        // Every residual is orthogonal to its product.
        let skew: &[&[f64]] = &[&[0.0, 1.0], &[-1.0, 0.0]];
        fails(&Problem::same(skew, &[1.0, 1.0], 2), precision, [maximum, maximum, breakdown]);
        // The same but for rounding.
        fails(&Problem::same(skew, &[1.0, 0.3], 2), precision, [None, maximum, None]);
        // Singular, without a solution.
        let singular: &[&[f64]] = &[&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0], &[1.0, 1.0, 1.0]];
        fails(&Problem::same(singular, &[1.0, -1.0, 0.5], 2), precision, [maximum, maximum, None]);
        let all_ones: &[&[f64]] = &[&[1.0, 1.0], &[1.0, 1.0]];
        fails(&Problem::same(all_ones, &[1.0, -1.0], 2), precision, [maximum, maximum, breakdown]);
        // Singular, with solutions.
        fails(&Problem::same(all_ones, &[1.0, 1.0], 2), precision, [Some(Status::SUCCESS); 3]);
        for value in [f64::NAN, f64::INFINITY] {
            let dominant: &[&[f64]] = &[&[2.0, 1.0], &[0.5, 2.0]];
            fails(&Problem::same(dominant, &[1.0, value], 2), precision, [maximum, maximum, breakdown]);
            let lost: &[&[f64]] = &[&[2.0, value], &[0.5, 2.0]];
            fails(&Problem::same(lost, &[1.0, 1.0], 2), precision, [maximum, maximum, breakdown]);
        }
    }
}

#[test]
fn lanes_that_are_not_wanted_report_nothing() {
    let given = preconditioned(("jacobi", 1));
    let problem = Problem::dominant(4, 9, 1.0, 0xfeed);
    let expected = problem.solved(Precision::F64, &given, narrow(2));
    let mut some = problem.clone();
    for run in [0, 3, 4] {
        some.wanted[run] = 0.0;
        some.b[run] = [f64::NAN, f64::INFINITY, 1.0][run % 3];
    }
    let solved = some.solved(Precision::F64, &given, narrow(2));
    for run in 0..9 {
        if some.wanted[run] > 0.0 {
            assert_eq!(solved.bits(run), expected.bits(run), "run {run}");
        } else {
            let reports = (0..3).map(|solver| (solved.iterations(solver, run), solved.status(solver, run)));
            assert!(reports.into_iter().all(|report| report == (0, Status::SUCCESS)));
            assert!((0..3).all(|solver| solved.x(solver, run).iter().all(|x| x.is_finite())));
        }
    }
}

/// Systems that need different numbers of iterations, one of which has no solution.
fn various(n: usize, runs: usize) -> Problem {
    let mut problem = Problem::dominant(n, runs, 0.5, 0xb175 + n as u64);
    for (place, value) in problem.matrix.iter_mut().enumerate() {
        let (row, run) = (place / runs / n, place % runs);
        *value *= 10.0_f64.powf(0.2 * (row * run) as f64 / n as f64);
        if run == 2 {
            *value = 0.0;
        }
    }
    problem
}

#[test]
fn placements_widths_and_neighbours_leave_all_bits_unchanged() {
    let mut random = Random(0x1234_5678_9abc_def1);
    for ((n, preconditioner), precision) in
        [(3, ("jacobi", 1)), (3, ("none", 0)), (2, ("neumann", 2)), (4, ("jacobi", 0))]
            .into_iter()
            .zip([Precision::F64, Precision::F32].into_iter().cycle())
    {
        let problem = various(n, 11);
        let given = all([preconditioned(preconditioner), of_all("reduction", 1e-5)]);
        let bits = |solved: &Solved| (0..solved.runs).map(|run| solved.bits(run)).collect::<Vec<_>>();
        let solved = problem.solved(precision, &given, narrow(1));
        let counts: Vec<i32> = (0..11).map(|run| solved.iterations(2, run)).collect();
        assert!(counts.iter().any(|count| *count != counts[0]), "{counts:?}");
        let expected = bits(&solved);

        let plan = problem.plan(precision, &given);
        let mut choose = || if random.bit() { Location::Shared } else { Location::Local };
        for everywhere in [Some(Location::Shared), None, None] {
            let buffers = plan.layout().buffers().iter();
            let placed = buffers.map(|buffer| {
                (format!("{}_location", buffer.path), everywhere.unwrap_or_else(&mut choose).to_string())
            });
            let placed: Settings = placed.collect();
            let moved = problem.solved(precision, &all([given.clone(), placed.clone()]), narrow(1));
            assert_eq!(bits(&moved), expected, "{preconditioner:?}, {precision:?}:\n{placed}");
        }
        let one_lane = CpuOptions { vector_bytes: Some(0), ..narrow(1) };
        let undefined = CpuOptions { debug: true, ..narrow(1) };
        for options in [one_lane, undefined, narrow(2)] {
            let what = format!("{preconditioner:?}, {precision:?}, {options:?}");
            assert_eq!(bits(&problem.solved(precision, &given, options)), expected, "{what}");
        }
        for (run, expected) in expected.iter().enumerate() {
            let alone = problem.alone(run).solved(precision, &given, narrow(1));
            assert_eq!(alone.bits(0), *expected, "{preconditioner:?}, {precision:?}, run {run}");
        }
    }
}

#[test]
fn keys_of_a_preconditioner_go_by_the_label_of_its_solver() {
    let problem = Problem::dominant(3, 1, 1.0, 1);
    let given =
        settings! { sd_preconditioner: "jacobi", sd_preconditioner_order: 2, bicgstab_preconditioner: "neumann" };
    let mut plan = problem.plan(Precision::F64, &given);
    let moved = settings! { sd_diagonal_location: "shared", sd_product_location: "shared", bicgstab_product_location: "shared" };
    plan.update(&moved, Unknown::Error).unwrap();
    assert_eq!(plan.layout().totals().shared.get(), 3 * 3 * 8);
}

#[test]
fn solvers_compile_for_a_card() {
    let options = GpuOptions { block: Some(64), ..GpuOptions::default() };
    let Some(compiler) = compiler("solvers_compile_for_a_card", options) else { return };
    let problem = Problem::dominant(4, 1, 1.0, 1);
    for precision in [Precision::F32, Precision::F64] {
        for preconditioner in [("none", 0), ("jacobi", 1), ("neumann", 1)] {
            let plan = problem.plan(precision, &preconditioned(preconditioner));
            let binary = compiler.compile(&plan, &entry(problem.n), Architecture(90)).unwrap();
            println!("{precision:?}, {preconditioner:?}: {:?}", binary.resources());
        }
    }
}
