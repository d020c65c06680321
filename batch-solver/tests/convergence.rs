//! Order of convergence of every method, and agreement of the classical one with the same arithmetic in Rust.

#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use batch_solver::{Algorithm, Batch, Solver, System};
use buffer_runtime::{Unknown, settings};
use support::{lorenz, narrow_cpu};

/// Nonlinear in the states, explicit in the time, and solved by y = 1/(a + t²), z = y exp(sin t).
fn bernoulli() -> System {
    System::builder("bernoulli")
        .equations("dy = -2*t*y^2; dz = z*(cos(t) - 2*t*y)")
        .states([("y", 1.0), ("z", 1.0)])
        .build()
        .unwrap()
}

/// End of the integration: there the methods come near to their limits before rounding shows.
const END: f64 = 0.8;

/// Values of a, one per run.
fn family() -> Vec<f64> {
    (0..7).map(|k| 0.5 + f64::from(k) / 6.0).collect()
}

/// Largest error of all runs at the end, after this many steps.
fn error(solver: &mut Solver, steps: u32) -> f64 {
    solver.update(&settings! { dt: END / f64::from(steps) }, Unknown::Error).unwrap();
    let start: Vec<f64> = family().iter().map(|a| 1.0 / a).collect();
    let solution = solver.solve(&Batch::zip().vary("y", start.clone()).vary("z", start), 0.0..END).unwrap();
    assert_eq!((solution.failed(), solution.steps()), (0, u64::from(steps)), "{:?}", solution.status(0));
    let distance = |(run, a): (usize, f64)| {
        let (at, y) = (solution.final_state(run).unwrap(), 1.0 / (a + END * END));
        (at[0] - y).hypot(at[1] - y * END.sin().exp())
    };
    family().into_iter().enumerate().map(distance).fold(0.0, f64::max)
}

/// Measures the order, and whether it is the method's. The step is halved while the error is well above rounding and what equations are left with in every step: the last ratio is the
/// nearest to the limit.
fn check_order(solver: &mut Solver, algorithm: Algorithm, left_per_step: f64) {
    let errors = (1..=12).map(|level| 1 << level).map(|steps| (steps, error(solver, steps)));
    let telling = errors.take_while(|(steps, error)| *error > 5e-13 + 10.0 * left_per_step * f64::from(*steps));
    let errors: Vec<f64> = telling.map(|(_, error)| error).collect();
    let [.., coarse, fine] = errors[..] else { panic!("{algorithm}: too exact to tell: {errors:?}") };
    let slope = (coarse / fine).log2();
    let order = f64::from(algorithm.order());
    eprintln!("{algorithm}: order {order}, measured {slope:.3}");
    assert!(slope > order - 0.2, "{algorithm}: order {order}, measured {slope:.3} from {errors:?}");
    // Pairs of high order were optimised for a small leading error and reach rounding before their limit, converging faster. That none has a
    // higher order is the tableau's to show: its own tests check the order conditions.
    if order <= 4.0 || algorithm.name() == "dormand-prince-54" {
        assert!(slope < order + 0.2, "{algorithm}: order {order}, measured {slope:.3} from {errors:?}");
    }
}

#[test]
fn every_method_has_its_order() {
    let mut solver = Solver::on(bernoulli(), narrow_cpu()).unwrap();
    for algorithm in Algorithm::all() {
        solver.update(&settings! { algorithm: algorithm.name(), step_controller: "fixed" }, Unknown::Error).unwrap();
        if !algorithm.iterates() {
            check_order(&mut solver, algorithm, 0.0);
            continue;
        }
        // Newton's method leaves up to 1e-15 in every step.
        let tight = settings! { newton_rtol: 1e-12, newton_atol: 1e-12, newton_kappa: 1e-3, newton_max_iterations: 60 };
        solver.update(&tight, Unknown::Error).unwrap();
        solver.update(&settings! { newton_jacobian: "exact" }, Unknown::Error).unwrap();
        check_order(&mut solver, algorithm, 1e-15);
        // One Jacobian for a whole step leads to the same solution, where steps are not so long that it is far from that of the iterates.
        let exact = error(&mut solver, 16);
        solver.update(&settings! { newton_jacobian: "frozen" }, Unknown::Error).unwrap();
        let difference = error(&mut solver, 16) - exact;
        assert!(difference.abs() < 2e-13, "{algorithm}: {difference:e}");
    }
}

/// The Lorenz system's derivative in the arithmetic of the emitted equations.
fn derivative([x, y, z]: [f64; 3], rho: f64) -> [f64; 3] {
    [10.0 * (y - x), x.mul_add(rho - z, -y), x.mul_add(y, -(8.0 / 3.0 * z))]
}

/// Classical Runge–Kutta in the device's order of operations, on one run.
fn reference(rho: f64, h: f64, steps: u32) -> [f64; 3] {
    let mut state = [1.0, 0.0, 0.0];
    for _ in 0..steps {
        let mut k = derivative(state, rho);
        let mut sum = k;
        for (weight, multiple) in [(h * 0.5, 2.0), (h * 0.5, 2.0), (h, 1.0)] {
            let input = std::array::from_fn(|i| f64::mul_add(weight, k[i], state[i]));
            k = derivative(input, rho);
            sum = std::array::from_fn(|i| f64::mul_add(multiple, k[i], sum[i]));
        }
        state = std::array::from_fn(|i| f64::mul_add(h * (1.0 / 6.0), sum[i], state[i]));
    }
    state
}

#[test]
fn the_classical_method_has_the_bits_of_the_same_arithmetic_in_rust() {
    let mut solver = Solver::on(lorenz(), narrow_cpu()).unwrap();
    solver.update(&settings! { algorithm: "classical-rk4", dt: 1e-3 }, Unknown::Error).unwrap();
    let rho: Vec<f64> = (0..37).map(|k| 0.75 * f64::from(k)).collect();
    let solution = solver.solve(&Batch::grid().vary("rho", rho.clone()), 0.0..1.0).unwrap();
    assert_eq!(solution.steps(), 1000);
    for (run, rho) in rho.into_iter().enumerate() {
        assert_eq!(solution.final_state(run).unwrap(), reference(rho, 1e-3, 1000), "rho = {rho}");
    }
}
