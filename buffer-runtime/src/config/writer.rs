use crate::settings::{SettingValue, Settings, Value};

use super::traits::PartialSettings;

/// A value to set, or back to the default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Choice<T> {
    /// The default the factory derives.
    Auto,
    /// This value.
    Value(T),
}

impl<T> From<T> for Choice<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

/// Turns partial settings into dotted paths and values.
#[derive(Debug)]
pub struct SettingsWriter<'a> {
    settings: &'a mut Settings,
    prefix: String,
}

impl<'a> SettingsWriter<'a> {
    pub(crate) fn new(settings: &'a mut Settings) -> Self {
        Self { settings, prefix: String::new() }
    }

    /// Writes one setting under its name, if set.
    pub fn setting<T: SettingValue>(&mut self, name: &str, value: &Option<Choice<T>>) {
        let value = match value {
            None => return,
            Some(Choice::Auto) => Value::Auto,
            Some(Choice::Value(value)) => value.to_value(),
        };
        self.settings.set(format!("{}{name}", self.prefix), value);
    }

    /// Writes a child's settings under its name.
    pub fn child<S: PartialSettings>(&mut self, name: &str, settings: &S) {
        let length = self.prefix.len();
        self.prefix.push_str(name);
        self.prefix.push('.');
        settings.write(self);
        self.prefix.truncate(length);
    }

    /// Writes the settings of an enum's variant: the enum adds no level to the path.
    pub fn variant<S: PartialSettings>(&mut self, settings: &S) {
        settings.write(self);
    }
}
