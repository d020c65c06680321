//! What can be wrong with a system.

use std::fmt;

use thiserror::Error;

pub use super::location::Location;
pub use super::names::NameProblem;

use super::function::FUNCTIONS;

/// What a name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NameKind {
    /// The system itself.
    System,
    /// A state variable.
    State,
    /// A parameter: one value per run.
    Parameter,
    /// A constant: one value shared by all runs.
    Constant,
    /// A function of time given as samples.
    Driver,
    /// A quantity computed from others by an equation.
    Auxiliary,
    /// A function defined by an equation.
    Function,
    /// An argument of a function defined by an equation.
    Argument,
    /// An auxiliary that is recorded.
    Observable,
}

impl NameKind {
    /// As a noun phrase with its article.
    fn phrase(self) -> String {
        let article = if matches!(self, Self::Auxiliary | Self::Argument | Self::Observable) { "an" } else { "a" };
        format!("{article} {self}")
    }
}

impl fmt::Display for NameKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "system",
            Self::State => "state",
            Self::Parameter => "parameter",
            Self::Constant => "constant",
            Self::Driver => "driver",
            Self::Auxiliary => "auxiliary",
            Self::Function => "function",
            Self::Argument => "argument",
            Self::Observable => "observable",
        })
    }
}

/// One thing that is wrong with a system or its use.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum SystemError {
    /// The text does not follow the grammar.
    #[error("expected {expected}, found {found}{location}")]
    Syntax {
        /// What the grammar allows at this place.
        expected: String,
        /// What stands there.
        found: String,
        /// Where.
        location: Location,
    },
    /// A bracket is not closed.
    #[error("this `(` is never closed{location}")]
    UnclosedParenthesis {
        /// Where it opens.
        location: Location,
    },
    /// A number that binary64 cannot represent: too large, too small, or not finite.
    #[error("the number {literal} is not representable as a finite, non-zero binary64 number{location}")]
    NumberOutOfRange {
        /// The number as written.
        literal: String,
        /// Where.
        location: Location,
    },
    /// Brackets, signs or function calls are nested too deeply.
    #[error("nested more than {limit} levels deep: name a part of it by an auxiliary equation{location}")]
    NestedTooDeeply {
        /// The number of levels allowed.
        limit: usize,
        /// Where.
        location: Location,
    },
    /// The equations expand to too many operations.
    #[error(
        "the equations expand to more than {limit} distinct operations: functions that call each other multiply them{location}"
    )]
    TooLarge {
        /// The number of operations allowed.
        limit: usize,
        /// The expression at which the limit was reached.
        location: Location,
    },
    /// A name that nothing defines.
    #[error("`{name}` is not defined{}: declare it as a state, parameter, constant or driver, or add an equation `{name} = …`{location}", did_you_mean(.suggestion))]
    UnknownName {
        /// The name.
        name: String,
        /// The nearest defined name, if one is near.
        suggestion: Option<String>,
        /// Where it is used.
        location: Location,
    },
    /// A call of a function that does not exist.
    #[error("there is no function `{name}`{}{location}", or_functions(.suggestion))]
    UnknownFunction {
        /// The name.
        name: String,
        /// The nearest function, if one is near.
        suggestion: Option<String>,
        /// Where it is called.
        location: Location,
    },
    /// A function called with the wrong number of arguments.
    #[error("`{function}` takes {expected}, but {found} given{location}")]
    WrongArgumentCount {
        /// The function.
        function: String,
        /// How many it takes.
        expected: String,
        /// How many there are.
        found: usize,
        /// Where it is called.
        location: Location,
    },
    /// A number where a condition is needed.
    #[error("a condition is needed here, but `{text}` is a number: compare it, as in `{text} > 0`{location}")]
    ConditionExpected {
        /// The beginning of the expression.
        text: String,
        /// Where.
        location: Location,
    },
    /// A condition where a number is needed.
    #[error("a number is needed here, but `{text}` is a condition: write `if({text}, 1, 0)`{location}")]
    NumberExpected {
        /// The beginning of the expression.
        text: String,
        /// Where.
        location: Location,
    },
    /// A system without states.
    #[error("the system has no states: declare at least one with its initial value")]
    NoStates,
    /// A state whose derivative is not given.
    #[error("state `{state}` has no equation: add `d{state} = …`")]
    MissingEquation {
        /// The state.
        state: String,
    },
    /// A derivative of something that is not a state.
    #[error("`{target}` is the derivative of `{state}`, which is not a state{}: declare it with its initial value{location}", did_you_mean(.suggestion))]
    EquationForUnknownState {
        /// The left-hand side.
        target: String,
        /// What it is the derivative of.
        state: String,
        /// The nearest state, if one is near.
        suggestion: Option<String>,
        /// Where.
        location: Location,
    },
    /// A quantity that is computed but has no influence.
    #[error("auxiliary `{name}` is neither used nor an observable: list it as an observable, or remove its equation{}{location}", derivative_hint(.name))]
    UnusedAuxiliary {
        /// The auxiliary.
        name: String,
        /// Where it is defined.
        location: Location,
    },
    /// A declared quantity that no equation mentions.
    #[error("{kind} `{name}` is not used by any equation: remove it, or check the spelling in the equations")]
    Unused {
        /// Parameter, constant or driver.
        kind: NameKind,
        /// Its name.
        name: String,
    },
    /// An observable that no equation defines.
    #[error("observable `{name}` is not defined{}: add an equation `{name} = …`", did_you_mean(.suggestion))]
    UndefinedObservable {
        /// The observable.
        name: String,
        /// The nearest auxiliary or state, if one is near.
        suggestion: Option<String>,
    },
    /// A name declared twice.
    #[error("`{name}` is {}{}", twice(*.first, *.second), opt(.location))]
    DuplicateName {
        /// The name.
        name: String,
        /// What it was declared as first.
        first: NameKind,
        /// What it was declared as again.
        second: NameKind,
        /// Where it was declared again, if in a text.
        location: Option<Location>,
    },
    /// Two equations for the same left-hand side.
    #[error("there are two equations for `{target}`: remove one{location}")]
    DuplicateEquation {
        /// The left-hand side.
        target: String,
        /// The second equation.
        location: Location,
    },
    /// A name that cannot be used.
    #[error("`{name}` cannot be the name of {}: {problem}; choose another name{}", .kind.phrase(), opt(.location))]
    InvalidName {
        /// The name.
        name: String,
        /// What it names.
        kind: NameKind,
        /// Why it cannot be used.
        problem: NameProblem,
        /// Where it is defined, if in a text.
        location: Option<Location>,
    },
    /// Quantities that depend on themselves.
    #[error("these definitions depend on each other: {}{location}", .path.join(" → "))]
    Cycle {
        /// The names along the cycle; the first is repeated at the end.
        path: Vec<String>,
        /// The definition of the first.
        location: Location,
    },
    /// A declared value that is infinite or not a number.
    #[error("{kind} `{name}` has the value {value}: give it a finite one")]
    NonFiniteValue {
        /// State, parameter or constant.
        kind: NameKind,
        /// Its name.
        name: String,
        /// The value.
        value: f64,
    },
    /// The left-hand side of a derivative built in Rust is not the name of something.
    #[error("`{target}` is not a state: the derivative of a single name can be given, not that of an expression")]
    NotAState {
        /// The beginning of the expression.
        target: String,
    },
    /// A slice of values has the wrong length.
    #[error("the system has {expected} {kind}s, but {found} values were given")]
    WrongLength {
        /// States, parameters, constants or drivers.
        kind: NameKind,
        /// How many the system has.
        expected: usize,
        /// How many values there are.
        found: usize,
    },
    /// An evaluation without the drivers' values of a system that has drivers.
    #[error(
        "the system has {count} driver{}, whose values are missing: evaluate it with `{with}`",
        if *.count == 1 { "" } else { "s" }
    )]
    MissingDrivers {
        /// How many drivers it has.
        count: usize,
        /// The function that takes their values.
        with: &'static str,
    },
}

fn did_you_mean(suggestion: &Option<String>) -> String {
    suggestion.as_ref().map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"))
}

/// The nearest function, or all.
fn or_functions(suggestion: &Option<String>) -> String {
    if suggestion.is_some() {
        return did_you_mean(suggestion);
    }
    let all: Vec<&str> = FUNCTIONS.iter().map(|(name, _)| *name).collect();
    format!(": define it, or use one of {}; `if(condition, a, b)` is one of two values by a condition", all.join(", "))
}

/// What is wrong with a name that is declared as one and as the other.
fn twice(first: NameKind, second: NameKind) -> String {
    match (first, second) {
        (NameKind::Observable, NameKind::Observable) => "listed twice in the observables: remove one".to_owned(),
        _ if first == second => format!("declared twice, as {} both times: rename or remove one", first.phrase()),
        _ => format!("declared twice, as {first} and as {second}: rename one"),
    }
}

fn derivative_hint(name: &str) -> String {
    match name.strip_prefix('d') {
        Some(state) if !state.is_empty() => {
            format!("; if it is the derivative of `{state}`, declare that state")
        }
        _ => String::new(),
    }
}

fn opt(location: &Option<Location>) -> String {
    location.as_ref().map_or_else(String::new, Location::to_string)
}

/// Everything that was found wrong with a system; at least one error.
#[derive(Clone, Debug, PartialEq)]
pub struct SystemErrors {
    errors: Vec<SystemError>,
}

impl SystemErrors {
    pub(crate) fn new(errors: Vec<SystemError>) -> Self {
        debug_assert!(!errors.is_empty());
        Self { errors }
    }

    /// `Ok` if there are no errors.
    pub(crate) fn check(errors: Vec<SystemError>) -> Result<(), Self> {
        if errors.is_empty() { Ok(()) } else { Err(Self::new(errors)) }
    }

    /// The errors: first those of the grammar, then those of names, then what is missing or unused.
    #[must_use]
    pub fn as_slice(&self) -> &[SystemError] {
        &self.errors
    }

    /// The errors: first those of the grammar, then those of names, then what is missing or unused.
    pub fn iter(&self) -> std::slice::Iter<'_, SystemError> {
        self.errors.iter()
    }
}

impl From<SystemError> for SystemErrors {
    fn from(error: SystemError) -> Self {
        Self::new(vec![error])
    }
}

impl IntoIterator for SystemErrors {
    type Item = SystemError;
    type IntoIter = std::vec::IntoIter<SystemError>;

    fn into_iter(self) -> Self::IntoIter {
        self.errors.into_iter()
    }
}

impl<'a> IntoIterator for &'a SystemErrors {
    type Item = &'a SystemError;
    type IntoIter = std::slice::Iter<'a, SystemError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for SystemErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SystemErrors {}
