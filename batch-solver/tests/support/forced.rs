//! A system for tests that want every method and every way to write its code, solved from easy runs to stiff ones.

use batch_solver::{Batch, Solver, System, linspace};
use buffer_runtime::{CpuOptions, Settings, settings};

use super::{bits, set, sharing_cpu};

/// A relaxation oscillation with a forcing: stiff for large mu, non-autonomous, with an elementary function.
pub(crate) fn forced() -> System {
    System::builder("forced")
        .equations("dx = y; dy = mu*((1 - x^2)*y - x) + cos(3*t); dz = exp(-z) - z*x^2; energy = x^2 + y^2")
        .states([("x", 2.0), ("y", 0.0), ("z", 0.5)])
        .parameter("mu", 10.0)
        .observable("energy")
        .build()
        .unwrap()
}

pub(crate) const RUNS: usize = 19;
pub(crate) const END: f64 = 2.0;

fn rates() -> Vec<f64> {
    linspace(1.0, 200.0, RUNS)
}

/// Everything each run left.
pub(crate) fn outcomes(solver: &mut Solver) -> Vec<Vec<u64>> {
    let solution = solver.solve(&Batch::grid().vary("mu", rates()), 0.0..END).unwrap();
    let failure = (0..RUNS).map(|run| solution.status(run).unwrap()).find(|status| !status.is_success());
    assert_eq!(failure, None, "{}: {}", solver.config().algorithm, failure.unwrap());
    (0..RUNS).map(|run| bits(&solution, run)).collect()
}

/// The same of runs that have no neighbours.
pub(crate) fn assert_alone(solver: &mut Solver, runs: &[usize], expected: &[Vec<u64>]) {
    for run in runs {
        let alone = solver.solve(&Batch::grid().fix("mu", rates()[*run]), 0.0..END).unwrap();
        assert_eq!(bits(&alone, 0), expected[*run], "{}, run {run}", solver.config().algorithm);
    }
}

/// A solver with the method's own controller, or with a step that all runs have where it has no error estimate.
pub(crate) fn solver(method: &str, precision: &str, options: CpuOptions) -> Solver {
    let given = settings! { algorithm: method, precision: precision, rtol: 1e-4, save_every: 0.5 };
    let mut solver = Solver::with_settings(forced(), sharing_cpu(options), &given).unwrap();
    if !solver.config().step_controller.is_adaptive() {
        // The fastest rate is that of the jump from one branch of the oscillation to the other.
        set(&mut solver, &settings! { dt: 0.001 });
    }
    solver
}

/// Solves with each of these settings in turn, in addition to those before: they may not change a bit of what was expected.
pub(crate) fn assert_no_bit_changes(
    solver: &mut Solver,
    expected: &[Vec<u64>],
    variants: impl IntoIterator<Item = Settings>,
) {
    for variant in variants {
        set(solver, &variant);
        let method = solver.config().algorithm;
        assert_eq!(outcomes(solver), expected, "{method}:\n{variant}");
    }
}
