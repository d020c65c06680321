//! Lanes that take a new run when they are done with one: no result depends on it, nor on the runs beside it.
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use batch_solver::{Batch, Solver, Status, System};
use buffer_runtime::{CpuOptions, Location, Settings, Unknown, args, settings};
use support::{Random, bits, narrow, sharing_cpu};

/// A relaxation oscillation, whose steps depend on mu; z reaches infinity at 1/g; the derivative of z is no number for l < 0.
fn mixed() -> System {
    System::builder("mixed")
        .equations("dx = y; dy = mu*(1 - x^2)*y - x; dz = g*z^2 + sqrt(l); energy = x^2 + y^2")
        .states([("x", 2.0), ("y", 0.0), ("z", 1.0)])
        .parameters([("mu", 1.0), ("g", 0.0), ("l", 1.0)])
        .observable("energy")
        .build()
        .unwrap()
}

/// Values of mu, g, l and the duration.
type Run = [f64; 4];

/// Runs of many lengths, some of which fail; sorted by mu.
fn sorted(count: usize) -> Vec<Run> {
    let run = |k: usize| {
        // Beyond 50 the oscillation needs more than the steps allowed.
        let mu = if k % 13 == 9 { 1000.0 } else { 0.2 + 12.0 * (k as f64 / count as f64).powi(3) };
        let (g, l) = (if k % 7 == 3 { 3.0 } else { 0.1 }, if k % 11 == 5 { -1.0 } else { 1.0 });
        [mu, g, l, 0.25 + (k * 29 % 23) as f64 / 12.0]
    };
    let mut runs: Vec<Run> = (0..count).map(run).collect();
    runs.sort_by(|a, b| a[0].total_cmp(&b[0]));
    runs
}

fn shuffled(runs: &[Run]) -> Vec<usize> {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut order: Vec<usize> = (0..runs.len()).collect();
    for k in (1..order.len()).rev() {
        order.swap(k, random.below(k + 1));
    }
    order
}

fn batch(runs: &[Run]) -> Batch {
    let column = |index: usize| runs.iter().map(|run| run[index]).collect::<Vec<f64>>();
    Batch::zip().vary("mu", column(0)).vary("g", column(1)).vary("l", column(2))
}

fn with_durations(runs: &[Run]) -> Batch {
    batch(runs).durations(runs.iter().map(|run| run[3]).collect::<Vec<f64>>())
}

const MAX_STEPS: i64 = 120;

fn common() -> Settings {
    settings! { algorithm: "tsit5", step_controller: "gustafsson", max_steps: MAX_STEPS, dt_min: 1e-5, rtol: 1e-4, save_every: 0.25, summaries: ["mean", "max"], summarise_every: 0.5, sample_summaries_every: 0.25 }
}

/// Everything each run left.
fn outcomes(solver: &mut Solver, batch: &Batch) -> Vec<Vec<u64>> {
    let solution = solver.solve(batch, 0.0..2.25).unwrap();
    (0..solution.runs()).map(|run| bits(&solution, run)).collect()
}

fn set(solver: &mut Solver, settings: &Settings) {
    solver.update(settings, Unknown::Error).unwrap();
}

/// The same with refilled lanes and without, for many numbers of runs and ways of recording.
fn compare(solver: &mut Solver, what: &str) {
    let lanes = solver.device().compile(solver.plan(), &solver.entry()).unwrap().lanes();
    let runs = sorted(61);
    let order = shuffled(&runs);
    let mixed: Vec<Run> = order.iter().map(|run| runs[*run]).collect();
    for recording in [
        settings! { save_every: 0.25, t_eval: auto, save_last: false, settling_time: 0.0 },
        settings! { t_eval: [0.0, 0.1, 0.15, 2.0], save_last: true, settling_time: 0.0 },
        settings! { save_every: auto, t_eval: auto, settling_time: 0.1 },
    ] {
        set(solver, &recording);
        let mut results = Vec::new();
        for refill in [false, true] {
            set(solver, &settings! { refill: refill });
            let (ascending, shuffled) = (outcomes(solver, &batch(&runs)), outcomes(solver, &batch(&mixed)));
            for (run, result) in order.iter().zip(&shuffled) {
                assert_eq!(
                    *result, ascending[*run],
                    "{what}, refill {refill}, {recording}: run {run} depends on its neighbours"
                );
            }
            for count in [1, lanes - 1, lanes, lanes + 1].into_iter().filter(|count| *count > 0) {
                assert_eq!(
                    outcomes(solver, &batch(&mixed[..count])),
                    shuffled[..count],
                    "{what}, {recording}: {count} runs"
                );
            }
            results.push(ascending);
        }
        assert_eq!(results[0], results[1], "{what}, {recording}");
    }
}

#[test]
fn no_result_depends_on_it_whatever_the_controller() {
    for (precision, controller, algorithm) in [
        ("f64", "i", "bs32"),
        ("f64", "pi", "cash-karp-54"),
        ("f64", "pid", "dopri54"),
        ("f64", "gustafsson", "tsit5"),
        ("f32", "pid", "tsit5"),
    ] {
        let mut solver = Solver::on(mixed(), sharing_cpu(narrow(1))).unwrap();
        set(&mut solver, &common());
        set(&mut solver, &settings! { precision: precision, step_controller: controller, algorithm: algorithm });
        compare(&mut solver, &format!("{precision}, {controller}, {algorithm}"));
    }
}

#[test]
fn the_runs_fail_in_every_way_and_some_succeed() {
    let mut solver = Solver::on(mixed(), sharing_cpu(narrow(1))).unwrap();
    set(&mut solver, &common());
    set(&mut solver, &settings! { refill: true });
    let runs = sorted(61);
    let solution = solver.solve(&batch(&runs), 0.0..2.25).unwrap();
    let mut seen = Vec::new();
    for (number, run) in runs.iter().enumerate() {
        let status = solution.status(number).unwrap();
        let expected = match run {
            [_, _, l, _] if *l < 0.0 => Status::STEP_TOO_SMALL,
            [mu, ..] if *mu > 50.0 => Status::MAX_STEPS,
            [_, g, ..] if *g > 1.0 => Status::STEP_TOO_SMALL,
            _ => Status::SUCCESS,
        };
        // A run that fails in two ways fails in the first.
        if run[0] < 50.0 || run[1] < 1.0 {
            assert_eq!(status, expected, "{run:?}");
        }
        seen.push(status);
        let last = solution.final_state(number).unwrap();
        assert_eq!(last.iter().all(|value| value.is_finite()), status.is_success(), "{run:?}: {last:?}");
    }
    for status in [Status::SUCCESS, Status::STEP_TOO_SMALL, Status::MAX_STEPS] {
        assert!(seen.contains(&status), "{status}");
    }
}

#[test]
fn no_result_depends_on_it_whatever_the_build() {
    let one_lane = || CpuOptions { vector_bytes: Some(0), ..narrow(1) };
    let threads = || CpuOptions { threads: Some(3), ..narrow(1) };
    for (precision, controller, builds) in [
        ("f64", "gustafsson", vec![narrow(1), narrow(2), narrow(3), one_lane(), threads()]),
        ("f32", "pid", vec![narrow(1), narrow(3), one_lane()]),
    ] {
        let runs = sorted(61);
        let mut expected = None;
        for options in builds {
            let mut solver = Solver::on(mixed(), sharing_cpu(options.clone())).unwrap();
            set(&mut solver, &common());
            set(&mut solver, &settings! { precision: precision, step_controller: controller, refill: true });
            let found = outcomes(&mut solver, &batch(&runs));
            let expected = expected.get_or_insert_with(|| {
                set(&mut solver, &settings! { refill: false });
                outcomes(&mut solver, &batch(&runs))
            });
            assert_eq!(*expected, found, "{precision}, {options:?}");
            // Fewer runs than lanes, and a last pack that is not full.
            set(&mut solver, &settings! { refill: true });
            for count in [1, 3, 17] {
                assert_eq!(
                    outcomes(&mut solver, &batch(&runs[..count])),
                    expected[..count],
                    "{precision}, {options:?}"
                );
            }
        }
    }
}

#[test]
fn no_result_depends_on_it_wherever_the_buffers_lie() {
    let mut solver = Solver::on(mixed(), sharing_cpu(narrow(1))).unwrap();
    set(&mut solver, &common());
    set(&mut solver, &settings! { refill: false });
    let runs = sorted(61);
    let expected = outcomes(&mut solver, &batch(&runs));
    set(&mut solver, &settings! { refill: true });
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for random_places in [false, true] {
        let buffers = solver.plan().layout().buffers().iter();
        let places = buffers.map(|buffer| {
            let place = if random_places && random.below(2) == 0 { Location::Local } else { Location::Shared };
            (format!("{}_location", buffer.path), place.to_string())
        });
        let places: Settings = places.collect();
        set(&mut solver, &places);
        assert!(solver.plan().layout().totals().shared.get() > 0);
        assert_eq!(outcomes(&mut solver, &batch(&runs)), expected, "{places}");
    }
}

#[test]
fn no_result_depends_on_it_where_runs_end_on_their_own() {
    let runs = sorted(61);
    for settings in [
        settings! { algorithm: "tsit5", save_last: true, max_steps: MAX_STEPS, dt_min: 1e-5 },
        settings! { algorithm: "rk4", dt: 0.01, save_counters: true, save_last: true },
    ] {
        let mut solver = Solver::on(mixed(), sharing_cpu(narrow(1))).unwrap();
        set(&mut solver, &settings! { save_every: 0.25 });
        set(&mut solver, &settings);
        let results = [false, true].map(|refill| {
            set(&mut solver, &settings! { refill: refill });
            outcomes(&mut solver, &with_durations(&runs))
        });
        assert_eq!(results[0], results[1], "{settings}");
    }
}

#[test]
fn each_run_has_all_its_attempts_and_no_more() {
    let runs: Vec<Run> = sorted(40).into_iter().filter(|run| run[2] > 0.0 && run[1] < 1.0).collect();
    for refill in [false, true] {
        let mut solver = Solver::on(mixed(), sharing_cpu(narrow(2))).unwrap();
        set(&mut solver, &common());
        set(&mut solver, &settings! { refill: refill, max_steps: 100_000 });
        let free = solver.solve(&batch(&runs), 0.0..2.25).unwrap();
        assert_eq!(free.failed(), 0);
        let count = |run: usize| free.counters(run).map(|counters| counters.steps + counters.rejections).unwrap();
        let mut limits: Vec<u64> = (0..runs.len()).flat_map(|run| [count(run), count(run) - 1]).collect();
        limits.sort_unstable();
        limits.dedup();
        assert!(limits.len() > 10 && limits.last() > Some(&(4 * limits[0])), "{limits:?}");
        for limit in limits {
            set(&mut solver, &settings! { max_steps: limit as i64 });
            let limited = solver.solve(&batch(&runs), 0.0..2.25).unwrap();
            for run in 0..runs.len() {
                if count(run) <= limit {
                    assert_eq!(
                        bits(&limited, run),
                        bits(&free, run),
                        "refill {refill}: run {run}, max_steps = {limit}"
                    );
                    continue;
                }
                assert_eq!(
                    limited.status(run),
                    Some(Status::MAX_STEPS),
                    "run {run} takes {}, max_steps = {limit}",
                    count(run)
                );
                let counters = limited.counters(run).unwrap();
                assert_eq!(counters.steps + counters.rejections, limit);
                // What was saved before is what it would have been; the rest is marked.
                let rows = (0..free.times().len())
                    .map(|row| (limited.state(row, 0, run).unwrap(), free.state(row, 0, run).unwrap()));
                let missing = rows.clone().position(|(value, _)| value.is_nan()).unwrap();
                assert!(
                    rows.enumerate().all(|(row, (a, b))| if row < missing { a == b } else { a.is_nan() }),
                    "run {run}"
                );
            }
        }
    }
}

#[test]
fn a_debug_device_computes_the_same_and_records_the_buffers() {
    let runs = sorted(19);
    let debug = || sharing_cpu(CpuOptions { debug: true, ..narrow(2) });
    let settings = settings! { algorithm: "tsit5", step_controller: "gustafsson", rtol: 1e-4, max_steps: MAX_STEPS, dt_min: 1e-5, refill: true };
    let [mut release, mut solver] = [sharing_cpu(narrow(2)), debug()].map(|device| {
        let mut solver = Solver::on(mixed(), device).unwrap();
        set(&mut solver, &settings);
        solver
    });
    assert_eq!(outcomes(&mut solver, &batch(&runs)), outcomes(&mut release, &batch(&runs)));
    let solution = solver.solve(&batch(&runs), 0.0..2.25).unwrap();

    let mut kernel = debug().compile(solver.plan(), &solver.entry()).unwrap();
    for (name, rows) in [("states", 3), ("observables", 1), ("counters", 2), ("steps", 0), ("last", 0)] {
        kernel.set_rows(name, rows).unwrap();
    }
    let count = runs.len();
    let column = |index: usize| runs.iter().map(move |run| run[index]);
    let initial: Vec<f64> = [2.0, 0.0, 1.0].iter().flat_map(|value| vec![*value; count]).collect();
    let parameters: Vec<f64> = column(0).chain(column(1)).chain(column(2)).collect();
    let (counts, nothing): ([i32; 7], [f64; 0]) = ([1, 1, 0, -1, 0, 0, 0], []);
    let tolerances = [1e-6, 1e-6, 1e-6, 1e-4, 1e-4, 1e-4];
    let (mut states, mut observables) = (vec![0.0; 3 * count], vec![0.0; count]);
    let (mut status, mut counters) = (vec![0; count], vec![0; 2 * count]);
    let launched = kernel
        .launch(
            count,
            args! { initial: &initial, parameters: &parameters, ends: &nothing, constants: &nothing, counts: &counts, times: &[2.25],
            kinds: &[1], steps: &[0; 0], start: &[0.0], last: &nothing, tolerances: &tolerances, scales: &[0.0, 0.0],
            driver_values: &[0.0, 0.0], states: &mut states, observables: &mut observables, summaries: &mut [0.0; 0],
            status: &mut status, counters: &mut counters, trace: &mut [0.0; 0] },
        )
        .unwrap();
    let buffer = launched.read(&solver.plan().allocators().unwrap().state).unwrap();
    assert_eq!(buffer.len(), 3 * count);
    let succeeded: Vec<usize> = (0..count).filter(|run| status[*run] == 0).collect();
    assert!(succeeded.len() > count / 2);
    for run in succeeded {
        let last = solution.final_state(run).unwrap();
        assert_eq!([0, 1, 2].map(|i| buffer[i * count + run]), last[..], "run {run}");
        assert_eq!([0, 1, 2].map(|i| states[i * count + run]), last[..], "run {run}");
    }
}
