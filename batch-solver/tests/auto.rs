//! The method that is chosen where none is given.
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use std::ops::Range;

use batch_solver::{Batch, Choice, Drivers, Expr, IvpOptions, SolveError, Solver, System, solve_ivp};
use buffer_runtime::{Settings, Unknown, settings};
use support::systems::{chain, model};
use support::{lorenz, narrow_cpu};

fn solver(system: System, settings: &Settings) -> Solver {
    Solver::with_settings(system, narrow_cpu(), settings).unwrap()
}

fn choice(system: System, settings: &Settings, batch: &Batch, span: Range<f64>) -> Choice {
    let name = system.name().to_owned();
    let choice = solver(system, settings).choose(batch, span.clone()).unwrap();
    println!("{name} to {}, stiffness {:.3}: {choice}", span.end, choice.stiffness);
    choice
}

/// The choice for the system's own values.
fn name(system: System, settings: &Settings, end: f64) -> &'static str {
    choice(system, settings, &Batch::grid(), 0.0..end).algorithm.name()
}

fn system(equations: &str, states: &[(&str, f64)], parameters: &[(&str, f64)]) -> System {
    let builder = System::builder("test").equations(equations).states(states.iter().copied());
    builder.parameters(parameters.iter().copied()).build().unwrap()
}

fn decay() -> System {
    system("dx = -rate*x", &[("x", 1.0)], &[("rate", 1.0)])
}

/// The heat equation on `n` points between ends that are cold.
fn heat(n: usize) -> System {
    let mut builder = System::builder("heat");
    let points: Vec<_> =
        (0..n).map(|i| builder.add_state(format!("u{i}"), (3.0 * i as f64 / n as f64).sin())).collect();
    for (i, point) in points.iter().enumerate() {
        let neighbour = |j: Option<usize>| j.and_then(|j| points.get(j)).cloned().unwrap_or_else(|| Expr::from(0.0));
        let sum = neighbour(i.checked_sub(1)) + neighbour(Some(i + 1)) - point.clone() * 2.0;
        builder.derivative(point, sum * (n * n) as f64);
    }
    builder.build().unwrap()
}

const OSCILLATOR: &str = "dx = omega*v; dv = -omega*x - damping*v";

#[test]
fn systems_that_are_not_stiff_get_an_explicit_method() {
    let default = Settings::new();
    for (model_name, end) in [
        ("lorenz", 20.0),
        ("lotka_volterra", 50.0),
        ("brusselator", 20.0),
        ("duffing", 50.0),
        ("fitzhugh_nagumo", 100.0),
        ("pleiades", 3.0),
        ("sir", 100.0),
        ("vanderpol", 20.0),
    ] {
        assert_eq!(name(model(model_name), &default, end), "tsit5", "{model_name}");
    }
    assert_eq!(name(decay(), &default, 20.0), "tsit5");
    assert_eq!(name(chain(100), &default, 1.0), "tsit5");
    // An oscillation has to be followed, whatever its frequency; slightly damped too.
    for damping in [0.0, 0.5] {
        let states = [("x", 1.0), ("v", 0.0)];
        let fast = system(OSCILLATOR, &states, &[("omega", 1e4), ("damping", damping)]);
        assert_eq!(name(fast, &default, 10.0), "tsit5", "damping {damping}");
    }
}

#[test]
fn stiff_systems_get_an_implicit_method() {
    for (model_name, end) in [
        ("robertson", 1e4),
        ("robertson", 1e11),
        ("hires", 321.8122),
        ("orego", 360.0),
        ("vanderpol_stiff", 2000.0),
        ("vanderpol_eps", 2.0),
        ("pollution", 60.0),
        ("e5", 1e13),
        ("sinoatrial", 0.1),
    ] {
        for (settings, expected) in [
            (Settings::new(), "rodas4"),
            (settings! { rtol: 1e-6, atol: 1e-10 }, "rodas5p"),
            (settings! { precision: "f32" }, "rodas4"),
        ] {
            assert_eq!(name(model(model_name), &settings, end), expected, "{model_name}");
        }
    }
    for n in [10, 100, 400] {
        assert_eq!(name(heat(n), &Settings::new(), 1.0), "rodas4", "{n} points");
    }
}

#[test]
fn large_systems_are_looked_at_where_they_start() {
    let coupled = |rate: f64| {
        let n = 150;
        let sum = (0..n).map(|i| format!("x{i}^2")).collect::<Vec<_>>().join(" + ");
        let equations = (0..n).map(|i| format!("dx{i} = 1e-3*({sum}) - rate*x{i}")).collect::<Vec<_>>().join("\n");
        let builder = System::builder("coupled").equations(equations.as_str()).parameter("rate", rate);
        builder.states((0..n).map(|i| (format!("x{i}"), 0.1))).build().unwrap()
    };
    for (rate, expected) in [(1.0, "tsit5"), (1e5, "rodas4")] {
        let choice = choice(coupled(rate), &Settings::new(), &Batch::grid(), 0.0..10.0);
        assert_eq!(choice.algorithm.name(), expected);
        assert!(choice.reason.contains("at the start only"), "{choice}");
    }
}

#[test]
fn the_tolerance_and_the_precision_decide_the_order() {
    for (rtol, precision, expected) in
        [(1e-3, "f64", "tsit5"), (1e-8, "f64", "tsit5"), (1e-9, "f64", "vern7"), (1e-9, "f32", "tsit5")]
    {
        let given = settings! { rtol: rtol, atol: rtol, precision: precision };
        assert_eq!(name(lorenz(), &given, 1.0), expected, "{rtol} {precision}");
    }
    for (rtol, expected) in [(1e-4, "rodas4"), (1e-5, "rodas5p"), (1e-8, "rodas5p")] {
        assert_eq!(name(model("robertson"), &settings! { rtol: rtol, atol: 1e-12 }, 1e4), expected, "{rtol}");
    }
    // The tightest of several tolerances.
    let each = settings! { rtol: [1e-3, 1e-10, 1e-3] };
    assert_eq!(name(lorenz(), &each, 1.0), "vern7");
}

#[test]
fn the_span_matters() {
    assert_eq!(name(model("robertson"), &Settings::new(), 1e-3), "tsit5");
    let fast = system("dx = -1000*x", &[("x", 1.0)], &[]);
    assert_eq!(name(fast.clone(), &Settings::new(), 1e-3), "tsit5");
    assert_eq!(name(fast.clone(), &Settings::new(), 100.0), "rodas4");
    // And so do the runs' own ends.
    let ends = |duration| Batch::zip().vary("x", [1.0, 2.0]).durations([duration; 2]);
    assert_eq!(choice(fast.clone(), &Settings::new(), &ends(1e-3), 0.0..100.0).algorithm.name(), "tsit5");
    assert_eq!(choice(fast, &Settings::new(), &ends(100.0), 0.0..100.0).algorithm.name(), "rodas4");
}

#[test]
fn one_stiff_run_among_those_looked_at_is_enough() {
    for mu in [[1.0, 1.0, 1000.0], [1000.0, 1.0, 1.0], [1.0, 1000.0, 1.0]] {
        let batch = Batch::grid().vary("mu", mu);
        assert_eq!(choice(model("vanderpol"), &Settings::new(), &batch, 0.0..100.0).algorithm.name(), "rodas4");
    }
    let mild = Batch::grid().vary("mu", [1.0, 2.0, 3.0]);
    assert_eq!(choice(model("vanderpol"), &Settings::new(), &mild, 0.0..100.0).algorithm.name(), "tsit5");
}

#[test]
fn a_given_method_stays() {
    for given in ["tsit5", "rodas4", "euler"] {
        let mut solver = solver(model("robertson"), &settings! { algorithm: given });
        let solution = solver.solve(&Batch::grid(), 0.0..1e-2).unwrap();
        assert_eq!((solver.config().algorithm.name(), solution.choice()), (given, None));
        // What would be chosen can be asked for.
        assert_eq!(solver.choose(&Batch::grid(), 0.0..1e4).unwrap().algorithm.name(), "rodas4");
        solver.update(&settings! { algorithm: auto }, Unknown::Error).unwrap();
        let solution = solver.solve(&Batch::grid(), 0.0..40.0).unwrap();
        assert_eq!(solver.config().algorithm.name(), "rodas4");
        assert_eq!(solution.choice().unwrap().algorithm.name(), "rodas4");
    }
}

#[test]
fn one_solver_chooses_for_each_span_and_compiles_only_for_another_method() {
    let mut solver = solver(model("robertson"), &settings! { atol: 1e-8 });
    assert_eq!(solver.config().algorithm.name(), "tsit5", "until there is a batch");
    let mut solved = |end: f64| {
        let solution = solver.solve(&Batch::grid(), 0.0..end).unwrap();
        assert_eq!(solution.failed(), 0);
        let total: f64 = solution.final_state(0).unwrap().iter().sum();
        assert!((total - 1.0).abs() < 1e-6, "{total}");
        (solution.choice().unwrap().algorithm.name(), solution.timings().compile.is_zero())
    };
    assert_eq!(solved(1e-3).0, "tsit5");
    assert!(solved(2e-3).1, "the same method");
    assert_eq!(solved(1e4).0, "rodas4");
    assert!(solved(1e4).1 && solved(2e4).1, "still the same");
    assert_eq!(solved(1e-3).0, "tsit5");
}

#[test]
fn results_are_those_of_the_chosen_method() {
    let batch = Batch::grid().vary("k1", [0.03, 0.04]);
    let mut automatic = solver(model("robertson"), &settings! { atol: 1e-10, rtol: 1e-6 });
    let mut given = solver(model("robertson"), &settings! { algorithm: "rodas5p", atol: 1e-10, rtol: 1e-6 });
    let (automatic, given) = (automatic.solve(&batch, 0.0..1e4).unwrap(), given.solve(&batch, 0.0..1e4).unwrap());
    assert_eq!((automatic.failed(), automatic.choice().unwrap().algorithm.name()), (0, "rodas5p"));
    for run in 0..2 {
        assert_eq!(support::bits(&automatic, run), support::bits(&given, run));
    }
}

#[test]
fn fixed_steps_are_stiff_where_explicit_ones_are_unstable() {
    let fixed = |dt: f64| settings! { step_controller: "fixed", dt: dt };
    let fast = || system("dx = -1000*(x - cos(t))", &[("x", 0.0)], &[]);
    for (dt, expected) in [(1e-3, "classical-rk4"), (0.01, "rodas4")] {
        let mut solver = solver(fast(), &fixed(dt));
        let solution = solver.solve(&Batch::grid(), 0.0..1.0).unwrap();
        let choice = solution.choice().unwrap();
        assert_eq!(choice.algorithm.name(), expected, "{choice}");
        assert!(choice.reason.contains(&format!("{dt}")), "{choice}");
        assert_eq!(solution.steps(), (1.0 / dt).round() as u64);
        let x = solution.state(0, 0, 0).unwrap();
        assert!((x - (1.0_f64.cos() + 1e-3 * 1.0_f64.sin())).abs() < 1e-5, "{x}");
    }
    // Controllers that the fixed method refuses can be set again, and what is refused changes nothing.
    let mut solver = solver(decay(), &fixed(0.1));
    solver.solve(&Batch::grid(), 0.0..1.0).unwrap();
    assert_eq!(solver.config().algorithm.name(), "classical-rk4");
    assert!(solver.update(&settings! { step_controler: "pi" }, Unknown::Error).is_err());
    assert_eq!(solver.config().algorithm.name(), "classical-rk4");
    solver.update(&settings! { step_controller: "pi", dt: auto }, Unknown::Error).unwrap();
    let solution = solver.solve(&Batch::grid(), 0.0..1.0).unwrap();
    assert_eq!(solution.choice().unwrap().algorithm.name(), "tsit5");
    assert!((solution.state(0, 0, 0).unwrap() - (-1.0_f64).exp()).abs() < 1e-3);
}

#[test]
fn what_cannot_be_looked_at_gets_the_explicit_method_and_says_so() {
    let singular = choice(system("dx = 1/x", &[("x", 0.0)], &[]), &Settings::new(), &Batch::grid(), 0.0..1.0);
    assert_eq!((singular.algorithm.name(), singular.stiffness), ("tsit5", 0.0));
    assert!(singular.reason.contains("not finite"), "{singular}");
    // It ends by itself at t = 1.
    let explosion = choice(system("dx = x^2", &[("x", 1.0)], &[]), &Settings::new(), &Batch::grid(), 0.0..2.0);
    assert_eq!(explosion.algorithm.name(), "tsit5");
    assert!(explosion.reason.contains("seen up to t = 1"), "{explosion}");

    let driven = System::builder("driven").equations("dx = -1000*(x - u)").state("x", 0.0).driver("u").build().unwrap();
    let mut solver = solver(driven, &Settings::new());
    let unknown = solver.choose(&Batch::grid(), 0.0..4.0).unwrap();
    assert_eq!(unknown.algorithm.name(), "tsit5");
    assert!(unknown.reason.contains("drivers have no samples"), "{unknown}");
    let samples = Drivers::sampled(0.0, 1.0).column("u", [0.0, 1.0, 0.0, 1.0, 0.0]).build().unwrap();
    solver.set_drivers(&samples).unwrap();
    assert_eq!(solver.choose(&Batch::grid(), 0.0..4.0).unwrap().algorithm.name(), "rodas4");

    assert!(matches!(solver.choose(&Batch::grid(), 1.0..0.0), Err(SolveError::TimeSpan { .. })));
    assert!(matches!(solver.choose(&Batch::grid().fix("y", 1.0), 0.0..1.0), Err(SolveError::Batch(_))));
}

#[test]
fn constants_and_tolerances_are_asked_about_anew() {
    let builder = System::builder("relaxation").equations("dx = -rate*(x - cos(t))").state("x", 0.0);
    let mut solver = solver(builder.constant("rate", 1.0).build().unwrap(), &Settings::new());
    let chosen = |solver: &mut Solver| {
        let solution = solver.solve(&Batch::grid(), 0.0..10.0).unwrap();
        assert_eq!(solution.failed(), 0);
        solution.choice().unwrap().algorithm.name()
    };
    assert_eq!(chosen(&mut solver), "tsit5");
    solver.set_constant("rate", 1e6).unwrap();
    assert_eq!(chosen(&mut solver), "rodas4");
    solver.update(&settings! { rtol: 1e-6 }, Unknown::Error).unwrap();
    assert_eq!(chosen(&mut solver), "rodas5p");
    solver.set_constant("rate", 1.0).unwrap();
    assert_eq!(chosen(&mut solver), "tsit5");
}

#[test]
fn one_call_chooses_where_it_is_asked_to() {
    let solve = |options: IvpOptions| {
        solve_ivp(model("robertson"), (), (), 0.0..40.0, options.rtol(1e-4).atol(1e-8).device(narrow_cpu())).unwrap()
    };
    let automatic = solve(IvpOptions::new().method("auto"));
    assert_eq!(automatic.choice().unwrap().algorithm.name(), "rodas4");
    assert!((automatic.final_state(0).unwrap()[0] - 0.7158).abs() < 1e-3);
    assert!(solve(IvpOptions::new()).choice().is_none(), "the default is that of SciPy");
}
