//! `batch-solve` as a user runs it: its output against the library's, its exit codes, its messages.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use batch_solver::{Algorithm, Batch, Model, Solution, Solver, linspace};
use buffer_runtime::{Device, GpuOptions, Settings, Unknown, settings};
use tempfile::TempDir;

/// A folder that serves as home, cache and working folder: nothing of this machine's user is read or written.
static SHARED: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a temporary folder can be made"));

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/models")
}

fn lorenz() -> String {
    models().join("lorenz.toml").display().to_string()
}

/// `batch-solve` with a clean environment and nothing to read.
fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_batch-solve"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", SHARED.path()).env("BUFFER_RUNTIME_CACHE", SHARED.path().join("cache"));
    command.current_dir(folder).stdin(std::process::Stdio::null()).args(arguments);
    command
}

/// Runs `batch-solve solve`.
fn solve(folder: &Path, arguments: &[&str]) -> Output {
    let mut all = vec!["solve", "--device", "cpu"];
    all.extend(arguments);
    program(folder, &all).output().expect("the program starts")
}

/// What a verb that must succeed prints to standard output.
fn printed(arguments: &[&str]) -> String {
    let output = program(SHARED.path(), arguments).output().expect("the program starts");
    assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""), "{arguments:?}");
    text(&output.stdout).to_owned()
}

/// The cells of a Markdown table: its header, then its rows.
fn cells(markdown: &str) -> Vec<Vec<String>> {
    let row = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    let mut rows: Vec<Vec<String>> = markdown.lines().map(row).collect();
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "every row has a cell in every column:\n{markdown}");
    assert!(rows.remove(1).iter().all(|cell| cell == "---"));
    rows
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn message(output: &Output) -> &str {
    text(&output.stderr)
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("the output is UTF-8")
}

/// What a refused call says; it must have written nothing to standard output.
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = solve(folder, arguments);
    let message = text(&output.stderr).to_owned();
    assert_eq!(code(&output), Some(1), "{message}");
    assert_eq!(text(&output.stdout), "");
    message
}

struct Csv {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn csv(text: &str) -> Csv {
    let split = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let mut lines = text.lines().map(split);
    let header = lines.next().expect("there is a header");
    let rows: Vec<_> = lines.collect();
    assert!(rows.iter().all(|row| row.len() == header.len()), "rows are as long as the header");
    Csv { header, rows }
}

/// The same solve by the library.
fn expected(model: &str, batch: &Batch, duration: f64, settings: &Settings) -> Solution {
    let solve = || -> Result<Solution, Box<dyn std::error::Error>> {
        let model = Model::read(models().join(model))?;
        let mut solver = Solver::on(model.system().clone(), Device::cpu()?)?;
        solver.update(model.settings(), Unknown::Error)?;
        solver.update(settings, Unknown::Error)?;
        Ok(solver.solve(batch, 0.0..duration)?)
    };
    solve().expect("the library solves what the program solves")
}

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

    let mut last = arguments[..7].to_vec();
    last.extend(["--final", "--set", "save_every=0.25"]);
    let table = csv(text(&solve(folder.path(), &last).stdout));
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
    assert!(text(&output.stderr).contains("1 of 2 runs failed, the first of them row 2"));
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

#[test]
fn settings_are_those_of_the_library_with_value_and_default() {
    let table = cells(&printed(&[
        "settings",
        &lorenz(),
        "--set",
        "algorithm=dp5",
        "--set",
        "safety=0.8",
        "--set",
        "state_location=shared",
        "--precision",
        "f32",
        "--markdown",
    ]));
    assert_eq!(table[0], ["key", "value", "default", "range", "compiles", "path", "what it is"]);

    let model = Model::read(lorenz()).unwrap();
    let mut solver = Solver::on(model.system().clone(), Device::cpu().unwrap()).unwrap();
    solver.update(model.settings(), Unknown::Error).unwrap();
    let given = settings! { algorithm: "dp5", safety: 0.8, state_location: "shared", precision: "f32" };
    solver.update(&given, Unknown::Error).unwrap();
    let nodes = solver.plan().tree().walk();
    let declared: usize = nodes.iter().map(|node| node.settings.len() + node.buffers.len()).sum();
    assert_eq!(table.len(), 1 + declared, "every setting and every location has a row");
    for row in &table[1..] {
        let value = solver.plan().value(&row[5]).unwrap().to_string();
        assert_eq!(row[1], value.trim_matches('"'), "{}", row[5]);
        assert!(!row[6].is_empty(), "{} is documented", row[5]);
    }

    let row = |key: &str| table.iter().find(|row| row[0] == key).unwrap()[1..6].join(" ");
    assert_eq!(row("algorithm"), "dormand-prince-54 classical-rk4 - yes algorithm");
    assert_eq!(row("step_controller"), "i i - yes step_controller");
    assert_eq!(row("precision"), "f32 f64 - yes precision");
    assert_eq!(row("safety"), "0.8 0.9 > 0.0, <= 1.0 no controller.safety");
    assert_eq!(row("state_location"), "shared local shared or local yes state_location");
    assert_eq!(row("dt"), "0.001 0.0 >= 0.0 no controller.dt");
    assert!(row("stage_rhs_location").ends_with("step.stage_rhs_location"));

    // The default method has no error estimate for the controller: the method's default is then that of an untouched solver.
    let both = ["--set", "algorithm=tsit5", "--set", "step_controller=pid"];
    let table = cells(&printed(&[&["settings", "--markdown"], &both[..]].concat()));
    assert_eq!(table[1][..3], ["algorithm", "tsit5", "classical-rk4"]);
}

#[test]
fn settings_need_no_model() {
    let text = printed(&["settings"]);
    let header = text.lines().next().unwrap();
    let column = header.find("value").unwrap();
    let algorithm = text.lines().find(|line| line.starts_with("algorithm ")).unwrap();
    assert!(algorithm[column..].starts_with("classical-rk4 "), "columns are aligned:\n{text}");
    let output = program(SHARED.path(), &["settings", "--set", "algoritm=tsit5"]).output().unwrap();
    assert_eq!(code(&output), Some(1));
    assert!(message(&output).contains("`algoritm`"));
    assert!(message(&output).contains("did you mean `algorithm`?"));
}

#[test]
fn algorithms_are_all_there_with_order_and_source() {
    let table = cells(&printed(&["algorithms", "--markdown"]));
    assert_eq!(table[0], ["name", "order", "embedded", "stages", "fsal", "controller", "aliases", "published in"]);
    let names: Vec<&str> = table[1..].iter().map(|row| row[0].as_str()).collect();
    assert!(names.iter().copied().eq(Algorithm::names()), "{names:?}");
    let row = |name: &str| table.iter().find(|row| row[0] == name).unwrap()[1..6].join(" ");
    assert_eq!(row("euler"), "1 - 1 no fixed");
    assert_eq!(row("classical-rk4"), "4 - 4 no fixed");
    assert_eq!(row("bogacki-shampine-32"), "3 2 4 yes i");
    assert_eq!(row("dormand-prince-54"), "5 4 7 yes i");
    for row in &table[1..] {
        assert!(row[7].contains(|c: char| c.is_ascii_digit()), "{} has a citation with a year: {}", row[0], row[7]);
        for alias in row[6].split(", ").filter(|alias| *alias != "-") {
            assert_eq!(alias.parse::<Algorithm>().unwrap().name(), row[0], "{alias}");
        }
    }
}

#[test]
fn layout_is_the_librarys_report_and_drawing() {
    let folder = tempfile::tempdir().unwrap();
    let drawing = folder.path().join("layout.svg");
    let lorenz = lorenz();
    let arguments = ["layout", &lorenz, "--set", "state_location=shared", "--svg", drawing.to_str().unwrap()];
    let text = printed(&arguments);
    let model = Model::read(&lorenz).unwrap();
    let mut solver = Solver::on(model.system().clone(), Device::cpu().unwrap()).unwrap();
    solver.update(model.settings(), Unknown::Error).unwrap();
    let before = solver.report().to_text();
    solver.update(&settings! { state_location: "shared" }, Unknown::Error).unwrap();
    assert_eq!(text, solver.report().to_text());
    assert_ne!(text, before, "the setting moves a buffer");
    assert_eq!(fs::read_to_string(drawing).unwrap(), solver.report().to_svg(32));
    let markdown = printed(&["layout", &lorenz, "--set", "state_location=shared", "--markdown"]);
    assert_eq!(markdown, solver.report().to_markdown());
}

#[test]
fn source_is_what_the_library_compiles() {
    let lorenz = lorenz();
    let text = printed(&["source", &lorenz, "--set", "algorithm=euler"]);
    let model = Model::read(&lorenz).unwrap();
    let mut solver = Solver::on(model.system().clone(), Device::cpu().unwrap()).unwrap();
    solver.update(model.settings(), Unknown::Error).unwrap();
    solver.update(&settings! { algorithm: "euler" }, Unknown::Error).unwrap();
    assert_eq!(text, solver.source().unwrap());
    assert!(text.contains("#line 1 \"entry\""), "it is a whole translation unit");
}

#[test]
fn compiling_for_a_card_without_nvrtc_says_what_is_missing() {
    let (lorenz, nowhere) = (lorenz(), SHARED.path().join("no-nvrtc"));
    for (option, arguments) in
        [("--arch", &["layout", &lorenz, "--arch", "sm_90"][..]), ("--gpu", &["source", &lorenz, "--gpu"])]
    {
        let output =
            program(SHARED.path(), arguments).env("BUFFER_RUNTIME_NVRTC", &nowhere).output().expect("it starts");
        let message = message(&output);
        assert_eq!((code(&output), text(&output.stdout)), (Some(1), ""), "{message}");
        assert!(
            [option, "NVRTC", nowhere.to_str().unwrap()].iter().all(|part| message.contains(part)),
            "{arguments:?}: {message}"
        );
    }
    let output = program(SHARED.path(), &["layout", &lorenz, "--arch", "90"]).output().unwrap();
    assert_eq!(code(&output), Some(1));
    assert!(message(&output).contains("as `sm_90` for an H100"));
}

#[test]
fn nvrtc_reports_the_resources_of_a_card_that_is_not_there() {
    let test = "nvrtc_reports_the_resources_of_a_card_that_is_not_there";
    let Some(_) = integration_tests::gpu::compiler(test, GpuOptions::default()) else { return };
    let lorenz = lorenz();
    // The program looks for NVRTC where this test found it.
    let run = |arguments: &[&str]| {
        let mut command = program(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap(), arguments);
        command.envs(std::env::var_os("BUFFER_RUNTIME_NVRTC").map(|path| ("BUFFER_RUNTIME_NVRTC", path)));
        command.envs(std::env::var_os("LD_LIBRARY_PATH").map(|path| ("LD_LIBRARY_PATH", path)));
        command.envs(std::env::var_os("VIRTUAL_ENV").map(|path| ("VIRTUAL_ENV", path)));
        let output = command.output().unwrap();
        assert_eq!((code(&output), text(&output.stderr)), (Some(0), ""), "{arguments:?}");
        text(&output.stdout).to_owned()
    };
    let layout = run(&["layout", &lorenz, "--precision", "f32", "--set", "state_location=shared", "--arch", "sm_90"]);
    let amount = |name: &str| -> u32 {
        let line = layout.lines().find(|line| line.split_whitespace().next() == Some(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    assert!((16..=255).contains(&amount("registers")), "{layout}");
    assert_eq!((amount("stack"), amount("spills")), (0, 0), "{layout}");
    assert_eq!(amount("block") % 32, 0);
    assert_eq!(amount("shared"), amount("block") * 12, "three floats of shared memory per thread:\n{layout}");
    assert!(run(&["source", &lorenz, "--gpu"]).contains("__global__"));
}

#[test]
fn every_verb_has_help_with_an_example() {
    for verb in ["solve", "settings", "algorithms", "layout", "source"] {
        let help = printed(&[verb, "--help"]);
        assert!(help.contains("Example") && help.contains(&format!("  batch-solve {verb}")), "{help}");
    }
}
