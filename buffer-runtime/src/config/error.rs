use std::fmt;

use crate::settings::{Brief, Value};

/// A config, a setting or an update that was refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A value of the wrong type.
    #[error("`{key}` = {} is {}; expected {expected}{}", Brief(value), value.kind(), did_you_mean(.suggestion))]
    WrongType {
        /// The key as given.
        key: String,
        /// The value as given.
        value: Value,
        /// What was expected.
        expected: String,
        /// The nearest valid value.
        suggestion: Option<String>,
    },
    /// A location that is neither of the two.
    #[error("invalid location {} for `{key}`: must be \"shared\" or \"local\"{}", Brief(value), did_you_mean(.suggestion))]
    InvalidLocation {
        /// The key as given.
        key: String,
        /// The value as given.
        value: Value,
        /// The nearest valid value.
        suggestion: Option<String>,
    },
    /// A value outside its declared range.
    #[error("`{key}` = {} is out of range: it must be {requirement}", Brief(value))]
    OutOfRange {
        /// The key as given, or the setting's path.
        key: String,
        /// The value.
        value: Value,
        /// What is allowed.
        requirement: String,
    },
    /// Keys that no factory has.
    #[error("{}", unknown_settings(.keys))]
    UnknownSettings {
        /// Each with the nearest key there is.
        keys: Vec<UnknownKey>,
    },
    /// The factory's own cross-field check.
    #[error("{type_name} at `{path}` is not valid: {reason}", path = shown(path))]
    Rejected {
        /// Path of the instance; empty at the root.
        path: String,
        /// The config type.
        type_name: &'static str,
        /// What the check says.
        reason: String,
    },
    /// A length that cannot be computed or is absurd.
    #[error("length of buffer `{path}` (`{length}`): {reason}")]
    Length {
        /// Path of the buffer.
        path: String,
        /// The expression as written.
        length: &'static str,
        /// What went wrong.
        reason: String,
    },
    /// One flat key that two different declarations claim.
    #[error(
        "the key `{key}` means both {first} and {second}: give one of the children its own `prefix`, or rename the setting"
    )]
    AmbiguousKey {
        /// The key.
        key: String,
        /// One declaration.
        first: String,
        /// The other.
        second: String,
    },
    /// The registry refused a registration.
    #[error(transparent)]
    Registry(#[from] crate::registry::RegistryError),
    /// A buffer was asked of a layout that does not have it.
    #[error(
        "the layout has no buffer `{path}`: it was made from another config; ask the plan for its allocators again"
    )]
    NotLaidOut {
        /// Path of the buffer.
        path: String,
    },
}

/// A key nobody knows, and the nearest one somebody does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKey {
    /// The key as given.
    pub key: String,
    /// The nearest key, where one is near.
    pub suggestion: Option<String>,
}

fn did_you_mean(suggestion: &Option<String>) -> String {
    suggestion.as_ref().map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

fn shown(path: &str) -> &str {
    if path.is_empty() { "(root)" } else { path }
}

fn unknown_settings(keys: &[UnknownKey]) -> String {
    let list: Vec<String> = keys.iter().map(UnknownKey::to_string).collect();
    format!("{} that no factory has: {}", if keys.len() == 1 { "a setting" } else { "settings" }, list.join(", "))
}

impl fmt::Display for UnknownKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.key)?;
        match &self.suggestion {
            Some(name) => write!(f, " (did you mean `{name}`?)"),
            None => Ok(()),
        }
    }
}
