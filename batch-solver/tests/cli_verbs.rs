//! The verbs of `batch-solve` that show something: settings, methods, layouts and sources.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use std::fs;
use std::path::Path;

use batch_solver::{Algorithm, Model, Solver};
use buffer_runtime::{Device, GpuOptions, Unknown, settings};
use support::program::{SHARED, cells, code, lorenz, message, printed, program, text};

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
    assert_eq!(row("algorithm"), "dormand-prince-54 auto - yes algorithm");
    assert_eq!(row("step_controller"), "i i - yes step_controller");
    assert_eq!(row("precision"), "f32 f64 - yes precision");
    assert_eq!(row("safety"), "0.8 0.9 > 0.0, <= 1.0 no controller.safety");
    assert_eq!(row("state_location"), "shared local shared or local yes state_location");
    assert_eq!(row("dt"), "0.001 0.0 >= 0.0 no controller.dt");
    assert!(row("stage_rhs_location").ends_with("step.stage_rhs_location"));

    // The default method has no error estimate for the controller: the method's default is then that of an untouched solver.
    let both = ["--set", "algorithm=tsit5", "--set", "step_controller=pid"];
    let table = cells(&printed(&[&["settings", "--markdown"], &both[..]].concat()));
    assert_eq!(table[1][..3], ["algorithm", "tsit5", "auto"]);
}

#[test]
fn settings_need_no_model() {
    let text = printed(&["settings"]);
    let header = text.lines().next().unwrap();
    let column = header.find("value").unwrap();
    let algorithm = text.lines().find(|line| line.starts_with("algorithm ")).unwrap();
    assert!(algorithm[column..].starts_with("auto "), "columns are aligned:\n{text}");
    let output = program(SHARED.path(), &["settings", "--set", "algoritm=tsit5"]).output().unwrap();
    assert_eq!(code(&output), Some(1));
    assert!(message(&output).contains("`algoritm`"));
    assert!(message(&output).contains("did you mean `algorithm`?"));
}

#[test]
fn algorithms_are_all_there_with_order_and_source() {
    let table = cells(&printed(&["algorithms", "--markdown"]));
    assert_eq!(
        table[0],
        ["name", "family", "order", "embedded", "stages", "fsal", "controller", "aliases", "published in"]
    );
    assert_eq!(table[1][0], "auto");
    let table = [&table[..1], &table[2..]].concat();
    let names: Vec<&str> = table[1..].iter().map(|row| row[0].as_str()).collect();
    assert!(names.iter().copied().eq(Algorithm::names()), "{names:?}");
    let row = |name: &str| table.iter().find(|row| row[0] == name).unwrap()[1..7].join(" ");
    assert_eq!(row("euler"), "explicit Runge–Kutta 1 - 1 no fixed");
    assert_eq!(row("classical-rk4"), "explicit Runge–Kutta 4 - 4 no fixed");
    assert_eq!(row("bogacki-shampine-32"), "explicit Runge–Kutta 3 2 4 yes i");
    assert_eq!(row("dormand-prince-54"), "explicit Runge–Kutta 5 4 7 yes i");
    assert_eq!(row("backwards_euler"), "backward Euler 1 - 1 no fixed");
    assert_eq!(row("crank_nicolson"), "Crank–Nicolson 2 1 2 no gustafsson");
    assert_eq!(row("kvaerno5"), "diagonally implicit Runge–Kutta 5 4 7 yes pi");
    assert_eq!(row("radau_iia_5"), "fully implicit Runge–Kutta 5 3 3 no gustafsson");
    assert_eq!(row("rodas4"), "Rosenbrock 4 3 6 no gustafsson");
    for row in &table[1..] {
        assert!(row[8].contains(|c: char| c.is_ascii_digit()), "{} has a citation with a year: {}", row[0], row[8]);
        for alias in row[7].split(", ").filter(|alias| *alias != "-") {
            assert_eq!(alias.parse::<Algorithm>().unwrap().name(), row[0], "{alias}");
        }
    }
}

#[test]
fn settings_of_implicit_methods_are_listed_with_their_keys() {
    let keys = |choices: &[&str]| -> Vec<String> {
        let given = choices.iter().flat_map(|choice| ["--set", choice]);
        let arguments: Vec<&str> = ["settings", "--markdown"].into_iter().chain(given).collect();
        cells(&printed(&arguments)).into_iter().skip(1).map(|mut row| row.swap_remove(0)).collect()
    };
    let has = |keys: &[String], key: &str| keys.iter().any(|other| other == key);
    let direct = keys(&["algorithm=kvaerno5"]);
    for key in ["linear_solver", "newton_jacobian", "newton_max_iterations", "newton_kappa", "newton_line_search"] {
        assert!(has(&direct, key), "{key}");
    }
    assert!(has(&direct, "lu_precision") && has(&direct, "newton_delta_location"));
    assert!(!has(&direct, "predictor_largest_ratio") && !has(&direct, "krylov_reduction"));
    let krylov = ["linear_solver=bicgstab", "krylov_preconditioner=jacobi", "dense_prediction=true"];
    let krylov = keys(&[&["algorithm=kvaerno5"], &krylov[..]].concat());
    for key in
        ["predictor_largest_ratio", "krylov_reduction", "krylov_preconditioner_order", "krylov_residual_location"]
    {
        assert!(has(&krylov, key), "{key}");
    }
    assert!(!has(&krylov, "lu_precision"));
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
fn what_was_varied_is_found_in_the_table_that_is_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    fs::write(folder.path().join("runs.csv"), "rho,x\n10,1\n12,1.5\n14,0.5\n").unwrap();
    let lorenz = lorenz();
    let sampled = ["--sample", "rho=uniform:1:9", "--sample", "y=uniform:1:2", "--samples", "9"];
    for (name, runs) in [
        ("grid.csv", &["--grid", "rho=1:9:3", "--grid", "y=1:2:3", "--grid", "z=0:1:2"][..]),
        ("grid.npz", &["--grid", "rho=1:9:3", "--grid", "x=1:2:2", "--grid", "z=0:1:2"]),
        ("batch.csv", &["--batch", "runs.csv"]),
        ("sampled.csv", &sampled),
    ] {
        let common = ["solve", &lorenz, "--device", "cpu", "--duration", "0.1", "--quiet"];
        let files = ["--out", name, "--plot", "at_once.svg"];
        let output = program(folder.path(), &[&common[..], runs, &files].concat()).output().unwrap();
        assert_eq!((code(&output), message(&output)), (Some(0), ""), "{name}");
        let output = program(folder.path(), &["plot", name, "--out", "later.svg"]).output().unwrap();
        assert_eq!((code(&output), message(&output)), (Some(0), ""), "{name}");
        assert!(read("at_once.svg") == read("later.svg"), "{name}");
    }
}

#[test]
fn pictures_are_svg_and_say_when_they_show_a_part() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| program(folder.path(), arguments).output().unwrap();
    fs::write(folder.path().join("part.csv"), "k,x\n1,2\n2,3\n# 2 of 6 runs\n").unwrap();
    let lorenz = lorenz();
    for (file, arguments) in [
        ("t.png", &["plot", "part.csv", "--out", "t.png"][..]),
        ("z.pdf", &["solve", &lorenz, "--duration", "1", "--out", "z.csv", "--plot", "z.pdf"]),
        ("l.jpg", &["layout", &lorenz, "--svg", "l.jpg"]),
    ] {
        let output = run(arguments);
        assert_eq!(code(&output), Some(1), "{file}");
        assert!(message(&output).starts_with(&format!("error: {file}: pictures are SVG: name the file")), "{file}");
        assert!(!folder.path().join(file).exists());
    }
    let output = run(&["plot", "part.csv"]);
    assert_eq!(code(&output), Some(0), "{}", message(&output));
    assert_eq!(message(&output), "note: part.csv is a part of a result, 2 of 6 runs, and so is the picture\n");
    fs::write(folder.path().join("whole.csv"), "k,x\n1,2\n2,3\n# of all runs\n").unwrap();
    assert_eq!(message(&run(&["plot", "whole.csv"])), "");
}

#[test]
fn every_verb_has_help_with_an_example() {
    for verb in ["solve", "settings", "algorithms", "layout", "plot", "source", "completions"] {
        let help = printed(&[verb, "--help"]);
        assert!(help.contains("Example") && help.contains(&format!("  batch-solve {verb}")), "{help}");
    }
}
