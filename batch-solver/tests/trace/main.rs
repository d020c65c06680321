//! The trace of the steps of chosen runs: it changes nothing, and a run can be followed by it, step by step, with the formulas of the method and the controller.
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod host;
#[path = "../support/mod.rs"]
mod support;

use batch_solver::solution::{Attempt, TracedRun};
use batch_solver::{Batch, SolveError, Solver, Status, StepController, System};
use buffer_runtime::{Settings, Unknown, settings};
use host::{Bounds, Controller, DEFAULTS, Method, SAFETY, near, weighted};
use support::{bits, narrow, sharing_cpu};

/// A relaxation oscillation with a forcing, whose steps grow, shrink and are refused.
fn forced() -> System {
    System::builder("forced")
        .equations("dx = y; dy = mu*(1 - x^2)*y - x + a*cos(3*t)")
        .states([("x", 2.0), ("y", 0.0)])
        .parameter("mu", 5.0)
        .constant("a", 0.5)
        .build()
        .unwrap()
}

const RATES: [f64; 5] = [5.0, 0.5, 8.0, 2.0, 12.0];
const FORCING: f64 = 0.5;
const END: f64 = 12.0;

fn batch() -> Batch {
    Batch::grid().vary("mu", RATES)
}

fn solver(settings: &Settings) -> Solver {
    let mut solver = Solver::on(forced(), sharing_cpu(narrow(1))).unwrap();
    set(&mut solver, &settings! { atol: 1e-6, rtol: 1e-4, trace_runs: [3, 0, 4], trace_steps: 100_000 });
    set(&mut solver, settings);
    solver
}

fn set(solver: &mut Solver, settings: &Settings) {
    solver.update(settings, Unknown::Error).unwrap();
}

/// What a run went through.
#[derive(Default, Debug)]
struct Seen {
    truncated: usize,
    refused: usize,
    frozen: usize,
    refused_in_band: usize,
    least_gain: usize,
    largest_gain: usize,
    largest_step: usize,
}

/// Follows a run by its trace and compares every number with what the formulas give.
fn follow(solver: &mut Solver, kind: StepController, bounds: Bounds, first: f64) -> Seen {
    let (system, algorithm) = (solver.system().clone(), solver.config().algorithm);
    let (method, adaptive) = (Method::of(algorithm), kind != StepController::Fixed);
    let (atol, rtol) = (solver.config().atol.of(0), solver.config().rtol.of(0));
    let solution = solver.solve(&batch(), 0.0..END).unwrap();
    assert_eq!((solution.failed(), solution.trace().stages(), solution.trace().states()), (0, method.b.len(), 2));
    let mut seen = Seen::default();
    for traced in solution.trace().runs() {
        let what = format!("{algorithm}, {kind:?}, run {}", traced.run());
        let mut controller = Controller { kind, order: method.order, bounds, norms: Vec::new(), size: None };
        let (mut t, mut y, mut h) = (0.0, [2.0, 0.0], first);
        let mut stops = solution.times().iter().copied().filter(|time| *time > 0.0);
        let mut stop = stops.next().unwrap();
        for attempt in traced.attempts() {
            assert!(near(attempt.t, t, 1e-12), "{what}: {} at {t}", attempt.t);
            // The size: what the controller wants, unless that reaches the next stop.
            let reach = h * if adaptive { 1.001 } else { 1.0 + 1e-9 } / (stop - t);
            // Where it only just reaches the stop, or not quite, the rounding of the gain decides.
            let ends =
                if adaptive && near(reach, 1.0, 1e-3) { near(attempt.dt, stop - t, 1e-12) } else { reach >= 1.0 };
            let expected = if ends { stop - t } else { h };
            // A power in a gain is exact to 3e-4, and the norm in it to 4e-4.
            assert!(near(attempt.dt, expected, 1e-3), "{what} at {t}: a step of {}, not {expected}", attempt.dt);
            let truncated = ends && attempt.dt < h * (1.0 - 1e-9);

            let k = method.stages(&system, RATES[traced.run()], attempt.t, attempt.dt, y);
            let found: Vec<Vec<f64>> = attempt.stage_derivatives.chunks(2).map(<[f64]>::to_vec).collect();
            for (stage, (k, found)) in k.iter().zip(&found).enumerate() {
                let size = k.iter().fold(1.0, |size: f64, k| size.max(k.abs()));
                assert!(
                    (0..2).all(|i| (k[i] - found[i]).abs() < 1e-9 * size),
                    "{what} at {t}, stage {stage}: {found:?}, not {k:?}"
                );
            }
            let after = [0, 1].map(|i| y[i] + attempt.dt * weighted(&method.b, &found, i));
            if adaptive {
                let ratio = |i: usize| {
                    attempt.dt * weighted(&method.error, &found, i)
                        / (atol + rtol * f64::max(y[i].abs(), after[i].abs()))
                };
                // What is not finite, or beyond all bounds, counts as very large.
                let norm = ((ratio(0).powi(2) + ratio(1).powi(2)) / 2.0).sqrt().min(1e8);
                assert!(
                    near(attempt.error_norm, norm, 1e-3) || norm < 1e-9,
                    "{what} at {t}: an error of {}, not {norm}",
                    attempt.error_norm
                );
                assert_eq!(attempt.accepted, attempt.error_norm <= 1.0, "{what} at {t}");
                seen.note(&controller, &attempt);
                let squared = attempt.error_norm.powi(2);
                let wanted = attempt.dt * controller.gain(squared, attempt.accepted, attempt.dt);
                if !(truncated && attempt.accepted) {
                    h = wanted.clamp(bounds.dt.0, bounds.dt.1);
                    seen.largest_step += usize::from(wanted > bounds.dt.1);
                    if attempt.accepted {
                        controller.norms.push(squared.max(1e-14));
                        controller.size = Some(attempt.dt);
                    }
                }
                seen.truncated += usize::from(truncated && attempt.accepted);
            } else {
                assert_eq!((attempt.error_norm, attempt.accepted), (0.0, true));
            }
            if attempt.accepted {
                (t, y) = (if ends { stop } else { attempt.t + attempt.dt }, after);
                if ends {
                    stop = stops.next().unwrap_or(f64::INFINITY);
                }
            }
        }
        agrees(traced, &solution.counters(traced.run()).unwrap());
        assert_eq!((t, stop), (END, f64::INFINITY), "{what}");
        let last = solution.final_state(traced.run()).unwrap();
        assert!((0..2).all(|i| near(last[i], y[i], 1e-9)), "{what}: {last:?}, not {y:?}");
    }
    seen
}

impl Seen {
    /// Counts what limits the next step.
    fn note(&mut self, controller: &Controller, attempt: &Attempt<'_>) {
        let Bounds { gain: (least, most), dead, .. } = controller.bounds;
        let free = Controller {
            bounds: Bounds { gain: (0.0, f64::INFINITY), dead: (1.0, 1.0), ..controller.bounds },
            norms: controller.norms.clone(),
            ..*controller
        };
        let gain = free.gain(attempt.error_norm.powi(2), attempt.accepted, attempt.dt);
        let in_band = dead.0 < dead.1 && (dead.0..=dead.1).contains(&gain);
        self.refused += usize::from(!attempt.accepted);
        self.least_gain += usize::from(gain < least);
        self.largest_gain += usize::from(gain > most);
        self.frozen += usize::from(in_band && attempt.accepted);
        self.refused_in_band += usize::from(in_band && !attempt.accepted);
    }
}

/// The trace is complete and has as many steps and refusals as were counted.
fn agrees(traced: &TracedRun, counters: &batch_solver::Counters) {
    let accepted = traced.attempts().filter(|attempt| attempt.accepted).count() as u64;
    let attempts = traced.attempts().len() as u64;
    assert_eq!((accepted, attempts - accepted), (counters.steps, counters.rejections), "run {}", traced.run());
    assert_eq!(traced.total_attempts() as u64, attempts);
    let sum: f64 = traced.attempts().filter(|attempt| attempt.accepted).map(|attempt| attempt.dt).sum();
    assert!(near(sum, END, 1e-11), "run {}: {sum}", traced.run());
}

#[test]
fn steps_of_a_fixed_size_are_those_of_the_method() {
    for algorithm in ["euler", "rk4"] {
        let mut solver =
            solver(&settings! { algorithm: algorithm, dt: 0.01, save_counters: true, trace: true, save_every: 1.5 });
        follow(&mut solver, StepController::Fixed, DEFAULTS, 0.01);
        // An interval that steps do not divide: each ends with a shorter one.
        set(&mut solver, &settings! { save_every: 1.234, save_last: true });
        follow(&mut solver, StepController::Fixed, DEFAULTS, 0.01);
    }
}

#[test]
fn adaptive_steps_are_those_of_the_method_and_the_controller() {
    for (algorithm, kind) in [
        ("bs32", StepController::I),
        ("dopri54", StepController::Gustafsson),
        ("tsit5", StepController::I),
        ("tsit5", StepController::Pi),
        ("tsit5", StepController::Pid),
        ("tsit5", StepController::Gustafsson),
    ] {
        let mut solver =
            solver(&settings! { algorithm: algorithm, step_controller: kind.to_string(), dt: 0.01, trace: true });
        let seen = follow(&mut solver, kind, DEFAULTS, 0.01);
        assert!(seen.refused > 5 && seen.least_gain + seen.largest_gain < 20, "{algorithm}, {kind:?}: {seen:?}");
        set(&mut solver, &settings! { save_every: 0.4 });
        let seen = follow(&mut solver, kind, DEFAULTS, 0.01);
        assert!(seen.truncated > 20, "{algorithm}, {kind:?}: {seen:?}");
    }
}

#[test]
fn gains_and_steps_keep_to_their_bounds() {
    for kind in [StepController::I, StepController::Pid, StepController::Gustafsson] {
        let mut solver = solver(&settings! { algorithm: "tsit5", step_controller: kind.to_string(), trace: true });
        // A first step far too small, and one far too large.
        let bounds = Bounds { gain: (0.5, 1.5), ..DEFAULTS };
        set(&mut solver, &settings! { min_gain: 0.5, max_gain: 1.5, dt: 1e-4 });
        let seen = follow(&mut solver, kind, bounds, 1e-4);
        assert!(seen.largest_gain > 5, "{kind:?}: {seen:?}");
        set(&mut solver, &settings! { dt: 2.0 });
        let seen = follow(&mut solver, kind, bounds, 2.0);
        assert!(seen.least_gain > 5, "{kind:?}: {seen:?}");

        set(&mut solver, &settings! { min_gain: auto, max_gain: auto, dt: 0.01, dt_max: 0.05 });
        let seen = follow(&mut solver, kind, Bounds { dt: (1e-12, 0.05), ..DEFAULTS }, 0.01);
        assert!(seen.largest_step > 100, "{kind:?}: {seen:?}");

        // A dead band leaves accepted steps as they are, refused ones shrink all the same.
        set(&mut solver, &settings! { dt_max: auto, deadband_min: 0.3, deadband_max: 1.5 });
        let seen = follow(&mut solver, kind, Bounds { dead: (0.3, 1.5), ..DEFAULTS }, 0.01);
        assert!(seen.frozen > 20 && seen.refused_in_band > 5, "{kind:?}: {seen:?}");
    }
}

#[test]
fn no_step_is_below_the_smallest() {
    let mut solver =
        solver(&settings! { algorithm: "tsit5", step_controller: "i", trace: true, trace_runs: [0, 1, 2, 3, 4] });
    // Loose: the steps asked for are larger but for the first, which is chosen with care.
    for (dt_min, failures) in [(0.02, 0..=0), (0.3, 1..=5)] {
        set(&mut solver, &settings! { rtol: 0.1, atol: 0.1, dt_min: dt_min });
        let solution = solver.solve(&batch(), 0.0..END).unwrap();
        assert!(failures.contains(&solution.failed()), "dt_min = {dt_min}: {} failed", solution.failed());
        for traced in solution.trace().runs() {
            let attempts: Vec<Attempt<'_>> = traced.attempts().collect();
            let (last, others) = attempts.split_last().unwrap();
            for attempt in others {
                assert!(attempt.dt >= dt_min, "run {}: {attempt:?}", traced.run());
            }
            if solution.status(traced.run()) == Some(Status::STEP_TOO_SMALL) {
                assert!(!last.accepted && last.dt * SAFETY * last.error_norm.powf(-1.2 / 5.0) < dt_min, "{last:?}");
                agrees_until_failure(traced, &solution.counters(traced.run()).unwrap());
            }
        }
    }
}

fn agrees_until_failure(traced: &TracedRun, counters: &batch_solver::Counters) {
    let accepted = traced.attempts().filter(|attempt| attempt.accepted).count();
    assert_eq!((accepted as u64, (traced.attempts().len() - accepted) as u64), (counters.steps, counters.rejections));
}

#[test]
fn a_trace_changes_no_result_and_leaves_no_trace_in_the_kernel() {
    for settings in [
        settings! { algorithm: "tsit5", save_every: 0.5 },
        settings! { algorithm: "tsit5", save_every: 0.5, precision: "f32" },
        settings! { algorithm: "rk4", dt: 0.01 },
    ] {
        let never = {
            let mut solver = Solver::on(forced(), sharing_cpu(narrow(1))).unwrap();
            set(&mut solver, &settings);
            solver.source().unwrap()
        };
        let mut solver = Solver::on(forced(), sharing_cpu(narrow(1))).unwrap();
        set(&mut solver, &settings);
        let without = solver.solve(&batch(), 0.0..END).unwrap();
        assert!(without.trace().runs().is_empty());
        assert_eq!(solver.source().unwrap(), never);

        set(&mut solver, &settings! { trace: true, trace_runs: [2], trace_steps: 7 });
        let with = solver.solve(&batch(), 0.0..END).unwrap();
        assert_ne!(solver.source().unwrap(), never);
        let [traced] = with.trace().runs() else { panic!("one run was to be traced") };
        assert_eq!((traced.run(), traced.attempts().len()), (2, 7), "only as many as asked for");
        let counters = with.counters(2).unwrap();
        assert_eq!(traced.total_attempts() as u64, counters.steps + counters.rejections);

        let compilations = solver.device().compilations();
        set(&mut solver, &settings! { trace: false });
        let again = solver.solve(&batch(), 0.0..END).unwrap();
        assert!(again.trace().runs().is_empty());
        assert_eq!(solver.source().unwrap(), never);
        assert_eq!(solver.device().compilations(), compilations, "the kernel before is still known");
        for run in 0..RATES.len() {
            assert_eq!(bits(&with, run), bits(&without, run), "{settings}: run {run}");
            assert_eq!(bits(&again, run), bits(&without, run));
        }
    }
}

#[test]
fn runs_with_ends_of_their_own_are_traced_to_them() {
    let durations = [3.0, 1.25, 12.0, 0.5, 7.0];
    for settings in [settings! { algorithm: "tsit5" }, settings! { algorithm: "rk4", dt: 0.01, save_counters: true }] {
        let mut solver = solver(&settings);
        set(&mut solver, &settings! { trace: true });
        let solution = solver.solve(&batch().durations(durations), 0.0..END).unwrap();
        assert_eq!(solution.trace().runs().iter().map(TracedRun::run).collect::<Vec<_>>(), [3, 0, 4]);
        for traced in solution.trace().runs() {
            let sum: f64 = traced.attempts().filter(|attempt| attempt.accepted).map(|attempt| attempt.dt).sum();
            assert!(near(sum, durations[traced.run()], 1e-12), "{settings}: {sum}");
            agrees_until_failure(traced, &solution.counters(traced.run()).unwrap());
        }
    }
    // Without counters there is no telling how many attempts were recorded.
    let mut solver = solver(&settings! { algorithm: "rk4", dt: 0.01, trace: true });
    let error = solver.solve(&batch().durations(durations), 0.0..END).unwrap_err();
    assert!(error.to_string().contains("save_counters = true"), "{error}");
    assert!(solver.solve(&batch(), 0.0..END).is_ok());
}

#[test]
fn a_run_that_is_not_there_is_refused() {
    let mut solver = solver(&settings! { algorithm: "tsit5", trace: true, trace_runs: [1, 5] });
    let error = solver.solve(&batch(), 0.0..1.0).unwrap_err();
    assert!(matches!(error, SolveError::TraceRun { run: 5, runs: 5 }), "{error}");
    assert!(solver.update(&settings! { trace_runs: [-1] }, Unknown::Error).is_err());
    let error = solver.update(&settings! { save_counters: false }, Unknown::Error).unwrap_err().to_string();
    assert!(error.contains("a trace needs the number of steps"), "{error}");
}
