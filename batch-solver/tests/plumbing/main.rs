//! Every key changed at once reaches its factory, and `auto` brings every default back: for pairs of method and controller of all families.
//!
//! What there is to change is read from the tree of factories; `settings_of` has a line for every setting, and a setting without one fails these tests.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod lines;
mod pairs;
#[path = "../support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};

use batch_solver::controller::ControllerConfig;
use batch_solver::solution::TracedRun;
use batch_solver::step::StepConfig;
use batch_solver::{Algorithm, Batch, Solver, System};
use buffer_runtime::config::FactoryNode;
use buffer_runtime::layout::Region;
use buffer_runtime::{Buffers, Location, Precision, SettingValue, Settings, Unknown, Value, settings};
use lines::{fields, settings_of};
use pairs::{CHOICES, COUNTERS, PAIRS, Pair};
use support::narrow_cpu;

/// The Lorenz system with something to observe.
fn system() -> System {
    System::builder("lorenz")
        .equations("dx = sigma*(y - x); dy = x*(rho - z) - y; dz = x*y - beta*z; radius = x*x + y*y + z*z")
        .states([("x", 1.0), ("y", 0.0), ("z", 0.0)])
        .parameter("rho", 28.0)
        .constants([("sigma", 10.0), ("beta", 8.0 / 3.0)])
        .observable("radius")
        .build()
        .unwrap()
}

fn solver(pair: &Pair) -> Solver {
    Solver::with_settings(system(), narrow_cpu(), &pair.settings()).unwrap()
}

/// What a key is of.
enum Of {
    Setting,
    Location,
}

/// Visits every setting but the choices and the counters, and every location: its flat key, its path and its value.
fn visit(tree: &FactoryNode, mut each: impl FnMut(String, String, Of, Value)) {
    for node in tree.walk() {
        for setting in &node.settings {
            let (key, path) = (node.key(setting.spec.name), node.member_path(setting.spec.name));
            if !CHOICES.contains(&key.as_str()) && key != COUNTERS {
                each(key, path, Of::Setting, setting.value.clone());
            }
        }
        for buffer in &node.buffers {
            let name = format!("{}_location", buffer.spec.name);
            each(node.key(&name), node.member_path(&name), Of::Location, Value::from(buffer.location));
        }
    }
}

/// Every value of a tree by its path.
fn values(tree: &FactoryNode) -> BTreeMap<String, Value> {
    let mut values = BTreeMap::new();
    visit(tree, |_, path, _, value| assert_eq!(values.insert(path, value), None));
    values
}

/// The value of a setting by its flat key, if there is one.
fn value(solver: &Solver, key: &str) -> Option<Value> {
    let nodes = solver.plan().tree().walk().into_iter();
    let mut settings = nodes.flat_map(|node| node.settings.iter().map(move |setting| (node, setting)));
    settings.find(|(node, setting)| node.key(setting.spec.name) == key).map(|(_, setting)| setting.value.clone())
}

fn names(settings: &Settings) -> BTreeSet<String> {
    settings.iter().map(|(key, _)| key.clone()).collect()
}

/// The other of the two places.
fn elsewhere(location: &Value) -> Value {
    Value::from(match Location::from_value(location).unwrap() {
        Location::Local => Location::Shared,
        Location::Shared => Location::Local,
    })
}

/// One update for every setting and every location of a tree: settings by their flat keys, locations by their paths.
fn everything(pair: &Pair, tree: &FactoryNode) -> Settings {
    let lines = settings_of(pair);
    let mut settings = Settings::new();
    visit(tree, |key, path, of, value| match of {
        Of::Location => _ = settings.set(path, elsewhere(&value)),
        Of::Setting => {
            let line = lines.get(key.as_str()).unwrap_or_else(|| panic!("`{key}` needs a line in `settings_of`"));
            assert_ne!(line.1, value, "`{key}` needs another value than its default");
            settings.set(key, line.1.clone());
        }
    });
    settings
}

fn assert_defaults(pair: &Pair, solver: &Solver) {
    let lines = settings_of(pair);
    for node in solver.plan().tree().walk() {
        for setting in &node.settings {
            let key = node.key(setting.spec.name);
            let line = lines.get(key.as_str()).unwrap_or_else(|| panic!("`{key}` needs a line in `settings_of`"));
            assert_eq!(setting.value, unchanged(pair, &key, &line.0), "{key} of {}", node.spec.name);
        }
        for buffer in &node.buffers {
            assert_eq!(buffer.location, buffer.spec.location, "{}", node.member_path(buffer.spec.name));
        }
    }
    for (name, value) in fields(solver.config()) {
        assert_eq!(value, unchanged(pair, name, &lines[name].0), "{name}");
    }
}

/// The default of a key, or what the pair chooses.
fn unchanged(pair: &Pair, key: &str, default: &Value) -> Value {
    pair.choice(key).filter(|_| !["algorithm", "step_controller"].contains(&key)).unwrap_or_else(|| default.clone())
}

/// The factories of the pair are there, with what they need to know of each other.
fn assert_factories(pair: &Pair, solver: &Solver) {
    let factories: Vec<&str> = solver.plan().tree().walk().iter().map(|node| node.spec.name).collect();
    // Level by level.
    assert_eq!(factories, [&["integration"], &pair.factories[..], &["output", "summary"], pair.of_step].concat());
    let algorithm: Algorithm = pair.algorithm.parse().unwrap();
    let config = solver.config();
    assert_eq!((config.algorithm, config.step_controller.to_string().as_str()), (algorithm, pair.controller));
    for name in &CHOICES[2..] {
        if let Some(chosen) = pair.choice(name) {
            assert_eq!(value(solver, name), Some(chosen), "{name}");
        }
    }
    match (&config.step, algorithm) {
        (StepConfig::Euler(step), Algorithm::Euler) => assert_eq!(step.n, 3),
        (StepConfig::Erk(step), Algorithm::Erk(tableau)) => {
            assert_eq!((step.n, step.tableau.name, step.adaptive), (3, tableau.name, pair.is_adaptive()));
        }
        (StepConfig::Rosenbrock(step), Algorithm::Rosenbrock(tableau)) => {
            assert_eq!((step.n, step.tableau.name, step.lu.n), (3, tableau.name, 3));
        }
        (StepConfig::BackwardsEuler(step), Algorithm::BackwardsEuler) => assert_eq!((step.n, step.newton.n), (3, 3)),
        (StepConfig::BackwardsEulerPc(step), Algorithm::BackwardsEulerPc) => {
            assert_eq!((step.n, step.newton.n), (3, 3));
        }
        (StepConfig::CrankNicolson(step), Algorithm::CrankNicolson) => {
            assert_eq!((step.n, step.newton.n, step.newton.exact), (3, 3, step.newton_jacobian.is_exact()));
        }
        (StepConfig::Dirk(step), Algorithm::Dirk(tableau)) => {
            assert_eq!((step.n, step.tableau.name, step.adaptive), (3, tableau.name, pair.is_adaptive()));
            assert_eq!((step.newton.n, step.newton.stages), (3, 1));
        }
        (StepConfig::Firk(step), Algorithm::Firk(tableau)) => {
            assert_eq!((step.n, step.tableau.name, step.adaptive), (3, tableau.name, pair.is_adaptive()));
            assert_eq!((step.newton.n, step.newton.stages), (3, tableau.stages()));
        }
        (step, algorithm) => panic!("{step:?} for {algorithm}"),
    }
    let order = match &config.controller {
        ControllerConfig::Fixed(_) => return,
        ControllerConfig::I(i) => i.order,
        ControllerConfig::Pi(pi) => pi.order,
        ControllerConfig::Pid(pid) => pid.order,
        ControllerConfig::Gustafsson(gustafsson) => gustafsson.order,
    };
    assert_eq!(order, algorithm.controller_order());
}

/// Everything is as `changes` has it: in the tree, in the fields, in the layout.
fn assert_changed(pair: &Pair, solver: &Solver, changes: &Settings) {
    visit(solver.plan().tree(), |key, path, _, value| {
        assert_eq!(Some(&value), changes.get(&key).or_else(|| changes.get(&path)), "{path}");
    });
    let lines = settings_of(pair);
    for (name, value) in fields(solver.config()).into_iter().filter(|(name, _)| *name != COUNTERS) {
        let line = &lines[name];
        let expected = if CHOICES.contains(&name) { unchanged(pair, name, &line.0) } else { line.1.clone() };
        assert_eq!(value, expected, "{name}");
    }
    assert_eq!(solver.plan().precision(), Precision::F32);
    for node in solver.plan().tree().walk() {
        for buffer in &node.buffers {
            let path = node.member_path(buffer.spec.name);
            assert_eq!(solver.config().location(&path), Some(buffer.location), "{path}");
            let placed = solver.plan().layout().get(&path).unwrap();
            assert_eq!((placed.requested, placed.elements.get()), (buffer.location, buffer.elements), "{path}");
            if buffer.location == Location::Shared && buffer.elements > 0 {
                assert_eq!(placed.region(), Region::Shared, "{path}");
            }
        }
    }
}

/// It solves, and what comes out is what the settings ask for.
fn assert_solves(solver: &mut Solver) {
    let solution = solver.solve(&Batch::grid().vary("rho", [10.0, 20.0]), 0.0..1.0).unwrap();
    assert_eq!((solution.failed(), solution.runs(), solution.times()), (0, 2, &[0.5, 1.0][..]));
    assert!(solution.states::<f32>().is_some_and(|states| states.iter().all(|value| value.is_finite())));
    assert_eq!((solution.state_names(), solution.observable_names()), (&["z".into()][..], &["radius".into()][..]));
    let summaries = solution.summaries();
    assert_eq!(
        (summaries.windows(), summaries.variables()),
        (&[0.5, 0.75, 1.0][..], &["x".into(), "radius".into()][..])
    );
    assert_eq!(summaries.names(), ["x_mean", "x_max", "radius_mean", "radius_max"]);
    let traced: Vec<usize> = solution.trace().runs().iter().map(TracedRun::run).collect();
    assert_eq!(traced, [1]);
    let attempts = &solution.trace().runs()[0];
    assert_eq!(attempts.attempts().len(), attempts.total_attempts().min(50));
    // A trace needs those of steps that runs choose; steps of a fixed size are known, but not what their equations took.
    let known = solver.config().save_counters || !solver.config().algorithm.iterates();
    assert_eq!(solution.counters(1).map(|counters| counters.steps > 0), known.then_some(true));
}

/// The counters alone, with the trace that needs them off.
fn assert_counters(pair: &Pair, solver: &mut Solver) {
    let counters = settings_of(pair)[COUNTERS].1.clone();
    let settings = Settings::from_iter([("trace", Value::from(false)), (COUNTERS, counters.clone())]);
    let updated = solver.update(&settings, Unknown::Error).unwrap();
    assert_eq!(updated.changed.len(), 2);
    assert_eq!(solver.plan().value(COUNTERS), Some(counters.clone()));
    assert_eq!(solver.config().save_counters.to_value(), counters);
    solver.update(&settings! { save_counters: auto, trace: true }, Unknown::Error).unwrap();
}

/// Each choice of factories below the step alone, which leaves all else as it is.
fn assert_choices(pair: &Pair, solver: &mut Solver) {
    let (lines, before) = (settings_of(pair), values(solver.plan().tree()));
    for name in CHOICES[2..].iter().copied() {
        let Some(chosen) = value(solver, name) else { continue };
        let (default, other) = &lines[name];
        assert_eq!(chosen, unchanged(pair, name, default), "{name}");
        let other = if chosen == *other { default } else { other };
        let updated = solver.update(&Settings::from_iter([(name, other.clone())]), Unknown::Error).unwrap();
        assert!(updated.changed.iter().eq([name]), "{name}: {:?}", updated.changed);
        assert_eq!(value(solver, name), Some(other.clone()));
        let field = fields(solver.config()).into_iter().find(|(field, _)| *field == name).unwrap();
        assert_eq!(field.1, *other, "{name}");
        let now = values(solver.plan().tree());
        let moved: Vec<_> =
            before.iter().filter(|(path, value)| now.get(*path).is_some_and(|now| now != *value)).collect();
        assert!(moved.is_empty(), "{name}: {moved:?}");
        solver.source().unwrap();
        let back = pair.choice(name).unwrap_or(Value::Auto);
        solver.update(&Settings::from_iter([(name, back)]), Unknown::Error).unwrap();
        assert_eq!(values(solver.plan().tree()), before, "{name}");
    }
}

/// Another pair: what was given to both stays, what only the new one has is at its default, and what has nowhere to go is reported.
fn assert_swap(solver: &mut Solver, changes: &Settings, next: &Pair) {
    let updated = solver.update(&next.settings(), Unknown::Error).unwrap();
    assert_factories(next, solver);
    let mut expected = values(self::solver(next).plan().tree());
    let mut addressed = BTreeSet::new();
    visit(solver.plan().tree(), |key, path, _, _| {
        for name in [key, path.clone()] {
            if let Some(value) = changes.get(&name) {
                expected.insert(path.clone(), value.clone());
                addressed.insert(name);
            }
        }
    });
    assert_eq!(values(solver.plan().tree()), expected);
    let kept: BTreeSet<String> = updated.kept.into_iter().collect();
    let choices = next.settings();
    let absent = names(&choices).into_iter().filter(|name| value(solver, name).is_none()).collect();
    assert_eq!(kept, &(&names(changes) - &addressed) | &absent);
    assert!(updated.ignored.is_empty());
}

fn check(index: usize) {
    let pair = &PAIRS[index];
    let mut solver = solver(pair);
    assert_factories(pair, &solver);
    assert_defaults(pair, &solver);
    let (defaults, source) = (values(solver.plan().tree()), solver.source().unwrap());

    let changes = everything(pair, solver.plan().tree());
    let updated = solver.update(&changes, Unknown::Error).unwrap();
    assert_eq!(updated.recognised.into_iter().collect::<BTreeSet<_>>(), names(&changes));
    assert_eq!(updated.changed.into_iter().collect::<BTreeSet<_>>(), names(&changes));
    assert!(updated.kept.is_empty() && updated.ignored.is_empty());
    assert_eq!(updated.affected.into_iter().collect::<BTreeSet<_>>(), defaults.keys().cloned().collect());
    assert_factories(pair, &solver);
    assert_changed(pair, &solver, &changes);
    assert_ne!(solver.source().unwrap(), source);
    assert_solves(&mut solver);
    assert_counters(pair, &mut solver);
    assert_choices(pair, &mut solver);

    // Two further on both differ.
    assert_swap(&mut solver, &changes, &PAIRS[(index + 2) % PAIRS.len()]);
    solver.update(&pair.settings(), Unknown::Error).unwrap();
    assert_changed(pair, &solver, &changes);

    let compiled = solver.device().compilations();
    let autos: Settings = changes.iter().map(|(key, _)| (key.clone(), Value::Auto)).collect();
    let updated = solver.update(&autos, Unknown::Error).unwrap();
    assert_eq!(updated.changed.into_iter().collect::<BTreeSet<_>>(), names(&changes));
    assert_defaults(pair, &solver);
    assert_eq!((values(solver.plan().tree()), solver.source().unwrap()), (defaults, source));
    assert_eq!(solver.device().compilations(), compiled, "the kernel of the defaults is known");
}

#[test]
fn euler_with_fixed_steps() {
    check(0);
}

#[test]
fn bogacki_shampine_with_gustafsson() {
    check(1);
}

#[test]
fn the_default_of_scipy_with_pid() {
    check(2);
}

#[test]
fn dormand_prince_with_pi() {
    check(3);
}

#[test]
fn tsitouras_with_pi() {
    check(4);
}

#[test]
fn verner_with_i() {
    check(5);
}

#[test]
fn rodas_with_fixed_steps() {
    check(6);
}

#[test]
fn ode23s_with_pi() {
    check(7);
}

#[test]
fn crank_nicolson_with_gustafsson_and_exact_newton() {
    check(8);
}

#[test]
fn backwards_euler_with_fixed_steps() {
    check(9);
}

#[test]
fn kvaerno3_with_pi_and_bicgstab() {
    check(10);
}

#[test]
fn kvaerno5_with_i() {
    check(11);
}

#[test]
fn backwards_euler_predicted_with_fixed_steps_and_minimal_residual() {
    check(12);
}

#[test]
fn sdirk_with_pid() {
    check(13);
}

#[test]
fn radau5_with_gustafsson() {
    check(14);
}

#[test]
fn radau5_with_i_and_bicgstab() {
    check(15);
}

#[test]
fn gauss_legendre_with_pid() {
    check(16);
}

#[test]
fn radau3_with_pi_and_exact_newton() {
    check(17);
}
