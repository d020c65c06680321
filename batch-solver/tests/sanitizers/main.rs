//! Every method under AddressSanitizer and UndefinedBehaviorSanitizer, in programs of their own: `scripts/check-sanitizers` runs these.
//!
//! A kernel is launched on arrays written out here, whose results are those of [`Solver::solve`]; its program launches it on arrays of
//! exactly that size.
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod arrays;
#[path = "../support/mod.rs"]
mod support;

use arrays::{arrays, launched, number, solved};
use batch_solver::{Algorithm, Batch, Drivers, Solver, System};
use buffer_runtime::compiler::HostCompiler;
use buffer_runtime::{Kernel, Location, Settings, Unknown, settings};
use integration_tests::kernels::{self, Failure, Values, argument_statements};
use integration_tests::sanitize::{self, BUILDS, Build, Checks, Launch, Program};
use rayon::prelude::*;
use support::{Random, set, sharing_cpu};

#[derive(Clone, Debug)]
struct Case {
    settings: Settings,
    /// Not two saves alone: saves at regular times, windows of summaries, every attempt. Times are sums of powers of two, so that the schedule can be written out.
    everything: bool,
    driven: bool,
    own_ends: bool,
    build: Build,
    seed: u64,
}

impl Case {
    /// Saves of runs without drivers that end together; the case's number chooses the build and the placement.
    fn new(number: usize, settings: Settings) -> Self {
        let (build, seed) = (BUILDS[number % BUILDS.len()], number as u64 + 1);
        Self { settings, everything: false, driven: false, own_ends: false, build, seed }
    }
}

const END: f64 = 0.75;
/// Step where it is the same for all runs: some events are no multiples of it.
const STEP: f64 = 0.0703125;
/// Attempts before a run fails, which the stiffest do by most methods.
const MAX_STEPS: i64 = 60;
/// Attempts with room in a trace: fewer than the longest runs make.
const TRACED: usize = 12;
const STATES: usize = 3;
const FORCING: f64 = 0.5;
/// What outputs hold before a launch.
const UNWRITTEN: i32 = -1_234_567;

/// A relaxation oscillation with a forcing: not autonomous, with elementary functions, and a Jacobian that fills in.
fn system(driven: bool) -> System {
    let force = if driven { "u" } else { "cos(3*t)" };
    let mut builder = System::builder("forced")
        .equations(&format!("dx = y - 0.1*z; dy = mu*(1 - x^2)*y - x + a*{force}; dz = exp(-z) - z*x^2 + 0.5*y"))
        .equations("energy = x^2 + y^2; phase = z*sin(t)")
        .states([("x", 2.0), ("y", 0.0), ("z", 0.5)])
        .parameter("mu", 1.0)
        .constant("a", FORCING)
        .observables(["energy", "phase"]);
    if driven {
        builder = builder.driver("u");
    }
    builder.build().unwrap()
}

/// Forcing that repeats within the span.
fn drivers(system: &System) -> Drivers {
    let samples = Drivers::sampled(-0.125, 0.125).column("u", [0.0, 1.0, -0.5, 0.25, 0.0]).wrap(true);
    samples.build().unwrap().for_system(system).unwrap()
}

/// From easy runs to stiff ones.
fn rates(runs: usize) -> Vec<f64> {
    (0..runs).map(|run| 0.5 * 4.0_f64.powi(run as i32 * 5 % 7)).collect()
}

fn starts(runs: usize) -> Vec<f64> {
    (0..runs).map(|run| 2.0 - 0.125 * (run % 5) as f64).collect()
}

/// Ends at events, between them, and at the end of the span.
fn durations(runs: usize) -> Vec<f64> {
    (0..runs).map(|run| [0.25, 0.34375, 0.5, 0.6875, END][run * 3 % 5]).collect()
}

fn batch(case: &Case, runs: usize) -> Batch {
    let batch = Batch::zip().vary("mu", rates(runs)).vary("x", starts(runs));
    if case.own_ends { batch.durations(durations(runs)) } else { batch }
}

fn solver(case: &Case) -> Solver {
    let system = system(case.driven);
    let mut solver = Solver::on(system.clone(), sharing_cpu(case.build.device_options())).unwrap();
    set(&mut solver, &case.settings);
    let adaptive = solver.config().step_controller.is_adaptive();
    set(
        &mut solver,
        &if adaptive {
            settings! { max_steps: MAX_STEPS, rtol: 1e-4 }
        } else {
            settings! { dt: STEP }
        },
    );
    let recorded = if case.everything {
        settings! { save_every: 0.25, summaries: ["mean", "std", "peaks[2]", "d2xdt2_max"], summarise_every: 0.375, sample_summaries_every: 0.125,
        trace: true, save_counters: true, trace_steps: TRACED as i64 }
    } else {
        settings! { t_eval: [0.25, 0.6875] }
    };
    set(&mut solver, &recorded);
    if case.own_ends {
        set(&mut solver, &settings! { save_last: true });
    }
    if case.driven {
        solver.set_drivers(&drivers(&system)).unwrap();
    }
    // Declares the tree for runs that have their own ends before its buffers get places.
    solver.solve(&batch(case, 1), 0.0..END).unwrap();
    let mut random = Random(case.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let places = solver.plan().layout().buffers().iter().map(|buffer| {
        let place = if random.bit() { Location::Shared } else { Location::Local };
        (format!("{}_location", buffer.path), place.to_string())
    });
    let places: Settings = places.collect();
    set(&mut solver, &places);
    solver
}

/// The kernel, and launches of it that compute what the solver does.
fn launches(case: &Case, solver: &mut Solver) -> Result<(Kernel, Vec<Launch>), Failure> {
    let mut kernel = solver.device().compile(solver.plan(), &solver.entry())?;
    let lanes = kernel.lanes();
    let refilled = solver.config().refill && (solver.config().step_controller.is_adaptive() || case.own_ends);
    // An entry is given whole packs unless its lanes take new runs; the device pads the last one.
    let counts = if refilled { vec![1, 2 * lanes + lanes / 2 + 1, 4 * lanes] } else { vec![lanes, 3 * lanes] };
    let mut launches = Vec::new();
    for runs in counts {
        let before = arrays(case, solver, runs);
        for array in &before.arrays {
            kernel.set_rows(&array.name, array.rows)?;
        }
        let launch = Launch::ordinary(&kernel, before)?;
        if case.everything {
            let all: Vec<i64> = (0..runs as i64).collect();
            solver.update(&settings! { trace_runs: all }, Unknown::Error)?;
        }
        let solution = solver.solve(&batch(case, runs), 0.0..END)?;
        let iterates = solver.config().algorithm.iterates();
        let counted = launch.after.arrays.iter().any(|array| array.name == "counters" && array.rows > 0);
        for run in 0..runs {
            let (solved, launched) = (solved(&solution, run, counted, iterates), launched(&launch.after, run));
            // The rows of a trace beyond the last attempt are not written.
            let (same, rest) = launched.split_at_checked(solved.len()).ok_or("the launch has too few rows")?;
            if same != solved || rest.iter().any(|bits| *bits != number(UNWRITTEN.into())) {
                return Err(format!("run {run} of {runs}: the arrays written out here are not the solver's").into());
            }
        }
        launches.push(launch);
    }
    Ok((kernel, launches))
}

/// The program of a case with these bytes of shared memory less, on these launches.
fn sanitized(
    case: &Case,
    solver: &Solver,
    kernel: &Kernel,
    launches: &[Launch],
    less: usize,
) -> Result<String, Failure> {
    let entry = solver.entry();
    let program = Program {
        source: kernel.source(),
        entry: entry.name(),
        shared_bytes: solver.plan().layout().totals().shared.get() - less,
        arguments: &argument_statements(solver.plan().tree()),
        build: case.build,
        checks: Checks::ForLargeKernels,
    };
    sanitize::run(&HostCompiler::find()?, &program, launches, tempfile::tempdir()?.path())
}

fn check(case: &Case) -> Result<(), Failure> {
    let mut solver = solver(case);
    let (kernel, launches) = launches(case, &mut solver)?;
    sanitized(case, &solver, &kernel, &launches, 0).map(drop)
}

fn check_all(cases: &[Case]) {
    let findings: Vec<String> =
        cases.par_iter().filter_map(|case| check(case).err().map(|error| format!("{case:?}\n{error}"))).collect();
    assert!(findings.is_empty(), "{} of {} kernels:\n{}", findings.len(), cases.len(), findings.join("\n\n"));
    eprintln!("{} kernels: no findings", cases.len());
}

#[test]
#[ignore = "minutes; scripts/check-sanitizers"]
fn no_method_has_a_finding() {
    // Those that are sanitized in several forms of their steps are not repeated.
    let elsewhere = [
        "backwards_euler",
        "backwards_euler_pc",
        "crank_nicolson",
        "kvaerno3",
        "kvaerno5",
        "l_stable_sdirk_4",
        "radau_iia_3",
        "radau_iia_5",
        "firk_gauss_legendre_4",
    ];
    let double = Algorithm::names().filter(|name| !elsewhere.contains(name)).enumerate();
    let double = double.map(|(number, name)| Case::new(number, settings! { algorithm: name }));
    // The same methods in other builds.
    let single = Algorithm::names().enumerate().step_by(7);
    let single = single.map(|(number, name)| Case::new(number + 1, settings! { algorithm: name, precision: "f32" }));
    check_all(&double.chain(single).collect::<Vec<_>>());
}

#[test]
#[ignore = "minutes; scripts/check-sanitizers"]
fn no_way_to_write_a_step_has_a_finding() {
    let mut cases: Vec<Case> = [
        settings! { algorithm: "rodas4", lu_refinement: 2 },
        settings! { algorithm: "rodas4", lu_table_driven: true },
        settings! { algorithm: "rodas4", inline_equations: false, unroll_states: false, unroll_stages: false },
        settings! { algorithm: "rodas3p", lu_refinement: 1, lu_table_driven: true, inline_equations: false, unroll_states: false, unroll_stages: false },
        settings! { algorithm: "tsit5", inline_equations: false, unroll_states: false },
        settings! { algorithm: "ros3p", step_controller: "fixed", bake_constants: true },
        settings! { algorithm: "backwards_euler", linear_solver: "minimal_residual", newton_line_search: true },
        settings! { algorithm: "backwards_euler_pc", linear_solver: "steepest_descent", krylov_preconditioner: "jacobi" },
        settings! { algorithm: "crank_nicolson", linear_solver: "bicgstab", newton_jacobian: "exact" },
        settings! { algorithm: "kvaerno3", newton_jacobian: "exact", dense_prediction: true, lu_precision: "f32" },
        settings! { algorithm: "kvaerno5", inline_equations: false, unroll_states: false, unroll_stages: false, smoothed_error: true },
        settings! { algorithm: "l_stable_sdirk_4", linear_solver: "bicgstab", krylov_preconditioner: "neumann", krylov_preconditioner_order: 2, newton_line_search: true },
        settings! { algorithm: "radau_iia_5", linear_solver: "bicgstab", krylov_preconditioner: "jacobi", krylov_preconditioner_order: 1 },
        settings! { algorithm: "radau_iia_3", newton_jacobian: "exact", newton_line_search: true },
        settings! { algorithm: "radau_iia_5", lu_precision: "f32", lu_refinement: 1, lu_table_driven: true, dense_prediction: false },
        settings! { algorithm: "firk_gauss_legendre_4", smoothed_error: true, precision: "f32", inline_equations: false, unroll_states: false },
    ]
    .into_iter()
    .enumerate()
    .map(|(number, settings)| Case::new(number, settings))
    .collect();
    for (number, algorithm) in ["rodas4", "tsit5", "rosenbrock23", "kvaerno3", "radau_iia_3"].into_iter().enumerate() {
        cases.push(Case { driven: true, ..Case::new(number, settings! { algorithm: algorithm }) });
    }
    check_all(&cases);
}

#[test]
#[ignore = "minutes; scripts/check-sanitizers"]
fn no_way_to_record_has_a_finding() {
    let everything = |number, settings| Case { everything: true, ..Case::new(number, settings) };
    let own_ends = |case| Case { own_ends: true, ..case };
    check_all(&[
        everything(0, settings! { algorithm: "rk4" }),
        everything(1, settings! { algorithm: "tsit5", refill: true }),
        everything(2, settings! { algorithm: "ros3p" }),
        everything(0, settings! { algorithm: "ros3p", refill: true, precision: "f32" }),
        everything(1, settings! { algorithm: "rodas3p", refill: false }),
        everything(0, settings! { algorithm: "backwards_euler" }),
        everything(2, settings! { algorithm: "kvaerno3", refill: true }),
        own_ends(everything(1, settings! { algorithm: "radau_iia_3", refill: true })),
        own_ends(everything(0, settings! { algorithm: "tsit5", refill: false })),
        own_ends(everything(1, settings! { algorithm: "ros3p", refill: true })),
        own_ends(everything(2, settings! { algorithm: "tsit5", refill: true })),
        own_ends(Case::new(0, settings! { algorithm: "rk4", refill: true })),
        own_ends(Case::new(1, settings! { algorithm: "rk4", refill: false })),
    ]);
}

/// Arrays and scratch that are too short by one element must end the program: else silence means nothing.
#[test]
#[ignore = "minutes; scripts/check-sanitizers"]
fn accesses_beyond_arrays_and_scratch_are_findings() {
    let (compiler, folder) = (HostCompiler::find().unwrap(), tempfile::tempdir().unwrap());
    sanitize::check_that_findings_are_found(&compiler, folder.path(), Checks::ForLargeKernels).unwrap();
    let shortened = |batch: &kernels::Batch, name: &str| {
        let mut batch = batch.clone();
        for array in batch.arrays.iter_mut().filter(|array| array.name == name) {
            array.rows -= 1;
            if let Values::F64(values) = &mut array.values {
                values.truncate(array.rows * array.columns);
            }
        }
        batch
    };
    for (number, (bytes, array)) in [(8, ""), (0, "initial"), (0, "states")].into_iter().enumerate() {
        let case = Case::new(number, settings! { algorithm: "bs32" });
        let mut solver = solver(&case);
        let (kernel, launches) = launches(&case, &mut solver).unwrap();
        let launches = launches.iter().map(|Launch { before, after }| Launch {
            before: shortened(before, array),
            after: shortened(after, array),
        });
        let found = sanitized(&case, &solver, &kernel, &launches.collect::<Vec<_>>(), bytes).unwrap_err().to_string();
        assert!(found.contains("heap-buffer-overflow"), "{bytes} bytes, array `{array}`: {found}");
    }
}
