//! The arrays of a launch, as the solver fills them, and what it leaves in them.

use batch_solver::{Solution, Solver};
use buffer_runtime::Precision;
use buffer_runtime::entry::Role;
use integration_tests::kernels::{self, Array, Values};

use crate::{Case, FORCING, STATES, STEP, TRACED, UNWRITTEN, drivers, durations, rates, starts};

/// Rows of `counters` of methods that solve equations by iteration.
const ITERATION_COUNTERS: usize = 6;

/// The events between the ends of the span: times, what happens there, windows. What is what is in `device/ivp_arrays.cuh`.
fn events(case: &Case) -> (&'static [f64], &'static [i32], usize) {
    if case.everything {
        (&[0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75], &[1, 2, 3, 6, 3, 2, 7], 2)
    } else {
        (&[0.25, 0.6875], &[1, 1], 0)
    }
}

/// The arrays of a launch, in the order of the entry.
pub(crate) fn arrays(case: &Case, solver: &Solver, runs: usize) -> kernels::Batch {
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
            "counters" => integers(match (config.save_counters, config.algorithm.iterates()) {
                (true, true) => ITERATION_COUNTERS,
                (true, false) if separate => 2,
                _ => 0,
            }),
            "trace" => output(traced * (4 + STATES * config.algorithm.stages())),
            other => panic!("an array `{other}`"),
        };
        let columns = if parameter.role == Role::Broadcast { 1 } else { runs };
        Array { name: parameter.name.clone(), role: parameter.role, rows: values.len() / columns, columns, values }
    });
    kernels::Batch { runs, arrays: arrays.collect() }
}

/// A number's bits; a NaN equals any other.
pub(crate) fn number(value: f64) -> u64 {
    if value.is_nan() { u64::MAX } else { value.to_bits() }
}

/// What a solution says of a run, row by row of the arrays it is from; steps that all runs share are in none.
pub(crate) fn solved(solution: &Solution, run: usize, counted: bool, iterates: bool) -> Vec<u64> {
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
    if let Some(counters) = counters {
        all.extend([counters.steps, counters.rejections]);
        if iterates {
            all.extend([counters.unsolved, counters.newton_iterations, counters.linear_iterations]);
        }
    }
    for attempt in
        solution.trace().runs().iter().filter(|traced| traced.run() == run).flat_map(|traced| traced.attempts())
    {
        let head = [attempt.t, attempt.dt, attempt.error_norm, f64::from(u8::from(attempt.accepted))];
        all.extend(head.iter().chain(attempt.stage_derivatives).map(|value| number(*value)));
    }
    all
}

/// The same from the arrays of a launch, without the residuals that iterations took: a solution tells evaluations of the right-hand side.
pub(crate) fn launched(batch: &kernels::Batch, run: usize) -> Vec<u64> {
    let outputs = batch.arrays.iter().filter(|array| array.role == Role::Output);
    let column = outputs.flat_map(|array| {
        let residuals = array.name == "counters" && array.rows == ITERATION_COUNTERS;
        (0..array.rows - usize::from(residuals)).map(move |row| match &array.values {
            Values::F32(values) => number(f64::from(values[row * array.columns + run])),
            Values::F64(values) => number(values[row * array.columns + run]),
            Values::I32(values) => values[row * array.columns + run] as u64,
            Values::I64(values) => values[row * array.columns + run] as u64,
        })
    });
    column.collect()
}
