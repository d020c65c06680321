//! What implicit steps make of stiff systems, of drivers, and of equations with bad first guesses.

use batch_solver::{Batch, Solver, Status, System};
use buffer_runtime::{Settings, settings};

use crate::adaptive_methods;
use crate::support::follow::assert_drivers_act;
use crate::support::stiff::{self, error, ladders, references};
use crate::support::{narrow, set, sharing_cpu};

#[test]
fn every_way_solves_robertsons_reaction() {
    let rung = ladders()
        .into_iter()
        .flatten()
        .find(|rung| rung.problem == "robertson" && rung.end == 1e4 && rung.rtol <= 1e-6);
    let rung = rung.unwrap();
    let exact = &references()[&rung.key()];
    let ways = [
        settings! {},
        settings! { newton_jacobian: "exact" },
        settings! { newton_line_search: true },
        settings! { lu_precision: "f32" },
        settings! { lu_precision: "f32", lu_refinement: 2 },
        // Rates of eight decades: tight enough that what is left of a linear solution is not magnified.
        settings! { linear_solver: "bicgstab", krylov_preconditioner: "jacobi", krylov_reduction: 1e-6, krylov_floor: 1e-5 },
        settings! { linear_solver: "bicgstab", krylov_preconditioner: "jacobi", krylov_reduction: 1e-6, krylov_floor: 1e-5, newton_jacobian: "exact" },
    ];
    for method in ["kvaerno5", "radau_iia_5"] {
        for way in &ways {
            let mut solver = stiff::solver("robertson", sharing_cpu(narrow(1)), method);
            let solution = stiff::solve(&mut solver, &rung, way);
            assert_eq!(solution.status(0), Some(Status::SUCCESS), "{method}: {way}{}", solution.status(0).unwrap());
            let found = error(&solution.final_state(0).unwrap(), exact, &rung);
            println!("{method}: {found:.2} of the tolerance in {:?}\n{way}", solution.counters(0).unwrap());
            assert!(found < 100.0, "{method}: {found} of the tolerance\n{way}");
        }
    }
}

#[test]
fn drivers_act() {
    let fine = adaptive_methods().map(|algorithm| {
        let least = if algorithm.order() < 3 { 1e-7 } else { 1e-9 };
        settings! { algorithm: algorithm.name(), rtol: least, atol: least, max_steps: 1_000_000 }
    });
    let others = ["implicit_midpoint", "trapezoidal_dirk", "sdirk_2_2", "l_stable_dirk_3", "firk_gauss_legendre_2"];
    let of_one_size = others.map(|method| settings! { algorithm: method, dt: 0.002 });
    assert_drivers_act(fine.chain(of_one_size));
}

/// v + 10⁴ atan(v) = y: what one step of size 1 of backward Euler makes of dy = −10⁴ atan(y).
fn damped(y: f64) -> f64 {
    let (mut below, mut above) = (-y.abs(), y.abs());
    for _ in 0..200 {
        let middle = 0.5 * (below + above);
        if middle + 1e4 * middle.atan() < y { below = middle } else { above = middle }
    }
    below
}

#[test]
fn a_line_search_converges_where_newton_diverges() {
    // From beyond 1.4 Newton's iteration for atan overshoots more at each step.
    let system = System::builder("damped").equations("dy = -1e4*atan(y)").state("y", 3.0).build().unwrap();
    let starts = [0.5, -3.0, 6.0];
    for method in ["backwards_euler", "implicit_midpoint", "l_stable_dirk_3", "radau_iia_5"] {
        let given = settings! { algorithm: method, step_controller: "fixed", dt: 1.0, newton_jacobian: "exact", newton_max_iterations: 50 };
        let mut solver = Solver::with_settings(system.clone(), sharing_cpu(narrow(1)), &given).unwrap();
        let solve = |solver: &mut Solver| solver.solve(&Batch::grid().vary("y", starts), 0.0..1.0).unwrap();
        let plain = solve(&mut solver);
        set(&mut solver, &settings! { newton_line_search: true });
        let searched = solve(&mut solver);
        assert!(
            (1..3).all(|run| plain.status(run) == Some(Status::NEWTON_DIVERGENCE)),
            "{method}: {:?}",
            plain.status(1)
        );
        for (run, y) in starts.into_iter().enumerate() {
            assert_eq!(searched.status(run), Some(Status::SUCCESS), "{method}, from {y}");
            let end = searched.final_state(run).unwrap()[0];
            if method == "backwards_euler" {
                assert!((end - damped(y)).abs() < 1e-6, "from {y}: {end}, not {}", damped(y));
            }
            assert!(end.abs() <= 1.001 * y.abs(), "{method}, from {y}: {end}");
        }
    }
}

#[test]
fn settings_of_the_iteration_are_what_they_say() {
    let system = System::builder("decay").equations("dy = -y^3").state("y", 1.0).build().unwrap();
    let end = |given: &Settings| {
        let mut solver = Solver::on(system.clone(), sharing_cpu(narrow(1))).unwrap();
        set(&mut solver, &settings! { algorithm: "backwards_euler", dt: 0.5, newton_max_iterations: 60 });
        set(&mut solver, given);
        let solution = solver.solve(&Batch::grid(), 0.0..0.5).unwrap();
        assert_eq!(solution.failed(), 0, "{given}");
        solution.final_state(0).unwrap()[0]
    };
    // v + v³/2 = 1.
    let exact = 0.770_916_997_059_248_1_f64;
    assert!((exact + 0.5 * exact.powi(3) - 1.0).abs() < 1e-15);
    let error = |given: Settings| (end(&given) - exact).abs();
    let loose = error(settings! { newton_rtol: 1e-2, newton_kappa: 1.0 });
    let middle = error(settings! { newton_rtol: 1e-6, newton_atol: 1e-6 });
    let tight = error(settings! { newton_rtol: 1e-12, newton_atol: 1e-12 });
    assert!(loose > 1e-4 && loose < 2e-2 && middle < 2e-8 && tight < 1e-13, "{loose:e}, {middle:e}, {tight:e}");
}
