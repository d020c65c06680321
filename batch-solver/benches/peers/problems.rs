//! The problems: how this library is set up for them and how others are asked.

use batch_solver::{Batch, Solution, Solver, System};
use buffer_runtime::{CpuDevice, CpuOptions, Settings, Unknown, settings};

use crate::common::systems::model;
use crate::common::{Fallible, hires, lorenz};

/// Up to so many runs are spread over the range of the parameter; more repeat these, so that neighbours always differ.
const MOST_VALUES: usize = 1_000;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    LorenzFixed,
    LorenzAdaptive,
    Robertson,
    Hires,
}

pub(crate) struct Problem {
    pub(crate) kind: Kind,
    pub(crate) title: &'static str,
    /// How programs call it that know several.
    pub(crate) letter: &'static str,
    swept: &'static str,
    range: (f64, f64),
    end: f64,
    /// This library's relative tolerance, and the absolute one in units of the relative.
    pub(crate) tolerance: Option<f64>,
    pub(crate) absolute: f64,
}

pub(crate) const ALL: [Problem; 4] = [
    Problem {
        kind: Kind::LorenzFixed,
        title: "Lorenz, fixed steps",
        letter: "F",
        swept: "rho",
        range: (0.0, 21.0),
        end: 1.0,
        tolerance: None,
        absolute: 1.0,
    },
    Problem {
        kind: Kind::LorenzAdaptive,
        title: "Lorenz, chosen steps",
        letter: "L",
        swept: "rho",
        range: (0.0, 21.0),
        end: 1.0,
        tolerance: Some(1e-6),
        absolute: 1.0,
    },
    Problem {
        kind: Kind::Robertson,
        title: "Robertson",
        letter: "R",
        swept: "k1",
        range: (0.02, 0.06),
        end: 1e4,
        tolerance: Some(1e-4),
        absolute: 1e-4,
    },
    Problem {
        kind: Kind::Hires,
        title: "HIRES",
        letter: "H",
        swept: "decay",
        range: (1.2, 2.2),
        end: 321.8122,
        tolerance: Some(1e-4),
        absolute: 1e-4,
    },
];

impl Problem {
    /// Whether errors are in units of 1e-8 + 1e-4 |value|.
    pub(crate) fn is_stiff(&self) -> bool {
        matches!(self.kind, Kind::Robertson | Kind::Hires)
    }

    fn system(&self) -> Fallible<System> {
        match self.kind {
            Kind::LorenzFixed | Kind::LorenzAdaptive => lorenz(),
            Kind::Robertson => Ok(model("robertson")),
            Kind::Hires => hires(),
        }
    }

    /// This library's method.
    fn settings(&self) -> Settings {
        match self.kind {
            Kind::LorenzFixed => settings! { algorithm: "classical-rk4", precision: "f64", dt: 1e-3 },
            Kind::LorenzAdaptive => {
                settings! { algorithm: "tsit5", precision: "f64", rtol: 1e-6, atol: 1e-6, save_counters: false }
            }
            Kind::Robertson | Kind::Hires => {
                settings! { algorithm: "rodas4", rtol: 1e-4, atol: 1e-8, dt_min: 1e-20, dt_max: 1e20 }
            }
        }
    }

    /// What counts as exact.
    fn exact(&self) -> Settings {
        if self.is_stiff() {
            settings! { algorithm: "rodas5p", rtol: 1e-10, atol: 1e-14, dt_min: 1e-20, dt_max: 1e20 }
        } else {
            settings! { algorithm: "tsit5", precision: "f64", rtol: 1e-12, atol: 1e-12 }
        }
    }

    fn with(&self, settings: &Settings, options: CpuOptions) -> Fallible<Solver> {
        let mut solver = Solver::on(self.system()?, CpuDevice::with_options(options, Default::default())?)?;
        solver.update(settings, Unknown::Error)?;
        // Its kernel is compiled and its threads are there.
        self.solve(&mut solver, MOST_VALUES)?;
        Ok(solver)
    }

    pub(crate) fn solver(&self, options: CpuOptions) -> Fallible<Solver> {
        self.with(&self.settings(), options)
    }

    /// A batch of so many runs, all of it.
    pub(crate) fn solve(&self, solver: &mut Solver, runs: usize) -> Fallible<Solution> {
        let (low, high) = self.range;
        let values = runs.min(MOST_VALUES);
        let share = |run: usize| ((run % MOST_VALUES) as f64 + 0.5) / values as f64;
        let swept: Vec<f64> = (0..runs).map(|run| low + (high - low) * share(run)).collect();
        let solution = solver.solve(&Batch::zip().vary(self.swept, swept), 0.0..self.end)?;
        if solution.failed() > 0 {
            return Err(format!("{}: {} of {runs} runs failed", self.title, solution.failed()).into());
        }
        Ok(solution)
    }

    /// The largest error of any final value.
    pub(crate) fn error(&self, solver: &mut Solver) -> Fallible<f64> {
        let ends = |solver: &mut Solver| -> Fallible<Vec<f64>> {
            let solution = self.solve(solver, MOST_VALUES)?;
            let states: Option<Vec<_>> = (0..MOST_VALUES).map(|run| solution.final_state(run)).collect();
            Ok(states.ok_or("a run without a final state")?.concat())
        };
        let exact = ends(&mut self.with(&self.exact(), CpuOptions::default())?)?;
        let unit = |value: f64| if self.is_stiff() { 1e-8 + 1e-4 * value.abs() } else { 1.0 };
        let errors = ends(solver)?.into_iter().zip(exact).map(|(ours, exact)| (ours - exact).abs() / unit(exact));
        Ok(errors.fold(0.0, f64::max))
    }
}
