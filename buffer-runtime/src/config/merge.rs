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

    /// The value the user gave for a setting of the current instance: by flat key or by path, whichever was set last.
    fn given(&mut self, name: &str) -> Option<(String, &'a Value)> {
        if self.overlay.is_empty() {
            return None;
        }
        let path = self.scope.member(name);
        let flat = self.scope.key(name);
        let by_path = self.overlay.get_ranked(&path).map(|found| (found, path.clone()));
        let by_key = if flat == path { None } else { self.overlay.get_ranked(&flat).map(|found| (found, flat)) };
        let mut winner: Option<((usize, &'a Value), String)> = None;
        for candidate in [by_path, by_key].into_iter().flatten() {
            self.applied.entry(candidate.1.clone()).or_default().push(path.clone());
            if winner.as_ref().is_none_or(|best| candidate.0.0 > best.0.0) {
                winner = Some(candidate);
            }
        }
        winner.map(|((_, value), key)| (key, value))
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
        let given = self.given(spec.name);
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
        if self.overlay.is_empty() {
            return Ok(());
        }
        match self.given(&location_name(spec)) {
            None => {}
            Some((_, Value::Auto)) => *field = Buffer::default(),
            Some((key, value)) => {
                let location = Location::from_value(value).map_err(|wrong| ConfigError::InvalidLocation {
                    key,
                    value: value.clone(),
                    suggestion: wrong.suggestion,
                })?;
                *field = Buffer::placed(location);
            }
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

/// Name of the setting that places a buffer.
pub(crate) fn location_name(spec: &BufferSpec) -> String {
    format!("{}_location", spec.name)
}
