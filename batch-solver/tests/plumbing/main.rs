//! Every key changed at once reaches its factory, and `auto` brings every default back: for eight pairs of method and controller.
//!
//! What there is to change is read from the tree of factories; `settings_of` has a line for every setting, and a setting without one fails these tests.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use batch_solver::controller::ControllerConfig;
use batch_solver::solution::TracedRun;
use batch_solver::step::StepConfig;
use batch_solver::{Algorithm, Batch, LoopConfig, Solver, System};
use buffer_runtime::config::FactoryNode;
use buffer_runtime::layout::Region;
use buffer_runtime::{Buffers, Location, Precision, SettingValue, Settings, Unknown, Value, settings};
use support::narrow_cpu;

/// A method and a controller, the factories they make, and the gains that follow from both.
struct Pair {
    algorithm: &'static str,
    controller: &'static str,
    /// The step and the controller.
    factories: &'static [&'static str],
    gains: &'static [(&'static str, f64)],
}

const fn pair(
    algorithm: &'static str,
    controller: &'static str,
    factories: &'static [&'static str],
    gains: &'static [(&'static str, f64)],
) -> Pair {
    Pair { algorithm, controller, factories, gains }
}

/// Gains of the last error, the one before and the one before that. Those of `pi` are 0.7 and -0.4 times (q + 1)/q, where q = 4 is the smaller order.
const PAIRS: [Pair; 8] = [
    pair("euler", "fixed", &["euler", "fixed_controller"], &[]),
    pair("rk23", "gustafsson", &["erk", "gustafsson_controller"], &[]),
    pair("rk45", "pid", &["erk", "pid_controller"], &[("kp", 0.7), ("ki", -0.4), ("kd", 0.1)]),
    pair("dopri54", "pi", &["erk", "pi_controller"], &[("kp", 0.875), ("ki", -0.5)]),
    pair("tsit5", "pi", &["erk", "pi_controller"], &[("kp", 0.875), ("ki", -0.5)]),
    pair("vern7", "i", &["erk", "i_controller"], &[("kp", 1.2)]),
    pair("rodas4", "fixed", &["rosenbrock", "fixed_controller"], &[]),
    pair("ode23s", "pi", &["rosenbrock", "pi_controller"], &[("kp", 0.7 * 3.0 / 2.0), ("ki", -0.4 * 3.0 / 2.0)]),
];

/// The settings that make the pair what it is. They choose factories, so they are changed apart from all others.
const CHOICES: [&str; 2] = ["algorithm", "step_controller"];

/// A trace needs the counters, so these cannot be off in one update with `trace` on: they are changed after all others.
const COUNTERS: &str = "save_counters";

impl Pair {
    fn settings(&self) -> Settings {
        settings! { algorithm: self.algorithm, step_controller: self.controller }
    }

    fn is_adaptive(&self) -> bool {
        self.controller != "fixed"
    }

    fn gain(&self, name: &str) -> f64 {
        self.gains.iter().find(|(other, _)| *other == name).map_or(f64::NAN, |(_, gain)| *gain)
    }
}

/// Every setting by its flat key: its default, and another value that is valid beside all the others here.
fn settings_of(pair: &Pair) -> BTreeMap<&'static str, (Value, Value)> {
    let adaptive = pair.is_adaptive();
    let mut lines = BTreeMap::new();
    let mut line =
        |name, default: Value, other: Value| assert_eq!(lines.insert(name, (default, other)), None, "{name}");
    // The loop.
    line("atol", 1e-6.into(), vec![1e-5, 2e-5, 3e-5].into());
    line("rtol", 1e-3.into(), 1e-4.into());
    line("save_counters", adaptive.into(), (!adaptive).into());
    line("precision", "f64".into(), "f32".into());
    line("save_every", "none".into(), 0.25.into());
    line("t_eval", "none".into(), vec![0.5, 1.0].into());
    line("bake_constants", false.into(), true.into());
    line("inline_equations", true.into(), false.into());
    line("unroll_states", true.into(), false.into());
    line("refill", adaptive.into(), (!adaptive).into());
    line("save_variables", "none".into(), vec!["z", "radius"].into());
    line("save_last", false.into(), true.into());
    line("settling_time", 0.0.into(), 0.25.into());
    line("summaries", Value::List(Vec::new()), vec!["mean", "max"].into());
    line("summarise_variables", "none".into(), vec!["x", "radius"].into());
    line("summarise_every", "none".into(), 0.25.into());
    line("sample_summaries_every", "none".into(), 0.05.into());
    line("trace", false.into(), true.into());
    line("trace_runs", vec![0].into(), vec![1].into());
    line("trace_steps", 1000.into(), 50.into());
    // Every controller.
    line("dt", (if adaptive { 0.0 } else { 1e-3 }).into(), 1e-2.into());
    // Those that follow an error.
    line("dt_min", 1e-12.into(), 1e-9.into());
    line("dt_max", 1e6.into(), 0.5.into());
    line("max_steps", 1_000_000.into(), 50_000.into());
    line("safety", 0.9.into(), 0.8.into());
    line("min_gain", 0.2.into(), 0.3.into());
    line("max_gain", 10.0.into(), 5.0.into());
    line("deadband_min", 1.0.into(), 0.95.into());
    line("deadband_max", 1.0.into(), 1.1.into());
    line("kp", pair.gain("kp").into(), 0.6.into());
    line("ki", pair.gain("ki").into(), (-0.3).into());
    line("kd", pair.gain("kd").into(), 0.05.into());
    // Rosenbrock steps.
    line("unroll_stages", true.into(), false.into());
    line("lu_refinement", 0.into(), 1.into());
    line("lu_table_driven", false.into(), true.into());
    lines
}

/// Settings as fields of the configs, whatever the tree says of them.
fn fields(config: &LoopConfig) -> Vec<(&'static str, Value)> {
    macro_rules! fields {
        ($config:expr; $($field:ident)*) => { vec![$((stringify!($field), $config.$field.to_value())),*] };
    }
    let mut fields = fields!(config; atol rtol save_counters precision save_every t_eval bake_constants inline_equations unroll_states refill save_variables save_last settling_time
            summaries summarise_variables summarise_every sample_summaries_every trace trace_runs trace_steps);
    macro_rules! adaptive {
        ($config:expr; $($gain:ident)*) => {
            fields!($config; dt dt_min dt_max max_steps safety min_gain max_gain deadband_min deadband_max $($gain)*)
        };
    }
    fields.extend(match &config.controller {
        ControllerConfig::Fixed(fixed) => fields!(fixed; dt),
        ControllerConfig::I(i) => adaptive!(i; kp),
        ControllerConfig::Pi(pi) => adaptive!(pi; kp ki),
        ControllerConfig::Pid(pid) => adaptive!(pid; kp ki kd),
        ControllerConfig::Gustafsson(gustafsson) => adaptive!(gustafsson;),
    });
    fields
}

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
            let name = setting.spec.name;
            if !CHOICES.contains(&name) && name != COUNTERS {
                each(node.key(name), node.member_path(name), Of::Setting, setting.value.clone());
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
        for setting in node.settings.iter().filter(|setting| !CHOICES.contains(&setting.spec.name)) {
            let key = node.key(setting.spec.name);
            let line = lines.get(key.as_str()).unwrap_or_else(|| panic!("`{key}` needs a line in `settings_of`"));
            assert_eq!(setting.value, line.0, "{key} of {}", node.spec.name);
        }
        for buffer in &node.buffers {
            assert_eq!(buffer.location, buffer.spec.location, "{}", node.member_path(buffer.spec.name));
        }
    }
    for (name, value) in fields(solver.config()) {
        assert_eq!(value, lines[name].0, "{name}");
    }
}

/// The factories of the pair are there, with what they need to know of each other.
fn assert_factories(pair: &Pair, solver: &Solver) {
    let factories: Vec<&str> = solver.plan().tree().walk().iter().map(|node| node.spec.name).collect();
    // Level by level.
    let of_step: &[&str] = if pair.factories[0] == "rosenbrock" { &["lu"] } else { &[] };
    assert_eq!(factories, [&["integration"], pair.factories, &["output", "summary"], of_step].concat());
    let algorithm: Algorithm = pair.algorithm.parse().unwrap();
    let config = solver.config();
    assert_eq!((config.algorithm, config.step_controller.to_string().as_str()), (algorithm, pair.controller));
    match (&config.step, algorithm) {
        (StepConfig::Euler(step), Algorithm::Euler) => assert_eq!(step.n, 3),
        (StepConfig::Erk(step), Algorithm::Erk(tableau)) => {
            assert_eq!((step.n, step.tableau.name, step.adaptive), (3, tableau.name, pair.is_adaptive()));
        }
        (StepConfig::Rosenbrock(step), Algorithm::Rosenbrock(tableau)) => {
            assert_eq!((step.n, step.tableau.name, step.lu.n), (3, tableau.name, 3));
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
        assert_eq!(value, lines[name].1, "{name}");
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
    assert!(solution.counters(1).is_some_and(|counters| counters.steps > 0), "a trace needs them");
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
    assert_eq!(kept, &names(changes) - &addressed);
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
