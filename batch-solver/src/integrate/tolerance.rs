use buffer_runtime::{SettingValue, Value, WrongValue};

/// A tolerance: one for all states, or one for each in the system's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Tolerance(Vec<f64>);

impl Tolerance {
    /// The same for all states.
    pub fn all(value: f64) -> Self {
        Self(vec![value])
    }

    /// One for each state.
    pub fn each(values: impl Into<Vec<f64>>) -> Self {
        Self(values.into())
    }

    /// How many states it is for; `None` if for all.
    pub(crate) fn count(&self) -> Option<usize> {
        (self.0.len() != 1).then_some(self.0.len())
    }

    /// The tolerance of a state.
    pub fn of(&self, state: usize) -> f64 {
        self.0.get(state).or(self.0.first()).copied().unwrap_or(0.0)
    }

    pub(super) fn check_absolute(&self) -> Result<(), &'static str> {
        // With an absolute tolerance of zero a state that is zero could never be accurate enough.
        if self.0.iter().all(|value| value.is_finite() && *value > 0.0) {
            Ok(())
        } else {
            Err("tolerances are positive")
        }
    }

    pub(super) fn check_relative(&self) -> Result<(), &'static str> {
        if self.0.iter().all(|value| value.is_finite() && *value >= 0.0) {
            Ok(())
        } else {
            Err("tolerances are not negative")
        }
    }
}

impl From<f64> for Tolerance {
    fn from(value: f64) -> Self {
        Self::all(value)
    }
}

impl SettingValue for Tolerance {
    fn from_value(value: &Value) -> Result<Self, WrongValue> {
        let wrong = |_| WrongValue { expected: Self::expected(), suggestion: None };
        match value {
            Value::List(_) => Vec::from_value(value).map(Self).map_err(wrong),
            _ => f64::from_value(value).map(Self::all).map_err(wrong),
        }
    }

    fn to_value(&self) -> Value {
        match self.0.as_slice() {
            [value] => Value::Float(*value),
            values => Value::from(values.to_vec()),
        }
    }

    fn expected() -> String {
        "a number, or a list with one for each state".to_owned()
    }
}
