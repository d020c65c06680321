//! Stiff attraction to a driver: its rate is as large as everything else.

use batch_solver::{Batch, Drivers, Solver, System};
use buffer_runtime::{Settings, settings};

use super::{narrow, set, sharing_cpu};

fn follow() -> System {
    System::builder("follow")
        .equations("dy = rate*(u - y) + cos(u)")
        .state("y", 0.0)
        .parameter("rate", 50.0)
        .driver("u")
        .build()
        .unwrap()
}

/// Compares what methods make of it, each with settings of its own, with a solution of high order.
pub(crate) fn assert_drivers_act(methods: impl IntoIterator<Item = Settings>) {
    let samples: Vec<f64> = (0..=200).map(|k| (0.05 * f64::from(k)).sin()).collect();
    let drivers = Drivers::sampled(0.0, 0.05).column("u", samples).build().unwrap();
    let ends = |given: &Settings| -> Vec<f64> {
        let mut solver = Solver::on(follow(), sharing_cpu(narrow(1))).unwrap();
        set(&mut solver, given);
        solver.set_drivers(&drivers).unwrap();
        let solution = solver.solve(&Batch::grid().vary("rate", [1.0, 50.0]), 0.0..9.0).unwrap();
        assert_eq!(solution.failed(), 0, "{given}");
        (0..2).map(|run| solution.final_state(run).unwrap()[0]).collect()
    };
    let exact = ends(&settings! { algorithm: "vern7", rtol: 1e-12, atol: 1e-12 });
    for given in methods {
        let found = ends(&given);
        assert!(
            found.iter().zip(&exact).all(|(end, exact)| (end - exact).abs() < 1e-5),
            "{given}: {found:?}, {exact:?}"
        );
    }
}
