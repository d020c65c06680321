use std::fmt::Debug;

use super::Value;
use crate::config::DeviceText;
use crate::names::UnknownName;
use crate::{Location, Precision};

/// Why a value does not fit a setting: what would have.
#[derive(Clone, Debug, PartialEq)]
pub struct WrongValue {
    /// What was expected, as a noun phrase.
    pub expected: String,
    /// The nearest valid spelling, where one is near.
    pub suggestion: Option<String>,
}

/// A type that settings can have.
///
/// Implemented for booleans, integers, floats, `String`, lists, `Option` (`"none"`), [`Location`] and [`Precision`]; enums get it from
/// [`setting_enum!`](crate::setting_enum!).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type a setting can have",
    label = "a `#[setting]` needs a type that implements `SettingValue`",
    note = "settings are booleans, integers, floats, `String`, `Vec` and `Option` of these, or enums declared with `setting_enum!`; a size or tableau the owner gives is an `#[input]`"
)]
pub trait SettingValue: Clone + PartialEq + Debug + 'static {
    /// Reads the untyped form.
    ///
    /// # Errors
    /// What was expected instead.
    fn from_value(value: &Value) -> Result<Self, WrongValue>;

    /// The untyped form, which [`from_value`](Self::from_value) reads back to an equal value.
    fn to_value(&self) -> Value;

    /// What is expected, as a noun phrase: "an integer from 0 to 255".
    fn expected() -> String;

    /// How a launch-time setting (`#[setting(argument)]`) of this type reaches device source. `None`: not at all, it is the host's alone.
    fn argument() -> Option<ArgumentType> {
        None
    }

    /// The value as a compile-time constant of the device source, for types that have one.
    fn device_constant(&self, name: &str, out: &mut DeviceText) {
        let _ = (name, out);
    }
}

/// The C++ type of a launch-time setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentType {
    /// `int`, 0 or 1.
    Boolean,
    /// `long long`.
    Integer,
    /// `scalar`: the kernel's precision.
    Real,
}

impl ArgumentType {
    /// The name in device source.
    pub(crate) fn cpp_name(self) -> &'static str {
        match self {
            Self::Boolean => "int",
            Self::Integer => "long long",
            Self::Real => "scalar",
        }
    }
}

fn wrong<T: SettingValue>() -> WrongValue {
    WrongValue { expected: T::expected(), suggestion: None }
}

impl SettingValue for bool {
    fn from_value(value: &Value) -> Result<Self, WrongValue> {
        match value {
            Value::Bool(value) => Ok(*value),
            _ => Err(wrong::<Self>()),
        }
    }

    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }

    fn expected() -> String {
        "`true` or `false`".to_owned()
    }

    fn argument() -> Option<ArgumentType> {
        Some(ArgumentType::Boolean)
    }

    fn device_constant(&self, name: &str, out: &mut DeviceText) {
        out.boolean(name, *self);
    }
}

macro_rules! integers {
    ($($ty:ty),*) => {$(
        impl SettingValue for $ty {
            fn from_value(value: &Value) -> Result<Self, WrongValue> {
                match value {
                    Value::Integer(value) => Self::try_from(*value).map_err(|_| wrong::<Self>()),
                    _ => Err(wrong::<Self>()),
                }
            }

            fn to_value(&self) -> Value {
                Value::from(*self)
            }

            fn expected() -> String {
                // As a value an integer has a sign, whatever its type.
                format!("an integer from {} to {}", Self::MIN, i64::try_from(Self::MAX).unwrap_or(i64::MAX))
            }

            fn argument() -> Option<ArgumentType> {
                Some(ArgumentType::Integer)
            }

            fn device_constant(&self, name: &str, out: &mut DeviceText) {
                out.integer(name, i128::from_ne_bytes((*self as i128).to_ne_bytes()));
            }
        }
    )*};
}
integers!(i8, i16, i32, i64, u8, u16, u32, u64, usize);

macro_rules! floats {
    ($($ty:ty),*) => {$(
        impl SettingValue for $ty {
            fn from_value(value: &Value) -> Result<Self, WrongValue> {
                match value {
                    Value::Float(value) => Ok(*value as Self),
                    Value::Integer(value) => Ok(*value as Self),
                    _ => Err(wrong::<Self>()),
                }
            }

            fn to_value(&self) -> Value {
                Value::from(*self)
            }

            fn expected() -> String {
                "a number".to_owned()
            }

            fn argument() -> Option<ArgumentType> {
                Some(ArgumentType::Real)
            }

            fn device_constant(&self, name: &str, out: &mut DeviceText) {
                out.real(name, f64::from(*self));
            }
        }
    )*};
}
floats!(f32, f64);

impl SettingValue for String {
    fn from_value(value: &Value) -> Result<Self, WrongValue> {
        match value {
            Value::Text(text) => Ok(text.clone()),
            _ => Err(wrong::<Self>()),
        }
    }

    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }

    fn expected() -> String {
        "text".to_owned()
    }
}

impl<T: SettingValue> SettingValue for Vec<T> {
    fn from_value(value: &Value) -> Result<Self, WrongValue> {
        match value {
            Value::List(items) => items
                .iter()
                .map(T::from_value)
                .collect::<Result<_, _>>()
                .map_err(|error| WrongValue { expected: Self::expected(), suggestion: error.suggestion }),
            _ => Err(wrong::<Self>()),
        }
    }

    fn to_value(&self) -> Value {
        Value::List(self.iter().map(T::to_value).collect())
    }

    fn expected() -> String {
        format!("a list, each item {}", T::expected())
    }

    fn argument() -> Option<ArgumentType> {
        T::argument()
    }
}

impl<T: SettingValue> SettingValue for Option<T> {
    fn from_value(value: &Value) -> Result<Self, WrongValue> {
        match value {
            Value::Text(text) if text == "none" => Ok(None),
            _ => T::from_value(value).map(Some).map_err(|error| WrongValue { expected: Self::expected(), ..error }),
        }
    }

    fn to_value(&self) -> Value {
        self.as_ref().map_or_else(|| Value::Text("none".to_owned()), T::to_value)
    }

    fn expected() -> String {
        format!("{}, or \"none\"", T::expected())
    }
}

/// Reads one of a fixed set of names through the type's `FromStr`.
fn named<T>(value: &Value, expected: fn() -> String) -> Result<T, WrongValue>
where
    T: std::str::FromStr<Err = UnknownName>,
{
    match value {
        Value::Text(text) => {
            text.parse().map_err(|error: UnknownName| WrongValue { expected: expected(), suggestion: error.suggestion })
        }
        _ => Err(WrongValue { expected: expected(), suggestion: None }),
    }
}

macro_rules! named {
    ($($ty:ty: $expected:literal),*) => {$(
        impl SettingValue for $ty {
            fn from_value(value: &Value) -> Result<Self, WrongValue> {
                named(value, Self::expected)
            }

            fn to_value(&self) -> Value {
                Value::Text(self.to_string())
            }

            fn expected() -> String {
                $expected.to_owned()
            }
        }
    )*};
}
named!(Location: "\"shared\" or \"local\"", Precision: "\"f32\" or \"f64\"");

/// Declares an enum whose variants are the names a setting can take, with [`SettingValue`], `Display` and `FromStr`.
///
/// In device source the setting is an `int` constant: the variant's position, from 0.
///
/// ```
/// buffer_runtime::setting_enum! {
///     /// How the step size is chosen.
///     #[derive(Default)]
///     pub enum Controller {
///         /// Constant step.
///         #[default]
///         Fixed = "fixed",
///         /// Proportional–integral.
///         Pi = "pi",
///     }
/// }
/// assert_eq!("pi".parse::<Controller>().unwrap(), Controller::Pi);
/// assert!("pj".parse::<Controller>().unwrap_err().to_string().contains("`pi`"));
/// ```
#[macro_export]
macro_rules! setting_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::hash::Hash)]
        $vis enum $name { $($(#[$variant_meta])* $variant),+ }

        impl $name {
            /// The names a setting may take, in declaration order.
            #[allow(unreachable_pub, dead_code, reason = "the enum may be private, and its names read through the trait only")]
            pub const NAMES: &'static [&'static str] = &[$($text),+];
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(match self { $(Self::$variant => $text),+ })
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::UnknownName;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                match text {
                    $($text => ::core::result::Result::Ok(Self::$variant),)+
                    _ => ::core::result::Result::Err($crate::UnknownName::new(::core::stringify!($name), text, Self::NAMES)),
                }
            }
        }

        impl $crate::SettingValue for $name {
            fn from_value(value: &$crate::Value) -> ::core::result::Result<Self, $crate::WrongValue> {
                match value {
                    $crate::Value::Text(text) => text.parse().map_err(|error: $crate::UnknownName| $crate::WrongValue {
                        expected: Self::expected(),
                        suggestion: error.suggestion,
                    }),
                    _ => ::core::result::Result::Err($crate::WrongValue {
                        expected: Self::expected(),
                        suggestion: ::core::option::Option::None,
                    }),
                }
            }

            fn to_value(&self) -> $crate::Value {
                $crate::Value::Text(::std::string::ToString::to_string(self))
            }

            fn expected() -> ::std::string::String {
                $crate::__private::one_of_text(Self::NAMES)
            }

            fn device_constant(&self, name: &str, out: &mut $crate::DeviceText) {
                out.integer(name, *self as i128);
            }
        }
    };
}
