//! Every method under AddressSanitizer and UndefinedBehaviorSanitizer, in programs of their own: `scripts/check-sanitizers` runs these.
//!
//! A kernel is launched on arrays written out here, whose results are those of [`Solver::solve`]; its program launches it on arrays of
//! exactly that size.
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use batch_solver::{Algorithm, Batch, Drivers, Solution, Solver, System};
use buffer_runtime::compiler::HostCompiler;
use buffer_runtime::entry::Role;
use buffer_runtime::{Kernel, Precision, Settings, Unknown, settings};
use integration_tests::kernels::{self, Array, Failure, Values, argument_statements};
use integration_tests::sanitize::{self, BUILDS, Build, Checks, Launch, Program};
use rayon::prelude::*;
use support::{Random, places, set, sharing_cpu};

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
    let seeded = places(&solver, || random.bit());
    set(&mut solver, &seeded);
    solver
}

/// The events between the ends of the span: times, what happens there, windows. What is what is in `device/ivp_arrays.cuh`.
fn events(case: &Case) -> (&'static [f64], &'static [i32], usize) {
    if case.everything {
        (&[0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75], &[1, 2, 3, 6, 3, 2, 7], 2)
    } else {
        (&[0.25, 0.6875], &[1, 1], 0)
    }
}

/// The arrays of a launch, in the order of the entry.
fn arrays(case: &Case, solver: &Solver, runs: usize) -> kernels::Batch {
    let (config, precision) = (solver.config(), solver.plan().precision());
    let (times, kinds, windows) = events(case);
    let saves = kinds.iter().filter(|kind| **kind & 1 != 0).count() + usize::from(case.own_ends);
    let end_row = if case.own_ends { saves as i32 - 1 } else { -1 };
    let (traced, rate) = if case.everything { (TRACED, 8.0) } else { (0, 0.0) };
    let drivers = case.driven.then(|| drivers(solver.system()));
    let (segments, wraps) =
        drivers.as_ref().map_or((0, 0), |drivers| (drivers.segments() as i32, i32::from(drivers.wraps())));
    let separate = config.step_controller.is_adaptive() || case.own_ends;
    let begins = || [0.0].iter().chain(times);
    let whole = |(begin, end): (&f64, &f64)| ((end - begin) / STEP).floor();
    let remainder = |(begin, end): (&f64, &f64)| (end - begin) - whole((begin, end)) * STEP;

    let real = |values: Vec<f64>| match precision {
        Precision::F32 => Values::F32(values.into_iter().map(|value| value as f32).collect()),
        Precision::F64 => Values::F64(values),
    };
    let output = |rows: usize| real(vec![UNWRITTEN.into(); rows * runs]);
    let integers = |rows: usize| Values::I32(vec![UNWRITTEN; rows * runs]);
    let entry = solver.entry();
    let arrays = entry.parameters().iter().map(|parameter| {
        let values = match parameter.name.as_str() {
            "initial" => real([starts(runs), vec![0.0; runs], vec![0.5; runs]].concat()),
            "parameters" => real(rates(runs)),
            "ends" => real(if case.own_ends { durations(runs) } else { Vec::new() }),
            "constants" => real(vec![FORCING]),
            "counts" => Values::I32(vec![
                times.len() as i32,
                saves as i32,
                windows as i32,
                end_row,
                traced as i32,
                segments,
                wraps,
            ]),
            "times" => real(times.to_vec()),
            "kinds" => Values::I32(kinds.to_vec()),
            "steps" if separate => Values::I32(Vec::new()),
            "start" if separate => real(vec![0.0]),
            "last" if separate => real(Vec::new()),
            "steps" => Values::I32(begins().zip(times).map(|ends| whole(ends) as i32).collect()),
            "start" => real(begins().take(times.len()).copied().collect()),
            "last" => real(begins().zip(times).map(remainder).collect()),
            "tolerances" => real(
                [[1e-6; STATES], [if config.step_controller.is_adaptive() { 1e-4 } else { 1e-3 }; STATES]].concat(),
            ),
            "scales" => real(vec![rate, rate * rate]),
            "driver_values" => real(drivers.as_ref().map_or(vec![0.0, 0.0], |drivers| {
                [&[drivers.t0(), drivers.inverse_period()], drivers.coefficients()].concat()
            })),
            "states" => output(saves * STATES),
            "observables" => output(saves * 2),
            "summaries" => output(windows * config.summary.metrics.columns().len() * (STATES + 2)),
            "status" => integers(1),
            "counters" => integers(if config.save_counters && separate { 2 } else { 0 }),
            "trace" => output(traced * (4 + STATES * config.algorithm.stages())),
            other => panic!("an array `{other}`"),
        };
        let columns = if parameter.role == Role::Broadcast { 1 } else { runs };
        Array { name: parameter.name.clone(), role: parameter.role, rows: values.len() / columns, columns, values }
    });
    kernels::Batch { runs, arrays: arrays.collect() }
}

/// A number's bits; a NaN equals any other.
fn number(value: f64) -> u64 {
    if value.is_nan() { u64::MAX } else { value.to_bits() }
}

/// What a solution says of a run, row by row of the arrays it is from; steps that all runs share are in none.
fn solved(solution: &Solution, run: usize, counted: bool) -> Vec<u64> {
    let mut all = Vec::new();
    let rows = 0..solution.times().len();
    let observable = |row: usize, name: &String| match solution.variable::<f64>(name) {
        Some(values) => values[[row, run]],
        None => f64::from(solution.variable::<f32>(name).unwrap()[[row, run]]),
    };
    let states = rows.clone().flat_map(|row| (0..STATES).map(move |i| (row, i)));
    all.extend(states.map(|(row, i)| number(solution.state(row, i, run).unwrap())));
    all.extend(rows.flat_map(|row| solution.observable_names().iter().map(move |name| number(observable(row, name)))));
    let summaries = solution.summaries();
    for window in 0..summaries.windows().len() {
        all.extend(summaries.names().iter().map(|name| number(summaries.get(window, name, run).unwrap())));
    }
    all.push(solution.status(run).unwrap().0 as u64);
    let counters = solution.counters(run).filter(|_| counted);
    all.extend(counters.into_iter().flat_map(|counters| [counters.steps, counters.rejections]));
    for attempt in
        solution.trace().runs().iter().filter(|traced| traced.run() == run).flat_map(|traced| traced.attempts())
    {
        let head = [attempt.t, attempt.dt, attempt.error_norm, f64::from(u8::from(attempt.accepted))];
        all.extend(head.iter().chain(attempt.stage_derivatives).map(|value| number(*value)));
    }
    all
}

/// The same from the arrays of a launch.
fn launched(batch: &kernels::Batch, run: usize) -> Vec<u64> {
    let outputs = batch.arrays.iter().filter(|array| array.role == Role::Output);
    let column = outputs.flat_map(|array| {
        (0..array.rows).map(move |row| match &array.values {
            Values::F32(values) => number(f64::from(values[row * array.columns + run])),
            Values::F64(values) => number(values[row * array.columns + run]),
            Values::I32(values) => values[row * array.columns + run] as u64,
            Values::I64(values) => values[row * array.columns + run] as u64,
        })
    });
    column.collect()
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
        let counted = launch.after.arrays.iter().any(|array| array.name == "counters" && array.rows > 0);
        for run in 0..runs {
            let (solved, launched) = (solved(&solution, run, counted), launched(&launch.after, run));
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
    let double = Algorithm::names().enumerate().map(|(number, name)| Case::new(number, settings! { algorithm: name }));
    // The same methods in other builds.
    let single = Algorithm::names().enumerate().step_by(5);
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
    ]
    .into_iter()
    .enumerate()
    .map(|(number, settings)| Case::new(number, settings))
    .collect();
    for (number, algorithm) in ["rodas4", "tsit5", "rosenbrock23"].into_iter().enumerate() {
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
