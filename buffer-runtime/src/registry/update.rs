//! Moving buffers by `<buffer>_location` keys.

use super::data::Slot;
use super::error::RegistryError;
use super::store::{BufferRegistry, ParentId};
use crate::location::Location;
use crate::names::UnknownName;
use crate::settings::Unknown;

/// What an update by keys did; keys in the order given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocationUpdate {
    /// Keys that name a buffer of the group.
    pub recognised: Vec<String>,
    /// Those of them whose buffer moved.
    pub changed: Vec<String>,
}

const SUFFIX: &str = "_location";

impl BufferRegistry {
    /// Moves the parent's own buffers: each key is `<buffer>_location`, each value a [`Location`] or its text. A later
    /// pair of the same key wins.
    ///
    /// With [`Unknown::Ignore`] keys that mean nothing here are left out, and so is a whole update of an unknown parent
    /// or one with nothing registered yet: the same settings can be offered to every group in turn. A location that is
    /// neither shared nor local is an error even then.
    ///
    /// # Errors
    /// An invalid location; unless ignored, an unknown parent, one with nothing registered, or unknown keys. The group
    /// is then as it was.
    pub fn update<K, V>(
        &mut self,
        parent: ParentId,
        settings: impl IntoIterator<Item = (K, V)>,
        unknown: Unknown,
    ) -> Result<LocationUpdate, RegistryError>
    where
        K: Into<String>,
        V: TryInto<Location>,
        UnknownName: From<V::Error>,
    {
        let mut settings = settings.into_iter().map(|(key, value)| (key.into(), value)).peekable();
        if settings.peek().is_none() {
            return Ok(LocationUpdate::default());
        }
        let group = match self.groups.get_mut(&parent) {
            Some(group) => group,
            None if unknown == Unknown::Error => return Err(RegistryError::UnknownParent { parent }),
            None => return Ok(LocationUpdate::default()),
        };
        if group.slots.is_empty() && unknown == Unknown::Error {
            let keys = settings.map(|(key, _)| key).collect();
            return Err(RegistryError::NothingRegistered { group: group.label.clone(), keys });
        }

        // All of the keys and values are checked before the first buffer moves.
        let mut moves: Vec<(String, usize, Location)> = Vec::new();
        let mut strangers: Vec<String> = Vec::new();
        for (key, value) in settings {
            let Some(name) = key.strip_suffix(SUFFIX) else {
                strangers.push(key);
                continue;
            };
            let index = match group.slots.get_full(name) {
                Some((index, _, Slot::Buffer(_))) => Some(index),
                _ => None,
            };
            let location = value.try_into().map_err(|error| RegistryError::InvalidLocation {
                group: group.label.clone(),
                key: key.clone(),
                unknown: Box::new(error.into()),
            })?;
            match index {
                Some(index) => moves.push((key, index, location)),
                None => strangers.push(key),
            }
        }
        if !strangers.is_empty() && unknown == Unknown::Error {
            let known: Vec<String> = group.buffers().map(|buffer| format!("{}{SUFFIX}", buffer.name())).collect();
            let keys = strangers.iter().map(|key| UnknownName::new("setting", key, &known)).collect();
            return Err(RegistryError::UnknownKeys { group: group.label.clone(), keys });
        }

        let before: Vec<Option<Location>> = moves.iter().map(|(_, index, _)| group.location(*index)).collect();
        for (_, index, location) in &moves {
            group.set_location(*index, *location);
        }
        let mut outcome = LocationUpdate::default();
        for ((key, index, _), before) in moves.into_iter().zip(before) {
            if outcome.recognised.contains(&key) {
                continue;
            }
            if group.location(index) != before {
                outcome.changed.push(key.clone());
            }
            outcome.recognised.push(key);
        }
        if !outcome.changed.is_empty() {
            self.invalidate(parent);
        }
        Ok(outcome)
    }
}
