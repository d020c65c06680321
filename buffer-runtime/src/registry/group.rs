//! One parent's group, seen in its registry.

use indexmap::IndexMap;

use super::buffer::{BufferAllocator, CudaBuffer};
use super::data::{GroupData, Slot, Window, window_name};
use super::error::RegistryError;
use super::store::{BufferRegistry, ParentId};
use crate::layout::{ByteRange, Elements, GroupLayout, Placed, Placement, Region, Sizes, Word};
use crate::names::UnknownName;
use crate::precision::Precision;

/// The buffers and children of one parent.
///
/// A view: the group is stored in the registry, where the sizes of its children are found when its layout is asked for.
#[derive(Clone, Copy, Debug)]
pub struct BufferGroup<'r> {
    registry: &'r BufferRegistry,
    parent: ParentId,
    data: &'r GroupData,
}

/// An entry of a group: each takes part in its layout.
#[derive(Clone, Copy, Debug)]
pub enum GroupEntry<'r> {
    /// A buffer of the group's own.
    Buffer(&'r CudaBuffer),
    /// The space of a child.
    Window {
        /// The child's name.
        child: &'r str,
        /// Shared or persistent.
        region: Region,
        /// The buffer or child whose space it may reuse.
        aliases: Option<&'r str>,
    },
}

impl<'r> BufferGroup<'r> {
    pub(super) const fn new(registry: &'r BufferRegistry, parent: ParentId, data: &'r GroupData) -> Self {
        Self { registry, parent, data }
    }

    /// Whose group it is.
    pub const fn parent(&self) -> ParentId {
        self.parent
    }

    /// The parent's label.
    pub fn label(&self) -> &'r str {
        &self.data.label
    }

    /// The precision of `real` in this group.
    pub const fn precision(&self) -> Precision {
        self.data.precision
    }

    /// The unit of offsets and lengths: one `real`.
    pub const fn unit(&self) -> Word {
        Word::of(self.data.precision.element())
    }

    /// The parent this one is mounted in.
    pub const fn owner(&self) -> Option<ParentId> {
        self.data.owner
    }

    /// Name and entry, in registration order.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (&'r str, GroupEntry<'r>)> + use<'r> {
        self.data.slots.iter().map(|(name, slot)| {
            let entry = match slot {
                Slot::Buffer(buffer) => GroupEntry::Buffer(buffer),
                Slot::Window(Window { child, region, aliases }) => {
                    GroupEntry::Window { child, region: *region, aliases: aliases.as_deref() }
                }
            };
            (name.as_str(), entry)
        })
    }

    /// The group's own buffers, in registration order: those whose location can be changed here.
    pub fn buffers(&self) -> impl Iterator<Item = &'r CudaBuffer> + use<'r> {
        self.data.buffers()
    }

    /// A buffer by name.
    ///
    /// # Errors
    /// [`UnknownBuffer`](RegistryError::UnknownBuffer), with the nearest name.
    pub fn buffer(&self, name: &str) -> Result<&'r CudaBuffer, RegistryError> {
        match self.data.slots.get(name) {
            Some(Slot::Buffer(buffer)) => Ok(buffer),
            _ => Err(RegistryError::UnknownBuffer {
                group: self.data.label.clone(),
                unknown: Box::new(UnknownName::new("buffer", name, self.buffers().map(CudaBuffer::name))),
            }),
        }
    }

    /// Name and parent of each child, in registration order; `None` for one that is absent or was cleared.
    pub fn children(&self) -> impl Iterator<Item = (&'r str, Option<ParentId>)> + use<'r> {
        let registry = self.registry;
        self.data.children.iter().map(move |(name, child)| (name.as_str(), child.filter(|id| registry.contains(*id))))
    }

    /// The layout; computed at the first call after a change of the group or a descendant.
    ///
    /// # Errors
    /// [`LayoutOverflow`](RegistryError::LayoutOverflow).
    pub fn layout(&self) -> Result<&'r GroupLayout, RegistryError> {
        self.registry.layout(self.data)
    }

    /// Name and bytes of each entry in shared memory, in registration order.
    ///
    /// # Errors
    /// As for [`layout`](Self::layout).
    pub fn build_shared_layout(&self) -> Result<IndexMap<&'r str, ByteRange>, RegistryError> {
        self.ranges(|placement| match placement {
            Placement::Shared(range) => Some(range),
            _ => None,
        })
    }

    /// Name and bytes of each entry in persistent storage, in registration order.
    ///
    /// # Errors
    /// As for [`layout`](Self::layout).
    pub fn build_persistent_layout(&self) -> Result<IndexMap<&'r str, ByteRange>, RegistryError> {
        self.ranges(|placement| match placement {
            Placement::Persistent(range) => Some(range),
            _ => None,
        })
    }

    /// Name and length of each local array, in registration order.
    ///
    /// # Errors
    /// As for [`layout`](Self::layout).
    pub fn build_local_sizes(&self) -> Result<IndexMap<&'r str, Elements>, RegistryError> {
        self.ranges(|placement| match placement {
            Placement::Local { elements } => Some(elements),
            _ => None,
        })
    }

    /// Sizes of the group's spaces.
    ///
    /// # Errors
    /// As for [`layout`](Self::layout).
    pub fn sizes(&self) -> Result<Sizes, RegistryError> {
        Ok(self.layout()?.sizes())
    }

    /// Where an entry lies: a buffer, a window, or the shared window of a child.
    ///
    /// # Errors
    /// An unknown name; as for [`layout`](Self::layout).
    pub fn placed(&self, name: &str) -> Result<Placed, RegistryError> {
        let index = self.data.target_index(name);
        match index.and_then(|index| self.layout().map(|layout| layout.entries().get(index).copied()).transpose()) {
            Some(placed) => placed,
            None => Err(RegistryError::UnknownBuffer {
                group: self.data.label.clone(),
                unknown: Box::new(UnknownName::new("entry", name, self.data.slots.keys())),
            }),
        }
    }

    /// A buffer together with its place.
    ///
    /// # Errors
    /// An unknown name; as for [`layout`](Self::layout).
    pub fn allocator(&self, name: &str) -> Result<BufferAllocator, RegistryError> {
        let buffer = self.buffer(name)?;
        Ok(buffer.build_allocator(self.precision(), self.placed(name)?.placement))
    }

    /// Bytes of a child's windows in this group.
    ///
    /// # Errors
    /// An unknown child; as for [`layout`](Self::layout).
    pub fn child_windows(&self, child: &str) -> Result<(Placed, Placed), RegistryError> {
        Ok((self.placed(&window_name(child, Region::Shared))?, self.placed(&window_name(child, Region::Persistent))?))
    }

    fn ranges<T>(&self, pick: impl Fn(Placement) -> Option<T>) -> Result<IndexMap<&'r str, T>, RegistryError> {
        let names = self.data.slots.keys().map(String::as_str);
        Ok(names
            .zip(self.layout()?.entries())
            .filter_map(|(name, placed)| Some((name, pick(placed.placement)?)))
            .collect())
    }
}
