//! The layout of one group.

use std::fmt;

use super::{AliasOutcome, ByteRange, Bytes, Elements, Word};

/// The memory a buffer ended up in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Region {
    /// The thread's part of shared memory.
    Shared,
    /// The thread's storage that survives between calls.
    Persistent,
    /// An array of its own in registers or thread-private memory.
    Local,
}

impl Region {
    /// `shared`, `persistent` or `local`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Persistent => "persistent",
            Self::Local => "local",
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Where a buffer lies. Ranges are footprints: whole units of the group, so the last bytes may be padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// Bytes of the shared space.
    Shared(ByteRange),
    /// Bytes of the persistent space.
    Persistent(ByteRange),
    /// An array of its own.
    Local {
        /// Elements of the array: those declared, and one where none are, since C++ has no empty arrays.
        elements: Elements,
    },
}

impl Placement {
    /// The memory.
    pub const fn region(self) -> Region {
        match self {
            Self::Shared(_) => Region::Shared,
            Self::Persistent(_) => Region::Persistent,
            Self::Local { .. } => Region::Local,
        }
    }

    /// The bytes, if the region is one with offsets.
    pub const fn range(self) -> Option<ByteRange> {
        match self {
            Self::Shared(range) | Self::Persistent(range) => Some(range),
            Self::Local { .. } => None,
        }
    }
}

/// One entry of a group's layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Where it lies, from the start of the group's spaces.
    pub placement: Placement,
    /// For an alias, whether it got its target's space.
    pub alias: Option<AliasOutcome>,
}

/// Sizes of one group: what its owner must set aside for it per thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Shared space, windows of children included.
    pub shared: Bytes,
    /// Persistent space, windows of children included.
    pub persistent: Bytes,
    /// Elements of the group's own local arrays, whatever their types; children declare theirs themselves.
    pub local: Elements,
}

/// The layout of one group; `entries` is parallel to the group's entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupLayout {
    pub(crate) entries: Vec<Placed>,
    pub(crate) sizes: Sizes,
    /// Alignment that the group's shared space needs for the elements in it.
    pub(crate) shared_alignment: Word,
    /// The same of its persistent space.
    pub(crate) persistent_alignment: Word,
    /// Bytes of the shared space that are persistent, at any depth of children.
    pub(crate) held: Vec<ByteRange>,
}

impl GroupLayout {
    /// Where each entry lies, in registration order.
    pub fn entries(&self) -> &[Placed] {
        &self.entries
    }

    /// Sizes of the group.
    pub const fn sizes(&self) -> Sizes {
        self.sizes
    }

    /// The alignment of the group's shared space: 8 where a buffer in it, at any depth, has 8-byte elements.
    pub const fn shared_alignment(&self) -> Word {
        self.shared_alignment
    }
}
