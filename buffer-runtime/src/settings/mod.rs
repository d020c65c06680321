//! Settings: ordered names and values, the partial form every factory's settings take on their way in.
//!
//! A [`Settings`] is what a user writes, in code ([`settings!`](crate::settings!)), as TOML, or as `key=value` pairs. Values are untyped here; each factory's
//! declaration says what type a key has, and [`SettingValue`] turns one into the other.

mod collection;
mod setting_value;
mod value;

pub use collection::{Settings, SettingsError};
pub use setting_value::{ArgumentType, SettingValue, WrongValue};
pub(crate) use value::Brief;
pub use value::Value;

/// What to do with a key that no factory knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Unknown {
    /// Refuse the whole update, naming the nearest key.
    #[default]
    Error,
    /// Leave the key out and list it in [`Updated::ignored`](crate::Updated::ignored).
    Ignore,
}

/// Builds a [`Settings`] from `name: value` pairs.
///
/// Names are identifiers, or string literals where a dotted path addresses one instance.
///
/// ```
/// let settings = buffer_runtime::settings! {
///     newton_max_iters: 8,
///     "step.error.delta_location": "shared",
///     tolerances: [1e-6, 1e-9],
///     dt: auto,
/// };
/// assert_eq!(settings.len(), 4);
/// ```
#[macro_export]
macro_rules! settings {
    (@key $key:ident) => { ::core::stringify!($key) };
    (@key $key:literal) => { $key };
    (@fill $map:ident) => {};
    (@fill $map:ident $key:tt : auto $(, $($rest:tt)*)?) => {
        $map.set($crate::settings!(@key $key), $crate::Value::Auto);
        $($crate::settings!(@fill $map $($rest)*);)?
    };
    (@fill $map:ident $key:tt : [$($item:expr),* $(,)?] $(, $($rest:tt)*)?) => {
        $map.set($crate::settings!(@key $key), $crate::Value::List(::std::vec![$($crate::Value::from($item)),*]));
        $($crate::settings!(@fill $map $($rest)*);)?
    };
    (@fill $map:ident $key:tt : $value:expr $(, $($rest:tt)*)?) => {
        $map.set($crate::settings!(@key $key), $value);
        $($crate::settings!(@fill $map $($rest)*);)?
    };
    ($($body:tt)*) => {{
        #[allow(unused_mut, reason = "an empty list sets nothing")]
        let mut map = $crate::Settings::new();
        $crate::settings!(@fill map $($body)*);
        map
    }};
}

#[cfg(test)]
mod tests;
