//! The stored form of a group.

use std::sync::OnceLock;

use indexmap::IndexMap;

use super::buffer::{BufferUpdate, CudaBuffer, UpdateOutcome};
use super::error::RegistryError;
use super::store::ParentId;
use crate::layout::{GroupLayout, Region};
use crate::location::Location;
use crate::names::UnknownName;
use crate::precision::Precision;

/// What a parent owns. Every change goes through the registry, which then drops the layouts that depend on it.
#[derive(Clone, Debug)]
pub(super) struct GroupData {
    pub(super) label: String,
    pub(super) precision: Precision,
    /// The group this one is mounted in.
    pub(super) owner: Option<ParentId>,
    /// Buffers and windows of children in registration order.
    pub(super) slots: IndexMap<String, Slot>,
    /// Children by name; `None` for one that is declared but absent.
    pub(super) children: IndexMap<String, Option<ParentId>>,
    pub(super) layout: OnceLock<GroupLayout>,
}

/// One entry of a group.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    Buffer(CudaBuffer),
    Window(Window),
}

/// The part of a group that belongs to a child.
#[derive(Clone, Debug)]
pub(super) struct Window {
    pub(super) child: String,
    /// Shared or persistent: a child's local arrays are its own affair.
    pub(super) region: Region,
    pub(super) aliases: Option<String>,
}

/// Name of a child's window in its owner.
pub(super) fn window_name(child: &str, region: Region) -> String {
    format!("{child}_{region}")
}

impl GroupData {
    pub(super) fn new(label: String, precision: Precision) -> Self {
        Self {
            label,
            precision,
            owner: None,
            slots: IndexMap::new(),
            children: IndexMap::new(),
            layout: OnceLock::new(),
        }
    }

    pub(super) fn register(&mut self, buffer: CudaBuffer) -> Result<(), RegistryError> {
        self.check_name(buffer.name())?;
        if let Some((_, holder)) = self.child_holding(buffer.name()) {
            return Err(RegistryError::NameTaken { group: self.label.clone(), name: buffer.name().to_owned(), holder });
        }
        self.check(&buffer)?;
        self.slots.insert(buffer.name().to_owned(), Slot::Buffer(buffer));
        Ok(())
    }

    pub(super) fn update_buffer(&mut self, name: &str, update: &BufferUpdate) -> Result<UpdateOutcome, RegistryError> {
        let Some(Slot::Buffer(buffer)) = self.slots.get(name) else {
            return Ok(UpdateOutcome::default());
        };
        let updated = buffer.updated(update);
        if updated == *buffer {
            return Ok(UpdateOutcome { recognised: true, changed: false });
        }
        self.check(&updated)?;
        if let Some(slot) = self.slots.get_mut(name) {
            *slot = Slot::Buffer(updated);
        }
        Ok(UpdateOutcome { recognised: true, changed: true })
    }

    pub(super) fn set_precision(&mut self, precision: Precision) -> Result<bool, RegistryError> {
        if self.precision == precision {
            return Ok(false);
        }
        for buffer in self.buffers() {
            self.check_size(buffer, precision)?;
        }
        self.precision = precision;
        Ok(true)
    }

    pub(super) fn buffers(&self) -> impl Iterator<Item = &CudaBuffer> {
        self.slots.values().filter_map(|slot| match slot {
            Slot::Buffer(buffer) => Some(buffer),
            Slot::Window(_) => None,
        })
    }

    /// Where the buffer at `index` is asked to live.
    pub(super) fn location(&self, index: usize) -> Option<Location> {
        match self.slots.get_index(index) {
            Some((_, Slot::Buffer(buffer))) => Some(buffer.requested_location()),
            _ => None,
        }
    }

    pub(super) fn set_location(&mut self, index: usize, location: Location) {
        if let Some((_, Slot::Buffer(buffer))) = self.slots.get_index_mut(index) {
            buffer.set_location(location);
        }
    }

    /// Index of the entry that an alias means: a buffer or window of that name, or the shared window of a child of that
    /// name.
    pub(super) fn target_index(&self, target: &str) -> Option<usize> {
        self.slots.get_index_of(target).or_else(|| {
            self.children
                .get_key_value(target)
                .and_then(|(child, _)| self.slots.get_index_of(&window_name(child, Region::Shared)))
        })
    }

    /// Checks that `alias` (a buffer or child) may name `target`.
    pub(super) fn check_target(&self, alias: &str, target: &str) -> Result<(), RegistryError> {
        if target == alias {
            return Err(RegistryError::SelfAlias { group: self.label.clone(), buffer: alias.to_owned() });
        }
        if self.target_index(target).is_some() {
            return Ok(());
        }
        let known = self.slots.keys().chain(self.children.keys());
        Err(RegistryError::UnknownTarget {
            group: self.label.clone(),
            buffer: alias.to_owned(),
            unknown: Box::new(UnknownName::new("alias target", target, known)),
        })
    }

    pub(super) fn check_name(&self, name: &str) -> Result<(), RegistryError> {
        let first = name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
        if first && name.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return Ok(());
        }
        Err(RegistryError::InvalidName { group: self.label.clone(), name: name.to_owned() })
    }

    /// The child that has a name, directly or through a window, and the holding as a noun phrase.
    pub(super) fn child_holding(&self, name: &str) -> Option<(&str, String)> {
        if let Some((child, _)) = self.children.get_key_value(name) {
            return Some((child, format!("the child `{child}`")));
        }
        match self.slots.get(name) {
            Some(Slot::Window(Window { child, region, .. })) => {
                Some((child, format!("the {region} window of the child `{child}`")))
            }
            _ => None,
        }
    }

    fn check(&self, buffer: &CudaBuffer) -> Result<(), RegistryError> {
        if let Some(target) = buffer.target() {
            self.check_target(buffer.name(), target)?;
            if buffer.is_zeroed() {
                return Err(RegistryError::ZeroedAlias {
                    group: self.label.clone(),
                    buffer: buffer.name().to_owned(),
                    target: target.to_owned(),
                });
            }
        }
        self.check_size(buffer, self.precision)
    }

    fn check_size(&self, buffer: &CudaBuffer, precision: Precision) -> Result<(), RegistryError> {
        let element = buffer.element_spec().resolve(precision);
        match buffer.elements().checked_bytes(element) {
            Some(_) => Ok(()),
            None => Err(RegistryError::TooLarge {
                group: self.label.clone(),
                buffer: buffer.name().to_owned(),
                elements: buffer.elements(),
                element,
            }),
        }
    }
}
