use indexmap::IndexMap;
use indexmap::map::Iter;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

use super::Value;

/// Ordered setting names and values.
///
/// A name is a flat key (`newton_delta_location`: every instance labelled `newton`) or a dotted path (`step.error.delta_location`: that one instance).
/// When two keys address the same setting, the one set last wins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    entries: IndexMap<String, Value>,
}

/// Settings that could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The text is not TOML, or holds values no setting has (dates, tables in lists).
    #[error("settings are not valid TOML: {0}")]
    Toml(#[source] Box<toml::de::Error>),
    /// A pair on the command line lacks its `=`.
    #[error("`{pair}` is not a setting: write `name=value`, for example `newton_delta_location=shared`")]
    Pair {
        /// The text as given.
        pair: String,
    },
}

impl Settings {
    /// No settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets one value; the key becomes the most recent one.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) -> &mut Self {
        let name = name.into();
        self.entries.shift_remove(&name);
        self.entries.insert(name, value.into());
        self
    }

    /// The value under this very name, if set.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.entries.get(name)
    }

    /// Takes a setting out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.entries.shift_remove(name)
    }

    /// Lays `other` over these settings; its values win.
    pub fn merge(&mut self, other: &Self) -> &mut Self {
        for (name, value) in other {
            self.set(name, value.clone());
        }
        self
    }

    /// How many settings there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Names and values, oldest first.
    pub fn iter(&self) -> Iter<'_, String, Value> {
        self.entries.iter()
    }

    /// Reads TOML. Tables address instances: `[step.newton]` then `max_iters = 8` is `step.newton.max_iters`.
    ///
    /// # Errors
    /// [`SettingsError::Toml`] with line and column when the text is no TOML or a value has no setting's type.
    pub fn from_toml(text: &str) -> Result<Self, SettingsError> {
        toml::from_str(text).map_err(|error| SettingsError::Toml(Box::new(error)))
    }

    /// Reads `name=value` pairs as typed on a command line; values as in [`Value::parse`].
    ///
    /// # Errors
    /// [`SettingsError::Pair`] names the first text without `=` or without a name.
    pub fn from_pairs<I>(pairs: I) -> Result<Self, SettingsError>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let mut settings = Self::new();
        for pair in pairs {
            let pair = pair.as_ref();
            match pair.split_once('=') {
                Some((name, value)) if !name.trim().is_empty() => settings.set(name.trim(), Value::parse(value)),
                _ => return Err(SettingsError::Pair { pair: pair.to_owned() }),
            };
        }
        Ok(settings)
    }
}

impl<'a> IntoIterator for &'a Settings {
    type Item = (&'a String, &'a Value);
    type IntoIter = Iter<'a, String, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Settings {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut settings = Self::new();
        settings.extend(pairs);
        settings
    }
}

impl<K: Into<String>, V: Into<Value>> Extend<(K, V)> for Settings {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, pairs: I) {
        for (name, value) in pairs {
            self.set(name, value);
        }
    }
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self {
            writeln!(f, "{name} = {value}")?;
        }
        Ok(())
    }
}

impl Serialize for Settings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Settings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut settings = Self::new();
        deserializer.deserialize_map(TableVisitor { prefix: String::new(), into: &mut settings })?;
        Ok(settings)
    }
}

/// Flattens nested tables into dotted names while reading.
struct TableVisitor<'a> {
    prefix: String,
    into: &'a mut Settings,
}

impl<'de> de::Visitor<'de> for TableVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of settings")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            // The TOML reader hands dates over as a table with one such key.
            if key.starts_with("$__toml_private") {
                return Err(de::Error::custom(
                    "a date is not a setting's value: use text, a number, a boolean or a list",
                ));
            }
            let name = if self.prefix.is_empty() { key } else { format!("{}.{key}", self.prefix) };
            match map.next_value::<Node>()? {
                Node::Leaf(value) => {
                    self.into.set(name, value);
                }
                Node::Table(table) => {
                    for (inner, value) in &table {
                        self.into.set(format!("{name}.{inner}"), value.clone());
                    }
                }
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Node {
    Leaf(Value),
    Table(Settings),
}
