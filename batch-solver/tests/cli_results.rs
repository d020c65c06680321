//! What `batch-solve solve` leaves behind: files in several formats, partial results of interrupted solves, pictures.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use batch_solver::Frame;
use rustix::process::{Pid, Signal};
use support::program::{code, csv, lorenz, program, refused, solve, text};

/// Formats there are in this build.
fn formats() -> Vec<&'static str> {
    let mut formats = vec!["csv", "npz"];
    if cfg!(feature = "parquet") {
        formats.push("parquet");
    }
    formats
}

fn bits(frame: &Frame) -> Vec<(String, Vec<u64>)> {
    let column = |name: &str| frame.column(name).unwrap().iter().map(|value| value.to_bits()).collect();
    frame.names().map(|name| (name.to_owned(), column(name))).collect()
}

#[test]
fn every_format_has_the_same_numbers_whatever_the_parts() {
    let folder = tempfile::tempdir().unwrap();
    let common = [&lorenz(), "--grid", "rho=0:28:1000", "--duration", "1", "--save-every", "0.25", "--quiet"];
    let mut frames = Vec::new();
    for format in formats() {
        for memory in [None, Some("100kB")] {
            let file = format!("{}.{format}", memory.unwrap_or("whole"));
            let mut arguments = common.to_vec();
            arguments.extend(["--out", &file]);
            arguments.extend(memory.iter().flat_map(|size| ["--memory", size]));
            let output = solve(folder.path(), &arguments);
            assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""));
            frames.push(bits(&Frame::read(folder.path().join(file)).unwrap()));
        }
    }
    assert_eq!(
        frames[0].iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["rho", "t", "x", "y", "z", "status"]
    );
    assert_eq!(frames[0][0].1.len(), 5000);
    assert!(frames.iter().all(|frame| *frame == frames[0]));
}

#[test]
fn a_file_of_no_known_format_is_refused_before_anything_is_solved() {
    let folder = tempfile::tempdir().unwrap();
    let message = refused(folder.path(), &[&lorenz(), "--duration", "1", "--out", "final.xls"]);
    assert!(message.starts_with("error: --out: final.xls: ") && message.contains(".npz"), "{message}");
    let message = refused(folder.path(), &[&lorenz(), "--duration", "1", "--memory", "10B"]);
    assert!(message.contains("the memory budget is 10"), "{message}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// A solve that takes a while, and lets itself be interrupted after its first part.
fn start(folder: &Path, file: &str, more: &[&str]) -> Child {
    let lorenz = lorenz();
    let mut arguments =
        vec!["solve", &lorenz, "--device", "cpu", "--grid", "rho=0:28:400000", "--duration", "10", "--quiet"];
    arguments.extend(["--out", file]);
    arguments.extend(more);
    program(folder, &arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The temporary file of a result once there is something in it.
fn growing(folder: &Path) -> PathBuf {
    loop {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut hidden =
            entries.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(".batch-solve-"));
        if let Some(file) = hidden.find(|path| path.metadata().is_ok_and(|metadata| metadata.len() > 0)) {
            return file;
        }
        sleep(Duration::from_millis(1));
    }
}

fn interrupt(child: &Child) {
    rustix::process::kill_process(Pid::from_child(child), Signal::INT).unwrap();
}

#[test]
fn an_interrupted_solve_leaves_a_marked_part_and_goes_on_to_the_same_result() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    assert!(start(folder.path(), "whole.csv", &[]).wait().unwrap().success());
    let child = start(folder.path(), "final.csv", &["--json"]);
    growing(folder.path());
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    let message = text(&output.stderr);
    assert_eq!(code(&output), Some(130), "{message}");
    assert!(
        message.contains("final.partial.csv has ") && message.contains("the same command with --resume"),
        "{message}"
    );
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["complete"], false);
    let record: serde_json::Value = serde_json::from_slice(&fs::read(path("final.partial.csv.json")).unwrap()).unwrap();
    let solved = record["runs_solved"].as_u64().unwrap() as usize;
    assert!(solved > 0 && solved < 400_000 && record["runs"] == 400_000, "{record}");
    assert_eq!(Frame::read(path("final.partial.csv")).unwrap().rows(), solved);
    assert!(!path("final.csv").exists());

    // Another question does not go on with it, and does not harm it.
    let other = ["--grid", "rho=0:28:400000", "--duration", "11", "--out", "final.csv", "--resume"];
    let message = refused(folder.path(), &[&[lorenz().as_str()], &other[..]].concat());
    assert!(message.contains("final.partial.csv.json: this is what is left of another solve"), "{message}");

    // Without --resume nothing is replaced, and rows that are missing are noticed.
    let message = refused(folder.path(), &[&[lorenz().as_str()], &other[..6]].concat());
    assert!(message.contains("--resume continues it, or remove it"), "{message}");
    let whole = fs::read_to_string(path("final.partial.csv")).unwrap();
    let cut = whole.trim_end().rfind('\n').unwrap() + 1;
    fs::write(path("final.partial.csv"), &whole[..cut]).unwrap();
    let output = start(folder.path(), "final.csv", &["--resume"]).wait_with_output().unwrap();
    assert_eq!(code(&output), Some(1));
    assert!(
        text(&output.stderr).contains(&format!("the table has {} rows, its record {solved}", solved - 1)),
        "{}",
        text(&output.stderr)
    );
    fs::write(path("final.partial.csv"), whole).unwrap();

    let resumed = start(folder.path(), "final.csv", &["--resume", "--plot", "final.svg"]).wait_with_output().unwrap();
    assert_eq!((code(&resumed), text(&resumed.stderr)), (Some(0), ""));
    assert!(fs::read(path("final.csv")).unwrap() == fs::read(path("whole.csv")).unwrap());
    assert!(fs::read_to_string(path("final.svg")).unwrap().starts_with("<svg"));
    assert!(!path("final.partial.csv").exists() && !path("final.partial.csv.json").exists());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "nothing else is left");
}

#[test]
fn interrupted_twice_it_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    // One part that takes long: a single run of thousands of millions of steps.
    let lorenz = lorenz();
    let arguments =
        ["solve", &lorenz, "--device", "cpu", "--grid", "rho=1,2", "--duration", "1e6", "--out", "final.csv"];
    let mut child = program(folder.path(), &arguments).stderr(Stdio::piped()).spawn().unwrap();
    while fs::read_dir(folder.path()).unwrap().count() == 0 {
        sleep(Duration::from_millis(1));
    }
    // Signals are listened to as soon as the files are open.
    sleep(Duration::from_millis(700));
    interrupt(&child);
    sleep(Duration::from_millis(100));
    assert!(child.try_wait().unwrap().is_none(), "the part is finished first");
    interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn continuing_needs_a_file_and_starts_anew_where_there_is_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let message = refused(folder.path(), &[&lorenz(), "--duration", "1", "--resume"]);
    assert!(message.contains("--out FILE"), "{message}");
    let output = solve(folder.path(), &[&lorenz(), "--duration", "1", "--resume", "--out", "final.csv"]);
    assert_eq!(code(&output), Some(0));
    assert!(
        text(&output.stderr).starts_with("note: there is no final.partial.csv to continue"),
        "{}",
        text(&output.stderr)
    );
    fs::write(folder.path().join("final.partial.csv.json"), "{}").unwrap();
    let message = refused(folder.path(), &[&lorenz(), "--duration", "1", "--resume", "--out", "final.csv"]);
    assert!(message.contains("final.partial.csv.json: cannot be read"), "{message}");
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_solve() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["solve", &lorenz(), "--device", "cpu", "--grid", "rho=0:28:200000", "--duration", "1", "--quiet"];
    let mut child = program(folder.path(), &arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""));
}

#[test]
fn results_are_drawn_at_once_or_later() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [&lorenz(), "--grid", "rho=0:28:50", "--duration", "1", "--save-every", "0.05", "--quiet"];
    let output = solve(folder.path(), &[&arguments[..], &["--out", "fan.csv", "--plot", "fan.svg"]].concat());
    assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""));
    let run = |arguments: &[&str]| program(folder.path(), arguments).output().unwrap();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(code(&run(&["plot", "fan.csv", "--out", "later.svg"])), Some(0));
    assert_eq!(read("fan.svg"), read("later.svg"));
    for (kind, variables) in [("phase", "x,z"), ("map", "y"), ("histogram", "z")] {
        let output = run(&["plot", "fan.csv", "--kind", kind, "--variable", variables, "--out", "-"]);
        assert_eq!(code(&output), Some(0), "{}", text(&output.stderr));
        assert!(text(&output.stdout).starts_with("<svg"));
    }
    let output = run(&["plot", "fan.csv", "--variable", "w"]);
    assert_eq!(code(&output), Some(1));
    assert!(text(&output.stderr).contains("there is no column `w`"), "{}", text(&output.stderr));
}

#[test]
fn a_picture_that_cannot_be_drawn_is_told_behind_the_result() {
    let folder = tempfile::tempdir().unwrap();
    // Euler's method with such a step leaves the numbers in every run.
    let arguments =
        [&lorenz(), "--grid", "rho=1,2", "--duration", "1000", "--set", "algorithm=euler", "--set", "dt=10"];
    let output = solve(folder.path(), &[&arguments[..], &["--out", "f.csv", "--plot", "f.svg", "--json"]].concat());
    let message = text(&output.stderr);
    assert_eq!(code(&output), Some(1), "{message}");
    assert!(message.contains("2 of 2 runs failed") && text(&output.stdout).contains("\"failed\":2"), "{message}");
    assert!(message.lines().last().unwrap().starts_with("error: "), "{message}");
    assert_eq!(csv(&fs::read_to_string(folder.path().join("f.csv")).unwrap()).rows.len(), 2);
}

#[test]
fn files_that_would_replace_each_other_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("runs.csv"), "rho\n1\n").unwrap();
    let refused = |more: &[&str]| refused(folder.path(), &[&[lorenz().as_str(), "--duration", "1"], more].concat());
    let message = refused(&["--out", "a.csv", "--plot", "./a.csv"]);
    assert!(message.contains("--plot and --out are the same file"), "{message}");
    let message = refused(&["--batch", "runs.csv", "--out", "runs.csv"]);
    assert!(message.contains("--out and --batch are the same file"), "{message}");
    let message = refused(&["--plot", "-"]);
    assert!(message.contains("--plot cannot go to standard output, where the table goes"), "{message}");
    let message = refused(&["--summary", "mean", "--set", "summaries=[\"max\"]"]);
    assert!(message.contains("`summaries` is given by --set and by --summary"), "{message}");
    assert_eq!(fs::read_to_string(folder.path().join("runs.csv")).unwrap(), "rho\n1\n");
}

#[test]
fn durations_have_a_column() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("runs.csv"), "rho,duration\n14,0.5\n28,0.25\n").unwrap();
    let output = solve(folder.path(), &[&lorenz(), "--batch", "runs.csv", "--duration", "1", "--quiet"]);
    let table = csv(text(&output.stdout));
    assert_eq!(table.header[..2], ["rho", "duration"]);
    let durations: Vec<f64> = table.rows.iter().map(|row| row[1].parse().unwrap()).collect();
    assert_eq!(durations, [0.5, 0.25]);
}

#[test]
fn shells_complete_every_verb() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let output = program(folder.path(), &["completions", shell]).output().unwrap();
        assert_eq!(code(&output), Some(0));
        let verbs = ["solve", "settings", "algorithms", "layout", "plot", "source", "completions"];
        assert!(verbs.iter().all(|verb| text(&output.stdout).contains(verb)), "{shell}");
    }
}
