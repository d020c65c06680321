//! Summaries against the host's arithmetic on stored samples.
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use std::ops::Range;

use batch_solver::{Batch, Metric, Solution, Solver, Summaries, System, linspace};
use buffer_runtime::compiler::Optimisation;
use buffer_runtime::{CpuDevice, CpuOptions, Settings, Unknown, settings};
use support::host_summaries::{agree, rounding, samples, summarised};
use support::{cpu, narrow_cpu};

/// A damped oscillation, whose windows differ; a state that is always zero; a signal with zeros before its only peak, at t = 1/8; one that rises all the time.
fn signals() -> System {
    System::builder("signals")
        .equations("dx = v; dv = -w^2*x - 0.5*v; dz = 0; hat = max(0, 1 - abs(16*t - 2)); rising = x + 50*t")
        .states([("x", 1.0), ("v", 0.0), ("z", 0.0)])
        .parameter("w", 1.0)
        .observables(["hat", "rising"])
        .build()
        .unwrap()
}

/// From no oscillation in a window to several: the runs need different numbers of steps.
fn batch() -> Batch {
    Batch::grid().vary("w", linspace(0.5, 12.0, 37))
}

const SPAN: Range<f64> = 0.0..6.0;

fn solver(device: CpuDevice, system: System, all: &[&Settings]) -> Solver {
    let mut solver = Solver::on(system, device).unwrap();
    for settings in all {
        solver.update(settings, Unknown::Error).unwrap();
    }
    solver
}

/// Vectors as wide as this machine has, so many in a pack; without a number, as many as are best.
fn wide_cpu(pack: Option<u32>) -> CpuDevice {
    cpu(CpuOptions { pack, threads: Some(1), optimisation: Optimisation::O1, ..CpuOptions::default() })
}

fn fixed_steps() -> Settings {
    settings! { algorithm: "rk4", dt: 0.03125 }
}

fn own_steps() -> Settings {
    settings! { algorithm: "tsit5", atol: 1e-5, rtol: 1e-4 }
}

fn no_states() -> Vec<String> {
    Vec::new()
}

/// These metrics and nothing else.
fn only(metrics: &[Metric]) -> Settings {
    let names: Vec<String> = metrics.iter().map(ToString::to_string).collect();
    settings! { summaries: names, save_variables: no_states() }
}

/// Every metric of a state that oscillates, of one that is zero, and of an observable.
fn everything() -> Settings {
    only(Metric::ALL).set("summarise_variables", vec!["hat", "z", "x"]).clone()
}

/// When to sample, and how often that is.
struct Sampling {
    settings: Settings,
    settling_time: f64,
    interval: f64,
    per_window: usize,
    windows: usize,
}

fn samplings() -> [Sampling; 4] {
    [
        Sampling {
            settings: settings! { summarise_every: 2.0, sample_summaries_every: 0.0625 },
            settling_time: 0.0,
            interval: 0.0625,
            per_window: 32,
            windows: 3,
        },
        // One sample per window: the first has no difference, the second no second difference.
        Sampling {
            settings: settings! { summarise_every: 0.125, sample_summaries_every: 0.125 },
            settling_time: 0.0,
            interval: 0.125,
            per_window: 1,
            windows: 48,
        },
        // A window that is not complete at the end, and time to settle.
        Sampling {
            settings: settings! { summarise_every: 1.0, sample_summaries_every: 0.25, settling_time: 1.25 },
            settling_time: 1.25,
            interval: 0.25,
            per_window: 4,
            windows: 4,
        },
        // What nobody chose: a hundred samples in one window.
        Sampling {
            settings: settings! { summarise_every: "none", sample_summaries_every: "none", settling_time: 0.0 },
            settling_time: 0.0,
            interval: 0.06,
            per_window: 100,
            windows: 1,
        },
    ]
}

/// All values, window × variable × column × run.
fn values(summaries: &Summaries) -> Vec<f64> {
    match summaries.values::<f64>() {
        Some(values) => values.iter().copied().collect(),
        None => summaries.values::<f32>().unwrap().iter().map(|x| f64::from(*x)).collect(),
    }
}

/// The bits of all values, one pattern for all that are not numbers.
fn bits(summaries: &Summaries) -> Vec<u64> {
    values(summaries).iter().map(|x| if x.is_nan() { u64::MAX } else { x.to_bits() }).collect()
}

/// Compares every value of these runs with the host's.
fn compare(summaries: &Summaries, stored: &Solution, runs: Range<usize>, interval: f64, per_window: usize) {
    let epsilon = if summaries.values::<f64>().is_some() { f64::EPSILON } else { f32::EPSILON.into() };
    let (values, width) = (values(summaries), summaries.names().len());
    for run in runs {
        for (variable, name) in summaries.variables().iter().enumerate() {
            let samples = samples(stored, name, run);
            let magnitude = samples.iter().filter(|x| x.is_finite()).fold(0.0, |most: f64, x| most.max(x.abs()));
            for window in 0..summaries.windows().len() {
                let positions = window * per_window..(window + 1) * per_window;
                for (index, column) in summaries.columns().iter().enumerate() {
                    let at = window * width + variable * summaries.columns().len() + index;
                    let found = values[at * stored.runs() + run];
                    let expected = summarised(*column, &samples, positions.clone(), interval);
                    assert!(
                        agree(found, expected, rounding(*column, epsilon, magnitude, interval)),
                        "{name}_{column}, run {run}, window {window} of samples every {interval}: {found:e}, not {expected:e}"
                    );
                }
            }
        }
    }
}

/// Solves with stored samples and with summaries only, which must agree; the others must give the same bits as the latter.
fn agrees_with_the_host(method: &Settings, mut others: Vec<Solver>) {
    let mut stored = solver(narrow_cpu(), signals(), &[method]);
    let mut summed = solver(narrow_cpu(), signals(), &[method, &everything()]);
    let mut seen = Vec::new();
    for Sampling { settings, settling_time, interval, per_window, windows } in samplings() {
        // The samples and nothing else: where steps are shortened for another time, the values differ within the tolerance.
        let times: Vec<f64> = (1..=windows * per_window).map(|k| settling_time + k as f64 * interval).collect();
        stored.update(&settings! { t_eval: times }, Unknown::Error).unwrap();
        summed.update(&settings, Unknown::Error).unwrap();
        let stored = stored.solve(&batch(), SPAN).unwrap();
        let summed = summed.solve(&batch(), SPAN).unwrap();
        assert_eq!((stored.failed(), summed.failed()), (0, 0));
        assert!(summed.times().is_empty() && summed.state_names().is_empty() && summed.observable_names().is_empty());
        let summaries = summed.summaries();
        assert_eq!(summaries.variables(), ["x", "z", "hat"]);
        assert_eq!((summaries.windows().len(), summaries.columns().len()), (windows, 16));
        compare(summaries, &stored, 0..stored.runs(), interval, per_window);
        for other in &mut others {
            other.update(&settings, Unknown::Error).unwrap();
            let other = other.solve(&batch(), SPAN).unwrap();
            assert!(bits(other.summaries()) == bits(summaries), "samples every {interval}");
        }
        seen.push(summaries.clone());
    }
    // That these signals show what they are to show.
    let value = |sampling: usize, window, name| seen[sampling].get(window, name, 36).unwrap();
    assert!(value(0, 1, "x_max") < 0.8 * value(0, 0, "x_max"), "windows differ");
    assert!(value(0, 0, "x_peak_2").is_finite() && value(0, 0, "x_negative_peak_2").is_finite());
    assert_eq!(value(0, 0, "hat_peak_0"), 1.0, "a peak after a zero, the second sample");
    assert!(value(0, 1, "hat_peak_0").is_nan() && value(0, 0, "z_peak_0").is_nan());
    assert_eq!([value(0, 1, "z_std"), value(0, 1, "z_rms"), value(0, 1, "z_dxdt_max")], [0.0; 3]);
    for (window, name) in [(0, "x_dxdt_max"), (0, "x_dxdt_min"), (1, "x_d2xdt2_min")] {
        assert!(value(1, window, name).is_nan(), "too few samples for {name}");
    }
    assert!(value(1, 1, "x_dxdt_max") < 0.0 && value(1, 2, "x_d2xdt2_min") != 0.0);
}

fn everything_agrees(precision: &str) {
    let precision = settings! { precision: precision };
    let all = everything();
    let mut method = fixed_steps();
    method.merge(&precision);
    let shared = settings! { state_summary_location: "shared", observable_summary_location: "shared", samples_location: "shared" };
    let moved = solver(narrow_cpu(), signals(), &[&method, &all, &shared]);
    assert!(moved.plan().layout().totals().shared.get() > 0);
    agrees_with_the_host(&method, vec![moved, solver(wide_cpu(None), signals(), &[&method, &all])]);

    let mut method = own_steps();
    method.merge(&precision);
    let waiting = solver(narrow_cpu(), signals(), &[&method, &all, &settings! { refill: false }]);
    let refilled = solver(wide_cpu(Some(1)), signals(), &[&method, &all, &settings! { refill: true }, &shared]);
    agrees_with_the_host(&method, vec![waiting, refilled]);
}

#[test]
fn every_metric_is_that_of_the_stored_samples_in_double_precision() {
    everything_agrees("f64");
}

#[test]
fn every_metric_is_that_of_the_stored_samples_in_single_precision() {
    everything_agrees("f32");
}

#[test]
fn metrics_asked_for_alone_are_those_of_all_together_and_take_fewer_accumulators() {
    let sampling =
        settings! { summarise_every: 2.0, sample_summaries_every: 0.0625, summarise_variables: ["x", "rising"] };
    let with = |metrics: &[Metric]| solver(narrow_cpu(), signals(), &[&fixed_steps(), &only(metrics), &sampling]);
    let accumulators = |metrics: &[Metric]| {
        let elements = |path| with(metrics).plan().layout().get(path).unwrap().elements.get();
        assert_eq!(elements("summary.state_summary"), elements("summary.observable_summary"));
        elements("summary.state_summary")
    };
    let alone: Vec<usize> = Metric::ALL.iter().map(|metric| accumulators(&[*metric])).collect();
    // Mean, largest, smallest, rms: a sum or an extreme each. The standard deviation: a shift and two sums.
    assert_eq!(alone, [1, 1, 1, 1, 3, 1, 2, 3, 3, 3, 6, 6, 2, 2, 3, 3, 3, 4]);
    let together = accumulators(Metric::ALL);
    // Those of the standard deviation, two extremes, two samples before, four extremes of differences, two lists of peaks.
    assert_eq!(together, 3 + 2 + 2 + 4 + 2 * 4);

    let all = with(Metric::ALL).solve(&batch(), SPAN).unwrap();
    let all = all.summaries();
    // Each list has what shares nothing within it, in an order of its own.
    for metrics in [
        &[Metric::DxdtMin, Metric::MaxMagnitude, Metric::Mean, Metric::Rms, Metric::Peaks(3)][..],
        &[Metric::Std, Metric::Max, Metric::NegativePeaks(3), Metric::DxdtMax],
        &[Metric::StdRms, Metric::Min, Metric::D2xdt2Max],
        &[Metric::MeanStd, Metric::Extrema, Metric::D2xdt2Min],
        &[Metric::D2xdt2Extrema, Metric::DxdtExtrema, Metric::MeanStdRms, Metric::Peaks(1)],
    ] {
        assert!(accumulators(metrics) < together);
        let some = with(metrics).solve(&batch(), SPAN).unwrap();
        let some = some.summaries();
        let columns: Vec<_> = metrics.iter().flat_map(|metric| metric.columns()).collect();
        assert_eq!(some.columns(), columns, "in the order asked for");
        for (run, window) in (0..37).flat_map(|run| (0..3).map(move |window| (run, window))) {
            for name in some.names() {
                let (found, expected) = (some.get(window, &name, run).unwrap(), all.get(window, &name, run).unwrap());
                // Sums are made in another way; all else is the same.
                let sums = ["_mean", "_rms"].iter().any(|end| name.ends_with(end));
                let rounding = if sums { 1e-14 * all.get(window, "rising_max", run).unwrap().max(10.0) } else { 0.0 };
                assert!(agree(found, expected, rounding), "{name}, run {run}: {found:e}, not {expected:e}");
            }
        }
    }
}

#[test]
fn what_is_not_a_number_stays_with_its_run() {
    // Not a number from t = k on.
    let system =
        || System::builder("end").equations("dx = log(k - t)").state("x", 1.0).parameter("k", 9.0).build().unwrap();
    let batch = Batch::grid().vary("k", [9.0, 8.0, 1.25, 7.0, 0.125]);
    let sampling = settings! { summarise_every: 0.5, sample_summaries_every: 0.125 };

    let method = settings! { algorithm: "rk4", dt: 0.0625 };
    let mut stored = solver(narrow_cpu(), system(), &[&method, &settings! { save_every: 0.125 }]);
    let mut summed = solver(narrow_cpu(), system(), &[&method, &only(Metric::ALL), &sampling]);
    let (stored, summed) = (stored.solve(&batch, 0.0..2.0).unwrap(), summed.solve(&batch, 0.0..2.0).unwrap());
    compare(summed.summaries(), &stored, 0..5, 0.125, 4);
    assert_eq!(summed.failed(), 2);
    let is_nan = |summaries: &Summaries, run| -> Vec<bool> {
        (0..4).map(|window| summaries.get(window, "x_d2xdt2_max", run).unwrap().is_nan()).collect()
    };
    for name in summed.summaries().names() {
        assert!(summed.summaries().get(3, &name, 2).unwrap().is_nan(), "{name}");
    }
    assert_eq!(is_nan(summed.summaries(), 1), [false; 4]);
    assert_eq!(is_nan(summed.summaries(), 2), [false, false, true, true]);
    assert_eq!(is_nan(summed.summaries(), 4), [true; 4]);

    // Runs that choose their steps end there, and never reach the windows after.
    let method = settings! { algorithm: "tsit5", dt_min: 1e-6 };
    let mut stored = solver(narrow_cpu(), system(), &[&method, &settings! { save_every: 0.125 }]);
    let mut summed = solver(narrow_cpu(), system(), &[&method, &only(Metric::ALL), &sampling]);
    let (stored, summed) = (stored.solve(&batch, 0.0..2.0).unwrap(), summed.solve(&batch, 0.0..2.0).unwrap());
    let ended: Vec<bool> = (0..5).map(|run| !summed.status(run).unwrap().is_success()).collect();
    assert_eq!(ended, [false, false, true, false, true]);
    for run in [0, 1, 3] {
        compare(summed.summaries(), &stored, run..run + 1, 0.125, 4);
    }
    assert_eq!(is_nan(summed.summaries(), 2), [false, false, true, true]);
    assert_eq!(is_nan(summed.summaries(), 4), [true; 4]);
    let whole = summed.summaries().get(1, "x_mean", 2).unwrap();
    assert!(agree(whole, samples(&stored, "x", 2)[4..8].iter().sum::<f64>() / 4.0, 1e-14), "{whole}");
}

#[test]
fn runs_of_their_own_length_have_the_windows_they_reach() {
    let durations: Vec<f64> = (0..37).map(|run| 0.5 + 0.15 * f64::from(run)).collect();
    let sampling = settings! { summarise_every: 2.0, sample_summaries_every: 0.0625 };
    let full = solver(narrow_cpu(), signals(), &[&own_steps(), &only(&[Metric::Mean]), &sampling])
        .solve(&batch(), SPAN)
        .unwrap();
    let batch = batch().durations(durations.clone());
    let cut = solver(narrow_cpu(), signals(), &[&own_steps(), &only(&[Metric::Mean]), &sampling])
        .solve(&batch, SPAN)
        .unwrap();
    assert_eq!(cut.failed(), 0);
    for (run, duration) in durations.iter().enumerate() {
        for (window, end) in cut.summaries().windows().iter().enumerate() {
            let (found, of_full) = (
                cut.summaries().get(window, "rising_mean", run).unwrap(),
                full.summaries().get(window, "rising_mean", run).unwrap(),
            );
            // The size of a step follows the end of its run, so the values differ within the tolerance.
            let expected = if duration >= end { of_full } else { f64::NAN };
            assert!(agree(found, expected, 1e-2), "run {run} to {duration}, window to {end}: {found}, not {expected}");
        }
    }
}

#[test]
fn the_deviation_of_a_signal_far_from_zero_is_sound_in_single_precision() {
    let system = || {
        System::builder("far")
            .equations("dx = w*cos(w*t); far = 1e4 + x")
            .state("x", 0.0)
            .parameter("w", 1.0)
            .observable("far")
            .build()
            .unwrap()
    };
    let batch = Batch::grid().vary("w", linspace(3.0, 9.0, 5));
    let method = settings! { algorithm: "rk4", dt: 0.01 };
    let stored =
        solver(narrow_cpu(), system(), &[&method, &settings! { save_every: 0.01 }]).solve(&batch, 0.0..10.0).unwrap();
    let single = settings! { precision: "f32", sample_summaries_every: 0.01 };
    let metrics = only(&[Metric::Std, Metric::Mean, Metric::Rms]);
    let summed = solver(narrow_cpu(), system(), &[&method, &single, &metrics]).solve(&batch, 0.0..10.0).unwrap();
    for run in 0..5 {
        let samples = samples(&stored, "far", run);
        assert_eq!(samples.len(), 1000);
        for column in summed.summaries().columns() {
            let expected = summarised(*column, &samples, 0..1000, 0.01);
            let found = summed.summaries().get(0, &format!("far_{column}"), run).unwrap();
            assert!((found / expected - 1.0).abs() < 1e-3, "{column}, run {run}: {found}, not {expected}");
        }
    }
}

#[test]
fn any_variables_are_saved_and_summarised_by_name() {
    let with =
        |chosen: &Settings| solver(narrow_cpu(), signals(), &[&fixed_steps(), &settings! { save_every: 0.5 }, chosen]);
    let mut all = with(&settings! { summaries: ["max"], summarise_every: 2.0 });
    let expected = all.solve(&batch(), SPAN).unwrap();
    assert_eq!(expected.state_names(), ["x", "v", "z"]);
    assert_eq!(expected.observable_names(), ["hat", "rising"]);

    // In any order; the system's order comes out.
    let some = settings! { save_variables: ["rising", "z", "x"], summaries: ["max"], summarise_variables: ["hat", "v"], summarise_every: 2.0 };
    let mut solver = with(&some);
    let found = solver.solve(&batch(), SPAN).unwrap();
    assert_eq!(found.state_names(), ["x", "z"]);
    assert_eq!(found.observable_names(), ["rising"]);
    assert_eq!(found.times(), expected.times());
    for name in ["x", "z", "rising"] {
        assert_eq!(found.variable::<f64>(name), expected.variable::<f64>(name), "{name}");
    }
    assert_eq!((found.variable::<f64>("v"), found.variable::<f64>("hat")), (None, None));
    assert_eq!(found.summaries().names(), ["v_max", "hat_max"]);
    for (window, name) in (0..3).flat_map(|window| ["v_max", "hat_max"].map(|name| (window, name))) {
        assert_eq!(found.summaries().column::<f64>(window, name), expected.summaries().column::<f64>(window, name));
    }

    // A list without a variable is refused as a whole.
    for (setting, list, parts) in [
        ("save_variables", ["x", "risin"], ["`risin`", "did you mean `rising`?"]),
        ("summarise_variables", ["v", "ha"], ["`ha`", "did you mean `hat`?"]),
        ("save_variables", ["x", "x"], ["`x` twice", "once"]),
    ] {
        let list = Settings::from_iter([(setting, list.to_vec())]);
        let error = solver.update(&list, Unknown::Error).unwrap_err().to_string();
        assert!(error.contains(setting) && parts.iter().all(|part| error.contains(part)), "{error}");
    }
    let unchanged = solver.solve(&batch(), SPAN).unwrap();
    assert_eq!((unchanged.checksum(), unchanged.state_names()), (found.checksum(), found.state_names()));

    // Only observables, then nothing at all: the runs still get to the end.
    solver.update(&settings! { save_variables: ["hat"], summarise_variables: no_states() }, Unknown::Error).unwrap();
    let found = solver.solve(&batch(), SPAN).unwrap();
    assert_eq!(found.variable::<f64>("hat"), expected.variable::<f64>("hat"));
    assert!(found.state_names().is_empty() && found.summaries().names().is_empty());
    solver.update(&settings! { save_variables: no_states() }, Unknown::Error).unwrap();
    let found = solver.solve(&batch(), SPAN).unwrap();
    assert_eq!((found.times().len(), found.runs(), found.failed(), found.steps()), (0, 37, 0, 192));
}
