//! The one-call form: its defaults, its options and its errors.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use std::path::Path;

use batch_solver::integrate::Tolerance;
use batch_solver::{
    Batch, BatchError, BatchValues, Combine, IvpOptions, Model, OneOrMany, Solution, SolveError, Solver, System,
    linspace, solve_ivp,
};
use buffer_runtime::{Precision, Unknown, settings};
use ndarray::array;
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

const FREQUENCIES: [f64; 3] = [0.5, 1.0, 2.0];

fn solve(options: IvpOptions) -> Result<Solution, SolveError> {
    solve_ivp(oscillator(), (), [("omega", FREQUENCIES)], 0.0..3.0, options.device(narrow_cpu()))
}

/// The runs of the oscillator that these values make, as (x, v, omega).
fn runs(
    y0: impl Into<BatchValues>,
    parameters: impl Into<BatchValues>,
    combine: Combine,
) -> Result<Vec<[f64; 3]>, BatchError> {
    let system = oscillator();
    let batch = Batch::of(&system, y0, parameters, combine)?;
    let mut solver =
        Solver::with_settings(system, narrow_cpu(), &settings! { algorithm: "classical-rk4", t_eval: [0.0], dt: 1.0 })
            .unwrap();
    let start = solver.solve(&batch, 0.0..1.0).unwrap();
    let omega = |run| batch.value("omega", run).unwrap_or(f64::NAN);
    Ok((0..batch.runs()?)
        .map(|run| [start.state(0, 0, run).unwrap(), start.state(0, 1, run).unwrap(), omega(run)])
        .collect())
}

/// Largest error of x over all runs and saved times.
fn error(solution: &Solution) -> f64 {
    let errors = FREQUENCIES.into_iter().enumerate().flat_map(|(run, omega)| {
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
    let expected = solver.solve(&Batch::grid().vary("omega", FREQUENCIES), 0.0..3.0).unwrap();
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
    let misspelt = solve_ivp(oscillator(), (), [("omga", 1.0)], 0.0..1.0, device()).unwrap_err();
    assert!(matches!(misspelt, SolveError::Batch(_)) && misspelt.to_string().contains("did you mean `omega`"));
    let reversed = solve_ivp(oscillator(), (), (), 1.0..0.0, device());
    assert!(matches!(reversed, Err(SolveError::TimeSpan { .. })));
}

#[test]
fn values_come_in_order_as_an_array_or_by_name() {
    let defaults = runs((), (), Combine::Grid).unwrap();
    assert_eq!(defaults[0][..2], [1.0, 0.0]);
    for values in [vec![3.0, 4.0].into(), [3.0, 4.0].into(), [3.0, 4.0][..].into(), array![[3.0], [4.0]].into()] {
        let values: BatchValues = values;
        assert_eq!(runs(values, [("omega", [5.0, 6.0])], Combine::Zip).unwrap(), [[3.0, 4.0, 5.0], [3.0, 4.0, 6.0]]);
    }
    let mixed = [("v", OneOrMany::from(linspace(0.0, 1.0, 2))), ("x", 7.0.into())];
    let parameters = vec![("omega".to_owned(), vec![5.0, 6.0])];
    let expected = [[7.0, 0.0, 5.0], [7.0, 0.0, 6.0], [7.0, 1.0, 5.0], [7.0, 1.0, 6.0]];
    assert_eq!(runs(mixed, parameters, Combine::Grid).unwrap(), expected, "parameters vary fastest");
    // Columns of an array stay together, also in a grid.
    let pairs = array![[1.0, 2.0], [3.0, 4.0]];
    let grid = runs(&pairs, array![[5.0, 6.0]], Combine::Grid).unwrap();
    assert_eq!(grid, [[1.0, 3.0, 5.0], [1.0, 3.0, 6.0], [2.0, 4.0, 5.0], [2.0, 4.0, 6.0]]);
    let zipped = runs(pairs.view(), [("omega", [5.0, 6.0])], Combine::Zip).unwrap();
    assert_eq!(zipped, [[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]);
}

#[test]
fn the_call_combines_as_it_is_told() {
    let options = |combine| IvpOptions::new().combine(combine).device(narrow_cpu());
    let solve = |combine| {
        let (y0, omega) = ([("x", [1.0, 2.0])], [("omega", [0.5, 1.0])]);
        solve_ivp(oscillator(), y0, omega, 0.0..1.0, options(combine)).unwrap()
    };
    let (grid, zip) = (solve(Combine::Grid), solve(Combine::Zip));
    assert_eq!((grid.runs(), zip.runs()), (4, 2));
    assert_eq!((grid.final_state(0), grid.final_state(3)), (zip.final_state(0), zip.final_state(1)));
}

#[test]
fn values_that_do_not_fit_are_refused_with_what_would() {
    let refused = |y0: BatchValues, parameters: BatchValues| runs(y0, parameters, Combine::Zip).unwrap_err();
    let count = refused([1.0].into(), ().into());
    assert_eq!(
        count.to_string(),
        "1 initial values where `oscillator` has 2: x, v; give one for each in this order, or `(name, value)` pairs for some of them"
    );
    let rows = refused(().into(), array![[1.0], [2.0]].into());
    assert!(matches!(rows, BatchError::WrongCount { given: 2, rows: true, .. }), "{rows}");
    let misplaced = refused([("omega", 1.0)].into(), ().into());
    assert_eq!(
        misplaced.to_string(),
        "`omega` of `oscillator` does not belong to the initial values: give it with the parameters"
    );
    let misplaced = refused(().into(), [("x", 1.0)].into());
    assert!(matches!(misplaced, BatchError::Misplaced { .. }), "{misplaced}");
    let twice = refused([("x", 1.0), ("x", 2.0)].into(), ().into());
    assert!(matches!(twice, BatchError::GivenTwice { .. }), "{twice}");
    let unknown = refused([("vv", 1.0)].into(), ().into());
    assert!(matches!(unknown, BatchError::UnknownName { .. }), "{unknown}");
    let unequal = refused([("x", [1.0, 2.0])].into(), [("omega", [1.0, 2.0, 3.0])].into());
    assert!(matches!(unequal, BatchError::UnequalLengths { .. }), "{unequal}");
    let empty = refused(ndarray::Array2::zeros((2, 0)).into(), ().into());
    assert!(matches!(empty, BatchError::NoValues { .. }), "{empty}");
    let infinite = refused([1.0, f64::INFINITY].into(), ().into());
    assert!(matches!(infinite, BatchError::NotFinite { .. }), "{infinite}");
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

/// Solves a model of the examples to a tolerance of 1e-10, the values of its parameters side by side.
fn solve_model(name: &str, duration: f64, parameters: impl Into<BatchValues>) -> Solution {
    let options = IvpOptions::new().method("tsit5").rtol(1e-10).atol(1e-10).combine(Combine::Zip);
    let system = model(name).system().clone();
    let solution = solve_ivp(system, (), parameters, 0.0..duration, options.device(narrow_cpu())).unwrap();
    assert_eq!(solution.failed(), 0, "{name}");
    solution
}

/// The value of a state or observable of a run at the end.
fn end(solution: &Solution, name: &str, run: usize) -> f64 {
    solution.variable::<f64>(name).unwrap()[[solution.times().len() - 1, run]]
}

#[test]
fn seven_stars_end_where_the_test_set_has_them() {
    let solution = solve_model("pleiades", 3.0, ());
    for (name, expected) in PLEIADES {
        let found = end(&solution, name, 0);
        assert!((found - expected).abs() < 1e-6, "{name}: {found} for {expected}");
    }
    let momentum = end(&solution, "angular_momentum", 0);
    assert!((momentum - 109.0).abs() < 1e-7, "15 + 10 + 42 + 42 at the start: {momentum}");
}

#[test]
fn an_undriven_undamped_duffing_oscillator_keeps_its_energy() {
    let solution = solve_model("duffing", 10.0, [("damping", [0.0, 0.0, 0.05]), ("forcing", [0.0, 7.5, 0.0])]);
    let energy = |run| end(&solution, "energy", run);
    let start = 4.0_f64.powi(2) / 2.0 + 3.0_f64.powi(4) / 4.0;
    assert!((energy(0) - start).abs() < 1e-6, "{} for {start}", energy(0));
    assert!((energy(1) - start).abs() > 0.1, "the drive changes it: {}", energy(1));
    assert!(energy(2) < 0.9 * start, "damping takes of it: {}", energy(2));
}

/// The steady state u = a, v = b/a attracts for b < 1 + a^2 and repels above.
#[test]
fn the_brusselator_settles_or_oscillates() {
    let solution = solve_model("brusselator", 60.0, [("a", [1.0, 2.0, 1.0]), ("b", [1.0, 3.0, 3.0])]);
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
    let system = model("fitzhugh_nagumo").system().clone();
    let solution = solve_ivp(system, (), [("current", [0.0, 0.5])], 0.0..200.0, options.t_eval(times)).unwrap();
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
    let solution = solve_model("sir", 2000.0, [("contact", contacts)]);
    for (run, contact) in contacts.into_iter().enumerate() {
        let left = end(&solution, "susceptible", run);
        let expected = contact / 0.1 * (1.0 - left);
        assert!(((0.999 / left).ln() - expected).abs() < 1e-6, "contact {contact}: {left} left");
    }
    assert!(end(&solution, "susceptible", 0) > 0.99 && end(&solution, "susceptible", 2) < 0.01);
}
