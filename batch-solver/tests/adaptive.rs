//! Steps whose size follows an error estimate.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use batch_solver::{Algorithm, Batch, Solver, Status, StepController, System, linspace};
use buffer_runtime::{Settings, Unknown, settings};

use support::{cpu, lorenz, narrow_cpu};

/// dx = -x, dy = x - 2 y, whose solution is known.
fn decay() -> System {
    System::builder("decay")
        .equations("dx = -k*x; dy = k*x - 2*k*y")
        .states([("x", 1.0), ("y", 0.0)])
        .parameter("k", 1.0)
        .build()
        .unwrap()
}

fn solver(system: System, settings: &Settings) -> Solver {
    let mut solver = Solver::on(system, narrow_cpu()).unwrap();
    solver.update(settings, Unknown::Error).unwrap();
    solver
}

/// Largest error of `decay` at t = 2 over rates from 0.5 to 4.
fn error(settings: &Settings) -> f64 {
    let rates = linspace(0.5, 4.0, 11);
    let solution = solver(decay(), settings).solve(&Batch::grid().vary("k", rates.clone()), 0.0..2.0).unwrap();
    assert_eq!(solution.failed(), 0);
    let errors = rates.iter().enumerate().map(|(run, k)| {
        let exact = [(-2.0 * k).exp(), (-2.0 * k).exp() - (-4.0 * k).exp()];
        (0..2).map(|i| (solution.state(0, i, run).unwrap() - exact[i]).abs()).fold(0.0, f64::max)
    });
    errors.fold(0.0, f64::max)
}

#[test]
fn every_pair_and_controller_meets_the_tolerance() {
    let estimates = |name: &&str| name.parse::<Algorithm>().unwrap().has_error_estimate();
    // The pair of ros3p differs in two stages only: its estimate vanishes for linear equations such as these.
    for algorithm in Algorithm::names().filter(estimates).filter(|name| *name != "ros3p") {
        let found = error(&settings! { algorithm: algorithm, atol: 1e-7, rtol: 1e-7 });
        // A pair of low order makes so many steps that their errors add up to more.
        let most = if algorithm == "rosenbrock23" { 1e-5 } else { 2e-6 };
        assert!(found < most, "{algorithm}: {found:e}");
    }
    for controller in ["i", "pi", "pid", "gustafsson"] {
        let found = error(&settings! { algorithm: "tsit5", step_controller: controller, atol: 1e-7, rtol: 1e-7 });
        assert!(found < 2e-6, "{controller}: {found:e}");
    }
}

#[test]
fn the_error_follows_the_tolerance() {
    let at = |tolerance: f64| error(&settings! { algorithm: "tsit5", atol: tolerance, rtol: tolerance });
    let (coarse, fine) = (at(1e-4), at(1e-8));
    assert!(fine < 1e-3 * coarse && fine > 0.0, "{coarse:e} {fine:e}");
}

#[test]
fn saved_times_are_hit_and_saving_changes_little() {
    let mut solver = solver(decay(), &settings! { algorithm: "tsit5", atol: 1e-9, rtol: 1e-9, save_every: 0.5 });
    let batch = Batch::grid().vary("k", linspace(0.5, 4.0, 9));
    let saved = solver.solve(&batch, 0.0..2.0).unwrap();
    assert_eq!(saved.times(), [0.0, 0.5, 1.0, 1.5, 2.0]);
    for run in 0..9 {
        let k = batch.value("k", run).unwrap();
        for (row, t) in saved.times().iter().enumerate() {
            let x = saved.state(row, 0, run).unwrap();
            assert!((x - (-k * t).exp()).abs() < 1e-7, "run {run}, t = {t}: {x}");
        }
    }
    solver.update(&settings! { t_eval: [0.25, 2.0] }, Unknown::Error).unwrap();
    let at = solver.solve(&batch, 0.0..2.0).unwrap();
    assert!((at.state(0, 0, 0).unwrap() - (-0.125_f64).exp()).abs() < 1e-7);
    assert!((at.state(1, 0, 3).unwrap() - saved.state(4, 0, 3).unwrap()).abs() < 1e-7);
}

#[test]
fn a_run_does_not_depend_on_its_neighbours() {
    for precision in ["f32", "f64"] {
        let mut solver = Solver::on(lorenz(), cpu(Default::default())).unwrap();
        solver
            .update(
                &settings! { algorithm: "dormand-prince-54", step_controller: "gustafsson", precision: precision },
                Unknown::Error,
            )
            .unwrap();
        let rho = linspace(0.0, 28.0, 61);
        let together = solver.solve(&Batch::grid().vary("rho", rho.clone()), 0.0..1.0).unwrap();
        let reversed: Vec<f64> = rho.iter().rev().copied().collect();
        let turned = solver.solve(&Batch::grid().vary("rho", reversed), 0.0..1.0).unwrap();
        for run in 0..61 {
            assert_eq!(together.final_state(run), turned.final_state(60 - run), "{precision}, run {run}");
            assert_eq!(together.counters(run), turned.counters(60 - run));
        }
        let alone = solver.solve(&Batch::grid().fix("rho", rho[17]), 0.0..1.0).unwrap();
        assert_eq!(alone.final_state(0), together.final_state(17));
    }
}

#[test]
fn runs_that_cannot_go_on_end_with_their_status_and_spare_the_others() {
    // x' = x² from x0 reaches infinity at t = 1/x0.
    let explosion = || System::builder("explosion").equations("dx = x^2").state("x", 0.1).build().unwrap();
    let batch = Batch::grid().vary("x", [0.1, 2.0, 0.2]);
    for (settings, expected) in [
        (settings! { algorithm: "tsit5", dt_min: 1e-6 }, Status::STEP_TOO_SMALL),
        (settings! { algorithm: "tsit5", max_steps: 30, dt_min: 1e-300 }, Status::MAX_STEPS),
    ] {
        let solution = solver(explosion(), &settings).solve(&batch, 0.0..1.0).unwrap();
        assert_eq!(solution.status(1), Some(expected), "{settings}");
        assert_eq!(
            (solution.status(0), solution.status(2)),
            (Some(Status::SUCCESS), Some(Status::SUCCESS)),
            "{settings}"
        );
        assert!((solution.state(0, 0, 0).unwrap() - 0.1 / 0.9).abs() < 1e-3);
        assert!(solution.state(0, 0, 1).unwrap().is_nan(), "what was never reached is marked");
        assert_eq!(solution.failed(), 1);
    }
    let solution =
        solver(explosion(), &settings! { algorithm: "tsit5", dt_min: 1e-300 }).solve(&batch, 0.0..1.0).unwrap();
    assert!(!solution.status(1).unwrap().is_success(), "the loop ends whatever happens");
}

#[test]
fn a_derivative_that_is_not_finite_ends_the_run() {
    let system = System::builder("log").equations("dx = log(x)").state("x", -1.0).build().unwrap();
    let solution = solver(system, &settings! { algorithm: "tsit5" })
        .solve(&Batch::grid().vary("x", [-1.0, 2.0]), 0.0..1.0)
        .unwrap();
    assert!(!solution.status(0).unwrap().is_success());
    assert_eq!(solution.status(1), Some(Status::SUCCESS));
}

#[test]
fn counters_count_and_the_first_step_may_be_given() {
    let mut chosen = solver(decay(), &settings! { algorithm: "tsit5" });
    let mut given = solver(decay(), &settings! { algorithm: "tsit5", dt: 1e-5 });
    let batch = Batch::grid().vary("k", [1.0, 2.0]);
    let (chosen, given) = (chosen.solve(&batch, 0.0..2.0).unwrap(), given.solve(&batch, 0.0..2.0).unwrap());
    let (steps, more) = (chosen.counters(0).unwrap().steps, given.counters(0).unwrap().steps);
    assert!(steps > 2 && more > steps, "{steps} {more}");
    assert_eq!(chosen.counters(2), None);
    assert_eq!(chosen.total_steps(), steps + chosen.counters(1).unwrap().steps);
    let mut uncounted = solver(decay(), &settings! { algorithm: "tsit5", save_counters: false });
    assert_eq!(uncounted.solve(&batch, 0.0..2.0).unwrap().counters(0), None);
    let mut fixed = solver(decay(), &settings! { algorithm: "rk4", dt: 0.5, save_counters: true });
    let fixed = fixed.solve(&batch, 0.0..2.0).unwrap();
    let counters = fixed.counters(1).unwrap();
    assert_eq!((counters.steps, counters.rejections, counters.right_hand_sides), (4, 0, 16));
    assert_eq!((fixed.counters(2), fixed.total_steps()), (None, 8));
    // Without counters it is not known what equations took.
    for (save_counters, counted) in [(false, None), (true, Some((4, true)))] {
        let mut implicit =
            solver(decay(), &settings! { algorithm: "backwards_euler", dt: 0.5, save_counters: save_counters });
        let implicit = implicit.solve(&batch, 0.0..2.0).unwrap();
        assert_eq!(implicit.counters(0).map(|counters| (counters.steps, counters.newton_iterations >= 4)), counted);
    }
}

#[test]
fn tolerances_are_launch_time_settings_for_all_or_each_state() {
    let mut solver = solver(decay(), &settings! { algorithm: "tsit5" });
    let batch = Batch::grid().vary("k", linspace(0.5, 4.0, 8));
    let steps = |solver: &mut Solver| solver.solve(&batch, 0.0..2.0).unwrap().total_steps();
    let loose = steps(&mut solver);
    let compilations = solver.device().compilations();
    solver.update(&settings! { atol: [1e-10, 1e-10], rtol: 1e-9 }, Unknown::Error).unwrap();
    assert!(steps(&mut solver) > 2 * loose);
    solver.update(&settings! { safety: 0.5, max_gain: 2.0, kp: 1.0 }, Unknown::Error).unwrap();
    steps(&mut solver);
    assert_eq!(solver.device().compilations(), compilations);
    let error = solver.update(&settings! { atol: [1e-10, 1e-10, 1e-10] }, Unknown::Error).unwrap_err().to_string();
    assert!(error.contains("atol has 3 values for 2 states"), "{error}");
}

#[test]
fn single_precision_time_does_not_drift() {
    // A step of 1e-4 at t near 1000 is a few units in the last place: a plain sum would be off by far more than the tolerance.
    let system = System::builder("clock").equations("dx = 1 + 0*x").state("x", 0.0).build().unwrap();
    let mut solver = solver(system, &settings! { algorithm: "tsit5", precision: "f32", dt_max: 1e-4 });
    let solution = solver.solve(&Batch::grid(), 1000.0..1001.0).unwrap();
    assert_eq!(solution.status(0), Some(Status::SUCCESS));
    let steps = solution.counters(0).unwrap().steps;
    assert!((9_990..=10_010).contains(&steps), "{steps}");
}

#[test]
fn a_method_without_an_error_estimate_needs_the_fixed_controller() {
    let mut solver = Solver::on(decay(), narrow_cpu()).unwrap();
    let error = solver
        .update(&settings! { algorithm: "euler", step_controller: "pi" }, Unknown::Error)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`euler` has no error estimate") && error.contains("step_controller = \"fixed\""),
        "{error}"
    );
    assert_eq!(solver.plan().config().step_controller, StepController::I, "nothing is changed");
    solver.update(&settings! { algorithm: "vern7" }, Unknown::Error).unwrap();
    assert_eq!(solver.plan().config().step_controller, StepController::Gustafsson);
}
