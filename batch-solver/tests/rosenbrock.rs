//! Rosenbrock steps: their stability function, forcing by drivers, and bits that depend on nothing but the run.
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use batch_solver::{Batch, RosenbrockTableau, SolveError, Solver, System};
use buffer_runtime::{Settings, settings};
use support::follow::assert_drivers_act;
use support::forced::{RUNS, assert_alone, assert_no_bit_changes, outcomes, solver};
use support::linear;
use support::systems::chain;
use support::{Random, builds, narrow, places, set, sharing_cpu};

fn methods() -> impl Iterator<Item = &'static RosenbrockTableau> {
    RosenbrockTableau::all().iter()
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
    for tableau in methods() {
        // All but one are L-stable: R(-oo) = 0.
        let limit = if tableau.name == "ros3p" { 3.0_f64.sqrt() - 1.0 } else { 0.0 };
        let exact = |z: f64| stability_function(tableau, z);
        linear::assert_stability(tableau.name, &Settings::new(), limit, exact, |_| 1e-13);
    }
}

/// Two compartments with rates that change in time.
fn compartments() -> System {
    System::builder("compartments")
        .equations("dx = -k*x*(2 + sin(t)); dy = k*x - y*y*c")
        .states([("x", 1.0), ("y", 0.0)])
        .parameter("k", 3.0)
        .constant("c", 0.0)
        .build()
        .unwrap()
}

#[test]
fn an_estimate_that_sees_nothing_is_refused() {
    let linear = System::builder("linear").equations("dx = -k*x*(2 + sin(t))").state("x", 1.0).parameter("k", 3.0);
    let linear = linear.build().unwrap();
    assert!(linear.is_linear() && !compartments().is_linear());
    let solve = |system: &System, settings: Settings| {
        let mut solver = Solver::on(system.clone(), sharing_cpu(narrow(1))).unwrap();
        set(&mut solver, &settings! { algorithm: "ros3p" });
        set(&mut solver, &settings);
        solver.solve(&Batch::grid(), 0.0..1.0)
    };
    let error = solve(&linear, Settings::new()).unwrap_err();
    assert!(matches!(error, SolveError::NoErrorEstimate { .. }), "{error}");
    for jump in ["if(x > 1/2, -x, 0)", "-x*sign(x)", "-x - floor(x)", "-x*ceil(x)"] {
        let jumping = System::builder("jumping").equations(&format!("dx = {jump}")).state("x", 1.0).build().unwrap();
        assert!(!jumping.is_linear(), "{jump}");
    }
    let solved = solve(&linear, settings! { step_controller: "fixed", dt: 0.001 }).unwrap();
    let exact = (-3.0 * (3.0 - 1.0_f64.cos())).exp();
    assert!((solved.final_state(0).unwrap()[0] / exact - 1.0).abs() < 1e-5);
    assert_eq!(solve(&compartments(), Settings::new()).unwrap().failed(), 0, "not linear as written");
}

#[test]
fn no_bit_depends_on_placement_or_how_code_is_written() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for (tableau, precision) in methods().zip(["f64", "f32"].into_iter().cycle()) {
        let mut solver = solver(tableau.name, precision, narrow(1));
        let expected = outcomes(&mut solver);
        let mut variants = vec![places(&solver, || true), places(&solver, || random.bit())];
        if tableau.name == "rodas4" {
            variants.extend([
                places(&solver, || random.bit()),
                settings! { unroll_stages: false },
                settings! { unroll_stages: false, unroll_states: false },
                settings! { inline_equations: false },
                settings! { inline_equations: false, lu_table_driven: true, unroll_stages: false, unroll_states: false },
                settings! { refill: false },
            ]);
        }
        assert_no_bit_changes(&mut solver, &expected, variants);
    }
}

#[test]
fn no_bit_depends_on_the_build_or_on_neighbours() {
    for precision in ["f64", "f32"] {
        let expected = outcomes(&mut solver("rodas4", precision, narrow(1)));
        for options in builds() {
            assert_eq!(
                outcomes(&mut solver("rodas4", precision, options.clone())),
                expected,
                "{precision}, {options:?}"
            );
        }
        assert_alone(&mut solver("rodas4", precision, narrow(2)), &[0, 7, RUNS - 1], &expected);
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
    let methods = [("rodas4", 1e-9), ("rosenbrock23", 1e-7), ("rodas3", 1e-9)];
    assert_drivers_act(methods.map(|(method, least)| settings! { algorithm: method, rtol: least, atol: least }));
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
