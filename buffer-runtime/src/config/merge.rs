use std::fmt::Display;

use indexmap::IndexMap;

use super::constraint::Violation;
use super::error::ConfigError;
use super::scope::Scope;
use super::spec::{BufferSpec, ChildSpec, SettingSpec};
use super::traits::Buffers;
use crate::Location;
use crate::config::buffer::Buffer;
use crate::element::Element;
use crate::settings::{SettingValue, Settings, Value};

/// Lays settings over a config tree, parents before children.
///
/// Children get their inputs from the already updated parent, so one walk brings the whole tree into agreement.
#[derive(Debug)]
pub struct Merger<'a> {
    overlay: &'a Settings,
    scope: Scope,
    type_name: &'static str,
    /// Key as the user wrote it → paths of the settings it addressed.
    applied: IndexMap<String, Vec<String>>,
}

impl<'a> Merger<'a> {
    pub(crate) fn new(overlay: &'a Settings, type_name: &'static str) -> Self {
        Self { overlay, scope: Scope::default(), type_name, applied: IndexMap::new() }
    }

    /// Keys of the overlay that addressed something, with the paths they addressed.
    pub(crate) fn into_applied(self) -> IndexMap<String, Vec<String>> {
        self.applied
    }

    /// The value the user gave for the member `name` + `suffix` of the current instance: by flat key or by path, whichever was set last.
    ///
    /// An overlay is short and a tree is not, so keys are compared piece by piece rather than composed for each member.
    fn given(&mut self, name: &str, suffix: &str) -> Option<(String, &'a Value)> {
        let mut winner = None;
        for (key, value) in self.overlay {
            let Some(owner) = key.strip_suffix(suffix).and_then(|stem| stem.strip_suffix(name)) else { continue };
            if self.scope.is_path_of(owner) || self.scope.is_label_of(owner) {
                let path = self.scope.member(name) + suffix;
                self.applied.entry(key.clone()).or_default().push(path);
                winner = Some((key, value));
            }
        }
        winner.map(|(key, value)| (key.clone(), value))
    }

    /// Sets a field to the user's value if there is one, back to the default for `auto` or when it stood at a default that may have moved; then checks it.
    ///
    /// # Errors
    /// [`ConfigError::WrongType`] or [`ConfigError::OutOfRange`].
    pub fn setting<T: SettingValue>(
        &mut self,
        spec: &'static SettingSpec,
        field: &mut T,
        default: impl FnOnce() -> T,
        was_default: bool,
        check: impl FnOnce(&T) -> Result<(), Violation>,
    ) -> Result<(), ConfigError> {
        let given = self.given(spec.name, "");
        match &given {
            Some((_, Value::Auto)) => *field = default(),
            Some((key, value)) => {
                *field = T::from_value(value).map_err(|wrong| ConfigError::WrongType {
                    key: key.clone(),
                    value: (*value).clone(),
                    expected: wrong.expected,
                    suggestion: wrong.suggestion,
                })?;
            }
            None if was_default => *field = default(),
            None => {}
        }
        check(field).map_err(|violation| ConfigError::OutOfRange {
            key: given.map_or_else(|| self.scope.member(spec.name), |(key, _)| key),
            value: field.to_value(),
            requirement: violation.requirement,
        })
    }

    /// Places a buffer where the user says, if he does.
    ///
    /// # Errors
    /// [`ConfigError::InvalidLocation`].
    pub fn location<T: Element>(
        &mut self,
        spec: &'static BufferSpec,
        field: &mut Buffer<T>,
    ) -> Result<(), ConfigError> {
        match self.given(spec.name, LOCATION) {
            None => {}
            Some((key, value)) => *field = read_location(&key, value)?.map_or_else(Buffer::default, Buffer::placed),
        }
        Ok(())
    }

    /// Merges a child under its path and label.
    ///
    /// # Errors
    /// Whatever the child's merge finds.
    pub fn child<C: Buffers>(
        &mut self,
        spec: &'static ChildSpec,
        child: &mut C,
        inputs: Option<C::Inputs>,
    ) -> Result<(), ConfigError> {
        let mark = self.scope.enter(spec.name, spec.prefix);
        let owner = std::mem::replace(&mut self.type_name, C::spec().type_name);
        let outcome = child.merge(inputs, self);
        self.type_name = owner;
        self.scope.leave(mark);
        outcome
    }

    /// Creates or drops an optional child as its owner asks, then merges it if present.
    ///
    /// # Errors
    /// Whatever creating or merging the child finds.
    pub fn optional_child<C: Buffers>(
        &mut self,
        spec: &'static ChildSpec,
        child: &mut Option<C>,
        present: Option<bool>,
        inputs: impl FnOnce() -> C::Inputs,
    ) -> Result<(), ConfigError> {
        match (child.as_mut(), present) {
            (_, Some(false)) => {
                *child = None;
                Ok(())
            }
            (Some(config), _) => self.child(spec, config, Some(inputs())),
            (None, Some(true)) => {
                let created = child.insert(C::create(inputs())?);
                self.child(spec, created, None)
            }
            (None, None) => Ok(()),
        }
    }

    /// Reports the outcome of the factory's cross-field check.
    ///
    /// # Errors
    /// [`ConfigError::Rejected`] with the check's own words.
    pub fn check<E: Display>(&mut self, outcome: Result<(), E>) -> Result<(), ConfigError> {
        outcome.map_err(|error| ConfigError::Rejected {
            path: self.scope.path().to_owned(),
            type_name: self.type_name,
            reason: error.to_string(),
        })
    }
}

/// What the name of a setting that places a buffer has after the buffer's.
pub(crate) const LOCATION: &str = "_location";

/// The place a value names; `None` for the declared one.
pub(super) fn read_location(key: &str, value: &Value) -> Result<Option<Location>, ConfigError> {
    match value {
        Value::Auto => Ok(None),
        _ => Location::from_value(value).map(Some).map_err(|wrong| ConfigError::InvalidLocation {
            key: key.to_owned(),
            value: value.clone(),
            suggestion: wrong.suggestion,
        }),
    }
}

/// Name of the setting that places a buffer.
pub(crate) fn location_name(spec: &BufferSpec) -> String {
    format!("{}{LOCATION}", spec.name)
}
