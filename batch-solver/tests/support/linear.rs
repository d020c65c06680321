//! The linear test equation, which shows a method's stability function.

use batch_solver::{Batch, Solver, System};
use buffer_runtime::{Settings, settings};

use super::{narrow, set, sharing_cpu};

/// Compares one step of size 1 of dy = z·y from 1 with the stability function, up to `rounding` of z, and with its limit's magnitude at −∞; nothing may grow.
pub(crate) fn assert_stability(
    method: &str,
    given: &Settings,
    limit: f64,
    exact: impl Fn(f64) -> f64,
    rounding: impl Fn(f64) -> f64,
) {
    let system = System::builder("linear").equations("dy = z*y").state("y", 1.0).parameter("z", 0.0).build().unwrap();
    let rates: Vec<f64> = [1e-3, 0.1, 0.5, 1.0, 3.0, 10.0, 100.0, 1e4, 1e8, 1e12].iter().map(|z| -z).collect();
    let mut solver = Solver::on(system, sharing_cpu(narrow(1))).unwrap();
    set(&mut solver, &settings! { algorithm: method, step_controller: "fixed", dt: 1.0 });
    set(&mut solver, given);
    let solution = solver.solve(&Batch::grid().vary("z", rates.clone()), 0.0..1.0).unwrap();
    for (run, z) in rates.iter().enumerate() {
        let value: f64 = solution.final_state(run).unwrap()[0];
        let (expected, rounding) = (exact(*z), rounding(*z));
        let what = format!("{method}, z = {z}, {}", solution.status(run).unwrap());
        assert!((value - expected).abs() < rounding, "{what}: {value} is not {expected}");
        assert!(value.abs() <= 1.0 + rounding, "{what}: {value} grows");
    }
    let (last, stiffest) = (rates.len() - 1, rates[rates.len() - 1]);
    let stiff: f64 = solution.final_state(last).unwrap()[0];
    assert!((stiff.abs() - limit).abs() < 1e-9 + rounding(stiffest), "{method}: {stiff}");
}
