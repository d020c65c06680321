//! A run on the host, roughly, to see what holds its steps.

use super::spectrum;
use crate::drivers::Drivers;
use crate::linear::SystemStructure;
use crate::system::{EmitOptions, Inputs, Program};

/// Steps that are attempted for a run before what was seen has to do.
const ATTEMPTS: usize = 500;
/// Operations that are spent on a run: large systems get fewer attempts.
const OPERATIONS: usize = 40_000_000;
/// The fewest attempts.
const FEWEST: usize = 40;
/// Entries of the Jacobian beyond which no run is followed: its derivation and factorisation could take longer than the batch.
const ENTRIES: usize = 20_000;
/// Steps that a run which is not followed is thought to take.
const THOUGHT: f64 = 100.0;
/// The tightest relative tolerance of the probe.
pub(super) const TOLERANCE: f64 = 1e-3;

/// Programs of a system, made once.
#[derive(Debug)]
pub(super) struct Programs {
    derivatives: Program,
    /// None where the Jacobian has too many entries.
    linearisation: Option<Program>,
}

impl Programs {
    pub(super) fn of(structure: &SystemStructure) -> Self {
        let system = structure.system();
        Self {
            derivatives: system.derivative_program(EmitOptions::default()),
            linearisation: (structure.sparsity().nonzeros() <= ENTRIES)
                .then(|| system.linearisation_program(EmitOptions::default())),
        }
    }
}

/// What all runs share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe<'a> {
    pub(super) structure: &'a SystemStructure,
    pub(super) programs: &'a Programs,
    pub(super) constants: &'a [f64],
    pub(super) drivers: Option<&'a Drivers>,
    /// Absolute and relative tolerance of each state.
    pub(super) tolerances: &'a [(f64, f64)],
}

/// A run of the batch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ProbedRun {
    pub(crate) initial: Vec<f64>,
    pub(crate) parameters: Vec<f64>,
    pub(crate) begin: f64,
    pub(crate) end: f64,
}

/// What a run showed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Findings {
    /// Steps that the error asked for.
    pub(super) steps: f64,
    /// The integral of the damped rate over time.
    pub(super) decays: f64,
    /// The largest damped rate.
    pub(super) rate: f64,
    /// Where the probe ended.
    pub(super) reached: f64,
    /// Whether the run could not be followed to its end, although attempts were left.
    pub(super) broke: bool,
}

/// The equations and their linearisation at a point.
struct Point {
    f: Vec<f64>,
    jacobian: Vec<f64>,
    by_time: Vec<f64>,
}

/// A step that was tried.
struct Attempt {
    y: Vec<f64>,
    /// Its error, in units of the tolerance.
    error: f64,
}

impl Probe<'_> {
    /// What there is to see of a run.
    pub(super) fn look_at(&self, run: &ProbedRun) -> Findings {
        match &self.programs.linearisation {
            Some(linearisation) => self.follow(linearisation, run),
            None => self.look_at_start(run),
        }
    }

    /// The damped rate at the start of a run, by differences along the directions of the Krylov space, as if it stayed.
    fn look_at_start(&self, run: &ProbedRun) -> Findings {
        let findings = Findings { reached: run.begin, ..Findings::default() };
        let y = &run.initial;
        let Some(f) = self.derivatives(run, run.begin, y) else { return Findings { broke: true, ..findings } };
        let size = y.iter().map(|y| y * y).sum::<f64>().sqrt();
        let by = f64::EPSILON.sqrt() * if size > 0.0 { size } else { 1.0 };
        let product = |direction: &[f64]| {
            let moved: Vec<f64> = y.iter().zip(direction).map(|(y, direction)| y + by * direction).collect();
            let there = self.derivatives(run, run.begin, &moved)?;
            Some(there.iter().zip(&f).map(|(there, f)| (there - f) / by).collect())
        };
        let rate = spectrum::damped_rate_of(y.len(), product).unwrap_or(0.0);
        Findings { steps: THOUGHT, decays: rate * (run.end - run.begin), rate, ..findings }
    }

    /// Follows a run by the linearly implicit method of order 2 of L. Shampine and M. Reichelt (SIAM J. Sci. Comput. 18 (1997) 1–22).
    fn follow(&self, linearisation: &Program, run: &ProbedRun) -> Findings {
        let span = run.end - run.begin;
        let (mut t, mut y) = (run.begin, run.initial.clone());
        let mut findings = Findings { reached: t, ..Findings::default() };
        let Some(mut point) = self.point(linearisation, run, t, &y) else {
            return Findings { broke: true, ..findings };
        };
        let mut rate = self.rate(&point).unwrap_or(0.0);
        findings.rate = rate;
        let mut step = (0.01 / self.norm(&point.f, &y, &y)).min(1e-2 * span);
        for _ in 0..self.attempts(linearisation) {
            step = step.min(run.end - t);
            if t + step <= t {
                findings.broke = true;
                break;
            }
            let attempt = self.step(run, &point, t, &y, step);
            let next = attempt.as_ref().filter(|attempt| attempt.error <= 1.0);
            let next = next.and_then(|attempt| Some((attempt, self.point(linearisation, run, t + step, &attempt.y)?)));
            let error = attempt.as_ref().map_or(f64::INFINITY, |attempt| attempt.error);
            let Some((attempt, at_end)) = next else {
                step *= if error.is_finite() && error > 1.0 { (0.8 * error.cbrt().recip()).max(0.2) } else { 0.2 };
                continue;
            };
            let rate_before = rate;
            rate = self.rate(&at_end).unwrap_or(rate);
            findings.steps += 1.0;
            // Rates rise and fall by decades within a step, for which their geometric mean is fair.
            findings.decays += step * (rate * rate_before).sqrt();
            findings.rate = findings.rate.max(rate);
            t = if t + step >= run.end { run.end } else { t + step };
            findings.reached = t;
            if t >= run.end {
                break;
            }
            step *= (0.8 * error.cbrt().recip()).clamp(0.2, 5.0);
            y.clone_from(&attempt.y);
            point = at_end;
        }
        findings
    }

    fn attempts(&self, linearisation: &Program) -> usize {
        let evaluations = 2 * self.programs.derivatives.statements() + linearisation.statements();
        let lu = self.structure.lu();
        let algebra = lu.factor_statements() + 3 * lu.solve_statements() + 12 * lu.jacobian_nonzeros();
        (OPERATIONS / (evaluations + algebra).max(1)).clamp(FEWEST, ATTEMPTS)
    }

    /// One step of the size `h`; none where it is not finite.
    fn step(&self, run: &ProbedRun, point: &Point, t: f64, y: &[f64], h: f64) -> Option<Attempt> {
        let d = (2.0 + std::f64::consts::SQRT_2).recip();
        let e32 = 6.0 + std::f64::consts::SQRT_2;
        let lu = self.structure.lu();
        let factors = lu.factors(1.0, h * d, &point.jacobian);
        let solved = |right: &mut dyn Iterator<Item = f64>| {
            let mut x: Vec<f64> = right.collect();
            lu.solve(&factors, &mut x);
            x
        };
        let moved = |by: f64, k: &[f64]| y.iter().zip(k).map(|(y, k)| y + by * k).collect::<Vec<f64>>();
        let by_time = |i: usize| point.by_time.get(i).map_or(0.0, |rate| h * d * rate);
        let states = || 0..y.len();
        let k1 = solved(&mut states().map(|i| point.f[i] + by_time(i)));
        let f1 = self.derivatives(run, t + 0.5 * h, &moved(0.5 * h, &k1))?;
        let mut k2 = solved(&mut states().map(|i| f1[i] - k1[i]));
        k2.iter_mut().zip(&k1).for_each(|(k2, k1)| *k2 += k1);
        let end = moved(h, &k2);
        let f2 = self.derivatives(run, t + h, &end)?;
        let k3 = solved(&mut states().map(|i| f2[i] - e32 * (k2[i] - f1[i]) - 2.0 * (k1[i] - point.f[i]) + by_time(i)));
        let error: Vec<f64> = states().map(|i| h / 6.0 * (k1[i] - 2.0 * k2[i] + k3[i])).collect();
        let error = self.norm(&error, y, &end);
        end.iter().all(|y| y.is_finite()).then_some(Attempt { y: end, error })
    }

    /// The norm of a vector in units of the tolerances, which are as loose as the probe's.
    fn norm(&self, vector: &[f64], y: &[f64], other: &[f64]) -> f64 {
        let scaled = vector.iter().zip(y).zip(other).zip(self.tolerances);
        let squares = scaled.map(|(((value, y), other), &(absolute, relative))| {
            let looser = if relative > 0.0 { (TOLERANCE / relative).max(1.0) } else { 1.0 };
            (value / (looser * absolute + relative.max(TOLERANCE) * y.abs().max(other.abs()))).powi(2)
        });
        (squares.sum::<f64>() / vector.len().max(1) as f64).sqrt()
    }

    fn rate(&self, point: &Point) -> Option<f64> {
        spectrum::damped_rate(self.structure.sparsity(), &point.jacobian)
    }

    fn point(&self, linearisation: &Program, run: &ProbedRun, t: f64, y: &[f64]) -> Option<Point> {
        let mut f = self.evaluate(linearisation, run, t, y)?;
        let entries = self.structure.sparsity().nonzeros();
        let mut jacobian = f.split_off(self.structure.n());
        let by_time = jacobian.split_off(entries);
        Some(Point { f, jacobian, by_time })
    }

    fn derivatives(&self, run: &ProbedRun, t: f64, y: &[f64]) -> Option<Vec<f64>> {
        self.evaluate(&self.programs.derivatives, run, t, y)
    }

    /// The results of a program; none where one is not finite.
    fn evaluate(&self, program: &Program, run: &ProbedRun, t: f64, y: &[f64]) -> Option<Vec<f64>> {
        let (values, rates) =
            self.drivers.map_or_else(Default::default, |drivers| (drivers.values(t), drivers.rates(t)));
        let inputs = Inputs::new(t, y, &run.parameters, self.constants).drivers(&values).driver_rates(&rates);
        let results = program.evaluate_with(&inputs).ok()?;
        results.iter().all(|result| result.is_finite()).then_some(results)
    }
}
