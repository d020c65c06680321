//! Runs of a batch from files and from distributions, by the library.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

#[path = "support/npy.rs"]
mod npy;

use std::fs;

use batch_solver::{Axis, Batch, Distribution, RunsFileError, Solver, System, read_numbers};
use buffer_runtime::{Device, settings};
use npy::{npy, write_npz};

/// `x(t) = x(0)·exp(-k·t) + b·t`.
fn decay() -> System {
    System::builder("decay")
        .equations("dx = -k*(x - b*t) + b")
        .state("x", 1.0)
        .parameters([("k", 0.5), ("b", 0.0)])
        .build()
        .unwrap()
}

/// The final states of the runs after a time of 1, or their own times.
fn ends(batch: &Batch) -> Vec<f64> {
    let settings = settings! { algorithm: "dop853", rtol: 1e-10, atol: 1e-12 };
    let mut solver = Solver::with_settings(decay(), Device::cpu().unwrap(), &settings).unwrap();
    let solution = solver.solve(batch, 0.0..1.0).unwrap();
    assert_eq!(solution.failed(), 0);
    (0..solution.runs()).map(|run| solution.final_state(run).unwrap()[0]).collect()
}

fn assert_near(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-8, "{found}, {expected}");
    }
}

#[test]
fn files_of_all_kinds_give_the_same_runs() {
    let folder = tempfile::tempdir().unwrap();
    let system = decay();
    let in_folder = |name: &str| folder.path().join(name);
    fs::write(in_folder("runs.csv"), "x,k,b\n1,0.5,0\n2,1,0.25\n").unwrap();
    fs::write(in_folder("runs.npy"), npy(&[2, 3], &[1.0, 0.5, 0.0, 2.0, 1.0, 0.25])).unwrap();
    write_npz(&in_folder("runs.npz"), &[("x", &[1.0, 2.0]), ("k", &[0.5, 1.0]), ("b", &[0.0, 0.25])]);
    let expected = Batch::zip().vary("x", [1.0, 2.0]).vary("k", [0.5, 1.0]).vary("b", [0.0, 0.25]);
    for file in ["runs.csv", "runs.npy", "runs.npz"] {
        assert_eq!(Batch::read(in_folder(file), &system).unwrap(), expected, "{file}");
    }
    assert_near(&ends(&expected), &[(-0.5_f64).exp(), 2.0 * (-1.0_f64).exp() + 0.25]);

    // Only the parameters, in the system's order.
    fs::write(in_folder("parameters.npy"), npy(&[1, 2], &[2.0, 0.5])).unwrap();
    let batch = Batch::read(in_folder("parameters.npy"), &system).unwrap();
    assert_near(&ends(&batch), &[(-2.0_f64).exp() + 0.5]);
}

#[test]
fn single_values_hold_for_all_runs_and_durations_for_each() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("runs.npz");
    write_npz(&file, &[("b", &[2.0]), ("k", &[1.0, 2.0, 3.0]), ("duration", &[0.25, 0.5, 1.0])]);
    let batch = Batch::read(&file, &decay()).unwrap();
    let expected = [(1.0, 0.25), (2.0, 0.5), (3.0, 1.0)].map(|(k, t): (f64, f64)| (-k * t).exp() + 2.0 * t);
    assert_near(&ends(&batch), &expected);

    // Nothing but durations: the solution on the way.
    let file = folder.path().join("durations.csv");
    fs::write(&file, "duration\n0.5\n1\n").unwrap();
    assert_near(&ends(&Batch::read(&file, &decay()).unwrap()), &[(-0.25_f64).exp(), (-0.5_f64).exp()]);
}

#[test]
fn errors_of_files_say_what_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        Batch::read(&file, &decay()).unwrap_err()
    };
    let error = read("runs.npy", &npy(&[3], &[1.0, 2.0, 3.0]));
    let RunsFileError::Shape { shape, allowed, .. } = &error else { panic!("{error}") };
    assert_eq!(shape, &[3]);
    assert_eq!(allowed, &["[runs, 3] for x, k, b", "[runs, 1] for x", "[runs, 2] for k, b"]);
    assert!(matches!(read("text.npy", b"1,2\n"), RunsFileError::Npy(_)));
    assert!(matches!(read("text.npz", b"1,2\n"), RunsFileError::Npy(_)));
    assert!(matches!(read("runs.json", b"{}"), RunsFileError::Extension { .. }));
    let message = read("runs.csv", b"x,kk\n1,2\n").to_string();
    assert!(message.contains("runs.csv:1:3: `kk`") && message.contains("did you mean `k`?"), "{message}");
}

#[test]
fn values_of_an_axis_come_from_files() {
    let folder = tempfile::tempdir().unwrap();
    let (text, array) = (folder.path().join("k.txt"), folder.path().join("k.npy"));
    fs::write(&text, "0.5\n1\n\n# and\n2\n").unwrap();
    fs::write(&array, npy(&[3], &[0.5, 1.0, 2.0])).unwrap();
    for file in [&text, &array] {
        assert_eq!(read_numbers(file).unwrap(), [0.5, 1.0, 2.0]);
        let axis: Axis = format!("k=@{}", file.display()).parse().unwrap();
        assert_eq!((axis.name.as_str(), axis.values.as_slice()), ("k", &[0.5, 1.0, 2.0][..]));
    }
}

/// The mean of `x(1)` over normal initial values and uniform rates is the product of the means of both factors.
#[test]
fn means_over_drawn_values_are_those_of_the_distributions() {
    let names = [("x", Distribution::normal(2.0, 0.5).unwrap()), ("k", Distribution::uniform(0.0, 2.0).unwrap())];
    let expected = 2.0 * (1.0 - (-2.0_f64).exp()) / 2.0;
    let error = |batch: &Batch| {
        let ends = ends(batch);
        (ends.iter().sum::<f64>() / ends.len() as f64 - expected).abs()
    };
    let independent = error(&Batch::grid().sample(4096, 1, names));
    let hypercube = error(&Batch::grid().latin_hypercube(4096, 1, names));
    // The standard deviation of x(1) is about 0.55.
    assert!(independent < 4.0 * 0.55 / 64.0, "{independent}");
    assert!(hypercube < 0.55 / 64.0, "{hypercube}");
}
