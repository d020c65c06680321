use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// One untyped value of a setting.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Back to the default the factory derives.
    Auto,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A floating-point number.
    Float(f64),
    /// A name or other text.
    Text(String),
    /// Several values.
    List(Vec<Value>),
}

impl Value {
    /// Reads a value as typed on a command line: `auto`, `true`, `false`, a number, `[a, b]`, otherwise text (quotes optional).
    ///
    /// ```
    /// use buffer_runtime::Value;
    /// assert_eq!(Value::parse("8"), Value::Integer(8));
    /// assert_eq!(Value::parse("1e-6"), Value::Float(1e-6));
    /// assert_eq!(Value::parse("shared"), Value::Text("shared".into()));
    /// assert_eq!(Value::parse("[1, x]"), Value::List(vec![Value::Integer(1), Value::Text("x".into())]));
    /// ```
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let inner = inner.trim();
            let items = if inner.is_empty() { Vec::new() } else { inner.split(',').map(Self::parse).collect() };
            return Self::List(items);
        }
        match text {
            "auto" => Self::Auto,
            "true" => Self::Bool(true),
            "false" => Self::Bool(false),
            _ => {
                if let Ok(integer) = text.parse() {
                    Self::Integer(integer)
                } else if let Some(float) = text.parse().ok().filter(|_| starts_like_number(text)) {
                    Self::Float(float)
                } else {
                    let unquoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                    Self::Text(unquoted.unwrap_or(text).to_owned())
                }
            }
        }
    }

    /// What kind of value this is, as a noun phrase for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) => "an integer",
            Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
        }
    }
}

/// Items of a long list that a message shows, from either end.
const SHOWN: usize = 3;

/// A value as messages show it: of a long list the ends and how many there are between.
pub(crate) struct Brief<'a>(pub(crate) &'a Value);

impl fmt::Display for Brief<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::List(items) if items.len() > 4 * SHOWN => {
                let (first, last) = (&items[..SHOWN], &items[items.len() - SHOWN..]);
                f.write_str("[")?;
                first.iter().try_for_each(|item| write!(f, "{}, ", Self(item)))?;
                write!(f, "… {} more …", items.len() - 2 * SHOWN)?;
                last.iter().try_for_each(|item| write!(f, ", {}", Self(item)))?;
                f.write_str("]")
            }
            value => value.fmt(f),
        }
    }
}

/// `f64::from_str` also reads `nan`, `inf` and `infinity`, which as settings are more likely names.
fn starts_like_number(text: &str) -> bool {
    text.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit() || c == '.')
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Text(value) => write!(f, "{value:?}"),
            Self::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{item}")?;
                }
                f.write_str("]")
            }
        }
    }
}

macro_rules! from_integer {
    ($($ty:ty),*) => {$(
        impl From<$ty> for Value {
            fn from(value: $ty) -> Self {
                // Beyond i64 the nearest number is kept: no setting of that size is valid, and the message shows the magnitude.
                i64::try_from(value).map_or(Self::Float(value as f64), Self::Integer)
            }
        }
    )*};
}
from_integer!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<f32> for Value {
    fn from(value: f32) -> Self {
        Self::Float(f64::from(value))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        if value == "auto" { Self::Auto } else { Self::Text(value.to_owned()) }
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::from(value.as_str())
    }
}

impl From<crate::Location> for Value {
    fn from(value: crate::Location) -> Self {
        Self::Text(value.to_string())
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Auto => serializer.serialize_str("auto"),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::List(items) => items.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> de::Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a boolean, a number, text or a list of these")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }
}
