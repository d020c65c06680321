//! The stiff test set against published and generated values, and what each method takes for it.
//!
//! `BLESS=1 cargo test -p batch-solver --test stiff` rewrites `tests/data/stiff_statistics.csv`.
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use std::fmt::Write;
use std::path::Path;

use batch_solver::{Batch, RosenbrockTableau, Solver};
use buffer_runtime::{Settings, Unknown, settings};
use support::stiff::{Rung, error, ladders, references, solve, solver};
use support::{narrow, sharing_cpu};

/// Methods that damp stiff components entirely and keep their order for them.
const STIFF_METHODS: [&str; 3] = ["rodas4", "rodas4p", "rodas5p"];

/// How many times the tolerance the error at the end may be.
fn bound(rung: &Rung) -> f64 {
    match rung.problem.as_str() {
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
                assert!(scaled <= bound(rung), "{what}: {scaled:e} of the tolerance");
                assert!(scaled * rung.rtol < last, "{what}: {scaled:e} does not fall");
                last = scaled * rung.rtol;
            }
        }
    }
}

#[test]
fn the_statistics_of_all_methods_are_as_they_were() {
    let mut table =
        String::from("problem,variation,t_end,method,rtol,steps,rejections,right_hand_sides,factorisations\n");
    for ladder in ladders() {
        // The cell takes long to compile.
        let asked = |method: &&str| ladder[0].problem != "sinoatrial" || STIFF_METHODS.contains(method);
        for method in RosenbrockTableau::all().iter().map(|tableau| tableau.name).filter(asked) {
            let mut solver = solver(&ladder[0].problem, sharing_cpu(narrow(1)), method);
            for rung in ladder.iter().filter(|rung| [1e-4, 1e-6].contains(&rung.rtol)) {
                let solution = solve(&mut solver, rung, &Settings::new());
                let counters = solution.counters(0).unwrap();
                let Rung { problem, variation, end, rtol, .. } = rung;
                write!(
                    table,
                    "{problem},{variation},{end:e},{method},{rtol:e},{},{},",
                    counters.steps, counters.rejections
                )
                .unwrap();
                writeln!(table, "{},{}", counters.right_hand_sides, counters.factorisations.total()).unwrap();
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

fn robertson(given: &Settings) -> Solver {
    let mut solver = solver("robertson", sharing_cpu(narrow(1)), "rodas4");
    solver.update(given, Unknown::Error).unwrap();
    solver
}

#[test]
fn robertson_conserves_mass_over_eleven_decades() {
    for method in RosenbrockTableau::all().iter().map(|tableau| tableau.name) {
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
