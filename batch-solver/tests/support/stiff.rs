//! The stiff test set: models, tolerances, and the values at the end that others have found.

use std::collections::BTreeMap;
use std::path::Path;

use batch_solver::{Batch, Solution, Solver};
use buffer_runtime::{CpuDevice, Settings, Unknown, settings};

use super::systems::model;

/// A problem with tolerances, and what SciPy's Radau made of it.
pub(crate) struct Rung {
    pub(crate) problem: String,
    /// `name=value` of a parameter that is not the model's, if any.
    pub(crate) variation: String,
    pub(crate) end: f64,
    pub(crate) rtol: f64,
    pub(crate) atol: f64,
    /// Error of SciPy's Radau at the end, in units of the tolerance.
    pub(crate) radau_error: f64,
    pub(crate) radau_steps: u64,
}

impl Rung {
    /// What problem it is, whatever the tolerances.
    pub(crate) fn key(&self) -> (String, String, u64) {
        (self.problem.clone(), self.variation.clone(), self.end.to_bits())
    }
}

type Reference = BTreeMap<(String, String, u64), Vec<f64>>;

fn data(name: &str) -> csv::Reader<std::fs::File> {
    csv::Reader::from_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
}

/// All problems, each with its ladder of tolerances.
pub(crate) fn ladders() -> Vec<Vec<Rung>> {
    let mut ladders: Vec<Vec<Rung>> = Vec::new();
    for record in data("scipy_radau.csv").deserialize::<BTreeMap<String, String>>() {
        let record = record.unwrap();
        let number = |name: &str| record[name].parse::<f64>().unwrap();
        let rung = Rung {
            problem: record["problem"].clone(),
            variation: record["variation"].clone(),
            end: number("t_end"),
            rtol: number("rtol"),
            atol: number("atol"),
            radau_error: number("error"),
            radau_steps: number("steps") as u64,
        };
        match ladders.last_mut().filter(|ladder| ladder[0].key() == rung.key()) {
            Some(ladder) => ladder.push(rung),
            None => ladders.push(vec![rung]),
        }
    }
    ladders
}

/// Values of the states at the end of each problem.
pub(crate) fn references() -> Reference {
    let mut references = Reference::new();
    for record in data("stiff_references.csv").deserialize::<BTreeMap<String, String>>() {
        let record = record.unwrap();
        let end: f64 = record["t_end"].parse().unwrap();
        let key = (record["problem"].clone(), record["variation"].clone(), end.to_bits());
        references.entry(key).or_default().push(record["value"].parse().unwrap());
    }
    references
}

/// A solver of one of the models, with the method and its own controller.
pub(crate) fn solver(problem: &str, device: CpuDevice, method: &str) -> Solver {
    let given = settings! { algorithm: method, dt_max: 1e15, dt_min: 1e-30 };
    Solver::with_settings(model(problem), device, &given).unwrap()
}

/// The end of one run.
pub(crate) fn solve(solver: &mut Solver, rung: &Rung, more: &Settings) -> Solution {
    solver.update(&settings! { rtol: rung.rtol, atol: rung.atol }, Unknown::Error).unwrap();
    solver.update(more, Unknown::Error).unwrap();
    let mut batch = Batch::grid();
    if let Some((name, value)) = rung.variation.split_once('=') {
        batch = batch.fix(name, value.parse().unwrap());
    }
    solver.solve(&batch, 0.0..rung.end).unwrap()
}

/// Largest error of a state, in units of its tolerance.
pub(crate) fn error(state: &[f64], reference: &[f64], rung: &Rung) -> f64 {
    assert_eq!(state.len(), reference.len());
    let scaled = |(value, exact): (&f64, &f64)| (value - exact).abs() / (rung.atol + rung.rtol * exact.abs());
    // A NaN is not lost: max would ignore it.
    state.iter().zip(reference).map(scaled).fold(0.0, |a, b| if b > a || b.is_nan() { b } else { a })
}
