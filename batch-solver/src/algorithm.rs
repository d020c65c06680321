//! Which method integrates, by name.

use std::fmt;
use std::str::FromStr;

use buffer_runtime::{SettingValue, UnknownName, Value, WrongValue};

use crate::tableau::erk::TSIT5;
use crate::tableau::{DirkTableau, ErkTableau, FirkTableau, PreferredController, RosenbrockTableau};

/// A method of integration.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Algorithm {
    /// Explicit Euler: `euler`.
    Euler,
    /// An explicit Runge–Kutta method, by the name or an alias of its tableau: `classical-rk4`, `dormand-prince-54`, `tsit5` …
    Erk(&'static ErkTableau),
    /// The backward Euler method: `backwards_euler`.
    BackwardsEuler,
    /// The backward Euler method whose first guess is an explicit step: `backwards_euler_pc`.
    BackwardsEulerPc,
    /// The Crank–Nicolson method: `crank_nicolson`.
    CrankNicolson,
    /// A diagonally implicit Runge–Kutta method, by the name or an alias of its tableau: `kvaerno5`, `ode23t` …
    Dirk(&'static DirkTableau),
    /// A fully implicit Runge–Kutta method, by the name or an alias of its tableau: `radau`, `firk_gauss_legendre_2` …
    Firk(&'static FirkTableau),
    /// A Rosenbrock method, by the name or an alias of its tableau: `rodas4`, `ros3p`, `rosenbrock23` …
    Rosenbrock(&'static RosenbrockTableau),
}

impl Default for Algorithm {
    /// The method of Tsitouras, orders 5 and 4, which stands in for a [choice](crate::choice) until there is one.
    fn default() -> Self {
        Self::Erk(&TSIT5)
    }
}

/// Methods without a tableau, by their names.
const SINGLE: [(&str, Algorithm); 4] = [
    ("euler", Algorithm::Euler),
    ("backwards_euler", Algorithm::BackwardsEuler),
    ("backwards_euler_pc", Algorithm::BackwardsEulerPc),
    ("crank_nicolson", Algorithm::CrankNicolson),
];

impl Algorithm {
    /// All methods, family by family.
    pub fn all() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Euler)
            .chain(ErkTableau::all().iter().map(Self::Erk))
            .chain([Self::BackwardsEuler, Self::BackwardsEulerPc, Self::CrankNicolson])
            .chain(DirkTableau::all().iter().map(Self::Dirk))
            .chain(FirkTableau::all().iter().map(Self::Firk))
            .chain(RosenbrockTableau::all().iter().map(Self::Rosenbrock))
    }

    /// The canonical names of all methods.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::all().map(|algorithm| algorithm.name())
    }

    /// The canonical name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Erk(tableau) => tableau.name,
            Self::Dirk(tableau) => tableau.name,
            Self::Firk(tableau) => tableau.name,
            Self::Rosenbrock(tableau) => tableau.name,
            Self::Euler | Self::BackwardsEuler | Self::BackwardsEulerPc | Self::CrankNicolson => {
                SINGLE.iter().find(|(_, algorithm)| algorithm == self).map_or("", |(name, _)| name)
            }
        }
    }

    /// Other names under which the method is known.
    pub fn aliases(&self) -> &'static [&'static str] {
        match self {
            Self::Erk(tableau) => tableau.aliases,
            Self::Dirk(tableau) => tableau.aliases,
            Self::Firk(tableau) => tableau.aliases,
            Self::Rosenbrock(tableau) => tableau.aliases,
            Self::Euler | Self::BackwardsEuler | Self::BackwardsEulerPc | Self::CrankNicolson => &[],
        }
    }

    /// The family of methods.
    pub fn family(&self) -> &'static str {
        match self {
            Self::Euler | Self::Erk(_) => "explicit Runge–Kutta",
            Self::BackwardsEuler | Self::BackwardsEulerPc => "backward Euler",
            Self::CrankNicolson => "Crank–Nicolson",
            Self::Dirk(_) => "diagonally implicit Runge–Kutta",
            Self::Firk(_) => "fully implicit Runge–Kutta",
            Self::Rosenbrock(_) => "Rosenbrock",
        }
    }

    /// Where the method was published.
    pub fn citation(&self) -> &'static str {
        match self {
            Self::Euler => {
                "L. Euler, Institutionum calculi integralis, vol. 1, St. Petersburg 1768, sectio II, cap. VII"
            }
            Self::BackwardsEuler | Self::BackwardsEulerPc => {
                "C. F. Curtiss, J. O. Hirschfelder, Integration of stiff equations, Proc. Natl. Acad. Sci. 38 (1952) 235–243"
            }
            Self::CrankNicolson => {
                "J. Crank, P. Nicolson, A practical method for numerical evaluation of solutions of partial differential equations of the heat-conduction type, Proc. Camb. Phil. Soc. 43 (1947) 50–67"
            }
            Self::Erk(tableau) => tableau.citation,
            Self::Dirk(tableau) => tableau.citation,
            Self::Firk(tableau) => tableau.citation,
            Self::Rosenbrock(tableau) => tableau.citation,
        }
    }

    /// Order of the solution that the error is estimated with, if it is.
    pub fn embedded_order(&self) -> Option<u32> {
        match self {
            Self::Euler | Self::BackwardsEuler | Self::BackwardsEulerPc => None,
            Self::CrankNicolson => Some(1),
            Self::Erk(tableau) => tableau.embedded_order,
            Self::Dirk(tableau) => tableau.embedded_order,
            Self::Firk(tableau) => tableau.embedded_order,
            Self::Rosenbrock(tableau) => tableau.embedded_order,
        }
    }

    /// Whether the last stage of a step is the first of the next one.
    pub fn is_first_same_as_last(&self) -> bool {
        match self {
            Self::Erk(tableau) => tableau.fsal(),
            Self::Dirk(tableau) => tableau.fsal(),
            _ => false,
        }
    }

    /// The smaller order of the embedded pair, which step size controllers go by; the method's own where there is no pair.
    pub fn controller_order(&self) -> u32 {
        match self {
            Self::Euler | Self::BackwardsEuler | Self::BackwardsEulerPc | Self::CrankNicolson => 1,
            Self::Erk(tableau) => tableau.controller_order(),
            Self::Dirk(tableau) => tableau.controller_order(),
            Self::Firk(tableau) => tableau.controller_order(),
            Self::Rosenbrock(tableau) => tableau.controller_order(),
        }
    }

    /// Derivatives of a step that a trace records.
    pub fn stages(&self) -> usize {
        match self {
            Self::Euler | Self::BackwardsEuler | Self::BackwardsEulerPc => 1,
            Self::CrankNicolson => 2,
            Self::Erk(tableau) => tableau.stages(),
            Self::Dirk(tableau) => tableau.stages(),
            Self::Firk(tableau) => tableau.stages(),
            Self::Rosenbrock(tableau) => tableau.stages(),
        }
    }

    /// The family of controllers that the method's literature recommends.
    pub(crate) fn preferred_controller(&self) -> Option<PreferredController> {
        match self {
            Self::Euler | Self::BackwardsEuler | Self::BackwardsEulerPc => None,
            Self::CrankNicolson => Some(PreferredController::Gustafsson),
            Self::Erk(tableau) => tableau.properties.controller,
            Self::Dirk(tableau) => {
                Some(tableau.properties.controller.unwrap_or(PreferredController::ProportionalIntegral))
            }
            Self::Firk(tableau) => Some(tableau.properties.controller.unwrap_or(PreferredController::Gustafsson)),
            Self::Rosenbrock(tableau) => tableau.properties.controller,
        }
    }

    /// Whether steps come with an error estimate.
    pub fn has_error_estimate(&self) -> bool {
        match self {
            Self::Euler | Self::BackwardsEuler | Self::BackwardsEulerPc => false,
            Self::CrankNicolson => true,
            Self::Erk(tableau) => tableau.b_hat.is_some(),
            Self::Dirk(tableau) => tableau.b_hat.is_some(),
            Self::Firk(tableau) => tableau.embedded_order.is_some(),
            Self::Rosenbrock(tableau) => tableau.b_hat.is_some(),
        }
    }

    /// Whether steps solve equations with the Jacobian: for stiff systems.
    pub fn is_implicit(&self) -> bool {
        !matches!(self, Self::Euler | Self::Erk(_))
    }

    /// Whether steps solve nonlinear equations by Newton's method.
    pub fn iterates(&self) -> bool {
        self.is_implicit() && !matches!(self, Self::Rosenbrock(_))
    }

    /// Order of convergence.
    pub fn order(&self) -> u32 {
        match self {
            Self::Euler | Self::BackwardsEuler | Self::BackwardsEulerPc => 1,
            Self::CrankNicolson => 2,
            Self::Erk(tableau) => tableau.order,
            Self::Dirk(tableau) => tableau.order,
            Self::Firk(tableau) => tableau.order,
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
        let wanted = text.trim();
        let is = |algorithm: &Self| {
            let mut names = std::iter::once(algorithm.name()).chain(algorithm.aliases().iter().copied());
            names.any(|name| name.eq_ignore_ascii_case(wanted))
        };
        Self::all().find(is).ok_or_else(|| {
            let names = Self::all()
                .flat_map(|algorithm| std::iter::once(algorithm.name()).chain(algorithm.aliases().iter().copied()));
            UnknownName::new("algorithm", text, names)
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
