//! Which method integrates where the user names none: the setting `algorithm = "auto"`, which is its default.
//!
//! A few runs of the batch are followed on the host, roughly, with the tolerances of the solver but none tighter than 1e-3. Two numbers come of it:
//!
//! * **the steps an implicit method takes**, which its error decides: half of those of the probe, whose order is 2, and 10^(1/5) times as many for every decade by which
//!   the tolerance is tighter than the probe's; ten at least;
//! * **the steps an explicit method takes for its stability alone**: the integral over time of the largest damped rate, by 3.3, which is about where explicit methods of order 5
//!   become unstable on the negative real axis. A damped rate is the magnitude of an eigenvalue of the Jacobian whose real part is negative and at least a tenth of it.
//!   Oscillations that are damped less have to be followed whatever the method, and make no system stiff.
//!
//! Where the Jacobian has more than 20,000 entries no run is followed: the damped rate at its start stands for all of it, and an implicit method is thought to take as many steps as for 100
//! of the probe.
//!
//! Their ratio is the [stiffness](Choice::stiffness), and beyond 4 an implicit method is chosen. A step of `rodas4` costs 1.1 to 5.8 times
//! one of `tsit5` (`docs/methods.md`), and its kernel takes longer to compile; in between both do.
//!
//! | | not stiff | stiff |
//! | --- | --- | --- |
//! | double precision | `tsit5`; `vern7` for rtol < 1e-8 | `rodas4`; `rodas5p` for rtol ≤ 1e-5 |
//! | single precision | `tsit5` | `rodas4`; `rodas5p` for rtol ≤ 1e-5 |
//! | `step_controller = "fixed"` | `classical-rk4` | `rodas4` |
//!
//! From rtol = 1e-5 on, `rodas5p` takes less time than `rodas4` or as much on every problem of `docs/work-precision`, and their errors are alike. Steps of a fixed size are stiff where they
//! are beyond what `classical-rk4` is stable for, 2.78 over the damped rate.

mod probe;
mod spectrum;

use std::fmt;
use std::sync::OnceLock;

use buffer_runtime::Precision;

use crate::algorithm::Algorithm;
use crate::drivers::Drivers;
use crate::integrate::Tolerance;
use crate::linear::SystemStructure;
use crate::tableau::erk::{CLASSICAL_RK4, TSIT5, VERN7};
use crate::tableau::rosenbrock::{RODAS4, RODAS5P};

pub(crate) use probe::ProbedRun;
use probe::{Findings, Probe, Programs, TOLERANCE};

/// Where explicit methods of order 5 become unstable on the negative real axis.
const EXPLICIT_STABILITY: f64 = 3.3;
/// Where the classical Runge–Kutta method does.
const CLASSICAL_STABILITY: f64 = 2.785;
/// Explicit steps that cost what an implicit one does.
const WORTH: f64 = 4.0;
/// Steps of the implicit methods for one of the probe.
const STEPS_OF_PROBE: f64 = 0.5;
/// The fewest steps an implicit method is thought to take.
const FEWEST_STEPS: f64 = 10.0;

/// A method that was chosen for a batch, and why.
///
/// ```
/// # use batch_solver::{Batch, Solver, System};
/// # use buffer_runtime::Device;
/// let decay = System::builder("decay").equations("dx = -k*(x - cos(t))").state("x", 0.0).parameter("k", 1.0).build()?;
/// let solver = Solver::on(decay, Device::cpu()?)?;
/// let choice = solver.choose(&Batch::grid().vary("k", [1.0, 1e6]), 0.0..10.0)?;
/// assert_eq!(choice.algorithm.name(), "rodas4");
/// println!("{choice}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Choice {
    /// The method.
    pub algorithm: Algorithm,
    /// Steps that an explicit method would need for its stability alone, over those of an implicit one: the largest of the runs that were looked at. With steps of a fixed size it is their
    /// size over the largest that `classical-rk4` is stable for.
    pub stiffness: f64,
    /// Why, in a sentence without its full stop.
    pub reason: String,
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (auto: {})", self.algorithm, self.reason)
    }
}

/// All that a choice depends on, besides the system, its constants and its drivers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Question {
    /// The runs to look at.
    pub(crate) runs: Vec<ProbedRun>,
    pub(crate) atol: Tolerance,
    pub(crate) rtol: Tolerance,
    pub(crate) precision: Precision,
    /// The size of all steps, where the user fixed it.
    pub(crate) fixed: Option<f64>,
}

/// Makes choices for a system, and remembers the last.
#[derive(Debug, Default)]
pub(crate) struct Chooser {
    programs: OnceLock<Programs>,
    last: Option<(Question, Choice)>,
}

impl Chooser {
    /// Forgets the choice: constants or drivers are others now.
    pub(crate) fn forget(&mut self) {
        self.last = None;
    }

    /// Keeps a choice for the next time it is asked for.
    pub(crate) fn remember(&mut self, question: Question, choice: &Choice) {
        self.last = Some((question, choice.clone()));
    }

    /// The choice for a question.
    pub(crate) fn choose(
        &self,
        question: &Question,
        structure: &SystemStructure,
        constants: &[f64],
        drivers: Option<&Drivers>,
    ) -> Choice {
        if let Some((_, choice)) = self.last.as_ref().filter(|(asked, _)| asked == question) {
            return choice.clone();
        }
        if drivers.is_none() && !structure.system().drivers().is_empty() {
            return question.without_probe("the drivers have no samples yet, so no run could be looked at".to_owned());
        }
        let tolerances: Vec<(f64, f64)> =
            (0..structure.n()).map(|state| (question.atol.of(state), question.rtol.of(state))).collect();
        let programs = self.programs.get_or_init(|| Programs::of(structure));
        let probe = Probe { structure, programs, constants, drivers, tolerances: &tolerances };
        let findings: Vec<Findings> = question.runs.iter().map(|run| probe.look_at(run)).collect();
        question.answer(&findings)
    }
}

impl Question {
    /// The choice by what the runs showed.
    fn answer(&self, findings: &[Findings]) -> Choice {
        let seen = self.runs.iter().zip(findings).filter(|(_, findings)| findings.steps > 0.0);
        let worst = seen.max_by(|(_, a), (_, b)| self.stiffness(a).total_cmp(&self.stiffness(b)));
        let Some((run, findings)) = worst else {
            let begin = self.runs.first().map_or(0.0, |run| run.begin);
            return self.without_probe(format!(
                "the equations are not finite at the start, t = {begin}, of the runs looked at"
            ));
        };
        let stiffness = self.stiffness(findings);
        let rate = findings.rate;
        if let Some(dt) = self.fixed {
            let stiff = stiffness > 1.0;
            let reason = match (stiff, rate > 0.0) {
                (false, false) => "steps are fixed, and no rate is damped".to_owned(),
                (false, true) => format!(
                    "steps are fixed, and dt = {dt} is stable for damped rates of up to {} per unit of time",
                    short(rate)
                ),
                (true, _) => format!(
                    "stiff: damped rates of up to {} per unit of time make explicit steps unstable beyond {}, and dt is fixed at {dt}",
                    short(rate),
                    short(CLASSICAL_STABILITY / rate)
                ),
            };
            return Choice { algorithm: self.method(stiff), stiffness, reason };
        }
        let (explicit, implicit) = (findings.decays / EXPLICIT_STABILITY, self.implicit_steps(findings));
        let until = match findings {
            Findings { reached, broke: true, .. } => {
                format!(", seen up to t = {}, where the solution breaks off", short(*reached))
            }
            Findings { reached, .. } if *reached <= run.begin => {
                ", seen at the start only: the Jacobian is large".to_owned()
            }
            Findings { reached, .. } if *reached < run.end => format!(", seen up to t = {}", short(*reached)),
            _ => String::new(),
        };
        let stiff = stiffness > WORTH;
        let reason = match (stiff, rate > 0.0) {
            (true, _) => format!(
                "stiff: damped rates of up to {} per unit of time would hold an explicit method to {} where an implicit one takes about {}{until}",
                short(rate),
                steps(explicit),
                short(implicit)
            ),
            (false, true) => format!(
                "not stiff: damped rates of up to {} per unit of time hold an explicit method to {}, and the error an implicit one to about {}{until}",
                short(rate),
                steps(explicit),
                short(implicit)
            ),
            (false, false) => format!("not stiff: no rate is damped{until}"),
        };
        Choice { algorithm: self.method(stiff), stiffness, reason }
    }

    fn without_probe(&self, reason: String) -> Choice {
        Choice { algorithm: self.method(false), stiffness: 0.0, reason }
    }

    fn stiffness(&self, findings: &Findings) -> f64 {
        match self.fixed {
            Some(dt) => dt * findings.rate / CLASSICAL_STABILITY,
            None => findings.decays / EXPLICIT_STABILITY / self.implicit_steps(findings),
        }
    }

    /// Steps an implicit method takes for its error.
    fn implicit_steps(&self, findings: &Findings) -> f64 {
        let tightest = self.tightest();
        let tighter = if tightest > 0.0 { (TOLERANCE / tightest).max(1.0) } else { 1.0 };
        (STEPS_OF_PROBE * findings.steps * tighter.powf(0.2)).max(FEWEST_STEPS)
    }

    /// The smallest relative tolerance.
    fn tightest(&self) -> f64 {
        let states = self.runs.first().map_or(1, |run| run.initial.len());
        (0..states).map(|state| self.rtol.of(state)).fold(f64::INFINITY, f64::min)
    }

    fn method(&self, stiff: bool) -> Algorithm {
        let tightest = self.tightest();
        match (stiff, self.fixed) {
            (false, Some(_)) => Algorithm::Erk(&CLASSICAL_RK4),
            (true, None) if tightest <= 1e-5 => Algorithm::Rosenbrock(&RODAS5P),
            (true, _) => Algorithm::Rosenbrock(&RODAS4),
            (false, None) if tightest < 1e-8 && self.precision == Precision::F64 => Algorithm::Erk(&VERN7),
            (false, None) => Algorithm::Erk(&TSIT5),
        }
    }
}

fn steps(count: f64) -> String {
    let count = count.ceil();
    format!("{} step{}", short(count), if count == 1.0 { "" } else { "s" })
}

/// A number to two digits.
fn short(value: f64) -> String {
    match value.abs() {
        size if size == 0.0 || !size.is_finite() => value.to_string(),
        size if (1e-3..9.95).contains(&size) => {
            let text = format!(
                "{value:.*}",
                if size < 0.0995 {
                    4
                } else if size < 0.995 {
                    2
                } else {
                    1
                }
            );
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        size if (9.95..999.5).contains(&size) => format!("{value:.0}"),
        _ => format!("{value:.1e}"),
    }
}
