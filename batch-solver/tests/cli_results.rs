//! What `batch-solve solve` leaves behind: files in several formats, and pictures.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Stdio;

use batch_solver::Frame;
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
    for (option, key) in [
        (&["--save-every", "0.1"][..], "t_eval=[0.5]"),
        (&["--final"], "save_every=0.1"),
        (&["--final"], "t_eval=[0.5]"),
    ] {
        let message = refused(&[&["--set", key][..], option].concat());
        assert!(message.contains(&format!("is given by --set and by {}", option[0])), "{message}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("runs.csv")).unwrap(), "rho\n1\n");
    fs::write(folder.path().join("rho.csv"), "1\n2\n").unwrap();
    let message = refused(&["--grid", "rho=@rho.csv", "--plot", "./rho.csv", "--out", "a.csv"]);
    assert!(message.contains("--plot and --grid are the same file"), "{message}");
    std::os::unix::fs::symlink("f.partial.csv", folder.path().join("link.csv")).unwrap();
    for (given, named) in [
        (["--t-eval", "f.partial.csv"], "the partial table of --out and --t-eval are the same file"),
        (["--batch", "link.csv"], "the partial table of --out and --batch are the same file"),
        (["--plot", "f.partial.csv.json"], "the record of the partial table of --out and --plot are the same file"),
    ] {
        let message = refused(&[&["--out", "f.csv"], &given[..]].concat());
        assert!(message.contains(named) && message.contains("f.partial.csv"), "{message}");
    }
}

/// A model whose driver comes from `wind.csv` beside it.
fn write_driven(folder: &Path) {
    fs::write(folder.join("wind.csv"), "time,wind\n0,1\n1,2\n2,3\n3,4\n").unwrap();
    let model = "name = 'driven'\nequations = 'dx = wind - x'\nstates = { x = 1 }\ndrivers.file = 'wind.csv'\n";
    fs::write(folder.join("driven.toml"), model).unwrap();
}

#[test]
fn samples_of_drivers_are_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    write_driven(folder.path());
    let samples = || fs::read(folder.path().join("wind.csv")).unwrap();
    let before = samples();
    let message = refused(folder.path(), &["driven.toml", "--duration", "1", "--out", "wind.csv"]);
    assert!(message.contains("--out and the drivers' file are the same file"), "{message}");
    let output = solve(folder.path(), &["driven.toml", "--duration", "1", "--out", "x.csv", "--quiet"]);
    assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""));
    for (file, named) in [("driven.toml", "--svg and the model"), ("wind.csv", "--svg and the drivers' file")] {
        let output = program(folder.path(), &["layout", "driven.toml", "--svg", file]).output().unwrap();
        assert_eq!(code(&output), Some(1));
        assert!(text(&output.stderr).contains(named), "{}", text(&output.stderr));
    }
    assert_eq!(samples(), before);
}

#[test]
fn what_only_looks_like_a_partial_table_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("f.partial.csv"), "mine\n").unwrap();
    let lorenz = lorenz();
    for more in [&[][..], &["--resume"]] {
        let arguments = [&[lorenz.as_str(), "--duration", "1", "--out", "f.csv"], more].concat();
        let message = refused(folder.path(), &arguments);
        assert!(message.contains("f.partial.csv: ") && message.contains("move it away"), "{message}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("f.partial.csv")).unwrap(), "mine\n");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// How many kernels a cache has.
fn kernels(folder: &Path) -> usize {
    let Ok(entries) = fs::read_dir(folder) else { return usize::from(folder.ends_with("kernel.so")) };
    entries.map(|entry| kernels(&entry.unwrap().path())).sum()
}

#[test]
fn columns_of_one_name_are_refused_before_anything_is_solved() {
    let folder = tempfile::tempdir().unwrap();
    let model = "name = 'm'\nequations = 'dx = p_0*status - x_max*x; dstatus = -status; dp = p'\n\
                 states = { x = 1, status = 1, p = 1 }\nparameters = { p_0 = 1, x_max = 1 }\n";
    fs::write(folder.path().join("m.toml"), model).unwrap();
    let cache = folder.path().join("cache");
    let solve = |more: &[&str]| {
        let arguments = ["solve", "m.toml", "--device", "cpu", "--duration", "0.1", "--set", "dt=0.1"];
        let arguments = [&arguments[..], &["--set", "algorithm=euler"], more].concat();
        program(folder.path(), &arguments).env("BUFFER_RUNTIME_CACHE", &cache).output().unwrap()
    };
    let without_status = ["--set", "save_variables=[x,p]"];
    for (name, more) in [
        ("status", &[][..]),
        ("p_0", &[&["--grid", "p=1,2", "--grid", "p_0=1,2"], &without_status[..]].concat()),
        ("x_max", &["--grid", "x_max=1,2", "--summary", "max"]),
    ] {
        let output = solve(more);
        assert_eq!((code(&output), text(&output.stdout)), (Some(1), ""));
        let message = text(&output.stderr);
        assert!(message.contains(&format!("the table would have two columns `{name}`")), "{message}");
        assert_eq!(kernels(&cache), 0, "nothing is compiled");
    }
    let output = solve(&[&["--grid", "p=1,2"], &without_status[..]].concat());
    assert_eq!(code(&output), Some(0), "{}", text(&output.stderr));
    assert_eq!(csv(text(&output.stdout)).header, ["p_0", "x", "p", "status"]);
    assert_eq!(kernels(&cache), 1);
}

#[test]
fn a_link_to_a_file_that_is_not_there_makes_that_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("results")).unwrap();
    let link = folder.path().join("final.csv");
    std::os::unix::fs::symlink("results/final.csv", &link).unwrap();
    let output = solve(folder.path(), &[&lorenz(), "--duration", "0.1", "--out", "final.csv", "--quiet"]);
    assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read_to_string(folder.path().join("results/final.csv")).unwrap().starts_with("x,y,z,status\n"));
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
