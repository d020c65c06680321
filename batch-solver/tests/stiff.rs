//! The stiff test set against published and generated values, and what each method takes for it.
//!
//! `BLESS=1 cargo test -p batch-solver --test stiff` rewrites `tests/data/stiff_statistics.csv`.
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use std::fmt::Write;
use std::path::Path;

use batch_solver::solution::Factorisations;
use batch_solver::{Algorithm, Batch, Counters, RosenbrockTableau, Solver};
use buffer_runtime::{Settings, Unknown, settings};
use support::stiff::{Rung, error, ladders, references, solve, solver};
use support::{narrow, sharing_cpu};

/// Methods that damp stiff components entirely.
const STIFF_METHODS: [&str; 8] =
    ["rodas4", "rodas4p", "rodas5p", "kvaerno3", "kvaerno5", "l_stable_sdirk_4", "radau_iia_5", "radau_iia_9"];

/// How many times the tolerance the error at the end may be.
fn bound(method: &str, rung: &Rung) -> f64 {
    match rung.problem.as_str() {
        // Ten thousand steps of a method of order 4 whose estimate is of order 3, and damped.
        "vanderpol_eps" if method == "l_stable_sdirk_4" && rung.rtol < 5e-8 => 200.0,
        // Concentrations fall over hundreds of decades, where only a relative error says something.
        "e5" => 1000.0,
        _ => 100.0,
    }
}

/// Tolerances that the method is asked for: those of E5 at 1e-3 are too loose for its first, fast decades.
fn is_asked(rung: &Rung) -> bool {
    rung.problem != "e5" || rung.rtol < 5e-4
}

#[test]
fn errors_at_the_end_are_near_the_tolerance_and_fall_with_it() {
    let references = references();
    for method in STIFF_METHODS {
        for ladder in ladders() {
            let mut solver = solver(&ladder[0].problem, sharing_cpu(narrow(1)), method);
            let mut last = f64::INFINITY;
            for rung in ladder.iter().filter(|rung| is_asked(rung)) {
                let solution = solve(&mut solver, rung, &Settings::new());
                let what = format!("{method}, {} {} to {}, rtol {}", rung.problem, rung.variation, rung.end, rung.rtol);
                assert_eq!(solution.failed(), 0, "{what}: {}", solution.status(0).unwrap());
                let scaled = error(&solution.final_state(0).unwrap(), &references[&rung.key()], rung);
                println!("{what}: {scaled:.2e} of the tolerance, SciPy's Radau {:.2e}", rung.radau_error);
                assert!(scaled <= bound(method, rung), "{what}: {scaled:e} of the tolerance");
                assert!(scaled * rung.rtol < last, "{what}: {scaled:e} does not fall");
                // An error far below its tolerance is so by chance.
                last = scaled.max(1.0) * rung.rtol;
            }
        }
    }
}

/// What a table of statistics has rows of: all Rosenbrock methods, the others of the test set, and other ways to solve the equations of two of them.
fn measured(problem: &str) -> Vec<(&'static str, Settings)> {
    let rosenbrock = RosenbrockTableau::all().iter().map(|tableau| tableau.name);
    let iterated =
        STIFF_METHODS.into_iter().filter(|name| name.parse().is_ok_and(|method: Algorithm| method.iterates()));
    // The cell takes long to compile.
    let asked =
        |method: &&str| problem != "sinoatrial" || ["rodas4", "rodas5p", "kvaerno5", "radau_iia_5"].contains(method);
    let mut rows: Vec<_> = rosenbrock.chain(iterated).filter(asked).map(|method| (method, Settings::new())).collect();
    if ["robertson", "hires"].contains(&problem) {
        for method in ["kvaerno5", "radau_iia_5"] {
            rows.push((method, settings! { newton_jacobian: "exact" }));
            rows.push((method, settings! { linear_solver: "bicgstab", krylov_preconditioner: "jacobi" }));
        }
    }
    rows
}

#[test]
fn the_statistics_of_all_methods_are_as_they_were() {
    let mut table = String::from(
        "problem,variation,t_end,method,jacobian,linear_solver,rtol,steps,rejections,unsolved,right_hand_sides,newton_iterations,linear_iterations,factorisations_accepted,factorisations_refused,factorisations_unsolved,factorisations_iterations\n",
    );
    for ladder in ladders() {
        for (method, more) in measured(&ladder[0].problem) {
            let text = |key: &str, default: &str| more.get(key).map_or(default.to_owned(), ToString::to_string);
            let iterates = method.parse().is_ok_and(|method: Algorithm| method.iterates());
            let jacobian = text("newton_jacobian", if iterates { "frozen" } else { "-" });
            let linear = text("linear_solver", "lu");
            let mut solver = solver(&ladder[0].problem, sharing_cpu(narrow(1)), method);
            for rung in ladder.iter().filter(|rung| [1e-4, 1e-6].contains(&rung.rtol)) {
                let solution = solve(&mut solver, rung, &more);
                let counters = solution.counters(0).unwrap();
                let Rung { problem, variation, end, rtol, .. } = rung;
                write!(table, "{problem},{variation},{end:e},{method},{jacobian},{linear},{rtol:e},").unwrap();
                let Counters {
                    steps,
                    rejections,
                    unsolved,
                    right_hand_sides,
                    newton_iterations,
                    linear_iterations,
                    factorisations,
                    ..
                } = counters;
                write!(
                    table,
                    "{steps},{rejections},{unsolved},{right_hand_sides},{newton_iterations},{linear_iterations},"
                )
                .unwrap();
                let Factorisations { accepted, refused, unsolved, iterations, .. } = factorisations;
                writeln!(table, "{accepted},{refused},{unsolved},{iterations}").unwrap();
            }
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/stiff_statistics.csv");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    let changed: Vec<_> = kept.lines().zip(table.lines()).filter(|(before, now)| before != now).collect();
    assert!(changed.is_empty() && kept.len() == table.len(), "look why, then BLESS=1: {changed:#?}");
}

/// Errors at the end of a problem, in units of its loosest tolerances, for steps of so many equal sizes.
fn errors_of_fixed_steps(method: &str, ladder: &[Rung], end: f64, reference: &[f64], counts: [u32; 3]) -> [f64; 3] {
    let mut solver = solver(&ladder[0].problem, sharing_cpu(narrow(1)), method);
    counts.map(|steps| {
        // The first step leads far from where it begins: Newton's method halves the largest deviation until it is near.
        let given = settings! { step_controller: "fixed", dt: end / f64::from(steps), newton_jacobian: "exact", newton_max_iterations: 30 };
        let solution = solve(&mut solver, &ladder[0], &given);
        assert_eq!(solution.failed(), 0, "{method}, {}: {}", ladder[0].problem, solution.status(0).unwrap());
        error(&solution.final_state(0).unwrap(), reference, &ladder[0])
    })
}

#[test]
fn backward_euler_with_fixed_steps_is_stable_and_of_first_order() {
    let references = references();
    for (problem, end) in [("robertson", 1e4), ("hires", 321.8122), ("pollution", 60.0)] {
        let ladder = ladders().into_iter().find(|ladder| ladder[0].problem == problem && ladder[0].end == end).unwrap();
        for method in ["backwards_euler", "backwards_euler_pc"] {
            let errors =
                errors_of_fixed_steps(method, &ladder, end, &references[&ladder[0].key()], [8000, 16_000, 32_000]);
            println!("{method}, {problem}: {errors:?} of rtol 1e-3");
            assert!(errors[0] < 100.0, "{method}, {problem}: {errors:?}");
            for pair in errors.windows(2) {
                assert!((1.7..2.3).contains(&(pair[0] / pair[1])), "{method}, {problem}: {errors:?}");
            }
        }
    }
}

#[test]
fn crank_nicolson_follows_its_tolerance_where_stiffness_is_damped_by_the_step_control() {
    let references = references();
    for ladder in ladders()
        .into_iter()
        .filter(|ladder| ["robertson", "hires", "pollution", "orego"].contains(&ladder[0].problem.as_str()))
    {
        if ladder[0].end > 1e5 {
            // Nothing damps the fast components of a method that is not L-stable.
            continue;
        }
        let mut solver = solver(&ladder[0].problem, sharing_cpu(narrow(1)), "crank_nicolson");
        for rung in ladder.iter().filter(|rung| rung.rtol >= 9e-6) {
            let solution = solve(&mut solver, rung, &Settings::new());
            let what = format!("{} to {}, rtol {}", rung.problem, rung.end, rung.rtol);
            assert_eq!(solution.failed(), 0, "{what}: {}", solution.status(0).unwrap());
            let scaled = error(&solution.final_state(0).unwrap(), &references[&rung.key()], rung);
            println!(
                "crank_nicolson, {what}: {scaled:.2e} of the tolerance in {} steps",
                solution.counters(0).unwrap().steps
            );
            assert!(scaled <= bound("crank_nicolson", rung), "{what}: {scaled:e} of the tolerance");
        }
    }
}

fn robertson(given: &Settings) -> Solver {
    let mut solver = solver("robertson", sharing_cpu(narrow(1)), "rodas4");
    solver.update(given, Unknown::Error).unwrap();
    solver
}

#[test]
fn robertson_conserves_mass_over_eleven_decades() {
    let rosenbrock = RosenbrockTableau::all().iter().map(|tableau| tableau.name);
    for method in
        rosenbrock.chain(["kvaerno3", "kvaerno5", "l_stable_sdirk_4", "radau_iia_3", "radau_iia_5", "radau_iia_9"])
    {
        let mut solver = robertson(
            &settings! { algorithm: method, rtol: 1e-6, atol: 1e-12, t_eval: [0.4, 40.0, 4e3, 4e5, 4e7, 4e9, 1e11] },
        );
        let solution = solver.solve(&Batch::grid().vary("k1", [0.02, 0.04, 0.06]), 0.0..1e11).unwrap();
        assert_eq!(solution.failed(), 0);
        for row in 0..solution.times().len() {
            for run in 0..3 {
                let mass: f64 = (0..3).map(|i| solution.state(row, i, run).unwrap()).sum();
                assert!((mass - 1.0).abs() < 1e-10, "{method}, t = {}, run {run}: {mass}", solution.times()[row]);
            }
        }
    }
}

#[test]
fn single_precision_is_sensible_where_values_and_rates_fit_it() {
    let references = references();
    // At its loosest tolerances the error is that of double precision; rounding of 6e-8 in a norm of 1e-4 is not seen.
    for (problem, end) in
        [("robertson", 1e4), ("hires", 321.8122), ("orego", 360.0), ("pollution", 60.0), ("sinoatrial", 0.1)]
    {
        let ladder = ladders().into_iter().find(|ladder| ladder[0].problem == problem && ladder[0].end == end).unwrap();
        let rung = &ladder[0];
        let mut solver = solver(problem, sharing_cpu(narrow(1)), "rodas4");
        let [double, single] = ["f64", "f32"].map(|precision| {
            let more = settings! { precision: precision, atol: 1e-6 * rung.atol.max(1e-3), dt_min: 1e-20 };
            let solution = solve(&mut solver, rung, &more);
            assert_eq!(solution.failed(), 0, "{problem} in {precision}: {}", solution.status(0).unwrap());
            let loose = Rung { atol: 1e-9, problem: String::new(), variation: String::new(), ..*rung };
            error(&solution.final_state(0).unwrap(), &references[&rung.key()], &loose)
        });
        println!("{problem}: {double:.2e} of the tolerance in f64, {single:.2e} in f32");
        assert!(single < 10.0 * double.max(1.0), "{problem}: {single:e} of the tolerance, {double:e} in f64");
    }
}
