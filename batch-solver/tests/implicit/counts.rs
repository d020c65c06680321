//! Counters and traces: what is counted is what was done.

use batch_solver::solution::{Counters, Factorisations, TracedRun};
use batch_solver::{Algorithm, Batch, Solver, System};
use buffer_runtime::{Settings, settings};

use crate::coefficients::Coefficients;
use crate::methods;
use crate::support::forced::{END, forced};
use crate::support::{bits, narrow, set, sharing_cpu};

const RATES: [f64; 3] = [3.0, 200.0, 50.0];

/// The attempts of a run add up to what was counted, and each stage's derivative is that at its argument.
fn assert_follows(system: &System, algorithm: Algorithm, traced: &TracedRun, counters: &Counters, end: &[f64]) {
    let (what, method) = (format!("{algorithm}, run {}", traced.run()), Coefficients::of(algorithm));
    let (s, mu) = (method.b.len(), RATES[traced.run()]);
    let accepted = traced.attempts().filter(|attempt| attempt.accepted).count() as u64;
    let refused = traced.total_attempts() as u64 - accepted;
    // What was not solved counts as the largest error there is.
    let unsolved = traced.attempts().filter(|attempt| attempt.error_norm >= 1e8).count() as u64;
    assert_eq!((counters.steps, counters.rejections, counters.unsolved), (accepted, refused, unsolved), "{what}");
    let mut y = vec![2.0, 0.0, 0.5];
    for attempt in traced.attempts().filter(|attempt| attempt.accepted) {
        let k: Vec<&[f64]> = attempt.stage_derivatives.chunks(3).collect();
        assert_eq!(k.len(), s);
        let along = |weights: &[f64]| -> Vec<f64> {
            (0..3).map(|i| y[i] + attempt.dt * (0..s).map(|j| weights[j] * k[j][i]).sum::<f64>()).collect()
        };
        for (stage, found) in k.iter().enumerate() {
            let exact = system
                .evaluate(attempt.t + method.c[stage] * attempt.dt, &along(&method.a[stage]), &[mu], &[])
                .unwrap();
            // Newton's method leaves a part of the tolerance, which the stiffest rate magnifies.
            let near = |i: usize| (found[i] - exact[i]).abs() <= 1e-5 * (1.0 + mu) * (1.0 + exact[i].abs());
            assert!((0..3).all(near), "{what} at {}, stage {stage}: {found:?}, not {exact:?}", attempt.t);
        }
        y = along(&method.b);
    }
    assert!((0..3).all(|i| (y[i] - end[i]).abs() <= 1e-9 * (1.0 + end[i].abs())), "{what}: {y:?}, not {end:?}");
}

/// Matrices that each attempt factorises.
fn matrices(algorithm: Algorithm) -> u64 {
    match algorithm {
        Algorithm::CrankNicolson => 2,
        Algorithm::Firk(tableau) => {
            let blocks = tableau.blocks();
            let of_error = u64::from(blocks.real.is_none() && tableau.has_start_error());
            blocks.pairs.len() as u64 + u64::from(blocks.real.is_some()) + of_error
        }
        _ => 1,
    }
}

#[test]
fn traces_agree_with_counters_and_with_the_equations() {
    for algorithm in methods() {
        let given = settings! { algorithm: algorithm.name(), rtol: 1e-4, newton_rtol: 1e-9, newton_atol: 1e-9, newton_max_iterations: 40, save_counters: true };
        let mut solver = Solver::with_settings(forced(), sharing_cpu(narrow(1)), &given).unwrap();
        if !algorithm.has_error_estimate() {
            set(&mut solver, &settings! { dt: 0.001 });
        }
        let batch = Batch::grid().vary("mu", RATES);
        let without = solver.solve(&batch, 0.0..END).unwrap();
        set(&mut solver, &settings! { trace: true, trace_runs: [1, 0], trace_steps: 100_000 });
        let solution = solver.solve(&batch, 0.0..END).unwrap();
        assert_eq!((solution.failed(), solution.trace().stages()), (0, algorithm.stages()), "{algorithm}");
        for run in 0..RATES.len() {
            assert_eq!(bits(&solution, run), bits(&without, run), "{algorithm}, run {run}");
            let counters = solution.counters(run).unwrap();
            let Counters { steps, rejections, unsolved, .. } = counters;
            let of = matrices(algorithm);
            let expected = [steps, rejections - unsolved, unsolved, 0].map(|attempts| attempts * of);
            let Factorisations { accepted, refused, unsolved, iterations, .. } = counters.factorisations;
            assert_eq!([accepted, refused, unsolved, iterations], expected, "{algorithm}, run {run}");
            assert_eq!(counters.factorisations.total(), expected.iter().sum::<u64>());
            assert!(counters.newton_iterations >= steps + rejections && counters.linear_iterations == 0, "{algorithm}");
        }
        let total: u64 = (0..RATES.len()).map(|run| solution.counters(run).unwrap().steps).sum();
        assert_eq!(solution.total_steps(), total, "{algorithm}");
        for traced in solution.trace().runs() {
            let (counters, end) =
                (solution.counters(traced.run()).unwrap(), solution.final_state(traced.run()).unwrap());
            assert_follows(solver.system(), algorithm, traced, &counters, &end);
        }
        println!("{algorithm}: {:?}", solution.counters(1).unwrap());
    }
}

const COOLING: f64 = 0.05;

/// Newton iterations of backward Euler on dy = −k y³, as the host finds them.
fn iterations(k: f64, steps: u32, tolerance: f64, kappa: f64) -> u64 {
    let (mut y, mut u, mut known, mut count) = (1.0_f64, 0.0_f64, 0.0, 0);
    for _ in 0..steps {
        let (slope, weight) = (-3.0 * k * y * y, 1.0 / (tolerance + tolerance * y.abs()));
        let (mut theta, mut before) = (if known > 0.0 { known } else { 1.0_f64 }, 1.0);
        for iteration in 0.. {
            let residual = -COOLING * k * (y + u).powi(3) - u;
            let correction = residual / (1.0 - COOLING * slope);
            let size = correction.abs() * weight;
            if iteration > 0 {
                theta = f64::max(0.3 * theta, size / before);
            }
            (u, before, count) = (u + correction, size, count + 1);
            if (iteration == 0 && size < 1e-5) || (theta < 1.0 && theta * size < kappa * (1.0 - theta)) {
                break;
            }
        }
        (y, known) = (y + u, theta);
    }
    count
}

#[test]
fn iterations_and_evaluations_are_those_of_the_host() {
    let system =
        System::builder("cooling").equations("dy = -k*y^3").state("y", 1.0).parameter("k", 1.0).build().unwrap();
    let (rates, steps, tolerance, kappa) = ([0.1, 1.0, 3.0, 5.0], 40, 1e-6, 0.01);
    let given = settings! { algorithm: "backwards_euler", dt: COOLING, atol: tolerance, rtol: tolerance, newton_kappa: kappa, newton_max_iterations: 40, save_counters: true };
    let mut solver = Solver::with_settings(system, sharing_cpu(narrow(1)), &given).unwrap();
    let end = COOLING * f64::from(steps);
    let mut counters = |more: Settings| -> Vec<Counters> {
        set(&mut solver, &more);
        let solution = solver.solve(&Batch::grid().vary("k", rates), 0.0..end).unwrap();
        assert_eq!(solution.failed(), 0);
        (0..rates.len()).map(|run| solution.counters(run).unwrap()).collect()
    };
    let frozen = counters(Settings::new());
    for (counters, k) in frozen.iter().zip(rates) {
        assert_eq!((counters.steps, counters.rejections), (u64::from(steps), 0));
        assert_eq!(counters.newton_iterations, iterations(k, steps, tolerance, kappa), "k = {k}");
        assert_eq!(counters.right_hand_sides, counters.newton_iterations);
    }
    for (exact, frozen) in counters(settings! { newton_jacobian: "exact" }).iter().zip(&frozen) {
        assert!(exact.newton_iterations <= frozen.newton_iterations);
        assert_eq!(
            (exact.factorisations.iterations, exact.factorisations.total()),
            (exact.newton_iterations, exact.newton_iterations)
        );
    }
    for searched in counters(settings! { newton_line_search: true }) {
        assert!(searched.right_hand_sides > searched.newton_iterations);
    }
    for predicted in
        counters(settings! { algorithm: "backwards_euler_pc", newton_jacobian: "frozen", newton_line_search: false })
    {
        assert_eq!(predicted.right_hand_sides, predicted.newton_iterations + u64::from(steps));
    }
    for pair in counters(settings! { algorithm: "crank_nicolson", step_controller: "fixed" }) {
        assert_eq!(pair.right_hand_sides, pair.newton_iterations + u64::from(steps));
        assert_eq!(pair.factorisations.total(), u64::from(steps), "the matrix of its error estimate is not needed");
    }
    // Each linear solution takes one iteration: there is one unknown.
    for free in counters(settings! { algorithm: "backwards_euler", linear_solver: "minimal_residual" }) {
        assert_eq!(free.factorisations.total(), 0);
        assert!(free.linear_iterations > 0 && free.linear_iterations <= free.newton_iterations);
    }
}
