//! The models of the examples: each reads, solves with its own settings, and agrees with what is known of its solutions.

use std::path::Path;

use batch_solver::{Batch, Model, Solution, Solver};
use buffer_runtime::{Device, Unknown, settings};

fn model(name: &str) -> Model {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/models").join(name).with_extension("toml");
    Model::read(path).unwrap_or_else(|error| panic!("{error}"))
}

fn solver(model: &Model) -> Solver {
    let device = Device::cpu().expect("there is a C++ compiler");
    let mut solver = Solver::on(model.system().clone(), device).expect("a model can be laid out");
    solver.update(model.settings(), Unknown::Error).expect("a model's settings were checked when it was read");
    solver
}

fn solve(model: &Model, batch: &Batch, duration: f64) -> Solution {
    let mut solver = solver(model);
    solver.update(&settings! { precision: "f64" }, Unknown::Error).expect("there is a setting `precision`");
    let solution = solver.solve(batch, 0.0..duration).unwrap_or_else(|error| panic!("{}: {error}", model.name()));
    assert_eq!(solution.failed(), 0);
    solution
}

#[test]
fn every_model_reads_and_solves() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/models");
    let mut models = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let model = Model::read(&path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(Some(model.name()), path.file_stem().and_then(|stem| stem.to_str()), "a model has its file's name");
        assert!(model.description().is_some(), "{} has a description", model.name());
        assert!(std::fs::read_to_string(&path).unwrap().starts_with('#'), "{} begins with its source", model.name());
        let solution = solve(&model, &Batch::grid(), 0.1);
        assert!(solution.final_state(0).unwrap().iter().all(|x| x.is_finite()));
        models.push(model.name().to_owned());
    }
    models.sort_unstable();
    let expected = [
        "brusselator",
        "duffing",
        "e5",
        "fitzhugh_nagumo",
        "hires",
        "lorenz",
        "lotka_volterra",
        "orego",
        "pleiades",
        "pollution",
        "robertson",
        "sinoatrial",
        "sir",
        "vanderpol",
        "vanderpol_eps",
        "vanderpol_stiff",
    ];
    assert_eq!(models, expected);
}

/// Below rho = 1 the origin attracts everything, below 24.7 the steady convection x = y = ±sqrt(beta (rho - 1)), z = rho - 1.
#[test]
fn lorenz_settles_where_its_fixed_points_are() {
    let model = model("lorenz");
    let solution = solve(&model, &Batch::grid().vary("rho", [0.5, 10.0]), 40.0);
    let [at_rest, convecting] = [0, 1].map(|run| solution.final_state(run).unwrap());
    assert!(at_rest.iter().all(|x| x.abs() < 1e-6), "{at_rest:?}");
    let fixed = (8.0 / 3.0 * 9.0_f64).sqrt();
    for (found, expected) in
        [convecting[0].abs(), convecting[1].abs(), convecting[2]].into_iter().zip([fixed, fixed, 9.0])
    {
        assert!((found - expected).abs() < 1e-6, "{convecting:?}");
    }
}

/// mu = 0 is the harmonic oscillator; for mu = 1 the limit cycle has the amplitude 2.00862 (Strogatz, Nonlinear Dynamics and Chaos, section 7.6, gives 2 + O(mu)).
#[test]
fn van_der_pol_without_damping_is_harmonic_and_with_it_has_a_limit_cycle() {
    let model = model("vanderpol");
    let harmonic = solve(&model, &Batch::grid().vary("mu", [0.0]), 1.0).final_state(0).unwrap();
    assert!((harmonic[0] - 2.0 * 1.0_f64.cos()).abs() < 1e-9 && (harmonic[1] + 2.0 * 1.0_f64.sin()).abs() < 1e-9);

    let mut solver = solver(&model);
    solver.update(&settings! { save_every: 0.01 }, Unknown::Error).unwrap();
    // From inside and from outside the cycle.
    let solution = solver.solve(&Batch::grid().vary("x", [0.1, 4.0]), 0.0..40.0).unwrap();
    let x = solution.variable::<f64>("x").unwrap();
    for run in 0..2 {
        let amplitude = x.column(run).iter().skip(3000).fold(0.0_f64, |most, x| most.max(x.abs()));
        assert!((amplitude - 2.0086).abs() < 1e-3, "{amplitude}");
    }
}

#[test]
fn lotka_volterra_keeps_its_invariant() {
    let model = model("lotka_volterra");
    let batch = Batch::grid().vary("prey", [0.5, 1.0, 4.0]);
    let solution = solve(&model, &batch, 10.0);
    let invariant = solution.observables::<f64>().unwrap();
    for (run, prey) in [0.5, 1.0, 4.0_f64].into_iter().enumerate() {
        let start = prey - 3.0 * prey.ln() + 1.0;
        assert!(
            (invariant[[0, 0, run]] - start).abs() < 1e-9,
            "{} at the end, {start} at the start",
            invariant[[0, 0, run]]
        );
    }
}
