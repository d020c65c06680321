//! One call from a system to its solution.

use std::ops::Range;

use buffer_runtime::{Device, Precision, SettingValue, Settings, Unknown};

use crate::batch::Batch;
use crate::error::SolveError;
use crate::integrate::Tolerance;
use crate::solution::Solution;
use crate::solver::Solver;
use crate::system::System;

/// How [`solve_ivp`] integrates, with the defaults of the function of that name in SciPy.
///
/// | option | default |
/// | --- | --- |
/// | [`method`](Self::method) | `RK45`: the pair of Dormand and Prince, orders 5 and 4, with adaptive steps |
/// | [`rtol`](Self::rtol), [`atol`](Self::atol) | `1e-3`, `1e-6` |
/// | [`t_eval`](Self::t_eval) | none: the end is saved, and nothing in between |
/// | [`precision`](Self::precision) | `f64` |
/// | [`settings`](Self::settings) | none |
/// | [`device`](Self::device) | the first GPU, else the CPU |
///
/// SciPy's function returns every step when it is not told when to save. Each run of a batch chooses steps of its own, so here the end is what all have.
#[derive(Debug)]
#[must_use = "options do nothing until they are given to `solve_ivp`"]
pub struct IvpOptions {
    method: String,
    rtol: Tolerance,
    atol: Tolerance,
    t_eval: Option<Vec<f64>>,
    precision: Precision,
    settings: Settings,
    device: Option<Device>,
}

impl Default for IvpOptions {
    fn default() -> Self {
        Self {
            method: "RK45".to_owned(),
            rtol: Tolerance::all(1e-3),
            atol: Tolerance::all(1e-6),
            t_eval: None,
            precision: Precision::F64,
            settings: Settings::new(),
            device: None,
        }
    }
}

impl IvpOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// The method, by any name of an [`Algorithm`](crate::Algorithm), upper or lower case: `RK45`, `RK23` and `DOP853` as in SciPy, `ode45`, `Tsit5`, `vern9`. One without
    /// an error estimate takes fixed steps of the setting `dt`.
    pub fn method(mut self, name: impl Into<String>) -> Self {
        self.method = name.into();
        self
    }

    /// Relative tolerance of the error of a step: one for all states, or [one for each](Tolerance::each).
    pub fn rtol(mut self, tolerance: impl Into<Tolerance>) -> Self {
        self.rtol = tolerance.into();
        self
    }

    /// Absolute tolerance of the error of a step, in the unit of the states: one for all, or [one for each](Tolerance::each).
    pub fn atol(mut self, tolerance: impl Into<Tolerance>) -> Self {
        self.atol = tolerance.into();
        self
    }

    /// Times to save at, ascending and within the time span; steps end exactly there.
    pub fn t_eval(mut self, times: impl Into<Vec<f64>>) -> Self {
        self.t_eval = Some(times.into());
        self
    }

    /// Precision of all arithmetic.
    pub fn precision(mut self, precision: Precision) -> Self {
        self.precision = precision;
        self
    }

    /// Any further settings of [`Solver::update`]; they win over the other options. Given twice, the later ones are laid over the earlier.
    pub fn settings(mut self, settings: &Settings) -> Self {
        self.settings.merge(settings);
        self
    }

    /// Where to compute.
    pub fn device(mut self, device: impl Into<Device>) -> Self {
        self.device = Some(device.into());
        self
    }

    /// All options as settings by name.
    fn to_settings(&self) -> Settings {
        let mut settings = Settings::new();
        settings.set("algorithm", self.method.as_str());
        settings.set("rtol", self.rtol.to_value()).set("atol", self.atol.to_value());
        settings.set("precision", self.precision.name());
        if let Some(times) = &self.t_eval {
            settings.set("t_eval", times.clone());
        }
        settings.merge(&self.settings);
        settings
    }
}

/// Solves an initial value problem for every run of a batch.
///
/// The call makes a [`Solver`], and compiles unless the cache on disk has the kernel. Who solves more than once keeps a solver: it has its kernel at hand.
///
/// ```
/// use batch_solver::{Batch, IvpOptions, System, linspace, solve_ivp};
///
/// let decay = System::builder("decay").equations("dx = -k*x").state("x", 1.0).parameter("k", 1.0).build()?;
/// let rates = Batch::grid().vary("k", linspace(0.5, 2.0, 4));
/// let solution = solve_ivp(decay, 0.0..1.0, &rates, IvpOptions::new().t_eval([0.5, 1.0]))?;
///
/// assert_eq!(solution.failed(), 0);
/// for (run, k) in [0.5_f64, 1.0, 1.5, 2.0].into_iter().enumerate() {
///     let x = solution.state(1, 0, run).unwrap();
///     assert!((x - (-k).exp()).abs() < 1e-3);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// What [`Solver::on`], [`Solver::update`] and [`Solver::solve`] refuse: an unknown method or setting (the nearest is named), a tolerance or time that is impossible, a
/// batch that does not fit the system, a device that is missing. A run that fails is no error: see [`Solution::status`].
pub fn solve_ivp(
    system: System,
    t_span: Range<f64>,
    batch: &Batch,
    options: IvpOptions,
) -> Result<Solution, SolveError> {
    let settings = options.to_settings();
    let device = match options.device {
        Some(device) => device,
        None => Device::best()?,
    };
    let mut solver = Solver::on(system, device)?;
    solver.update(&settings, Unknown::Error)?;
    solver.solve(batch, t_span)
}
