//! Pairs of method and controller, and what else they choose.

use buffer_runtime::{Settings, Value};

/// A method and a controller, with what they are made of, and the gains that follow from both.
pub(crate) struct Pair {
    pub(crate) algorithm: &'static str,
    pub(crate) controller: &'static str,
    /// What else the pair chooses: some of [`CHOICES`].
    choices: &'static [(&'static str, &'static str)],
    /// The step and the controller.
    pub(crate) factories: [&'static str; 2],
    /// What the step consists of, level by level.
    pub(crate) of_step: &'static [&'static str],
    gains: &'static [(&'static str, f64)],
}

const fn pair(algorithm: &'static str, controller: &'static str, factories: [&'static str; 2]) -> Pair {
    Pair { algorithm, controller, choices: &[], factories, of_step: &[], gains: &[] }
}

impl Pair {
    const fn with(self, choices: &'static [(&'static str, &'static str)]) -> Self {
        Self { choices, ..self }
    }

    const fn of(self, of_step: &'static [&'static str]) -> Self {
        Self { of_step, ..self }
    }

    const fn gains(self, gains: &'static [(&'static str, f64)]) -> Self {
        Self { gains, ..self }
    }
}

/// Gains of the last error, the one before and the one before that. Those of `pi` are 0.7 and -0.4 times (q + 1)/q, where q is the smaller order.
pub(crate) const PAIRS: [Pair; 18] = [
    pair("euler", "fixed", ["euler", "fixed_controller"]),
    pair("rk23", "gustafsson", ["erk", "gustafsson_controller"]),
    pair("rk45", "pid", ["erk", "pid_controller"]).gains(&PID),
    pair("dopri54", "pi", ["erk", "pi_controller"]).gains(&PI_4),
    pair("tsit5", "pi", ["erk", "pi_controller"]).gains(&PI_4),
    pair("vern7", "i", ["erk", "i_controller"]).gains(&I),
    pair("rodas4", "fixed", ["rosenbrock", "fixed_controller"]).of(&["lu"]),
    pair("ode23s", "pi", ["rosenbrock", "pi_controller"]).of(&["lu"]).gains(&PI_2),
    pair("crank_nicolson", "gustafsson", ["crank_nicolson", "gustafsson_controller"])
        .with(&[("newton_jacobian", "exact")])
        .of(&["newton", "direct", "lu"]),
    pair("backwards_euler", "fixed", ["backwards_euler", "fixed_controller"]).of(&["newton", "direct", "lu"]),
    pair("kvaerno3", "pi", ["dirk", "pi_controller"])
        .with(&[("linear_solver", "bicgstab"), ("krylov_preconditioner", "neumann"), ("dense_prediction", "true")])
        .of(&["newton", "dense_predictor", "bicgstab", "neumann"])
        .gains(&PI_2),
    pair("kvaerno5", "i", ["dirk", "i_controller"]).of(&["newton", "direct", "lu"]).gains(&I),
    pair("backwards_euler_pc", "fixed", ["backwards_euler_pc", "fixed_controller"])
        .with(&[("linear_solver", "minimal_residual"), ("krylov_preconditioner", "jacobi")])
        .of(&["newton", "minimal_residual", "jacobi"]),
    pair("l_stable_sdirk_4", "pid", ["dirk", "pid_controller"]).of(&["newton", "direct", "lu"]).gains(&PID),
    pair("radau_iia_5", "gustafsson", ["firk", "gustafsson_controller"]).of(&[
        "newton",
        "dense_predictor",
        "direct",
        "lu",
        "lu",
    ]),
    pair("radau_iia_5", "i", ["firk", "i_controller"])
        .with(&[("linear_solver", "bicgstab"), ("krylov_preconditioner", "jacobi")])
        .of(&["newton", "dense_predictor", "bicgstab", "bicgstab", "no_preconditioner", "jacobi"])
        .gains(&I),
    pair("firk_gauss_legendre_4", "pid", ["firk", "pid_controller"])
        .with(&[("dense_prediction", "false"), ("smoothed_error", "true")])
        .of(&["newton", "direct", "direct", "lu", "lu", "lu"])
        .gains(&PID),
    pair("radau_iia_3", "pi", ["firk", "pi_controller"])
        .with(&[("newton_jacobian", "exact")])
        .of(&["newton", "dense_predictor", "direct", "direct", "lu", "lu"])
        .gains(&PI_2),
];

const I: [(&str, f64); 1] = [("kp", 1.2)];
const PI_2: [(&str, f64); 2] = [("kp", 0.7 * 3.0 / 2.0), ("ki", -0.4 * 3.0 / 2.0)];
const PI_4: [(&str, f64); 2] = [("kp", 0.875), ("ki", -0.5)];
const PID: [(&str, f64); 3] = [("kp", 0.7), ("ki", -0.4), ("kd", 0.1)];

/// The settings that make the pair what it is. They choose factories, so they are changed apart from all others.
pub(crate) const CHOICES: [&str; 8] = [
    "algorithm",
    "step_controller",
    "linear_solver",
    "newton_jacobian",
    "krylov_preconditioner",
    "error_preconditioner",
    "dense_prediction",
    "smoothed_error",
];

/// A trace needs the counters, so these cannot be off in one update with `trace` on: they are changed after all others.
pub(crate) const COUNTERS: &str = "save_counters";

impl Pair {
    /// The choices: those that are not the pair's are left to it.
    pub(crate) fn settings(&self) -> Settings {
        CHOICES.iter().map(|name| (*name, self.choice(name).unwrap_or(Value::Auto))).collect()
    }

    /// What the pair chooses for one of [`CHOICES`].
    pub(crate) fn choice(&self, name: &str) -> Option<Value> {
        let text = match name {
            "algorithm" => self.algorithm,
            "step_controller" => self.controller,
            _ => self.choices.iter().find(|(other, _)| *other == name)?.1,
        };
        Some(text.parse::<bool>().map_or_else(|_| text.into(), Value::from))
    }

    pub(crate) fn is_adaptive(&self) -> bool {
        self.controller != "fixed"
    }

    pub(crate) fn gain(&self, name: &str) -> f64 {
        self.gains.iter().find(|(other, _)| *other == name).map_or(f64::NAN, |(_, gain)| *gain)
    }
}
