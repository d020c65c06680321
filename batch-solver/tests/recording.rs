//! When values are saved: settling, the end, chosen times, ends of each run's own.
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use batch_solver::{Batch, BatchError, Solution, SolveError, Solver, System};
use buffer_runtime::{Settings, Unknown, settings};
use support::{narrow, sharing_cpu};

/// x = x0 exp(-k t), y = t of a run that began at 0, and the time itself.
fn decay() -> System {
    System::builder("decay")
        .equations("dx = -k*x; dy = 1; now = t")
        .states([("x", 1.0), ("y", 0.0)])
        .parameter("k", 1.0)
        .observable("now")
        .build()
        .unwrap()
}

fn solver(settings: &Settings) -> Solver {
    let mut solver = Solver::on(decay(), sharing_cpu(narrow(1))).unwrap();
    set(&mut solver, settings);
    solver
}

fn set(solver: &mut Solver, settings: &Settings) {
    solver.update(settings, Unknown::Error).unwrap();
}

fn rates() -> Batch {
    Batch::grid().vary("k", [0.25, 1.0, 3.0, 0.5, 2.0])
}

/// Steps of a fixed size and steps that follow the error, both more accurate than what is compared.
fn both() -> [Settings; 2] {
    [settings! { algorithm: "rk4", dt: 0.01 }, settings! { algorithm: "tsit5", atol: 1e-10, rtol: 1e-10 }]
}

/// The rows of x of a run.
fn x(solution: &Solution, run: usize) -> Vec<f64> {
    (0..solution.times().len()).map(|row| solution.state(row, 0, run).unwrap()).collect()
}

fn follows_its_solution(solution: &Solution, batch: &Batch, from: f64) {
    for run in 0..solution.runs() {
        let k = batch.value("k", run).unwrap();
        for (value, t) in x(solution, run).into_iter().zip(solution.times()) {
            let exact = (-k * (t - from)).exp();
            assert!((value - exact).abs() < 1e-8, "run {run} at {t}: {value}, not {exact}");
        }
    }
}

#[test]
fn nothing_is_recorded_before_the_settling_time_and_its_end_is() {
    for settings in both() {
        let mut solver = solver(&settings);
        set(&mut solver, &settings! { settling_time: 0.35, save_every: 0.25 });
        let solution = solver.solve(&rates(), 1.0..3.0).unwrap();
        assert_eq!(solution.times(), [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5].map(|after| 1.35 + after), "{settings}");
        follows_its_solution(&solution, &rates(), 1.0);
        // Times at the very start and in the settling time are outside what is recorded.
        set(&mut solver, &settings! { t_eval: [1.1, 2.0] });
        assert!(matches!(solver.solve(&rates(), 1.0..3.0), Err(SolveError::TimeOutside { time: 1.1, .. })));
        set(&mut solver, &settings! { t_eval: [1.35, 3.0] });
        let solution = solver.solve(&rates(), 1.0..3.0).unwrap();
        assert_eq!(solution.times(), [1.35, 3.0]);
        follows_its_solution(&solution, &rates(), 1.0);
        set(&mut solver, &settings! { settling_time: 2.0 });
        assert!(matches!(solver.solve(&rates(), 1.0..3.0), Err(SolveError::SettlingTime { .. })));
    }
}

#[test]
fn the_end_is_saved_as_well_where_nothing_else_is() {
    for settings in both() {
        let mut solver = solver(&settings);
        set(&mut solver, &settings! { save_every: 0.3, save_last: true });
        let solution = solver.solve(&rates(), 0.0..1.0).unwrap();
        assert_eq!(solution.times(), [0.0, 0.3, 0.6, 0.3 * 3.0, 1.0]);
        follows_its_solution(&solution, &rates(), 0.0);
        let same = solver.solve(&rates(), 0.0..0.9).unwrap();
        assert_eq!(same.times(), [0.0, 0.3, 0.6, 0.9], "an end that is saved is not saved twice");
        set(&mut solver, &settings! { t_eval: [0.0, 0.5] });
        let solution = solver.solve(&rates(), 0.0..1.0).unwrap();
        assert_eq!(solution.times(), [0.0, 0.5, 1.0]);
        assert_eq!(x(&solution, 0)[0], 1.0, "the state at the start");
        follows_its_solution(&solution, &rates(), 0.0);
    }
}

#[test]
fn a_span_of_few_numbers_of_single_precision_is_refused() {
    let solve = |settings: &Settings, batch: Batch, span| {
        let mut solver = solver(&settings! { algorithm: "tsit5", precision: "f32" });
        set(&mut solver, settings);
        solver.solve(&batch, span)
    };
    let none = Settings::new();
    for span in [1e8..1e8 + 1.0, 1e5..1e5 + 0.01, -1e5..-1e5 + 0.01] {
        let error = solve(&none, rates(), span.clone()).unwrap_err();
        assert!(matches!(error, SolveError::TooFewTimes { .. }), "{error}");
        assert!(error.to_string().contains("use precision = \"f64\", or let the time begin at 0"), "{error}");
        assert_eq!(solve(&settings! { precision: "f64" }, rates(), span.clone()).unwrap().failed(), 0);
        // Steps are counted, and these equations do not look at the time.
        let fixed = settings! { algorithm: "rk4", dt: 1e-3 };
        assert_eq!(solve(&fixed, rates(), span).unwrap().failed(), 0);
    }
    let short = rates().durations([1.0, 1.0, 1.0, 0.1, 1.0]);
    let error = solve(&none, short, 1e5..1e5 + 1.0).unwrap_err();
    assert!(matches!(error, SolveError::TooFewTimes { duration: 0.1, .. }), "{error}");

    let error = solve(&none, Batch::grid().vary("k", [1.0, 1e39]), 0.0..1.0).unwrap_err();
    assert!(error.to_string().starts_with("`k` has the value 1e39, which is beyond single precision"), "{error}");
    assert_eq!(solve(&none, Batch::grid().vary("k", [1.0, 1e37]), 0.0..1e-38).unwrap().runs(), 2);
}

#[test]
fn events_nearer_than_the_precision_of_time_each_have_their_row() {
    // Near 1000 the numbers of single precision are 6e-5 apart.
    for settings in [settings! { algorithm: "rk4", dt: 1e-3 }, settings! { algorithm: "tsit5" }] {
        let mut solver = solver(&settings);
        set(&mut solver, &settings! { precision: "f32", save_every: 1e-5 });
        let solution = solver.solve(&rates(), 1000.0..1000.01).unwrap();
        assert_eq!((solution.times().len(), solution.failed()), (1001, 0), "{settings}");
        for run in 0..5 {
            let (rows, k) = (x(&solution, run), rates().value("k", run).unwrap());
            assert!(rows.windows(2).all(|pair| pair[1] <= pair[0]), "{settings}: run {run}");
            for (row, value) in rows.iter().enumerate() {
                let exact = (-k * row as f64 * 1e-5).exp();
                // Saved at the time in single precision, up to half a spacing away.
                assert!(
                    (value - exact).abs() < k * 4e-5 + 1e-6,
                    "{settings}: run {run}, row {row}: {value}, not {exact}"
                );
            }
        }
    }
}

#[test]
fn saved_values_are_those_of_a_solve_that_ends_there() {
    for settings in both() {
        let mut every = solver(&settings);
        set(&mut every, &settings! { save_every: 0.1 });
        let saved = every.solve(&rates(), 0.0..1.0).unwrap();
        let mut ends = solver(&settings);
        for (row, t) in saved.times().iter().enumerate().skip(1) {
            let end = ends.solve(&rates(), 0.0..*t).unwrap();
            for run in 0..5 {
                let (a, b) = (saved.state(row, 0, run).unwrap(), end.final_state(run).unwrap()[0]);
                assert!((a - b).abs() < 1e-9, "{settings}: run {run} at {t}: {a}, {b}");
                // The time is the sum of the steps that were made, as is y.
                assert!((saved.state(row, 1, run).unwrap() - t).abs() < 1e-13, "{settings}: run {run} at {t}");
            }
        }
    }
}

#[test]
fn time_does_not_drift_over_many_saves() {
    // y is a sum of steps, and rounds like one; the time is none.
    for (precision, tolerance, epsilon) in [("f64", 1e-9, f64::EPSILON), ("f32", 0.2, f64::from(f32::EPSILON))] {
        for settings in [settings! { algorithm: "rk4", dt: 0.013 }, settings! { algorithm: "tsit5" }] {
            let mut solver = solver(&settings);
            set(&mut solver, &settings! { precision: precision, save_every: 0.1 });
            let solution = solver.solve(&Batch::grid(), 0.0..1000.0).unwrap();
            assert_eq!((solution.times().len(), solution.failed()), (10_001, 0));
            let now: Vec<f64> = match solution.variable::<f64>("now") {
                Some(now) => now.iter().copied().collect(),
                None => solution.variable::<f32>("now").unwrap().iter().copied().map(f64::from).collect(),
            };
            for (row, t) in solution.times().iter().enumerate() {
                assert_eq!(*t, (row as f64 * 0.1).min(1000.0));
                assert!((now[row] - t).abs() <= 2.0 * epsilon * t, "{precision}, {settings}: {} at {t}", now[row]);
                let y = solution.state(row, 1, 0).unwrap();
                assert!((y - t).abs() < tolerance, "{precision}, {settings}: {y} at {t}");
            }
        }
    }
}

const DURATIONS: [f64; 5] = [1.7, 0.3, 2.0, 0.05, 1.13];

/// A batch of one run of `rates`.
fn alone(run: usize) -> Batch {
    Batch::grid().fix("k", rates().value("k", run).unwrap())
}

#[test]
fn each_run_ends_at_its_own_end() {
    let settings = [
        settings! { algorithm: "tsit5" },
        settings! { algorithm: "tsit5", refill: false },
        settings! { algorithm: "rk4", dt: 0.01 },
    ];
    for settings in settings {
        let mut solver = solver(&settings);
        for start in [0.0, 10.1] {
            let solution = solver.solve(&rates().durations(DURATIONS), start..start + 2.0).unwrap();
            assert_eq!((solution.times(), solution.failed()), (&[start + 2.0][..], 0));
            for (run, duration) in DURATIONS.iter().enumerate() {
                let (own, single) =
                    (solution.final_state(run).unwrap(), solver.solve(&alone(run), start..start + duration).unwrap());
                if single.steps() == 0 {
                    assert_eq!(own, single.final_state(0).unwrap(), "{settings}: run {run}");
                    assert_eq!(solution.counters(run), single.counters(0));
                } else {
                    let difference =
                        own.iter().zip(single.final_state(0).unwrap()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
                    assert!(difference < 1e-11, "{settings}: run {run}: {difference:e}");
                }
            }
        }
    }
}

#[test]
fn rows_beyond_the_end_of_a_run_are_marked_and_the_last_is_its_own_end() {
    for settings in both() {
        let mut solver = solver(&settings);
        set(&mut solver, &settings! { save_every: 0.1, save_last: true });
        let solution = solver.solve(&rates().durations(DURATIONS), 0.0..2.0).unwrap();
        assert_eq!((solution.times().len(), solution.failed()), (22, 0));
        for (run, duration) in DURATIONS.iter().enumerate() {
            let (rows, k) = (x(&solution, run), rates().value("k", run).unwrap());
            let within = (duration / 0.1 + 1e-9).floor() as usize + 1;
            for (row, value) in rows[..21].iter().enumerate() {
                if row < within {
                    assert!(
                        (value - (-k * solution.times()[row]).exp()).abs() < 1e-8,
                        "{settings}: run {run}, row {row}: {value}"
                    );
                } else {
                    assert!(value.is_nan(), "{settings}: run {run}, row {row}: {value}");
                }
            }
            assert!((rows[21] - (-k * duration).exp()).abs() < 1e-8, "{settings}: run {run}: {}", rows[21]);
            assert!((solution.state(21, 1, run).unwrap() - duration).abs() < 1e-13);
        }
    }
}

#[test]
fn durations_up_to_rounding_of_the_end_are_within_it() {
    let mut solver = solver(&settings! { algorithm: "tsit5" });
    for (start, end) in [(0.1, 0.7), (0.3, 1.9), (10.1, 12.3), (1000.1, 1000.7), (0.3, 0.9), (-0.7, -0.1)] {
        let solution = solver.solve(&Batch::grid().durations([end - start]), start..end).unwrap();
        assert_eq!(solution.failed(), 0);
        let span = solver.solve(&Batch::grid(), start..end).unwrap();
        assert_eq!(solution.final_state(0), span.final_state(0), "{start} to {end}");
    }
}

#[test]
fn wrong_durations_are_refused() {
    let mut solver = solver(&settings! { algorithm: "tsit5" });
    let error = solver.solve(&rates().durations([1.0, 2.0]), 0.0..2.0).unwrap_err();
    assert!(matches!(error, SolveError::Batch(BatchError::Durations { runs: 5, durations: 2 })), "{error}");
    for wrong in [0.0, -1.0, 2.1, f64::NAN, f64::INFINITY] {
        let error = solver.solve(&rates().durations([1.0, 1.0, wrong, 1.0, 1.0]), 0.0..2.0).unwrap_err();
        assert!(matches!(error, SolveError::Duration { run: 2, .. }), "{wrong}: {error}");
        assert!(error.to_string().starts_with("run 2 of the batch, counted from 0, lasts"), "{error}");
    }
    set(&mut solver, &settings! { settling_time: 0.5 });
    let error = solver.solve(&rates().durations([1.0, 1.0, 1.0, 0.5, 1.0]), 0.0..2.0).unwrap_err();
    assert!(matches!(error, SolveError::Duration { run: 3, from: 0.5, .. }), "{error}");
    assert!(solver.solve(&rates().durations([1.0, 1.0, 1.0, 0.6, 2.0]), 0.0..2.0).is_ok());
}
