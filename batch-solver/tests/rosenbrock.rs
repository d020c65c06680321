//! Rosenbrock steps: their stability function, forcing by drivers, and bits that depend on nothing but the run.
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use batch_solver::{Batch, Drivers, RosenbrockTableau, Solver, System, linspace};
use buffer_runtime::{CpuOptions, Location, Settings, Unknown, settings};
use support::systems::chain;
use support::{Random, bits, narrow, sharing_cpu};

fn methods() -> impl Iterator<Item = &'static RosenbrockTableau> {
    RosenbrockTableau::all().iter()
}

fn set(solver: &mut Solver, settings: &Settings) {
    solver.update(settings, Unknown::Error).unwrap();
}

/// The solution after one step of size 1 of dy = z·y from 1, by the tableau.
fn stability_function(tableau: &RosenbrockTableau, z: f64) -> f64 {
    let s = tableau.stages();
    let mut u: Vec<f64> = Vec::new();
    for i in 0..s {
        let argument = 1.0 + (0..i).map(|j| tableau.coefficient(i, j) * u[j]).sum::<f64>();
        let coupled: f64 = (0..i).map(|j| tableau.coupling(i, j) * u[j]).sum();
        u.push((z * argument + coupled) / (1.0 / tableau.gamma - z));
    }
    1.0 + tableau.b.iter().zip(&u).map(|(b, u)| b * u).sum::<f64>()
}

#[test]
fn one_step_of_the_linear_test_equation_is_the_stability_function() {
    let system = System::builder("linear").equations("dy = z*y").state("y", 1.0).parameter("z", 0.0).build().unwrap();
    let rates: Vec<f64> = [1e-3, 0.1, 0.5, 1.0, 3.0, 10.0, 100.0, 1e4, 1e8, 1e12].iter().map(|z| -z).collect();
    let mut solver = Solver::on(system, sharing_cpu(narrow(1))).unwrap();
    for tableau in methods() {
        set(&mut solver, &settings! { algorithm: tableau.name, step_controller: "fixed", dt: 1.0 });
        let solution = solver.solve(&Batch::grid().vary("z", rates.clone()), 0.0..1.0).unwrap();
        for (run, z) in rates.iter().enumerate() {
            let value: f64 = solution.final_state(run).unwrap()[0];
            let expected = stability_function(tableau, *z);
            assert!((value - expected).abs() < 1e-13, "{}, z = {z}: {value} is not {expected}", tableau.name);
            assert!(value.abs() <= 1.0, "{}, z = {z}: {value} grows", tableau.name);
        }
        let stiff: f64 = solution.final_state(rates.len() - 1).unwrap()[0];
        // All but one are L-stable: R(-oo) = 0.
        let limit = if tableau.name == "ros3p" { 3.0_f64.sqrt() - 1.0 } else { 0.0 };
        assert!((stiff.abs() - limit).abs() < 1e-9, "{}: {stiff}", tableau.name);
    }
}

/// A relaxation oscillation with a forcing: stiff for large mu, non-autonomous, with an elementary function.
fn forced() -> System {
    System::builder("forced")
        .equations("dx = y; dy = mu*((1 - x^2)*y - x) + cos(3*t); dz = exp(-z) - z*x^2; energy = x^2 + y^2")
        .states([("x", 2.0), ("y", 0.0), ("z", 0.5)])
        .parameter("mu", 10.0)
        .observable("energy")
        .build()
        .unwrap()
}

const RUNS: usize = 19;

/// Everything each run left.
fn outcomes(solver: &mut Solver) -> Vec<Vec<u64>> {
    let solution = solver.solve(&Batch::grid().vary("mu", linspace(1.0, 200.0, RUNS)), 0.0..2.0).unwrap();
    assert_eq!(solution.failed(), 0);
    (0..RUNS).map(|run| bits(&solution, run)).collect()
}

fn solver(method: &str, precision: &str, options: CpuOptions) -> Solver {
    let given = settings! { algorithm: method, precision: precision, rtol: 1e-4, save_every: 0.5 };
    Solver::with_settings(forced(), sharing_cpu(options), &given).unwrap()
}

#[test]
fn no_bit_depends_on_placement_or_how_code_is_written() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for (tableau, precision) in methods().zip(["f64", "f32"].into_iter().cycle()) {
        let mut solver = solver(tableau.name, precision, narrow(1));
        let expected = outcomes(&mut solver);
        let placement = |random: Option<&mut Random>| -> Settings {
            let mut random = random;
            let mut choose = || random.as_mut().is_none_or(|random| random.bit());
            let buffers = solver.plan().layout().buffers().iter();
            let place = |shared| if shared { Location::Shared } else { Location::Local };
            buffers.map(|buffer| (format!("{}_location", buffer.path), place(choose()).to_string())).collect()
        };
        let mut variants = vec![placement(None), placement(Some(&mut random))];
        if tableau.name == "rodas4" {
            variants.extend([
                placement(Some(&mut random)),
                settings! { unroll_stages: false },
                settings! { unroll_stages: false, unroll_states: false },
                settings! { inline_equations: false },
                settings! { inline_equations: false, lu_table_driven: true, unroll_stages: false, unroll_states: false },
                settings! { refill: false },
            ]);
        }
        for variant in variants {
            set(&mut solver, &variant);
            assert_eq!(outcomes(&mut solver), expected, "{}, {precision}:\n{variant}", tableau.name);
        }
    }
}

#[test]
fn no_bit_depends_on_the_build_or_on_neighbours() {
    for precision in ["f64", "f32"] {
        let expected = outcomes(&mut solver("rodas4", precision, narrow(1)));
        let wide = CpuOptions { vector_bytes: None, ..narrow(1) };
        for options in [narrow(2), narrow(3), wide, CpuOptions { vector_bytes: Some(0), ..narrow(1) }] {
            assert_eq!(
                outcomes(&mut solver("rodas4", precision, options.clone())),
                expected,
                "{precision}, {options:?}"
            );
        }
        let mut solver = solver("rodas4", precision, narrow(2));
        for run in [0, 7, RUNS - 1] {
            let mu = 1.0 + 199.0 * run as f64 / (RUNS - 1) as f64;
            let alone = solver.solve(&Batch::grid().fix("mu", mu), 0.0..2.0).unwrap();
            assert_eq!(bits(&alone, 0), expected[run], "{precision}, run {run}");
        }
    }
}

#[test]
fn refinement_changes_little_and_costs_no_order() {
    let mut solver = solver("rodas4", "f64", narrow(1));
    let solve =
        |solver: &mut Solver| solver.solve(&Batch::grid().fix("mu", 50.0), 0.0..2.0).unwrap().final_state(0).unwrap();
    let plain = solve(&mut solver);
    set(&mut solver, &settings! { lu_refinement: 2 });
    let refined = solve(&mut solver);
    assert_ne!(plain, refined);
    assert!(plain.iter().zip(&refined).all(|(a, b)| (a - b).abs() < 1e-9 * (1.0 + a.abs())), "{plain:?}, {refined:?}");
}

#[test]
fn drivers_act_with_their_rates() {
    // Stiff attraction to a driver: its rate is as large as everything else.
    let system = System::builder("follow")
        .equations("dy = rate*(u - y) + cos(u)")
        .state("y", 0.0)
        .parameter("rate", 50.0)
        .driver("u")
        .build()
        .unwrap();
    let samples: Vec<f64> = (0..=200).map(|k| (0.05 * f64::from(k)).sin()).collect();
    let drivers = Drivers::sampled(0.0, 0.05).column("u", samples).build().unwrap();
    let mut results = Vec::new();
    for (method, tolerance) in [("vern7", 1e-12), ("rodas4", 1e-9), ("rosenbrock23", 1e-7), ("ros3p", 1e-9)] {
        let given = settings! { algorithm: method, rtol: tolerance, atol: tolerance };
        let mut solver = Solver::with_settings(system.clone(), sharing_cpu(narrow(1)), &given).unwrap();
        solver.set_drivers(&drivers).unwrap();
        let solution = solver.solve(&Batch::grid().vary("rate", [1.0, 50.0]), 0.0..9.0).unwrap();
        assert_eq!(solution.failed(), 0);
        let ends: Vec<f64> = (0..2).map(|run| solution.final_state(run).unwrap()[0]).collect();
        results.push((method, ends, solution.counters(1).unwrap().steps));
    }
    let (_, exact, _) = &results[0];
    for (method, ends, steps) in &results[1..] {
        println!("{method}: {ends:?} in {steps} steps, {exact:?}");
        assert!(ends.iter().zip(exact).all(|(end, exact)| (end - exact).abs() < 1e-5), "{method}: {ends:?}, {exact:?}");
    }
}

#[test]
fn large_systems_are_rolled_and_called_and_solved() {
    let mut solver = Solver::with_settings(
        chain(40),
        sharing_cpu(narrow(1)),
        &settings! { algorithm: "rodas4", rtol: 1e-6, atol: 1e-9 },
    )
    .unwrap();
    assert!(!solver.config().inline_equations && !solver.config().unroll_states);
    let batch = Batch::grid().vary("drive", [0.0, 0.1, 1.0]);
    let stiff = solver.solve(&batch, 0.0..5.0).unwrap();
    set(&mut solver, &settings! { algorithm: "vern7", rtol: 1e-10, atol: 1e-12 });
    let exact = solver.solve(&batch, 0.0..5.0).unwrap();
    assert_eq!((stiff.failed(), exact.failed()), (0, 0));
    for run in 0..3 {
        let (a, b): (Vec<f64>, Vec<f64>) = (stiff.final_state(run).unwrap(), exact.final_state(run).unwrap());
        assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-5), "run {run}: {a:?}, {b:?}");
    }
}
