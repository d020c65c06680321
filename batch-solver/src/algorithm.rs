//! Which method integrates, by name.

use std::fmt;
use std::str::FromStr;

use buffer_runtime::{SettingValue, UnknownName, Value, WrongValue};

use crate::tableau::erk::TSIT5;
use crate::tableau::{ErkTableau, PreferredController, RosenbrockTableau};

/// A method of integration.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Algorithm {
    /// Explicit Euler: `euler`.
    Euler,
    /// An explicit Runge–Kutta method, by the name or an alias of its tableau: `classical-rk4`, `dormand-prince-54`, `tsit5` …
    Erk(&'static ErkTableau),
    /// A Rosenbrock method, by the name or an alias of its tableau: `rodas4`, `ros3p`, `rosenbrock23` …
    Rosenbrock(&'static RosenbrockTableau),
}

impl Default for Algorithm {
    /// The method of Tsitouras, orders 5 and 4, which stands in for a [choice](crate::choice) until there is one.
    fn default() -> Self {
        Self::Erk(&TSIT5)
    }
}

impl Algorithm {
    /// The canonical names of all methods.
    pub fn names() -> impl Iterator<Item = &'static str> {
        std::iter::once("euler")
            .chain(ErkTableau::all().iter().map(|tableau| tableau.name))
            .chain(RosenbrockTableau::all().iter().map(|tableau| tableau.name))
    }

    /// The canonical name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Euler => "euler",
            Self::Erk(tableau) => tableau.name,
            Self::Rosenbrock(tableau) => tableau.name,
        }
    }

    /// The smaller order of the embedded pair, which step size controllers go by; the method's own where there is no pair.
    pub fn controller_order(&self) -> u32 {
        match self {
            Self::Euler => 1,
            Self::Erk(tableau) => tableau.controller_order(),
            Self::Rosenbrock(tableau) => tableau.controller_order(),
        }
    }

    /// Stages of a step.
    pub fn stages(&self) -> usize {
        match self {
            Self::Euler => 1,
            Self::Erk(tableau) => tableau.stages(),
            Self::Rosenbrock(tableau) => tableau.stages(),
        }
    }

    /// The family of controllers that the method's literature recommends.
    pub(crate) fn preferred_controller(&self) -> Option<PreferredController> {
        match self {
            Self::Euler => None,
            Self::Erk(tableau) => tableau.properties.controller,
            Self::Rosenbrock(tableau) => tableau.properties.controller,
        }
    }

    /// Whether steps come with an error estimate.
    pub fn has_error_estimate(&self) -> bool {
        match self {
            Self::Euler => false,
            Self::Erk(tableau) => tableau.b_hat.is_some(),
            Self::Rosenbrock(tableau) => tableau.b_hat.is_some(),
        }
    }

    /// Whether steps solve linear systems with the Jacobian: for stiff systems.
    pub fn is_implicit(&self) -> bool {
        matches!(self, Self::Rosenbrock(_))
    }

    /// Order of convergence.
    pub fn order(&self) -> u32 {
        match self {
            Self::Euler => 1,
            Self::Erk(tableau) => tableau.order,
            Self::Rosenbrock(tableau) => tableau.order,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.eq_ignore_ascii_case("euler") {
            return Ok(Self::Euler);
        }
        let explicit = ErkTableau::named(text).map(Self::Erk);
        explicit.or_else(|_| RosenbrockTableau::named(text).map(Self::Rosenbrock)).map_err(|_| {
            let explicit = ErkTableau::all().iter().flat_map(ErkTableau::names);
            let rosenbrock = RosenbrockTableau::all().iter().flat_map(RosenbrockTableau::names);
            UnknownName::new("algorithm", text, std::iter::once("euler").chain(explicit).chain(rosenbrock))
        })
    }
}

impl SettingValue for Algorithm {
    fn from_value(value: &Value) -> Result<Self, WrongValue> {
        match value {
            Value::Text(text) => text
                .parse()
                .map_err(|error: UnknownName| WrongValue { expected: Self::expected(), suggestion: error.suggestion }),
            _ => Err(WrongValue { expected: Self::expected(), suggestion: None }),
        }
    }

    fn to_value(&self) -> Value {
        Value::Text(self.name().to_owned())
    }

    fn expected() -> String {
        format!("the name of a method: {}", Self::names().collect::<Vec<_>>().join(", "))
    }
}
