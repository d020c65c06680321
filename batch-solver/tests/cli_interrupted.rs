//! Solves that end before their batch does: what they leave, and how they go on.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use batch_solver::Frame;
use rustix::process::{Pid, Signal};
use support::program::{code, lorenz, program, refused, solve, text};

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
    assert!(message.contains("continues it; to solve all runs anew, remove it and "), "{message}");
    assert!(message.trim_end().ends_with("final.partial.csv"), "{message}");
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

/// A thousand runs by a single thread, which has some dozens of lanes.
fn slow(folder: &Path, file: &str, duration: &str, more: &[&str]) -> Command {
    let lorenz = lorenz();
    let mut arguments = vec!["solve", &lorenz, "--device", "cpu", "--grid", "rho=0:28:1000", "--quiet"];
    arguments.extend(["--duration", duration, "--out", file]);
    arguments.extend(more);
    let mut command = program(folder, &arguments);
    command.env("RAYON_NUM_THREADS", "1").stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn record(file: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

#[test]
fn few_runs_are_interrupted_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let finished = |command: &mut Command| {
        let output = command.output().unwrap();
        assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""));
    };
    finished(&mut slow(folder.path(), "whole", "200", &[]));
    let child = slow(folder.path(), "final", "200", &[]).spawn().unwrap();
    growing(folder.path());
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), Some(130), "{}", text(&output.stderr));
    let solved = record(&path("final.partial.json"))["runs_solved"].as_u64().unwrap();
    assert!((1..1000).contains(&solved), "{solved}");

    // The name `final.partial` tells no format: it is that of `final`.
    finished(&mut slow(folder.path(), "final", "200", &["--resume", "--plot", "final.svg"]));
    assert!(fs::read(path("final")).unwrap() == fs::read(path("whole")).unwrap());
    assert!(fs::read_to_string(path("final.svg")).unwrap().starts_with("<svg"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "nothing else is left");
}

/// Runs a command whose files can have so many blocks at most: what is behind is as if the disk were full.
fn limited(command: &Command, blocks: usize) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")]);
    shell.arg(command.get_program()).args(command.get_args()).current_dir(command.get_current_dir().unwrap());
    shell.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.stdin(Stdio::null());
    shell
}

#[test]
fn a_failed_write_keeps_the_parts_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    // The kernel is in the cache from here on.
    assert!(slow(folder.path(), "whole.csv", "1", &[]).status().unwrap().success());
    let output = limited(&slow(folder.path(), "final.csv", "1", &[]), 40).output().unwrap();
    let message = text(&output.stderr);
    assert_eq!(code(&output), Some(1), "{message}");
    assert!(message.contains("final.partial.csv has ") && message.contains("--resume solves the others"), "{message}");
    assert!(message.contains("error: final.csv: the table cannot be written"), "{message}");
    let solved = record(&path("final.partial.csv.json"))["runs_solved"].as_u64().unwrap() as usize;
    assert!((1..1000).contains(&solved), "{solved}");
    assert_eq!(Frame::read(path("final.partial.csv")).unwrap().rows(), solved);
    assert!(!path("final.csv").exists());

    let output = limited(&slow(folder.path(), "final.npz", "1", &[]), 40).output().unwrap();
    let message = text(&output.stderr);
    assert!(code(&output) == Some(1) && message.contains(" of 1000 runs were solved and are lost"), "{message}");

    // Too little room for what is there: that stays as it is.
    let output = limited(&slow(folder.path(), "final.csv", "1", &["--resume"]), 1).output().unwrap();
    assert_eq!(code(&output), Some(1), "{}", text(&output.stderr));
    assert_eq!(Frame::read(path("final.partial.csv")).unwrap().rows(), solved);

    assert!(slow(folder.path(), "final.csv", "1", &["--resume"]).status().unwrap().success());
    assert!(fs::read(path("final.csv")).unwrap() == fs::read(path("whole.csv")).unwrap());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left");
}

#[test]
fn what_an_npz_had_before_a_failed_write_it_has_after() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    // Nothing is left of a solve whose first part is not done: later, then.
    for wait in (1..).map(|attempt| Duration::from_millis(50 * attempt)) {
        let child = slow(folder.path(), "final.npz", "200", &[]).spawn().unwrap();
        sleep(wait);
        interrupt(&child);
        assert_ne!(code(&child.wait_with_output().unwrap()), Some(0), "all is solved after {wait:?}");
        if path("final.partial.npz.json").exists() {
            break;
        }
    }
    let solved = record(&path("final.partial.npz.json"))["runs_solved"].as_u64().unwrap();
    let whole = fs::read(path("final.partial.npz")).unwrap();
    let output = limited(&slow(folder.path(), "final.npz", "200", &["--resume"]), 40).output().unwrap();
    let message = text(&output.stderr);
    assert_eq!(code(&output), Some(1), "{message}");
    assert!(message.contains(&format!("final.partial.npz still has {solved} runs, which --resume")), "{message}");
    assert!(fs::read(path("final.partial.npz")).unwrap() == whole);
    assert!(slow(folder.path(), "final.npz", "200", &["--resume"]).status().unwrap().success());
    assert_eq!(Frame::read(path("final.npz")).unwrap().rows(), 1000);
}

#[test]
fn a_solve_that_ends_between_its_record_and_its_table_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    assert!(slow(folder.path(), "whole.csv", "1", &[]).status().unwrap().success());
    assert_eq!(code(&limited(&slow(folder.path(), "final.csv", "1", &[]), 40).output().unwrap()), Some(1));
    // The record is there, the table has the name it was written by, and an earlier table is in its place.
    let name = record(&path("final.partial.csv.json"))["written_as"].as_str().unwrap().to_owned();
    let table = fs::read_to_string(path("final.partial.csv")).unwrap();
    fs::rename(path("final.partial.csv"), path(&name)).unwrap();
    let rows: Vec<&str> = table.lines().take(3).collect();
    fs::write(path("final.partial.csv"), rows.join("\n") + "\n").unwrap();
    let output = slow(folder.path(), "final.csv", "1", &["--resume"]).output().unwrap();
    assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""));
    assert!(fs::read(path("final.csv")).unwrap() == fs::read(path("whole.csv")).unwrap());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else is left");
}
