//! Bounds on settings: the derive calls these with the value and the declared bound.

use std::fmt::Display;

use crate::settings::SettingValue;

/// Why a value is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What is allowed, as the end of "… must be".
    pub(crate) requirement: String,
}

fn require(holds: bool, requirement: impl FnOnce() -> String) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(Violation { requirement: requirement() }) }
}

/// `value >= bound`.
pub fn min<T: PartialOrd + Display>(value: &T, bound: &T) -> Result<(), Violation> {
    require(value >= bound, || format!("at least {bound}"))
}

/// `value <= bound`.
pub fn max<T: PartialOrd + Display>(value: &T, bound: &T) -> Result<(), Violation> {
    require(value <= bound, || format!("at most {bound}"))
}

/// `value > bound`.
pub fn gt<T: PartialOrd + Display>(value: &T, bound: &T) -> Result<(), Violation> {
    require(value > bound, || format!("greater than {bound}"))
}

/// `value < bound`.
pub fn lt<T: PartialOrd + Display>(value: &T, bound: &T) -> Result<(), Violation> {
    require(value < bound, || format!("less than {bound}"))
}

/// `low <= value <= high`.
pub fn range<T: PartialOrd + Display>(value: &T, low: &T, high: &T) -> Result<(), Violation> {
    require(low <= value && value <= high, || format!("from {low} to {high}"))
}

/// The value is in the list.
pub fn one_of<T: SettingValue>(value: &T, allowed: &[T]) -> Result<(), Violation> {
    require(allowed.contains(value), || {
        let list: Vec<String> = allowed.iter().map(|item| item.to_value().to_string()).collect();
        format!("one of {}", list.join(", "))
    })
}

/// The outcome of a check of the user's own.
pub fn with<E: Display>(outcome: Result<(), E>) -> Result<(), Violation> {
    outcome.map_err(|error| Violation { requirement: format!("accepted by its check, which says: {error}") })
}

/// `one of "a", "b"` for messages.
pub fn one_of_text(names: &[&str]) -> String {
    let list: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    format!("one of {}", list.join(", "))
}
