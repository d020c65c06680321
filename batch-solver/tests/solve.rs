//! What a solve returns: times, names, precision, status; and which changes compile.

#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use batch_solver::{Batch, BatchError, SolveError, Solver, Status, System};
use buffer_runtime::{Unknown, settings};
use support::{lorenz, narrow_cpu};

fn solver(system: System) -> Solver {
    Solver::with_settings(system, narrow_cpu(), &settings! { algorithm: "classical-rk4" }).unwrap()
}

/// Exponential decay from 1, with an observable.
fn decay() -> System {
    System::builder("decay")
        .equations("dx = -rate*x; energy = scale*x^2")
        .state("x", 1.0)
        .parameter("rate", 1.0)
        .constant("scale", 0.5)
        .observable("energy")
        .build()
        .unwrap()
}

/// Growth to infinity in finite time: x = 1 / (1/x(0) - t).
fn blow_up() -> System {
    System::builder("blow_up").equations("dx = x^2").state("x", 1.0).build().unwrap()
}

#[test]
fn ways_of_saving_agree_and_hit_their_times_exactly() {
    let mut solver = solver(lorenz());
    solver.update(&settings! { dt: 1e-2 }, Unknown::Error).unwrap();
    let batch = Batch::grid().vary("rho", [10.0, 20.0, 28.0]);
    let last = solver.solve(&batch, 0.0..1.0).unwrap();
    assert_eq!((last.times(), last.steps()), (&[1.0][..], 100));

    solver.update(&settings! { save_every: 0.1 }, Unknown::Error).unwrap();
    let every = solver.solve(&batch, 0.0..1.0).unwrap();
    assert_eq!(every.times(), (0..=10).map(|k| f64::from(k) * 0.1).collect::<Vec<_>>());
    assert_eq!(every.steps(), 100);
    assert_eq!(every.state(0, 0, 2), Some(1.0), "the start is saved");

    let times = [0.2, 0.30000000000000004, 0.5, 1.0];
    solver.update(&settings! { t_eval: times.to_vec() }, Unknown::Error).unwrap();
    let at = solver.solve(&batch, 0.0..1.0).unwrap();
    assert_eq!(at.times(), times, "t_eval takes precedence over save_every");
    for run in 0..3 {
        let reference = last.final_state(run).unwrap();
        for (variable, end) in reference.iter().enumerate() {
            // The times differ in the last bits, so segments of equal steps begin at times that do: no more than rounding.
            for value in [every.state(10, variable, run), at.state(3, variable, run)] {
                assert!((value.unwrap() - end).abs() < 1e-12 * end.abs().max(1.0), "run {run}, variable {variable}");
            }
            for (row, of_every) in [(0, 2), (1, 3), (2, 5)] {
                let (a, b) = (at.state(row, variable, run).unwrap(), every.state(of_every, variable, run).unwrap());
                assert!(
                    (a - b).abs() < 1e-12 * b.abs().max(1.0),
                    "run {run}, variable {variable}, time {}",
                    times[row]
                );
            }
        }
    }
}

#[test]
fn a_time_between_steps_is_reached_by_a_shorter_step() {
    let mut solver = solver(decay());
    let times = vec![0.123, 0.5, 0.7654321];
    solver.update(&settings! { dt: 0.01, t_eval: times.clone() }, Unknown::Error).unwrap();
    let solution = solver.solve(&Batch::grid(), 0.0..1.0).unwrap();
    assert_eq!(solution.times(), times);
    for (row, time) in times.into_iter().enumerate() {
        let value = solution.state(row, 0, 0).unwrap();
        assert!((value - (-time).exp()).abs() < 1e-10, "at {time}: {value}");
    }
    // 12 whole and one short, 37 and one, 26 and one.
    assert_eq!(solution.steps(), 78);
}

#[test]
fn a_span_need_not_start_at_zero() {
    // y' = 2t has the solution t² + y(t0) - t0², which the method integrates exactly.
    let system = System::builder("parabola").equations("dy = 2*t").state("y", 9.0).build().unwrap();
    let mut solver = solver(system);
    solver.update(&settings! { dt: 0.125, save_every: 0.5 }, Unknown::Error).unwrap();
    let solution = solver.solve(&Batch::grid(), 3.0..5.0).unwrap();
    assert_eq!(solution.times(), [3.0, 3.5, 4.0, 4.5, 5.0]);
    let values: Vec<f64> = (0..5).map(|row| solution.state(row, 0, 0).unwrap()).collect();
    assert_eq!(values, [9.0, 12.25, 16.0, 20.25, 25.0]);
}

#[test]
fn names_select_initial_values_and_parameters() {
    let mut solver = solver(decay());
    solver.update(&settings! { dt: 1e-2 }, Unknown::Error).unwrap();
    let close =
        |value: Option<f64>, exact: f64| assert!((value.unwrap() - exact).abs() < 1e-8, "{value:?}, not {exact}");

    let grid = Batch::grid().vary("rate", [0.5, 1.0, 2.0]).vary("x", [1.0, 3.0]);
    let solution = solver.solve(&grid, 0.0..1.0).unwrap();
    assert_eq!(solution.runs(), 6);
    for run in 0..6 {
        let (rate, x) = (grid.value("rate", run).unwrap(), grid.value("x", run).unwrap());
        assert_eq!((rate, x), ([0.5, 1.0, 2.0][run / 2], [1.0, 3.0][run % 2]));
        close(solution.state(0, 0, run), x * (-rate).exp());
    }

    let zipped = Batch::zip().vary("rate", [0.5, 1.0]).vary("x", [1.0, 3.0]);
    let solution = solver.solve(&zipped, 0.0..1.0).unwrap();
    assert_eq!(solution.runs(), 2);
    close(solution.state(0, 0, 0), (-0.5_f64).exp());
    close(solution.state(0, 0, 1), 3.0 * (-1.0_f64).exp());

    let fixed = solver.solve(&Batch::grid().fix("rate", 2.0).vary("x", [5.0]), 0.0..1.0).unwrap();
    close(fixed.state(0, 0, 0), 5.0 * (-2.0_f64).exp());
    let defaults = solver.solve(&Batch::grid(), 0.0..1.0).unwrap();
    close(defaults.state(0, 0, 0), (-1.0_f64).exp());
}

#[test]
fn a_wrong_batch_is_refused_by_name() {
    let mut solver = solver(decay());
    let error = solver.solve(&Batch::grid().vary("rat", [1.0]), 0.0..1.0).unwrap_err().to_string();
    assert!(error.contains("`rat`") && error.contains("did you mean `rate`?"), "{error}");
    let error = solver.solve(&Batch::grid().vary("scale", [1.0]), 0.0..1.0).unwrap_err();
    assert!(matches!(error, SolveError::Batch(BatchError::UnknownName { is_constant: true, .. })), "{error}");
    let error = solver.solve(&Batch::grid().fix("x", f64::NAN), 0.0..1.0).unwrap_err();
    assert!(matches!(error, SolveError::Batch(BatchError::NotFinite { .. })), "{error}");
    assert!(matches!(solver.solve(&Batch::grid(), 1.0..1.0), Err(SolveError::TimeSpan { .. })));
    assert_eq!(solver.device().compilations(), 0, "nothing was compiled for a batch that cannot run");
}

#[test]
fn observables_are_saved_beside_the_states() {
    let mut solver = solver(decay());
    solver.update(&settings! { dt: 1e-2, save_every: 0.25 }, Unknown::Error).unwrap();
    let solution = solver.solve(&Batch::grid().vary("rate", [1.0, 2.0]), 0.0..1.0).unwrap();
    assert_eq!(solution.observable_names(), ["energy"]);
    let (x, energy) = (solution.variable::<f64>("x").unwrap(), solution.variable::<f64>("energy").unwrap());
    assert_eq!(x.dim(), (5, 2));
    for (x, energy) in x.iter().zip(energy) {
        assert_eq!(*energy, 0.5 * (x * x));
    }
    solver.update(&settings! { save_variables: ["x"] }, Unknown::Error).unwrap();
    let without = solver.solve(&Batch::grid().vary("rate", [1.0, 2.0]), 0.0..1.0).unwrap();
    assert!(without.observable_names().is_empty() && without.variable::<f64>("energy").is_none());
    assert_eq!(without.checksum(), solution.checksum());
}

#[test]
fn constants_are_arguments_unless_baked() {
    let batch = Batch::grid().vary("rho", [10.0, 28.0]);
    let mut solver = solver(lorenz());
    solver.update(&settings! { dt: 1e-2 }, Unknown::Error).unwrap();
    let default = solver.solve(&batch, 0.0..1.0).unwrap().checksum();
    assert_eq!(solver.device().compilations(), 1);
    solver.set_constant("sigma", 9.0).unwrap();
    let changed = solver.solve(&batch, 0.0..1.0).unwrap();
    assert_eq!(solver.device().compilations(), 1, "an argument compiles nothing");
    assert_ne!(changed.checksum(), default);

    solver.update(&settings! { bake_constants: true }, Unknown::Error).unwrap();
    let baked = solver.solve(&batch, 0.0..1.0).unwrap();
    assert_eq!(solver.device().compilations(), 2);
    for run in 0..2 {
        for (a, b) in baked.final_state(run).unwrap().into_iter().zip(changed.final_state(run).unwrap()) {
            assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "folding a constant changes rounding only: {a}, {b}");
        }
    }
    solver.set_constant("sigma", 10.0).unwrap();
    solver.solve(&batch, 0.0..1.0).unwrap();
    assert_eq!(solver.device().compilations(), 3, "a baked constant is text");

    let error = solver.set_constant("sigme", 1.0).unwrap_err().to_string();
    assert!(error.contains("did you mean `sigma`?"), "{error}");
    assert!(matches!(solver.set_constant("sigma", f64::INFINITY), Err(SolveError::ConstantNotFinite { .. })));
}

#[test]
fn launch_time_settings_compile_nothing() {
    let mut solver = solver(decay());
    solver.update(&settings! { dt: 1e-2 }, Unknown::Error).unwrap();
    solver.solve(&Batch::grid(), 0.0..1.0).unwrap();
    for settings in [settings! { dt: 5e-3 }, settings! { save_every: 0.5 }, settings! { t_eval: vec![0.1, 0.9] }] {
        solver.update(&settings, Unknown::Error).unwrap();
        solver.solve(&Batch::grid(), 0.0..1.0).unwrap();
    }
    assert_eq!(solver.device().compilations(), 1);
}

#[test]
fn single_precision_agrees_with_double_to_its_rounding() {
    let batch = Batch::grid().vary("rho", [5.0, 14.0, 21.0]);
    let mut solver = solver(lorenz());
    solver.update(&settings! { dt: 1e-3 }, Unknown::Error).unwrap();
    let double = solver.solve(&batch, 0.0..1.0).unwrap();
    assert!(double.states::<f32>().is_none());
    solver.update(&settings! { precision: "f32" }, Unknown::Error).unwrap();
    let single = solver.solve(&batch, 0.0..1.0).unwrap();
    assert!(single.states::<f64>().is_none());
    assert_eq!(single.states::<f32>().unwrap().dim(), (1, 3, 3));
    for run in 0..3 {
        for (a, b) in single.final_state(run).unwrap().into_iter().zip(double.final_state(run).unwrap()) {
            // A thousand steps of this system amplify a rounding error of 6e-8 by less than a thousand.
            assert!((a - b).abs() < 6e-5 * b.abs().max(1.0), "{a}, {b}");
            assert_ne!(a, b);
        }
    }
}

#[test]
fn a_run_that_blows_up_says_so_and_leaves_the_others_alone() {
    let mut solver = solver(blow_up());
    solver.update(&settings! { dt: 1e-2 }, Unknown::Error).unwrap();
    let solution = solver.solve(&Batch::grid().vary("x", [0.25, 4.0, 0.5]), 0.0..1.0).unwrap();
    let status: Vec<Status> = (0..3).map(|run| solution.status(run).unwrap()).collect();
    assert_eq!(status, [Status::SUCCESS, Status::NOT_FINITE, Status::SUCCESS]);
    assert_eq!(solution.failed(), 1);
    assert!(!solution.state(0, 0, 1).unwrap().is_finite());
    for (run, exact) in [(0, 1.0 / 3.0), (2, 1.0)] {
        assert!((solution.state(0, 0, run).unwrap() - exact).abs() < 1e-9);
    }
    assert!(status[1].to_string().contains("smaller dt"));
}

#[test]
fn settings_survive_a_change_of_algorithm() {
    let mut solver = solver(lorenz());
    let settings = settings! { dt: 2e-3, save_every: 0.5, precision: "f32", stage_derivatives_location: "shared" };
    solver.update(&settings, Unknown::Error).unwrap();
    let batch = Batch::grid().vary("rho", [10.0]);
    let before = solver.solve(&batch, 0.0..1.0).unwrap();
    for algorithm in ["euler", "dormand-prince-54"] {
        solver.update(&settings! { algorithm: algorithm, step_controller: "fixed" }, Unknown::Error).unwrap();
        let other = solver.solve(&batch, 0.0..1.0).unwrap();
        assert_eq!((other.steps(), other.times().len()), (500, 3), "{algorithm}");
        assert!(other.states::<f32>().is_some());
        assert_ne!(other.checksum(), before.checksum());
    }
    solver.update(&settings! { algorithm: "rk4" }, Unknown::Error).unwrap();
    assert_eq!(solver.plan().location("step.stage_derivatives"), Some(buffer_runtime::Location::Shared));
    assert_eq!(solver.solve(&batch, 0.0..1.0).unwrap().checksum(), before.checksum());
}
