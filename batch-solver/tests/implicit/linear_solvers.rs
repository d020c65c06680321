//! Jacobians, linear solvers, preconditioners and precisions of factors: all lead to the same solution, with bits that depend on nothing but the run.

use batch_solver::{Batch, Solver};
use buffer_runtime::{Settings, settings};

use crate::support::forced::{END, RUNS, outcomes, solver};
use crate::support::{Random, builds, lending, narrow, places, set};

/// Ways to solve the equations of a step, each choice with every other one somewhere.
fn ways() -> [Settings; 9] {
    let krylov = |solver: &str, jacobian: &str, preconditioner: &str| settings! { linear_solver: solver, newton_jacobian: jacobian, krylov_preconditioner: preconditioner };
    let searching = |mut way: Settings| {
        way.set("newton_line_search", true);
        way
    };
    let second_order = |mut way: Settings| {
        way.set("krylov_preconditioner_order", 2);
        way
    };
    [
        searching(krylov("bicgstab", "frozen", "none")),
        krylov("bicgstab", "exact", "jacobi"),
        searching(krylov("minimal_residual", "exact", "none")),
        krylov("minimal_residual", "frozen", "neumann"),
        second_order(krylov("steepest_descent", "frozen", "jacobi")),
        searching(krylov("steepest_descent", "exact", "neumann")),
        settings! { linear_solver: "lu", newton_jacobian: "exact", newton_line_search: true },
        settings! { linear_solver: "lu", lu_precision: "f32", lu_refinement: 1 },
        settings! { linear_solver: "lu", newton_jacobian: "exact", lu_precision: "f32" },
    ]
}

/// Largest difference of any state of any run at the end, in units of its size and 1.
fn difference(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    let pairs = a.iter().flatten().zip(b.iter().flatten());
    pairs
        .map(|(a, b)| (a - b).abs() / (1.0 + b.abs()))
        .fold(0.0, |largest, d| if d > largest || d.is_nan() { d } else { largest })
}

fn ends(solver: &mut Solver, batch: &Batch, end: f64) -> Vec<Vec<f64>> {
    let solution = solver.solve(batch, 0.0..end).unwrap();
    let settings = solver.plan().settings();
    (0..solution.runs())
        .map(|run| {
            assert!(
                solution.status(run).unwrap().is_success(),
                "{settings}, run {run}: {}",
                solution.status(run).unwrap()
            );
            solution.final_state(run).unwrap()
        })
        .collect()
}

fn assert_all_ways_agree(method: &str) {
    let mut random = Random(0x7e57_ab1e_5eed_0001);
    let batch = Batch::grid().vary("mu", [1.0, 5.0, 20.0]);
    let tight = settings! { rtol: 1e-7, atol: 1e-9 };
    let mut default = solver(method, "f64", narrow(1));
    set(&mut default, &tight);
    let expected = ends(&mut default, &batch, END);
    for (case, way) in ways().into_iter().enumerate() {
        let flipped = settings! { dense_prediction: case % 2 == 0, smoothed_error: case % 3 == 0 };
        let mut one = solver(method, "f64", narrow(1));
        let mut other = solver(method, "f64", builds()[case % 4].clone());
        for solver in [&mut one, &mut other] {
            set(solver, &way);
            set(solver, &flipped);
        }
        let chosen = if case % 3 == 0 { lending(&other) } else { places(&other, || random.bit()) };
        set(&mut other, &chosen);
        let (of_one, of_other) = (outcomes(&mut one), outcomes(&mut other));
        for run in 0..RUNS {
            assert_eq!(of_one[run], of_other[run], "run {run}, {}\n{}", one.plan().settings(), other.plan().settings());
        }
        // The ways without factors come first.
        if case < 6 {
            set(&mut one, &settings! { krylov_reduction: 1e-5 });
        }
        set(&mut one, &tight);
        let found = difference(&ends(&mut one, &batch, END), &expected);
        println!("{method}, {found:e}: {way}");
        assert!(found < 1e-5, "{method}: {found:e} from LU factors of the step's start\n{}", one.plan().settings());
    }
}

#[test]
fn all_ways_agree_stage_by_stage() {
    assert_all_ways_agree("kvaerno5");
}

#[test]
fn all_ways_agree_for_all_stages_together() {
    assert_all_ways_agree("radau_iia_5");
}
