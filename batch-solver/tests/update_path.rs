//! One path for every change: keys reach their factories at construction and later, whichever factory that is; what is refused changes nothing, and what
//! leaves the source as it was compiles nothing.
//!
//! The update of a registry by key is tested where the registry is: `an_update_says_whether_it_knew_the_buffer_and_changed_it` and
//! `keys_are_buffer_names_with_a_suffix` in `tests/tests/registry/updates.rs`.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use batch_solver::controller::ControllerConfig;
use batch_solver::{Batch, SolveError, Solver};
use buffer_runtime::{Buffers, ConfigError, Location, Precision, Settings, Unknown, Value, settings};
use support::{lorenz, narrow_cpu};

fn solver(settings: &Settings) -> Solver {
    Solver::with_settings(lorenz(), narrow_cpu(), settings).unwrap()
}

/// The error of a construction with settings.
fn refused(settings: &Settings) -> SolveError {
    Solver::with_settings(lorenz(), narrow_cpu(), settings).unwrap_err()
}

fn keys<'a>(set: impl IntoIterator<Item = &'a String>) -> Vec<&'a str> {
    set.into_iter().map(String::as_str).collect()
}

/// Where the state's buffers and those of the step and the controller are asked to live.
fn places<const N: usize>(solver: &Solver, paths: [&str; N]) -> [Option<Location>; N] {
    paths.map(|path| solver.config().location(path))
}

const SHARED: Option<Location> = Some(Location::Shared);
const LOCAL: Option<Location> = Some(Location::Local);

#[test]
fn location_keys_are_recognised_at_construction() {
    let solver = solver(&settings! { state_location: "shared", "step.stage_rhs_location": "shared", rtol: 1e-5 });
    let paths = ["state", "proposed_state", "step.stage_rhs", "step.stage_derivatives"];
    assert_eq!(places(&solver, paths), [SHARED, LOCAL, SHARED, LOCAL]);
    assert_eq!(solver.config().rtol.of(0), 1e-5);
    assert_eq!(solver.plan().layout().totals().shared.get(), 2 * 3 * size_of::<f64>());
}

#[test]
fn construction_names_every_refused_key_with_the_nearest() {
    let error = refused(&settings! { stat_location: "shared", dt: 1e-2, stage_derivatifes_location: "shared" });
    assert_eq!(
        error.to_string(),
        "settings that no factory has: `stat_location` (did you mean `state_location`?), `stage_derivatifes_location` (did you mean `stage_derivatives_location`?)"
    );
    let error = refused(&settings! { algorithm: "tsit6" });
    assert!(error.to_string().contains("did you mean `tsit5`"), "{error}");
}

#[test]
fn the_location_of_a_buffer_of_the_algorithm_is_updated() {
    let mut solver = solver(&settings! { algorithm: "rk4" });
    assert_eq!(solver.config().location("step.stage_derivatives"), LOCAL);
    let updated = solver.update(&settings! { stage_derivatives_location: "shared" }, Unknown::Error).unwrap();
    assert_eq!(keys(&updated.changed), ["stage_derivatives_location"]);
    assert_eq!(keys(&updated.affected), ["step.stage_derivatives_location"]);
    assert_eq!(solver.config().location("step.stage_derivatives"), SHARED);
    assert_eq!(solver.config().location("stage_derivatives"), SHARED, "the end of the path is enough");
    let allocators = solver.plan().allocators().unwrap();
    let text = format!("{:?}", allocators.step);
    assert!(text.contains("shared_array<double, 9, 0> step.stage_derivatives"), "{text}");
}

#[test]
fn an_invalid_location_names_the_value_and_the_two_allowed() {
    let expected = "invalid location \"gpu\" for `state_location`: must be \"shared\" or \"local\"";
    assert_eq!(refused(&settings! { state_location: "gpu" }).to_string(), expected);
    let mut solver = solver(&settings! {});
    for unknown in [Unknown::Error, Unknown::Ignore] {
        assert_eq!(solver.update(&settings! { state_location: "gpu" }, unknown).unwrap_err().to_string(), expected);
        // Of a buffer that is not there now, too: a value that could never apply is not kept.
        let error = solver.update(&settings! { timestep_memory_location: "gpu" }, unknown).unwrap_err();
        assert!(matches!(error, SolveError::Config(ConfigError::InvalidLocation { .. })), "{error}");
    }
}

#[test]
fn one_update_reaches_the_loop_the_step_and_the_controller() {
    let mut solver = solver(&settings! { algorithm: "tsit5", step_controller: "pi" });
    let mixed = settings! {
        state_location: "shared", stage_rhs_location: "shared", "controller.timestep_memory_location": "shared",
        kp: 0.6, atol: 1e-8, precision: "f32",
    };
    let updated = solver.update(&mixed, Unknown::Error).unwrap();
    assert_eq!(keys(&updated.changed), keys(mixed.iter().map(|(key, _)| key)));
    let paths = ["state", "step.stage_rhs", "controller.timestep_memory", "error"];
    assert_eq!(places(&solver, paths), [SHARED, SHARED, SHARED, LOCAL]);
    let ControllerConfig::Pi(controller) = &solver.config().controller else { panic!("it is the one asked for") };
    assert_eq!((controller.kp, controller.ki), (0.6, -0.5));
    assert_eq!((solver.config().atol.of(2), solver.plan().precision()), (1e-8, Precision::F32));
}

#[test]
fn an_unknown_key_is_refused_unless_it_shall_be_ignored() {
    let mut solver = solver(&settings! {});
    let wrong = settings! { nonexistent_buffer_location: "shared", state_location: "shared", saftey: 0.8 };
    let error = solver.update(&wrong, Unknown::Error).unwrap_err();
    let SolveError::Config(ConfigError::UnknownSettings { keys: unknown }) = &error else { panic!("{error}") };
    assert_eq!(keys(unknown.iter().map(|key| &key.key)), ["nonexistent_buffer_location", "saftey"]);
    assert_eq!(unknown[1].suggestion.as_deref(), Some("safety"), "also where no factory has it now");
    assert_eq!(solver.config().location("state"), LOCAL);

    let updated = solver.update(&wrong, Unknown::Ignore).unwrap();
    assert_eq!(keys(&updated.ignored), ["nonexistent_buffer_location", "saftey"]);
    assert_eq!(solver.config().location("state"), SHARED);
    assert_eq!(solver.plan().settings(), &settings! { state_location: "shared" });
}

#[test]
fn a_key_of_another_algorithm_is_kept_and_reported_and_applies_later() {
    let mut solver = solver(&settings! { algorithm: "euler" });
    let later = settings! { stage_derivatives_location: "shared", safety: 0.8, dt: 1e-2 };
    let updated = solver.update(&later, Unknown::Error).unwrap();
    assert_eq!(keys(&updated.kept), ["stage_derivatives_location", "safety"]);
    assert_eq!(keys(&updated.recognised), ["dt"]);
    assert_eq!(solver.config().location("step.stage_derivatives"), None);

    let updated = solver.update(&settings! { algorithm: "tsit5" }, Unknown::Error).unwrap();
    assert!(updated.kept.is_empty(), "{updated:?}");
    assert!(updated.affected.contains("step.stage_derivatives_location"), "{updated:?}");
    assert_eq!(solver.config().location("step.stage_derivatives"), SHARED);
    let ControllerConfig::I(controller) = &solver.config().controller else { panic!("the method's own") };
    assert_eq!((controller.safety, controller.dt), (0.8, 1e-2));
}

#[test]
fn changing_the_algorithm_keeps_what_applies_and_reports_what_does_not() {
    let given = settings! {
        algorithm: "tsit5", step_controller: "pid", kd: 0.2, safety: 0.8, rtol: 1e-5, state_location: "shared",
        stage_rhs_location: "shared", "controller.timestep_memory_location": "shared",
    };
    let mut solver = solver(&given);
    // Another method of the family: everything applies.
    let updated = solver.update(&settings! { algorithm: "vern7" }, Unknown::Error).unwrap();
    assert!(updated.kept.is_empty(), "{updated:?}");
    assert_eq!(solver.config().location("step.stage_rhs"), SHARED);
    // Another controller.
    let updated = solver.update(&settings! { step_controller: "i" }, Unknown::Error).unwrap();
    assert_eq!(keys(&updated.kept), ["kd", "controller.timestep_memory_location"]);
    let ControllerConfig::I(controller) = &solver.config().controller else { panic!("it is the one asked for") };
    assert_eq!((controller.safety, controller.kp), (0.8, 1.2), "kp was not given: the new controller's default");
    // Another family.
    let updated = solver.update(&settings! { algorithm: "euler", step_controller: auto }, Unknown::Error).unwrap();
    assert_eq!(keys(&updated.kept), ["safety", "stage_rhs_location"]);
    assert_eq!((solver.config().location("state"), solver.config().rtol.of(0)), (SHARED, 1e-5));
    assert!(matches!(solver.config().controller, ControllerConfig::Fixed(_)));
    // And back: all of it applies again.
    let updated = solver.update(&settings! { algorithm: "tsit5", step_controller: "pid" }, Unknown::Error).unwrap();
    assert!(updated.kept.is_empty(), "{updated:?}");
    let ControllerConfig::Pid(controller) = &solver.config().controller else { panic!("it is the one asked for") };
    assert_eq!((controller.kd, controller.safety), (0.2, 0.8));
    assert_eq!(places(&solver, ["step.stage_rhs", "controller.timestep_memory"]), [SHARED, SHARED]);
}

#[test]
fn a_refused_update_changes_nothing() {
    let mut solver = solver(&settings! { algorithm: "tsit5", rtol: 1e-5 });
    let batch = Batch::grid().vary("rho", [10.0, 20.0]);
    let before = solver.solve(&batch, 0.0..1.0).unwrap();
    let (report, given) = (solver.report().to_text(), solver.plan().settings().clone());
    for (wrong, says) in [
        (settings! { state_location: "shared", precision: "f32", dt_min: 2.0, dt_max: 1.0 }, "exceeds dt_max"),
        (settings! { precision: "f32", safety: 1.5 }, "at most 1"),
        (settings! { step_controller: "pi", t_eval: [2.0, 1.0] }, "times ascend"),
        (settings! { state_location: "shared", algorithm: "euler", step_controller: "pi" }, "no error estimate"),
        (settings! { bake_constants: true, atol: [1e-6, 1e-6] }, "2 values for 3 states"),
        (settings! { bake_constants: 1, state_location: "shared" }, "expected `true` or `false`"),
        (settings! { state_location: "shared", save_evry: 1.0 }, "did you mean `save_every`"),
    ] {
        let error = solver.update(&wrong, Unknown::Error).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
        assert_eq!((solver.report().to_text(), solver.plan().settings()), (report.clone(), &given));
        assert_eq!(solver.plan().precision(), Precision::F64);
    }
    let after = solver.solve(&batch, 0.0..1.0).unwrap();
    assert_eq!((after.checksum(), after.timings().compile.as_nanos()), (before.checksum(), 0), "the kernel is at hand");
}

#[test]
fn an_update_that_leaves_the_source_unchanged_compiles_nothing() {
    let mut solver = solver(&settings! { algorithm: "tsit5", step_controller: "pi" });
    let batch = Batch::grid().vary("rho", [10.0, 20.0]);
    let mut solve = |settings: &Settings| {
        solver.update(settings, Unknown::Error).unwrap();
        let solution = solver.solve(&batch, 0.0..1.0).unwrap();
        (solver.source().unwrap(), solution.checksum(), solver.device().compilations())
    };
    let first = solve(&settings! {});
    assert_eq!(first.2, 1);
    // Nothing new; another name of the same; values that a launch takes; keys that apply to nothing here.
    for same in [
        settings! { step_controller: "pi", state_location: "local", rtol: 1e-3, precision: "f64" },
        settings! { algorithm: "tsit5", state_location: auto },
        settings! { kd: 0.3 },
    ] {
        assert_eq!(solve(&same), first, "{same}");
    }
    let launched = solve(&settings! { rtol: 1e-6, kp: 0.5, dt_max: 0.1, save_every: 0.5, max_steps: 10_000 });
    assert_eq!((&launched.0, launched.2), (&first.0, 1));
    assert_ne!(launched.1, first.1, "they do take effect");
    let autos = settings! { rtol: auto, kp: auto, dt_max: auto, save_every: auto, max_steps: auto };
    assert_eq!(solve(&autos), first);
    // A location changed and undone: the kernel before is still known.
    let moved = solve(&settings! { state_location: "shared", timestep_memory_location: "shared" });
    assert_ne!(moved.0, first.0);
    assert_eq!((moved.1, moved.2), (first.1, 2), "placement changes no bit");
    assert_eq!(solve(&settings! { state_location: "local", timestep_memory_location: auto }), (first.0, first.1, 2));
    assert_eq!(solve(&settings! { state_location: "shared", timestep_memory_location: "shared" }), moved);
}

#[test]
fn settings_given_at_once_and_one_by_one_are_the_same() {
    let all = settings! {
        precision: "f32", stage_rhs_location: "shared", kd: 0.2, algorithm: "vern7", step_controller: "pid",
    };
    // Keys are kept until what they belong to is there.
    let mut one_by_one = solver(&settings! {});
    for (key, value) in &all {
        one_by_one.update(&Settings::from_iter([(key.clone(), value.clone())]), Unknown::Error).unwrap();
    }
    let at_once = solver(&all);
    assert_eq!(one_by_one.report().to_text(), at_once.report().to_text());
    for path in ["controller.kd", "algorithm", "step_controller", "precision", "step.stage_rhs_location"] {
        assert_eq!(one_by_one.plan().value(path), at_once.plan().value(path), "{path}");
    }
    assert_eq!(at_once.plan().value("controller.kd"), Some(Value::Float(0.2)));
}
