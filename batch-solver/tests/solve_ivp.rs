//! The one-call form: its defaults, its options and its errors.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use std::path::Path;

use batch_solver::integrate::Tolerance;
use batch_solver::{Batch, IvpOptions, Model, Solution, SolveError, Solver, System, solve_ivp};
use buffer_runtime::{Precision, Unknown, settings};
use support::narrow_cpu;

/// A harmonic oscillator: x = cos(omega t), v = -omega sin(omega t).
fn oscillator() -> System {
    System::builder("oscillator")
        .equations("dx = v; dv = -omega^2*x")
        .states([("x", 1.0), ("v", 0.0)])
        .parameter("omega", 1.0)
        .build()
        .unwrap()
}

fn frequencies() -> Batch {
    Batch::grid().vary("omega", [0.5, 1.0, 2.0])
}

fn solve(options: IvpOptions) -> Result<Solution, SolveError> {
    solve_ivp(oscillator(), 0.0..3.0, &frequencies(), options.device(narrow_cpu()))
}

/// Largest error of x over all runs and saved times.
fn error(solution: &Solution) -> f64 {
    let errors = [0.5, 1.0, 2.0_f64].into_iter().enumerate().flat_map(|(run, omega)| {
        let times = solution.times().iter().enumerate();
        times.map(move |(row, t)| (solution.state(row, 0, run).unwrap() - (omega * t).cos()).abs())
    });
    errors.fold(0.0, f64::max)
}

#[test]
fn the_defaults_are_those_of_scipy() {
    let solution = solve(IvpOptions::default()).unwrap();
    assert_eq!((solution.failed(), solution.times(), solution.runs()), (0, &[3.0][..], 3));
    assert!(solution.states::<f64>().is_some(), "double precision");
    assert!((1e-9..5e-3).contains(&error(&solution)), "about rtol = 1e-3: {:e}", error(&solution));
    // The same as by hand, to the last bit.
    let mut solver = Solver::on(oscillator(), narrow_cpu()).unwrap();
    let chosen = settings! { algorithm: "dormand-prince-54", atol: 1e-6, rtol: 1e-3, precision: "f64" };
    solver.update(&chosen, Unknown::Error).unwrap();
    let expected = solver.solve(&frequencies(), 0.0..3.0).unwrap();
    assert_eq!(solution.checksum(), expected.checksum());
    assert_eq!(solution.counters(0), expected.counters(0));
}

#[test]
fn every_option_has_its_effect() {
    let loose = error(&solve(IvpOptions::new()).unwrap());
    let tight = solve(IvpOptions::new().rtol(1e-9).atol(Tolerance::each([1e-9, 1e-8]))).unwrap();
    assert!(error(&tight) < 1e-4 * loose, "{loose:e} {:e}", error(&tight));

    let saved = solve(IvpOptions::new().rtol(1e-8).atol(1e-8).t_eval([0.0, 0.3, 2.5])).unwrap();
    assert_eq!(saved.times(), [0.0, 0.3, 2.5]);
    assert!(error(&saved) < 1e-6, "{:e}", error(&saved));

    let single = solve(IvpOptions::new().precision(Precision::F32)).unwrap();
    assert!(single.states::<f32>().is_some() && single.states::<f64>().is_none());

    let other = solve(IvpOptions::new().method("DOP853").rtol(1e-9).atol(1e-9)).unwrap();
    assert!(error(&other) < 1e-7, "{:e}", error(&other));
    assert!(other.total_steps() < tight.total_steps(), "a higher order needs fewer steps");

    let fixed = solve(IvpOptions::new().method("RK4").settings(&settings! { dt: 0.5 })).unwrap();
    assert_eq!(fixed.steps(), 6, "a method without an error estimate takes fixed steps");
}

#[test]
fn later_settings_win() {
    let options =
        IvpOptions::new().settings(&settings! { rtol: 1e-2, dt_max: 0.1 }).settings(&settings! { rtol: 1e-10 });
    let solution = solve(options.atol(1e-10)).unwrap();
    assert!(error(&solution) < 1e-7, "{:e}", error(&solution));
    assert!(solution.counters(0).unwrap().steps >= 30, "dt_max stays");
}

#[test]
fn errors_pass_through_with_their_type() {
    let refused = |options: IvpOptions| solve(options).unwrap_err();
    let method = refused(IvpOptions::new().method("RK54x"));
    assert!(matches!(method, SolveError::Config(_)) && method.to_string().contains("RK54x"), "{method}");
    assert!(matches!(refused(IvpOptions::new().rtol(-1.0)), SolveError::Config(_)));
    assert!(matches!(refused(IvpOptions::new().atol(Tolerance::each([1e-6; 3]))), SolveError::Config(_)));
    assert!(matches!(refused(IvpOptions::new().settings(&settings! { dt_mx: 1.0 })), SolveError::Config(_)));
    let outside = refused(IvpOptions::new().t_eval([1.0, 4.0]));
    assert!(matches!(outside, SolveError::TimeOutside { time: 4.0, .. }), "{outside}");
    let device = || IvpOptions::new().device(narrow_cpu());
    let batch = Batch::grid().vary("omga", [1.0]);
    assert!(matches!(solve_ivp(oscillator(), 0.0..1.0, &batch, device()), Err(SolveError::Batch(_))));
    let reversed = solve_ivp(oscillator(), 1.0..0.0, &frequencies(), device());
    assert!(matches!(reversed, Err(SolveError::TimeSpan { .. })));
}

/// Positions at t = 3 from F. Mazzia and C. Magherini, Test Set for Initial Value Problem Solvers, release 2.4, 2008, problem Pleiades.
const PLEIADES: [(&str, f64); 14] = [
    ("x1", 0.3706139143970502),
    ("x2", 3.237284092057233),
    ("x3", -3.222559032418324),
    ("x4", 0.659709145577531),
    ("x5", 0.3425581707156584),
    ("x6", 1.562172101400631),
    ("x7", -0.7003092922212495),
    ("y1", -3.943437585517392),
    ("y2", -3.27138097397255),
    ("y3", 5.225081843456543),
    ("y4", -2.59061243497747),
    ("y5", 1.198213693392275),
    ("y6", -0.2429682344935824),
    ("y7", 1.09144924042898),
];

fn model(name: &str) -> Model {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/models");
    Model::read(folder.join(name).with_extension("toml")).unwrap()
}

/// Solves a model of the examples to a tolerance of 1e-10.
fn solve_model(name: &str, duration: f64, batch: &Batch) -> Solution {
    let options = IvpOptions::new().method("tsit5").rtol(1e-10).atol(1e-10).device(narrow_cpu());
    let solution = solve_ivp(model(name).system().clone(), 0.0..duration, batch, options).unwrap();
    assert_eq!(solution.failed(), 0, "{name}");
    solution
}

/// The value of a state or observable of a run at the end.
fn end(solution: &Solution, name: &str, run: usize) -> f64 {
    solution.variable::<f64>(name).unwrap()[[solution.times().len() - 1, run]]
}

#[test]
fn seven_stars_end_where_the_test_set_has_them() {
    let solution = solve_model("pleiades", 3.0, &Batch::grid());
    for (name, expected) in PLEIADES {
        let found = end(&solution, name, 0);
        assert!((found - expected).abs() < 1e-6, "{name}: {found} for {expected}");
    }
    let momentum = end(&solution, "angular_momentum", 0);
    assert!((momentum - 109.0).abs() < 1e-7, "15 + 10 + 42 + 42 at the start: {momentum}");
}

#[test]
fn an_undriven_undamped_duffing_oscillator_keeps_its_energy() {
    let batch = Batch::zip().vary("damping", [0.0, 0.0, 0.05]).vary("forcing", [0.0, 7.5, 0.0]);
    let solution = solve_model("duffing", 10.0, &batch);
    let energy = |run| end(&solution, "energy", run);
    let start = 4.0_f64.powi(2) / 2.0 + 3.0_f64.powi(4) / 4.0;
    assert!((energy(0) - start).abs() < 1e-6, "{} for {start}", energy(0));
    assert!((energy(1) - start).abs() > 0.1, "the drive changes it: {}", energy(1));
    assert!(energy(2) < 0.9 * start, "damping takes of it: {}", energy(2));
}

/// The steady state u = a, v = b/a attracts for b < 1 + a^2 and repels above.
#[test]
fn the_brusselator_settles_or_oscillates() {
    let batch = Batch::zip().vary("a", [1.0, 2.0, 1.0]).vary("b", [1.0, 3.0, 3.0]);
    let solution = solve_model("brusselator", 60.0, &batch);
    for (run, steady) in [[1.0, 1.0], [2.0, 1.5]].into_iter().enumerate() {
        let found = [end(&solution, "u", run), end(&solution, "v", run)];
        assert!((found[0] - steady[0]).abs() + (found[1] - steady[1]).abs() < 1e-6, "{found:?} for {steady:?}");
    }
    let away = (end(&solution, "u", 2) - 1.0).hypot(end(&solution, "v", 2) - 3.0);
    assert!(away > 0.3, "{away}");
}

/// Without stimulus the neuron comes to rest where both nullclines meet; with one of 0.5 the rest is unstable and it fires again and again.
#[test]
fn the_neuron_fires_when_it_is_stimulated() {
    let options = IvpOptions::new().rtol(1e-8).atol(1e-8).device(narrow_cpu());
    let times: Vec<f64> = (100..=200).map(f64::from).collect();
    let batch = Batch::grid().vary("current", [0.0, 0.5]);
    let system = model("fitzhugh_nagumo").system().clone();
    let solution = solve_ivp(system, 0.0..200.0, &batch, options.t_eval(times)).unwrap();
    let potential = solution.variable::<f64>("v").unwrap();
    let v = potential[[100, 0]];
    assert!((v - v.powi(3) / 3.0 - (v + 0.7) / 0.8).abs() < 1e-6, "at rest at {v}");
    let firing = potential.column(1);
    let largest = firing.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let smallest = firing.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(largest > 1.5 && smallest < -1.5, "{smallest} to {largest}");
}

/// Of an epidemic that began with next to nobody infected, the susceptible left over satisfy `log(s0/s) = r0 (1 - s)` (Kermack and McKendrick 1927, p. 713).
#[test]
fn an_epidemic_leaves_the_final_size_of_kermack_and_mckendrick() {
    let contacts = [0.05, 0.15, 0.5];
    let solution = solve_model("sir", 2000.0, &Batch::grid().vary("contact", contacts));
    for (run, contact) in contacts.into_iter().enumerate() {
        let left = end(&solution, "susceptible", run);
        let expected = contact / 0.1 * (1.0 - left);
        assert!(((0.999 / left).ln() - expected).abs() < 1e-6, "contact {contact}: {left} left");
    }
    assert!(end(&solution, "susceptible", 0) > 0.99 && end(&solution, "susceptible", 2) < 0.01);
}
