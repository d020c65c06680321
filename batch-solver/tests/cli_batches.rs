//! Where `batch-solve solve` gets its runs from: distributions, files, single values; and the times it saves.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

#[path = "support/npy.rs"]
mod npy;
mod support;

use std::fs;
use std::path::Path;

use batch_solver::{Batch, Distribution};
use buffer_runtime::{Settings, settings};
use npy::{npy, write_npz};
use support::program::{Csv, code, csv, expected, lorenz, message, program, refused, solve, text};

/// The table of a call that must succeed.
fn table(folder: &Path, arguments: &[&str]) -> Csv {
    let lorenz = lorenz();
    let mut all = vec![lorenz.as_str(), "--quiet"];
    all.extend(arguments);
    let output = solve(folder, &all);
    assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""), "{arguments:?}");
    csv(text(&output.stdout))
}

fn column(table: &Csv, name: &str) -> Vec<f64> {
    let index = table.header.iter().position(|header| header == name).unwrap();
    table.rows.iter().map(|row| row[index].parse().unwrap()).collect()
}

/// The values of a name and the final `z` are those of a batch of the library.
fn assert_is(table: &Csv, batch: &Batch, names: &[(&str, &str)]) {
    let solution = expected("lorenz.toml", batch, 0.1, &Settings::new());
    assert_eq!(table.rows.len(), solution.runs());
    let z: Vec<f64> = (0..solution.runs()).map(|run| solution.final_state(run).unwrap()[2]).collect();
    assert_eq!(column(table, "z"), z);
    for (header, name) in names {
        let values: Vec<f64> = (0..solution.runs()).map(|run| batch.value(name, run).unwrap()).collect();
        assert_eq!(column(table, header), values);
    }
}

#[test]
fn names_are_drawn_together_for_every_combination_of_the_grid() {
    let folder = tempfile::tempdir().unwrap();
    let names = [("x", Distribution::normal(1.0, 0.1).unwrap()), ("y", Distribution::uniform(-1.0, 1.0).unwrap())];
    let sample = ["--sample", "x=normal:1:0.1", "--sample", "y=uniform:-1:1", "--samples", "5", "--duration", "0.1"];
    let with = |more: &[&str]| table(folder.path(), &[&sample[..], more].concat());
    let drawn = with(&[]);
    assert_eq!(drawn.header, ["x_0", "y_0", "x", "y", "z", "status"]);
    assert_is(&drawn, &Batch::grid().sample(5, 0, names), &[("x_0", "x"), ("y_0", "y")]);

    let combined = with(&["--grid", "rho=14,28", "--seed", "3", "--latin-hypercube"]);
    assert_eq!(combined.header, ["rho", "x_0", "y_0", "x", "y", "z", "status"]);
    let batch = Batch::grid().vary("rho", [14.0, 28.0]).latin_hypercube(5, 3, names);
    assert_is(&combined, &batch, &[("rho", "rho"), ("x_0", "x"), ("y_0", "y")]);
    assert_eq!(combined.rows.len(), 10);
}

#[test]
fn runs_come_from_files_of_all_kinds() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("runs.csv"), "rho,y\n14,0.5\n28,-0.5\n").unwrap();
    write_npz(&folder.path().join("runs.npz"), &[("rho", &[14.0, 28.0]), ("y", &[0.5, -0.5])]);
    let array = npy(&[2, 4], &[1.0, 0.5, 0.0, 14.0, 1.0, -0.5, 0.0, 28.0]);
    fs::write(folder.path().join("runs.npy"), array).unwrap();
    let batch = Batch::zip().vary("rho", [14.0, 28.0]).vary("y", [0.5, -0.5]);
    for file in ["runs.csv", "runs.npz", "runs.npy"] {
        let table = table(folder.path(), &["--batch", file, "--duration", "0.1"]);
        assert_is(&table, &batch, &[("rho", "rho"), ("y_0", "y")]);
    }
    fs::write(folder.path().join("timed.csv"), "rho,duration\n14,0.05\n14,0.1\n").unwrap();
    let timed = column(&table(folder.path(), &["--batch", "timed.csv", "--duration", "0.1"]), "z");
    let full = |duration| column(&table(folder.path(), &["--fix", "rho=14", "--duration", duration]), "z")[0];
    // Steps of runs with ends of their own are rounded differently.
    for (timed, full) in timed.iter().zip([full("0.05"), full("0.1")]) {
        assert!((timed - full).abs() < 1e-12, "{timed}, {full}");
    }
}

#[test]
fn one_value_for_all_runs_goes_with_everything() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("runs.csv"), "rho\n14\n28\n").unwrap();
    fs::write(folder.path().join("rho.txt"), "14\n28\n").unwrap();
    fs::write(folder.path().join("rho.npy"), npy(&[2], &[14.0, 28.0])).unwrap();
    let batch = Batch::grid().vary("rho", [14.0, 28.0]).fix("x", -3.0).fix("y", 0.5);
    for runs in
        [["--batch", "runs.csv"], ["--grid", "rho=14,28"], ["--grid", "rho=@rho.txt"], ["--grid", "rho=@rho.npy"]]
    {
        let fixed = ["--fix", "x=-3", "--fix", "y=0.5", "--duration", "0.1"];
        let table = table(folder.path(), &[&runs[..], &fixed].concat());
        assert_eq!(table.header, ["rho", "x", "y", "z", "status"]);
        assert_is(&table, &batch, &[("rho", "rho")]);
    }
}

#[test]
fn times_to_save_come_from_files() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("times.csv"), "# seconds\n0.01\n0.05\n0.1\n").unwrap();
    fs::write(folder.path().join("times.npy"), npy(&[3], &[0.01, 0.05, 0.1])).unwrap();
    for file in ["times.csv", "times.npy"] {
        let table = table(folder.path(), &["--duration", "0.1", "--t-eval", file]);
        assert_eq!(column(&table, "t"), [0.01, 0.05, 0.1]);
        let solution = expected("lorenz.toml", &Batch::grid(), 0.1, &settings! { t_eval: [0.01, 0.05, 0.1] });
        assert_eq!(column(&table, "z").last(), solution.final_state(0).unwrap().last());
    }
}

#[test]
fn bad_inputs_are_named_with_their_option() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("runs.csv"), "rho\n14\n").unwrap();
    fs::write(folder.path().join("text.csv"), "1\ntwo\n").unwrap();
    fs::write(folder.path().join("list.npy"), npy(&[2], &[1.0, 2.0])).unwrap();
    let lorenz = lorenz();
    for (arguments, parts) in [
        (&["--sample", "rho=normal:1:0.1"][..], &["--samples"][..]),
        (&["--samples", "3"], &["--sample"]),
        (&["--seed", "3"], &["--sample"]),
        (&["--latin-hypercube"], &["--sample"]),
        (&["--sample", "rho=normal:1", "--samples", "3"], &["--sample", "`rho`", "`normal:mean:sd`"]),
        (&["--sample", "rho=gauss:1:2", "--samples", "3"], &["--sample", "unknown distribution `gauss`", "`normal`"]),
        (&["--sample", "rho=normal:1:2", "--samples", "0"], &["--samples", "0"]),
        (&["--sample", "roh=normal:1:2", "--samples", "3"], &["--sample: ", "`roh`", "did you mean `rho`?"]),
        (&["--sample", "rho=normal:1:2", "--samples", "3", "--batch", "runs.csv"], &["--sample", "--batch"]),
        (
            &["--sample", "rho=normal:1:2", "--samples", "3", "--grid", "rho=1"],
            &["`rho` is given by --grid and by --sample"],
        ),
        (&["--fix", "rho=1", "--grid", "rho=1,2"], &["`rho` is given by --grid and by --fix"]),
        (&["--fix", "rho=1", "--batch", "runs.csv"], &["`rho` is given by --batch and by --fix"]),
        (&["--fix", "rho=1", "--fix", "rho=2"], &["--fix has `rho` twice"]),
        (&["--fix", "rho=1,2"], &["--fix", "`name=value`"]),
        (&["--fix", "roh=1"], &["--fix: ", "did you mean `rho`?"]),
        (&["--grid", "roh=1", "--sample", "rho=normal:1:2", "--samples", "3"], &["--grid: ", "did you mean `rho`?"]),
        (&["--grid", "rho=@text.csv"], &["--grid", "text.csv:2:1: `two`"]),
        (&["--grid", "rho=@none.csv"], &["--grid", "none.csv: the numbers cannot be read"]),
        (&["--batch", "runs.json"], &["runs.json", "`.csv`, `.npy`, `.npz` or `.parquet`"]),
        (&["--batch", "list.npy"], &["list.npy: the array has shape [2]", "[runs, 4] for x, y, z, rho"]),
        (&["--t-eval", "text.csv"], &["--t-eval: ", "text.csv:2:1: `two`"]),
        (&["--t-eval", "list.npy"], &["--t-eval: ", "list.npy: value 1: 2.0 is not between 0 and 1"]),
        (&["--t-eval", "list.npy", "--final"], &["--t-eval", "--final"]),
        (&["--t-eval", "list.npy", "--save-every", "1"], &["--t-eval", "--save-every"]),
        (&["--t-eval", "list.npy", "--summary", "mean"], &["--t-eval", "--summary"]),
    ] {
        let message = refused(folder.path(), &[&[lorenz.as_str(), "--duration", "1"], arguments].concat());
        assert!(parts.iter().all(|part| message.contains(part)), "{arguments:?}: {message}");
    }
}

#[test]
fn results_that_are_easily_not_as_meant_are_noted() {
    let folder = tempfile::tempdir().unwrap();
    let model = "name = \"driven\"\nequations = \"dx = wind - x\"\nstates = { x = 1.0 }\n[drivers]\nperiod = 1.0\nwind = [0.0, 1.0, 2.0, 1.0]\n";
    fs::write(folder.path().join("driven.toml"), model).unwrap();
    fs::write(folder.path().join("runs.csv"), "x,duration\n1,0.5\n1,2\n").unwrap();
    fs::write(folder.path().join("tenths.toml"), model.replace("period = 1.0", "period = 0.7")).unwrap();
    let solve_model = |model: &str, arguments: &[&str]| {
        let output = solve(folder.path(), &[&[model, "--out", "result.csv"], arguments].concat());
        assert_eq!(code(&output), Some(0), "{}", message(&output));
        message(&output).to_owned()
    };
    let solve = |arguments: &[&str]| solve_model("driven.toml", arguments);
    assert!(!solve(&["--duration", "2"]).contains("note: "));
    // Three times 0.7 are a little less than 2.1.
    assert!(!solve_model("tenths.toml", &["--duration", "2.1"]).contains("note: "));
    let beyond = solve(&["--duration", "3.5"]);
    assert!(
        beyond.contains("note: drivers have samples from 0 to 3 and are 0 outside, in a solve from 0 to 3.5"),
        "{beyond}"
    );
    let summary = ["--duration", "2", "--batch", "runs.csv", "--summary", "mean"];
    let short = solve(&summary);
    assert!(short.contains("note: 1 of 2 runs end before the first window of summaries does, at 2 from"), "{short}");
    let table = csv(&fs::read_to_string(folder.path().join("result.csv")).unwrap());
    assert!(column(&table, "x_mean")[0].is_nan() && column(&table, "x_mean")[1].is_finite());
    assert_eq!(table.header[0], "x_0", "an initial value, whatever is saved");
    assert!(!solve(&[&summary[..], &["--set", "summarise_every=0.5"]].concat()).contains("note: "));

    // The time from 5000 to 5000.1 is a little more than 0.1 as it is written.
    fs::write(folder.path().join("tenth.csv"), "duration\n0.1\n").unwrap();
    let far = ["--t0", "5000", "--duration", "0.1", "--batch", "tenth.csv", "--summary", "mean"];
    assert!(!solve(&far).contains("first window"), "its end is that of the window");
    let table = csv(&fs::read_to_string(folder.path().join("result.csv")).unwrap());
    assert!(column(&table, "x_mean")[0].is_finite());
}

#[test]
fn a_compiler_that_was_chosen_and_does_not_work_is_noted() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["solve", &lorenz(), "--device", "cpu", "--duration", "1", "--out", "result.csv"];
    let output = program(folder.path(), &arguments).env("CXX", "no-such-compiler -O3").output().unwrap();
    assert_eq!(code(&output), Some(0), "{}", message(&output));
    let note = message(&output).lines().find(|line| line.starts_with("note: CXX = no-such-compiler -O3: ")).unwrap();
    assert!(note.ends_with(" is used instead"), "{note}");
    let output = program(folder.path(), &arguments).output().unwrap();
    assert!(!message(&output).contains("CXX"), "{}", message(&output));
}

#[test]
fn a_solve_that_would_save_nothing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let lorenz = lorenz();
    for nothing in [&["--set", "save_variables=[]"][..], &["--summary", "mean", "--set", "summarise_variables=[]"]] {
        let output = solve(folder.path(), &[&[lorenz.as_str(), "--duration", "1"][..], nothing].concat());
        assert_eq!(code(&output), Some(1));
        assert!(message(&output).contains("no results: save or summarise at least one"), "{}", message(&output));
    }
}
