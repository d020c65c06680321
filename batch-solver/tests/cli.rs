//! `batch-solve solve` as a user runs it: its output against the library's, its exit codes, its messages.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use std::fs;
use std::process::{Command, Stdio};

use batch_solver::{Batch, linspace};
use buffer_runtime::{Settings, settings};
use support::program::{code, csv, expected, lorenz, message, models, program, refused, solve, text};

#[test]
fn a_grid_is_one_row_per_run_with_the_librarys_bits() {
    let folder = tempfile::tempdir().unwrap();
    let output =
        solve(folder.path(), &[&lorenz(), "--grid", "rho=0:21:3", "--grid", "x=1,2", "--duration", "0.5", "--quiet"]);
    assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""));
    let table = csv(text(&output.stdout));
    assert_eq!(table.header, ["rho", "x_0", "x", "y", "z", "status"]);

    let batch = Batch::grid().vary("rho", linspace(0.0, 21.0, 3)).vary("x", [1.0, 2.0]);
    let solution = expected("lorenz.toml", &batch, 0.5, &Settings::new());
    assert_eq!(table.rows.len(), 6);
    for (run, row) in table.rows.iter().enumerate() {
        let numbers: Vec<f64> = row.iter().map(|field| field.parse().unwrap()).collect();
        assert_eq!(numbers[0], 10.5 * (run / 2) as f64);
        assert_eq!(numbers[1], 1.0 + (run % 2) as f64, "the last name varies fastest");
        assert_eq!(numbers[2..5], solution.final_state(run).unwrap());
        assert_eq!(row[5], "0");
    }
}

#[test]
fn numbers_have_seventeen_significant_digits() {
    let folder = tempfile::tempdir().unwrap();
    for precision in ["f32", "f64"] {
        let output =
            solve(folder.path(), &[&lorenz(), "--grid", "rho=0.1", "--duration", "0.1", "--precision", precision]);
        let table = csv(text(&output.stdout));
        for field in &table.rows[0][..4] {
            let (mantissa, exponent) = field.split_once('e').unwrap();
            assert_eq!(mantissa.bytes().filter(u8::is_ascii_digit).count(), 17, "{field}");
            assert!(exponent.parse::<i32>().is_ok(), "{field}");
        }
        let batch = Batch::grid().vary("rho", [0.1]);
        let solution = expected("lorenz.toml", &batch, 0.1, &settings! { precision: precision });
        let numbers: Vec<f64> = table.rows[0][1..4].iter().map(|field| field.parse().unwrap()).collect();
        assert_eq!(numbers, solution.final_state(0).unwrap());
    }
}

#[test]
fn saved_times_have_a_column_and_observables_follow_the_states() {
    let folder = tempfile::tempdir().unwrap();
    let model = models().join("vanderpol.toml").display().to_string();
    let arguments = [&model, "--grid", "mu=0,1", "--t0", "-1", "--duration", "1", "--save-every", "0.25"];
    let output = solve(folder.path(), &arguments);
    let table = csv(text(&output.stdout));
    assert_eq!(table.header, ["mu", "t", "x", "v", "energy", "status"]);
    let times: Vec<f64> = table.rows.iter().map(|row| row[1].parse().unwrap()).collect();
    assert_eq!(times, [-1.0, -0.75, -0.5, -0.25, 0.0].repeat(2));
    // Without damping the energy stays what it is at the start.
    for row in &table.rows[..5] {
        let energy: f64 = row[4].parse().unwrap();
        assert!((energy - 2.0).abs() < 1e-9, "{energy}");
    }
    let message = text(&output.stderr);
    assert!(message.contains("CPU") && message.contains("trajectories per second"), "{message}");

    // Whatever the model saves.
    let saving = fs::read_to_string(&model).unwrap().replace("[settings]\n", "[settings]\nsave_every = 0.25\n");
    fs::write(folder.path().join("saving.toml"), saving).unwrap();
    let saving = [&["saving.toml"], &arguments[1..7]].concat();
    assert_eq!(csv(text(&solve(folder.path(), &saving).stdout)).rows.len(), 10);
    let table = csv(text(&solve(folder.path(), &[&saving[..], &["--final"]].concat()).stdout));
    assert_eq!(table.header, ["mu", "x", "v", "energy", "status"]);
    assert_eq!(table.rows.len(), 2);
}

#[test]
fn runs_come_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("runs.csv"), "rho,y\n14,0.5\n28,-0.5\n").unwrap();
    let output = solve(folder.path(), &[&lorenz(), "--batch", "runs.csv", "--duration", "0.25"]);
    let table = csv(text(&output.stdout));
    assert_eq!(table.header, ["rho", "y_0", "x", "y", "z", "status"]);
    let batch = Batch::zip().vary("rho", [14.0, 28.0]).vary("y", [0.5, -0.5]);
    let solution = expected("lorenz.toml", &batch, 0.25, &Settings::new());
    for (run, row) in table.rows.iter().enumerate() {
        let state: Vec<f64> = row[2..5].iter().map(|field| field.parse().unwrap()).collect();
        assert_eq!(state, solution.final_state(run).unwrap());
    }
}

#[test]
fn a_file_is_written_and_the_last_line_is_json() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [&lorenz(), "--grid", "rho=0:21:5", "--duration", "0.1", "--out", "final.csv", "--json"];
    let output = solve(folder.path(), &arguments);
    assert_eq!(code(&output), Some(0), "{}", text(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((json["runs"].as_u64(), json["failed"].as_u64(), json["steps"].as_u64()), (Some(5), Some(0), Some(100)));
    for key in ["seconds", "kernel_seconds", "compile_seconds"] {
        assert!(json[key].as_f64().is_some_and(|seconds| seconds >= 0.0), "{key} in {json}");
    }
    assert_eq!(csv(&fs::read_to_string(folder.path().join("final.csv")).unwrap()).rows.len(), 5);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
}

#[test]
fn a_chosen_method_is_told_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let model = models().join("robertson.toml").display().to_string();
    let solve = |end: &str, more: &[&str]| {
        let arguments = [&model, "--duration", end, "--out", "out.csv", "--json"];
        let output = solve(folder.path(), &[&arguments[..], more].concat());
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (text(&output.stderr).lines().next().unwrap_or_default().to_owned(), json)
    };
    for (end, tolerance, method) in [("1e4", "rtol=1e-4", "rodas4"), ("1e-3", "rtol=1e-4", "tsit5")] {
        let (line, json) = solve(end, &["--set", "algorithm=auto", "--set", tolerance]);
        assert_eq!(json["algorithm"], method);
        assert_eq!(line, format!("algorithm: {method} (auto: {})", json["reason"].as_str().unwrap()));
        assert_eq!(json["stiffness"].as_f64().unwrap() > 4.0, method == "rodas4");
    }
    assert_eq!(solve("1e-3", &["--set", "algorithm=auto", "--quiet"]).0, "");
    let (line, json) = solve("1e-3", &[]);
    assert!(!line.contains("algorithm"), "{line}");
    assert_eq!((json["algorithm"].as_str(), json["reason"].is_null()), (Some("rodas4"), true));
}

#[test]
fn steps_that_nobody_counted_are_not_told() {
    let folder = tempfile::tempdir().unwrap();
    let told = |counted: &str| {
        let counted = format!("save_counters={counted}");
        let arguments = [&lorenz(), "--duration", "0.1", "--set", "algorithm=tsit5", "--set", &counted];
        let output = solve(folder.path(), &[&arguments[..], &["--out", "out.csv", "--json"]].concat());
        assert_eq!(code(&output), Some(0), "{}", text(&output.stderr));
        let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        (text(&output.stderr).to_owned(), json["steps"].clone())
    };
    let (message, steps) = told("true");
    assert!(message.contains(&format!("\n1 run of {steps} steps in ")) && steps.as_u64() > Some(1), "{message}");
    let (message, steps) = told("false");
    assert!(message.contains("\n1 run in ") && steps.is_null(), "{message}");
}

#[test]
fn a_model_may_come_through_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path(), &["solve", "/dev/stdin", "--duration", "1", "--quiet"]);
    let model = fs::File::open(lorenz()).unwrap();
    let mut cat = Command::new("cat").stdin(model).stdout(Stdio::piped()).spawn().unwrap();
    let output = command.stdin(cat.stdout.take().unwrap()).output().unwrap();
    assert!(cat.wait().unwrap().success());
    assert_eq!((code(&output), message(&output)), (Some(0), ""));
    let file = solve(folder.path(), &[&lorenz(), "--duration", "1", "--quiet"]);
    assert_eq!(text(&output.stdout), text(&file.stdout));
}

#[test]
fn failed_runs_are_written_and_change_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let arguments =
        [&lorenz(), "--grid", "x=1,1e300", "--duration", "0.1", "--set", "dt=0.1", "--out", "out.csv", "--json"];
    let output = solve(folder.path(), &arguments);
    assert_eq!(code(&output), Some(2), "{}", text(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["failed"].as_u64(), Some(1));
    let table = csv(&fs::read_to_string(folder.path().join("out.csv")).unwrap());
    assert_eq!(table.rows[0][4], "0");
    assert_ne!(table.rows[1][4], "0");
    assert!(text(&output.stderr).contains("1 of 2 runs failed, the first of them run 1:"));
}

#[test]
fn bad_arguments_are_named_with_their_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let lorenz = lorenz();
    let solve = |more: &[&str]| {
        let mut arguments = vec![lorenz.as_str(), "--duration", "1"];
        arguments.extend(more);
        refused(folder.path(), &arguments)
    };
    for (arguments, parts) in [
        (&["--set", "algoritm=tsit5"][..], &["--set", "`algoritm`", "did you mean `algorithm`?"][..]),
        (&["--set", "algorithm=tsit6"], &["--set", "did you mean `tsit5`?"]),
        (&["--set", "dt"], &["--set", "`dt`", "name=value"]),
        (&["--set", "dt=0.01", "--set", " dt = 0.02"], &["--set has `dt` twice: remove one"]),
        (&["--set", "dt=-1"], &["--set", "`dt`", "out of range"]),
        (&["--grid", "roh=0:21:3"], &["--grid", "`roh`", "did you mean `rho`?"]),
        (&["--grid", "sigma=0:21:3"], &["--grid", "`sigma`", "constant", "declare it as a parameter"]),
        (&["--grid", "rho=0:21"], &["--grid", "`0:21`", "low:high:count"]),
        (&["--grid", "rho=1,2", "--grid", "rho=3"], &["--grid", "`rho` twice"]),
        (&["--save-every", "0"], &["--save-every", "positive"]),
        (&["--final", "--save-every", "1"], &["--final", "--save-every"]),
        (&["--precision", "f16"], &["--precision", "use `f32`"]),
        (&["--json"], &["--json", "--out FILE"]),
        (&["--out", "no/such/folder.csv"], &["no/such/folder.csv", "cannot be written"]),
        (&["--batch", "none.csv"], &["none.csv", "cannot be read"]),
        (&["--unknown"], &["--unknown"]),
    ] {
        let message = solve(arguments);
        assert!(parts.iter().all(|part| message.contains(part)), "{arguments:?}: {message}");
    }
    let message = refused(folder.path(), &[&lorenz, "--duration", "-1"]);
    assert!(message.contains("from 0 to -1"), "{message}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "a refused solve leaves no file");
}

#[test]
fn errors_in_files_name_file_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let model = fs::read_to_string(lorenz()).unwrap();
    let wrong = model.replace("x*(rho - z)", "x*(rh0 - z)");
    let line = 1 + wrong.lines().position(|line| line.contains("rh0")).unwrap();
    fs::write(folder.path().join("wrong.toml"), wrong).unwrap();
    let message = refused(folder.path(), &["wrong.toml", "--duration", "1"]);
    assert!(message.contains(&format!("wrong.toml:{line}:9: `rh0` is not defined (did you mean `rho`?)")), "{message}");

    fs::write(folder.path().join("runs.csv"), "rho\n1\ntwo\n").unwrap();
    let message = refused(folder.path(), &[&lorenz(), "--batch", "runs.csv", "--duration", "1"]);
    assert!(message.contains("runs.csv:3:1: `two` is not a finite number"), "{message}");

    let message = refused(folder.path(), &["none.toml", "--duration", "1"]);
    assert!(message.contains("none.toml: the model cannot be read") && message.contains("No such file"), "{message}");
}

#[test]
fn help_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let output = solve(folder.path(), &["--help"]);
    assert_eq!(code(&output), Some(0));
    assert!(text(&output.stdout).contains("--grid"));
}
