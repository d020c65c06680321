use buffer_runtime::{Device, Precision, SettingValue, Settings};

use crate::batch::Combine;
use crate::drivers::Drivers;
use crate::integrate::Tolerance;

/// How [`solve_ivp`](fn@crate::solve_ivp) integrates, with the defaults of the function of that name in SciPy.
///
/// | option | default |
/// | --- | --- |
/// | [`method`](Self::method) | `RK45`: the pair of Dormand and Prince, orders 5 and 4, with adaptive steps |
/// | [`rtol`](Self::rtol), [`atol`](Self::atol) | `1e-3`, `1e-6` |
/// | [`t_eval`](Self::t_eval) | none: the end is saved, and nothing in between |
/// | [`combine`](Self::combine) | every combination of the values |
/// | [`precision`](Self::precision) | `f64` |
/// | [`settings`](Self::settings) | none |
/// | [`device`](Self::device) | the first GPU, else the CPU |
/// | [`drivers`](Self::drivers) | none |
///
/// SciPy's function returns every step when it is not told when to save. Each run of a batch chooses steps of its own, so here the end is what all have.
#[derive(Debug)]
#[must_use = "options do nothing until they are given to `solve_ivp`"]
pub struct IvpOptions {
    method: String,
    rtol: Tolerance,
    atol: Tolerance,
    t_eval: Option<Vec<f64>>,
    pub(super) combine: Combine,
    precision: Precision,
    settings: Settings,
    pub(super) device: Option<Device>,
    pub(super) drivers: Option<Drivers>,
}

impl Default for IvpOptions {
    fn default() -> Self {
        Self {
            method: "RK45".to_owned(),
            rtol: Tolerance::all(1e-3),
            atol: Tolerance::all(1e-6),
            t_eval: None,
            combine: Combine::Grid,
            precision: Precision::F64,
            settings: Settings::new(),
            device: None,
            drivers: None,
        }
    }
}

impl IvpOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// The method, by any name of an [`Algorithm`](crate::Algorithm), upper or lower case: `RK45`, `RK23` and `DOP853` as in SciPy, `ode45`, `Tsit5`, `vern9`. One without
    /// an error estimate takes fixed steps of the setting `dt`. `auto` [chooses](crate::choice) one for the system, the runs and the time span.
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

    /// How several values of initial values and parameters make runs: every combination, or [value by value](Combine::Zip).
    pub fn combine(mut self, combine: Combine) -> Self {
        self.combine = combine;
        self
    }

    /// Precision of all arithmetic.
    pub fn precision(mut self, precision: Precision) -> Self {
        self.precision = precision;
        self
    }

    /// Any further settings of [`Solver::update`](crate::Solver::update); they win over the other options. Given twice, the later ones are laid over the earlier.
    pub fn settings(mut self, settings: &Settings) -> Self {
        self.settings.merge(settings);
        self
    }

    /// Where to compute.
    pub fn device(mut self, device: impl Into<Device>) -> Self {
        self.device = Some(device.into());
        self
    }

    /// Samples of the system's drivers.
    pub fn drivers(mut self, drivers: Drivers) -> Self {
        self.drivers = Some(drivers);
        self
    }

    /// All options as settings by name.
    pub(super) fn to_settings(&self) -> Settings {
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
