//! Order of convergence of every explicit method, and agreement of the classical one with the same arithmetic in Rust.

mod support;

use std::f64::consts::TAU;

use batch_solver::{Algorithm, Batch, Solver, System};
use buffer_runtime::{Unknown, settings};
use support::{lorenz, narrow_cpu};

/// A limit cycle whose phase advances unevenly: nonlinear in the state, explicit in the time, and solved by
/// r² = 1 / (1 + (1/r₀² − 1) e^(−2t)), θ = θ₀ + t + sin t.
fn limit_cycle() -> System {
    System::builder("limit_cycle")
        .equations(
            "dx = growth*x - rate*y; dy = growth*y + rate*x
             growth = 1 - x^2 - y^2; rate = 1 + cos(t)",
        )
        .states([("x", 1.0), ("y", 0.0)])
        .build()
        .unwrap()
}

/// Starting points inside and outside the cycle, in polar coordinates.
fn starts() -> Vec<(f64, f64)> {
    (0..7).map(|k| (0.4 + 0.15 * f64::from(k), TAU * 0.13 * f64::from(k))).collect()
}

fn cartesian((radius, angle): (f64, f64)) -> [f64; 2] {
    [radius * angle.cos(), radius * angle.sin()]
}

fn exact((radius, angle): (f64, f64), t: f64) -> [f64; 2] {
    cartesian(((1.0 + (radius.powi(-2) - 1.0) * (-2.0 * t).exp()).powf(-0.5), angle + t + t.sin()))
}

/// Largest error at t = 1 over all starting points, after this many steps.
fn error(solver: &mut Solver, steps: u32) -> f64 {
    solver.update(&settings! { dt: 1.0 / f64::from(steps) }, Unknown::Error).unwrap();
    let starts = starts();
    let column = |axis: usize| starts.iter().map(|start| cartesian(*start)[axis]).collect::<Vec<_>>();
    let solution = solver.solve(&Batch::zip().vary("x", column(0)).vary("y", column(1)), 0.0..1.0).unwrap();
    assert_eq!(solution.failed(), 0);
    let distance = |run: usize| {
        let (at, end) = (solution.final_state(run).unwrap(), exact(starts[run], 1.0));
        (at[0] - end[0]).hypot(at[1] - end[1])
    };
    (0..starts.len()).map(distance).fold(0.0, f64::max)
}

#[test]
fn every_explicit_method_has_its_order() {
    let mut solver = Solver::on(limit_cycle(), narrow_cpu()).unwrap();
    for name in Algorithm::names() {
        let algorithm: Algorithm = name.parse().unwrap();
        solver.update(&settings! { algorithm: name }, Unknown::Error).unwrap();
        // Halve the step while the error is well above rounding: the last ratio is the nearest to the limit.
        let errors: Vec<f64> =
            (1..=12).map(|level| error(&mut solver, 1 << level)).take_while(|error| *error > 5e-13).collect();
        let [.., coarse, fine] = errors[..] else { panic!("{name}: too exact to tell: {errors:?}") };
        let slope = (coarse / fine).log2();
        let order = f64::from(algorithm.order());
        assert!((slope - order).abs() < 0.2, "{name}: order {order}, measured {slope:.3} from {errors:.2e?}");
        eprintln!("{name}: order {order}, measured {slope:.3}");
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
    solver.update(&settings! { dt: 1e-3 }, Unknown::Error).unwrap();
    let rho: Vec<f64> = (0..37).map(|k| 0.75 * f64::from(k)).collect();
    let solution = solver.solve(&Batch::grid().vary("rho", rho.clone()), 0.0..1.0).unwrap();
    assert_eq!(solution.steps(), 1000);
    for (run, rho) in rho.into_iter().enumerate() {
        assert_eq!(solution.final_state(run).unwrap(), reference(rho, 1e-3, 1000), "rho = {rho}");
    }
}
