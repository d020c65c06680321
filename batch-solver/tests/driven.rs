//! Systems with drivers, integrated: forcing given by samples.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use batch_solver::{Batch, Drivers, Model, SolveError, Solver, System, linspace};
use buffer_runtime::{Unknown, settings};
use support::narrow_cpu;

/// dx = u(t) - k x, with u(t) = sin t given by samples.
fn driven() -> System {
    System::builder("driven")
        .equations("dx = u - k*x; forcing = 2*u")
        .state("x", 0.0)
        .parameter("k", 1.0)
        .driver("u")
        .observable("forcing")
        .build()
        .unwrap()
}

fn samples(wrap: bool) -> Drivers {
    let (count, period) = (201, std::f64::consts::TAU / 200.0);
    let values: Vec<f64> =
        (0..count).map(|k| if k + 1 == count { 0.0 } else { (f64::from(k) * period).sin() }).collect();
    Drivers::sampled(0.0, period).column("u", values).wrap(wrap).build().unwrap()
}

/// The solution from x(0) = 0.
fn exact(k: f64, t: f64) -> f64 {
    (k * t.sin() - t.cos() + (-k * t).exp()) / (1.0 + k * k)
}

#[test]
fn a_driven_run_follows_its_solution() {
    let rates = linspace(0.5, 2.0, 7);
    let batch = Batch::grid().vary("k", rates.clone());
    for (settings, tolerance) in [
        (settings! { algorithm: "rk4", dt: 0.01, save_every: 1.0 }, 1e-7),
        (settings! { algorithm: "tsit5", atol: 1e-9, rtol: 1e-9, save_every: 1.0 }, 1e-7),
        (settings! { algorithm: "tsit5", atol: 1e-9, rtol: 1e-9, save_every: 1.0, drivers_location: "shared" }, 1e-7),
    ] {
        let mut solver = Solver::with_settings(driven(), narrow_cpu(), &settings).unwrap();
        solver.set_drivers(&samples(true)).unwrap();
        // Three periods of the samples.
        let solution = solver.solve(&batch, 0.0..18.0).unwrap();
        assert_eq!(solution.failed(), 0);
        for (run, k) in rates.iter().enumerate() {
            for (row, t) in solution.times().iter().enumerate() {
                let x = solution.state(row, 0, run).unwrap();
                assert!((x - exact(*k, *t)).abs() < tolerance, "{settings}, k = {k}, t = {t}: {x}");
                let forcing = solution.variable::<f64>("forcing").unwrap()[[row, run]];
                assert!((forcing - 2.0 * t.sin()).abs() < 1e-6);
            }
        }
    }
}

#[test]
fn other_samples_compile_nothing_and_missing_ones_are_named() {
    let mut solver =
        Solver::with_settings(driven(), narrow_cpu(), &settings! { algorithm: "classical-rk4", dt: 0.05 }).unwrap();
    let error = solver.solve(&Batch::grid(), 0.0..1.0).unwrap_err();
    assert!(matches!(&error, SolveError::NoDrivers { names } if names == &["u"]), "{error}");
    assert!(error.to_string().contains("`u`") && error.to_string().contains("set_drivers"), "{error}");
    let wrong = Drivers::sampled(0.0, 1.0).column("v", [0.0, 1.0, 0.0, 1.0]).build().unwrap();
    assert!(matches!(solver.set_drivers(&wrong), Err(SolveError::Drivers(_))));

    solver.set_drivers(&samples(true)).unwrap();
    let sine = solver.solve(&Batch::grid(), 0.0..1.0).unwrap();
    let compilations = solver.device().compilations();
    let constant = Drivers::sampled(-1.0, 0.5).column("u", [2.0; 9]).build().unwrap();
    solver.set_drivers(&constant).unwrap();
    let steady = solver.solve(&Batch::grid(), 0.0..1.0).unwrap();
    assert_eq!(solver.device().compilations(), compilations);
    assert!((sine.state(0, 0, 0).unwrap() - exact(1.0, 1.0)).abs() < 1e-6);
    assert!((steady.state(0, 0, 0).unwrap() - 2.0 * (1.0 - (-1.0_f64).exp())).abs() < 1e-6);
    // Lines instead of cubics are another kernel.
    let lines = Drivers::sampled(0.0, 0.1).column("u", linspace(0.0, 1.0, 11)).order(1).build().unwrap();
    solver.set_drivers(&lines).unwrap();
    let ramp = solver.solve(&Batch::grid(), 0.0..1.0).unwrap();
    assert_eq!(solver.device().compilations(), compilations + 1);
    assert!((ramp.state(0, 0, 0).unwrap() - (-1.0_f64).exp()).abs() < 1e-6, "x = t - 1 + exp(-t)");
    solver.update(&settings! { precision: "f32" }, Unknown::Error).unwrap();
    let single = solver.solve(&Batch::grid(), 0.0..1.0).unwrap();
    assert!((single.state(0, 0, 0).unwrap() - (-1.0_f64).exp()).abs() < 1e-5);
}

#[test]
fn a_model_brings_its_drivers() {
    let text =
        "name = 'm'\nequations = 'dx = u'\nstates = { x = 0 }\n[drivers]\nt0 = 0\nperiod = 0.5\nu = [1, 1, 1, 1, 1]";
    let model = Model::parse(text, "m.toml").unwrap();
    let mut solver = Solver::on(model.system().clone(), narrow_cpu()).unwrap();
    solver.set_drivers(model.drivers().unwrap()).unwrap();
    let solution = solver.solve(&Batch::grid(), 0.0..2.0).unwrap();
    assert!((solution.state(0, 0, 0).unwrap() - 2.0).abs() < 1e-12);
}
