//! A card gives the bits of the CPU: methods, controllers, summaries, lanes that refill, systems with elementary functions.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use batch_solver::{Batch, Solution, Solver, System, linspace};
use buffer_runtime::{Device, Settings, settings};
use support::{cpu, lorenz};

/// With elementary functions and the time.
fn pendulum() -> System {
    System::builder("pendulum")
        .equations("dphi = omega; domega = -sin(phi) - d*omega + exp(-t)*cos(w*t); energy = omega^2/2 - cos(phi)")
        .states([("phi", 1.0), ("omega", 0.0)])
        .parameter("w", 1.0)
        .constant("d", 0.1)
        .observable("energy")
        .build()
        .unwrap()
}

fn solve(system: &System, device: Device, settings: &Settings, batch: &Batch) -> Solution {
    let mut solver = Solver::with_settings(system.clone(), device, settings).unwrap();
    solver.solve(batch, 0.0..2.0).unwrap()
}

/// Everything a solve leaves, as bits.
fn bits(solution: &Solution) -> Vec<u64> {
    let summaries = solution.summaries();
    let of_run = |run: usize| {
        let counters = solution.counters(run).map(|counters| counters.steps << 32 | counters.rejections);
        let status = solution.status(run).map(|status| status.0 as u64);
        let names = summaries.names();
        let values = names.into_iter().flat_map(move |name| {
            (0..summaries.windows().len())
                .filter_map(move |window| summaries.get(window, &name, run))
                .collect::<Vec<_>>()
        });
        let values: Vec<u64> = values.map(|value| if value.is_nan() { u64::MAX } else { value.to_bits() }).collect();
        [vec![counters.unwrap_or(0), status.unwrap_or(0)], values].concat()
    };
    std::iter::once(solution.checksum()).chain((0..solution.runs()).flat_map(of_run)).collect()
}

#[test]
fn a_card_gives_the_bits_of_the_cpu() {
    let test = "a_card_gives_the_bits_of_the_cpu";
    if let Err(error) = Device::gpu(0) {
        eprintln!("SKIPPED {test}: {error}");
        return;
    }
    if let Err(error) = Device::cpu() {
        eprintln!("SKIPPED {test}: {error}");
        return;
    }
    let batches = [
        (lorenz(), Batch::grid().vary("rho", linspace(0.0, 28.0, 1000))),
        (pendulum(), Batch::grid().vary("w", linspace(0.5, 3.0, 1000))),
    ];
    for precision in ["f32", "f64"] {
        for settings in [
            settings! { algorithm: "euler", dt: 0.01 },
            settings! { algorithm: "classical-rk4", dt: 0.01, save_every: 0.25 },
            settings! { algorithm: "tsit5", save_every: 0.5 },
            settings! { algorithm: "tsit5", refill: false },
            settings! { algorithm: "dormand-prince-54", step_controller: "pid", stage_derivatives_location: "shared", state_location: "shared" },
            settings! { algorithm: "vern7", summaries: ["mean", "std", "extrema", "peaks[2]"], summarise_every: 0.5 },
            settings! { algorithm: "vern9", step_controller: "pi" },
            settings! { algorithm: "rodas4", save_every: 0.5 },
            settings! { algorithm: "rodas5p", inline_equations: false, unroll_stages: false, unroll_states: false },
            settings! { algorithm: "backwards_euler", dt: 0.01 },
            settings! { algorithm: "crank_nicolson", newton_jacobian: "exact", lu_precision: "f32" },
            settings! { algorithm: "kvaerno5", save_every: 0.5, newton_delta_location: "shared", stage_increments_location: "shared" },
            settings! { algorithm: "kvaerno3", linear_solver: "bicgstab", dense_prediction: true, krylov_residual_location: "shared" },
            settings! { algorithm: "radau_iia_5", save_every: 0.5, lu_factors_location: "shared" },
            settings! { algorithm: "radau_iia_5", linear_solver: "bicgstab", krylov_preconditioner: "jacobi", newton_line_search: true },
            settings! { algorithm: "ode23s", lu_factors_location: "shared", stage_store_location: "shared", lu_refinement: 1 },
        ] {
            let mut settings = settings;
            settings.set("precision", precision);
            for (system, batch) in &batches {
                let on_card = solve(system, Device::gpu(0).unwrap(), &settings, batch);
                let on_cpu = solve(system, cpu(Default::default()).into(), &settings, batch);
                assert!(bits(&on_card) == bits(&on_cpu), "{}: {settings}", system.name());
            }
        }
    }
}
