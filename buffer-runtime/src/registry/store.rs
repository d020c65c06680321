//! The registry: finds the group and delegates.

use std::collections::BTreeMap;
use std::fmt;

use super::buffer::{BufferAllocator, BufferUpdate, CudaBuffer, UpdateOutcome};
use super::data::GroupData;
use super::error::RegistryError;
use super::group::BufferGroup;
use crate::layout::Sizes;
use crate::precision::Precision;

/// A parent: the identity of one factory instance's group. Meaningful in the registry that issued it and in clones of
/// that; never issued twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ParentId(pub(super) u64);

impl fmt::Display for ParentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// What the start of a child's window is aligned to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WindowAlignment {
    /// The largest element in it, so that every element of the tree is aligned.
    #[default]
    Content,
    /// The owner's `real`, whatever is in it. In a single-precision owner, 8-byte elements of a child may then start at
    /// an odd multiple of 4 bytes, where no device can load them: the rule of the CuBIE registry, for comparing layouts
    /// with it, not for running kernels.
    Real,
}

/// All groups, their parents, and which is mounted where.
#[derive(Clone, Debug, Default)]
pub struct BufferRegistry {
    pub(super) groups: BTreeMap<ParentId, GroupData>,
    pub(super) alignment: WindowAlignment,
    next: u64,
}

impl BufferRegistry {
    /// A registry without groups.
    pub fn new() -> Self {
        Self::default()
    }

    /// A registry without groups whose children's windows are aligned by another rule.
    pub fn with_window_alignment(alignment: WindowAlignment) -> Self {
        Self { alignment, ..Self::default() }
    }

    /// Adds a parent that computes in `precision`, with an empty group; `label` names it in reports and errors.
    pub fn add_parent(&mut self, label: impl Into<String>, precision: Precision) -> ParentId {
        let parent = ParentId(self.next);
        self.next += 1;
        self.groups.insert(parent, GroupData::new(label.into(), precision));
        parent
    }

    /// Whether the parent has a group here.
    pub fn contains(&self, parent: ParentId) -> bool {
        self.groups.contains_key(&parent)
    }

    /// Every parent, oldest first.
    pub fn parents(&self) -> impl Iterator<Item = ParentId> + '_ {
        self.groups.keys().copied()
    }

    /// The parent's group.
    ///
    /// # Errors
    /// [`UnknownParent`](RegistryError::UnknownParent).
    pub fn group(&self, parent: ParentId) -> Result<BufferGroup<'_>, RegistryError> {
        Ok(BufferGroup::new(self, parent, self.data(parent)?))
    }

    /// Registers a buffer after those there are. One of the same name is replaced and keeps its position.
    ///
    /// # Errors
    /// An unknown parent; a name that is invalid or a child's; an alias of itself, of something not registered, or of a
    /// zeroed buffer; a size that overflows.
    pub fn register(&mut self, parent: ParentId, buffer: CudaBuffer) -> Result<(), RegistryError> {
        self.data_mut(parent)?.register(buffer)?;
        self.invalidate(parent);
        Ok(())
    }

    /// Changes properties of a buffer. Neither an unknown parent nor an unknown name is an error here: the outcome says
    /// so.
    ///
    /// # Errors
    /// As for [`register`](Self::register), of the buffer as it would be.
    pub fn update_buffer(
        &mut self,
        parent: ParentId,
        name: &str,
        update: &BufferUpdate,
    ) -> Result<UpdateOutcome, RegistryError> {
        let Some(group) = self.groups.get_mut(&parent) else {
            return Ok(UpdateOutcome::default());
        };
        let outcome = group.update_buffer(name, update)?;
        if outcome.changed {
            self.invalidate(parent);
        }
        Ok(outcome)
    }

    /// Sets the precision of one parent, whose `real` buffers are measured anew; children have their own. Returns
    /// whether it is different now.
    ///
    /// # Errors
    /// An unknown parent; a buffer whose size would overflow.
    pub fn set_precision(&mut self, parent: ParentId, precision: Precision) -> Result<bool, RegistryError> {
        let changed = self.data_mut(parent)?.set_precision(precision)?;
        if changed {
            self.invalidate(parent);
        }
        Ok(changed)
    }

    /// Drops the parent's computed layout and those that depend on it; they are computed again when asked for. Returns
    /// whether the parent is known.
    pub fn clear_layout(&mut self, parent: ParentId) -> bool {
        let known = self.contains(parent);
        self.invalidate(parent);
        known
    }

    /// Sizes of the parent's group.
    ///
    /// # Errors
    /// An unknown parent; sizes that overflow.
    pub fn sizes(&self, parent: ParentId) -> Result<Sizes, RegistryError> {
        self.group(parent)?.sizes()
    }

    /// A buffer of the parent together with its place.
    ///
    /// # Errors
    /// An unknown parent or name; sizes that overflow.
    pub fn allocator(&self, parent: ParentId, name: &str) -> Result<BufferAllocator, RegistryError> {
        self.group(parent)?.allocator(name)
    }

    pub(super) fn data(&self, parent: ParentId) -> Result<&GroupData, RegistryError> {
        self.groups.get(&parent).ok_or(RegistryError::UnknownParent { parent })
    }

    pub(super) fn data_mut(&mut self, parent: ParentId) -> Result<&mut GroupData, RegistryError> {
        self.groups.get_mut(&parent).ok_or(RegistryError::UnknownParent { parent })
    }

    /// Drops the layouts of a group and of its owners, whose windows depend on it.
    pub(super) fn invalidate(&mut self, parent: ParentId) {
        let mut next = Some(parent);
        while let Some(group) = next.and_then(|parent| self.groups.get_mut(&parent)) {
            // An owner has a layout only while all it owns have one: above a group without there is nothing to drop.
            next = group.layout.take().and(group.owner);
        }
    }
}
