use std::fmt;

use buffer_runtime::ConfigError;

use super::place::Place;
use super::samples::SamplesError;
use crate::drivers::DriversError;
use crate::system::SystemError;

/// A model that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The file cannot be read.
    #[error("{file}: the model cannot be read")]
    Read {
        /// The file as it was named.
        file: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The text is not a model.
    #[error("{}", joined(.problems))]
    Invalid {
        /// Everything that was found wrong, in the order of the file; at least one.
        problems: Vec<ModelProblem>,
    },
}

/// One thing that is wrong with a model, and where.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ModelProblem {
    /// Where in the file.
    pub place: Place,
    /// What is wrong.
    pub fault: ModelFault,
}

/// What can be wrong with a model.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelFault {
    /// The text is not TOML.
    #[error("this is not TOML: {message}")]
    Syntax {
        /// What the TOML parser says.
        message: String,
    },
    /// A key that no model has.
    #[error("a model has no key `{key}`{}: its keys are {}", .suggestion.as_ref().map_or_else(String::new, |name| format!(" (did you mean `{name}`?)")), .known.join(", "))]
    UnknownKey {
        /// The key.
        key: String,
        /// The nearest there is.
        suggestion: Option<String>,
        /// All there are.
        known: Vec<String>,
    },
    /// A key every model needs.
    #[error("a model needs `{key}`: add {example}")]
    MissingKey {
        /// The key.
        key: &'static str,
        /// How to write it.
        example: &'static str,
    },
    /// A value of the wrong type.
    #[error("`{key}` is {found}: it must be {expected}")]
    WrongType {
        /// The key.
        key: String,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A value that is none of those there are.
    #[error("`{key}` cannot be `{value}`{}: it is one of {}", .suggestion.as_ref().map_or_else(String::new, |name| format!(" (did you mean `{name}`?)")), .allowed.join(", "))]
    NotOneOf {
        /// The key.
        key: &'static str,
        /// The value.
        value: String,
        /// The nearest there is.
        suggestion: Option<String>,
        /// All there are.
        allowed: Vec<String>,
    },
    /// A key that others make meaningless.
    #[error("`{key}` has no use here: {remedy}")]
    NoUse {
        /// The key.
        key: &'static str,
        /// Why, and what to do.
        remedy: &'static str,
    },
    /// A state among the observables.
    #[error("`{name}` is a state: take it out of `observables`, states are saved anyway")]
    ObservedState {
        /// The state.
        name: String,
    },
    /// Drivers that cannot be interpolated.
    #[error(transparent)]
    Drivers(DriversError),
    /// A file of samples that cannot be used.
    #[error(transparent)]
    Samples(SamplesError),
    /// The equations and declarations do not make a system.
    #[error("{}", without_location(.0))]
    System(SystemError),
    /// A setting.
    #[error(transparent)]
    Setting(ConfigError),
}

impl fmt::Display for ModelProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n{}", self.place, self.fault, self.place.snippet())
    }
}

fn joined(problems: &[ModelProblem]) -> String {
    problems.iter().map(ModelProblem::to_string).collect::<Vec<_>>().join("\n")
}

/// The message without the place at its end, which is relative to the equations and stands before it relative to the file.
fn without_location(error: &SystemError) -> String {
    let text = error.to_string();
    let location = super::locate::location(error).map(ToString::to_string).unwrap_or_default();
    text.strip_suffix(location.as_str()).unwrap_or(&text).to_owned()
}
