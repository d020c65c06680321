//! `batch-solve solve --summary`: the library's metrics instead of states.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use batch_solver::{Batch, Model, Solution};
use buffer_runtime::{Settings, settings};
use support::program::{Csv, code, csv, expected, message, models, program, refused, solve, text};

fn vanderpol() -> String {
    models().join("vanderpol.toml").display().to_string()
}

/// The table of a call that must succeed, and what it says besides.
fn table(arguments: &[&str]) -> (Csv, String) {
    let folder = tempfile::tempdir().unwrap();
    let model = vanderpol();
    let mut all = vec![model.as_str(), "--grid", "mu=0,1,2", "--duration", "8", "--quiet"];
    all.extend(["--set", "algorithm=rk4", "--set", "dt=0.02"]);
    all.extend(arguments);
    let output = solve(folder.path(), &all);
    assert_eq!(code(&output), Some(0), "{}", message(&output));
    (csv(text(&output.stdout)), message(&output).to_owned())
}

fn by_the_library(settings: &Settings) -> Solution {
    let mut all = settings! { algorithm: "rk4", dt: 0.02, summaries: ["mean", "std", "peaks[2]"], save_variables: Vec::<String>::new() };
    all.merge(settings);
    expected("vanderpol.toml", &Batch::grid().vary("mu", [0.0, 1.0, 2.0]), 8.0, &all)
}

fn number(field: &str) -> f64 {
    field.parse().unwrap()
}

/// Whether the row has these bits; NaN stands for every NaN.
fn same(row: &[String], expected: &[f64]) -> bool {
    row.len() == expected.len()
        && row.iter().zip(expected).all(|(field, x)| number(field) == *x || (number(field).is_nan() && x.is_nan()))
}

#[test]
fn metrics_are_one_row_per_run_with_the_librarys_bits() {
    let (table, notes) = table(&["--summary", "mean,std", "--summary", "peaks[2]"]);
    assert_eq!(notes, "");
    let solution = by_the_library(&Settings::new());
    let names = solution.summaries().names();
    let columns =
        ["x", "v", "energy"].map(|name| ["mean", "std", "peak_0", "peak_1"].map(|end| format!("{name}_{end}")));
    assert_eq!(names, columns.concat());
    assert_eq!(table.header, [vec!["mu".to_owned()], names.clone(), vec!["status".to_owned()]].concat());
    assert_eq!(table.rows.len(), 3);
    for (run, row) in table.rows.iter().enumerate() {
        let values: Vec<f64> = names.iter().map(|name| solution.summaries().get(0, name, run).unwrap()).collect();
        assert!(same(&row[1..13], &values), "run {run}: {row:?}, not {values:?}");
        assert_eq!((number(&row[0]), row[13].as_str()), (run as f64, "0"));
    }
    let peaks: Vec<f64> = table.rows.iter().map(|row| number(&row[3])).collect();
    assert!(peaks.iter().any(|peak| *peak > 0.0), "a peak of x is found: {peaks:?}");
}

#[test]
fn windows_are_rows_with_their_end() {
    let chosen = ["--set", "summarise_every=2", "--set", "summarise_variables=[x]", "--precision", "f32"];
    let (table, _) = table(&[&["--summary", "mean,std,peaks[2]"], &chosen[..]].concat());
    assert_eq!(table.header, ["mu", "t", "x_mean", "x_std", "x_peak_0", "x_peak_1", "status"]);
    let solution = by_the_library(&settings! { summarise_every: 2.0, summarise_variables: ["x"], precision: "f32" });
    assert_eq!(table.rows.len(), 12);
    for (at, row) in table.rows.iter().enumerate() {
        let (run, window) = (at / 4, at % 4);
        assert_eq!([number(&row[0]), number(&row[1])], [run as f64, 2.0 * (window + 1) as f64]);
        let names = solution.summaries().names();
        let values: Vec<f64> = names.iter().map(|name| solution.summaries().get(window, name, run).unwrap()).collect();
        assert!(same(&row[2..6], &values), "run {run}, window {window}: {row:?}, not {values:?}");
    }
}

#[test]
fn what_cannot_be_summarised_is_refused_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let model = vanderpol();
    for (arguments, parts) in [
        (&["--summary", "mean,men"][..], &["--summary", "`men`", "did you mean `mean`?"][..]),
        (&["--summary", "peeks[3]"], &["`peeks[3]`", "did you mean `peaks[3]`?"]),
        (&["--summary", "peaks[0]"], &["`peaks[0]`"]),
        (&["--summary", "mean", "--final"], &["--summary", "--final"]),
        (&["--summary", "mean", "--save-every", "1"], &["--summary", "--save-every"]),
        (&["--summary", "mean", "--set", "summarise_every=9"], &["9"]),
    ] {
        let message = refused(folder.path(), &[&[&model, "--duration", "8"], arguments].concat());
        assert!(parts.iter().all(|part| message.contains(part)), "{arguments:?}: {message}");
    }
}

#[test]
fn settings_that_do_not_apply_are_noted() {
    let folder = tempfile::tempdir().unwrap();
    let notes = |arguments: &[&str]| {
        let output = program(folder.path(), &[&["settings"], arguments].concat()).output().unwrap();
        assert_eq!(code(&output), Some(0), "{}", message(&output));
        message(&output).to_owned()
    };
    assert_eq!(notes(&["--set", "algorithm=tsit5", "--set", "step_controller=pid", "--set", "kd=0.2"]), "");
    assert_eq!(
        notes(&["--set", "algorithm=tsit5", "--set", "step_controller=pi", "--set", "kd=0.2"]),
        "note: kd does not apply to tsit5 with the step controller pi; it is kept\n"
    );

    // A choice of method can leave a setting of the model without effect.
    let model = std::fs::read_to_string(vanderpol()).unwrap() + "safety = 0.8\n";
    std::fs::write(folder.path().join("model.toml"), &model).unwrap();
    assert!(Model::read(folder.path().join("model.toml")).unwrap().settings().get("safety").is_some());
    assert_eq!(notes(&["model.toml"]), "");
    assert_eq!(
        notes(&["model.toml", "--set", "algorithm=rk4", "--precision", "f32"]),
        "note: safety does not apply to classical-rk4 with the step controller fixed; it is kept\n"
    );
}
