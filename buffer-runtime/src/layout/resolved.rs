//! The layout of a whole tree.

use super::{AliasOutcome, ByteRange, Bytes, Elements, FallbackReason, Interleave, Placement, Region, Sizes, Word};
use crate::element::{ElementSpec, ElementType};
use crate::location::Location;
use crate::precision::Precision;
use crate::registry::CudaBuffer;

/// Every buffer of a tree with its path, its place and what became of its alias.
///
/// Offsets are absolute: from the start of a thread's shared or persistent space, through all windows. Order is
/// registration order, a child's buffers where it is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedLayout {
    label: String,
    precision: Precision,
    buffers: Vec<ResolvedBuffer>,
    children: Vec<ResolvedChild>,
    totals: Totals,
    granule: Word,
    /// Indices of `buffers` in the order of their paths.
    by_path: Vec<usize>,
}

/// One buffer of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResolvedBuffer {
    /// Names from the root to the buffer, the root's own label not included: `newton.linear.temp`.
    pub path: String,
    /// The declared element type.
    pub spec: ElementSpec,
    /// The element type at the group's precision.
    pub element: ElementType,
    /// The declared length.
    pub elements: Elements,
    /// Bytes of the elements, without padding.
    pub bytes: Bytes,
    /// Where it was asked to live.
    pub requested: Location,
    /// Where it lies.
    pub placement: Placement,
    /// Whether contents survive between calls.
    pub persistent: bool,
    /// Whether it starts as zeros.
    pub zeroed: bool,
    /// For an alias, its target and whether it got that space.
    pub alias: Option<ResolvedAlias>,
}

/// The target of an alias and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolvedAlias {
    /// Path of the buffer or child.
    pub target: String,
    /// Whether the alias lies inside it.
    pub outcome: AliasOutcome,
}

/// An alias that has storage of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fallback<'a> {
    /// Path of the buffer or child.
    pub path: &'a str,
    /// Path of the buffer or child whose space it was to reuse.
    pub target: &'a str,
    /// Why it does not.
    pub reason: FallbackReason,
}

/// One child of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResolvedChild {
    /// Names from the root to the child.
    pub path: String,
    /// The group's label; none if the child is absent.
    pub label: Option<String>,
    /// Its part of the shared space.
    pub shared: ByteRange,
    /// Its part of the persistent space.
    pub persistent: ByteRange,
    /// If its shared window is an alias, the target and whether it got that space.
    pub alias: Option<ResolvedAlias>,
}

/// Bytes of one thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// The shared space, up to the end of the last buffer.
    pub shared: Bytes,
    /// The persistent space.
    pub persistent: Bytes,
    /// Local arrays of all groups together, an upper bound of what is live at a time: the compiler keeps them in
    /// registers where it can, and calls that do not overlap reuse them.
    pub local: Bytes,
}

impl ResolvedLayout {
    /// Label of the root.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Precision of the root.
    pub const fn precision(&self) -> Precision {
        self.precision
    }

    /// Every buffer, in registration order.
    pub fn buffers(&self) -> &[ResolvedBuffer] {
        &self.buffers
    }

    /// Every child, owners before what they own.
    pub fn children(&self) -> &[ResolvedChild] {
        &self.children
    }

    /// The buffer at a path.
    pub fn get(&self, path: &str) -> Option<&ResolvedBuffer> {
        let at = |index: &usize| self.buffers.get(*index).map_or("", |buffer| buffer.path.as_str());
        let found = self.by_path.binary_search_by(|index| at(index).cmp(path)).ok()?;
        self.buffers.get(*self.by_path.get(found)?)
    }

    /// Bytes per thread.
    pub const fn totals(&self) -> Totals {
        self.totals
    }

    /// The granule in which threads' shared spaces are interleaved: 8 bytes where a buffer in shared memory has 8-byte
    /// elements, else 4.
    pub const fn granule(&self) -> Word {
        self.granule
    }

    /// The mapping of the threads' shared spaces to the block's shared memory.
    pub const fn interleave(&self, threads: usize) -> Interleave {
        Interleave { granule: self.granule, threads }
    }

    /// Shared memory of a block of `threads` threads; `None` if that overflows.
    pub fn block_shared_bytes(&self, threads: usize) -> Option<Bytes> {
        self.interleave(threads).block_bytes(self.totals.shared)
    }

    /// The innermost child around a buffer whose shared window lies inside that child's target: paths of child and
    /// target.
    pub fn overlaid_child(&self, buffer: &ResolvedBuffer) -> Option<(&str, &str)> {
        let around =
            |child: &&ResolvedChild| buffer.path.strip_prefix(&child.path).is_some_and(|rest| rest.starts_with('.'));
        let overlay = |child: &ResolvedChild| child.alias.as_ref().is_some_and(ResolvedAlias::is_overlaid);
        let child = self.children.iter().filter(around).rfind(|child| overlay(child))?;
        Some((&child.path, &child.alias.as_ref()?.target))
    }

    /// Buffers, then children, whose alias did not get its target's space.
    pub fn fallbacks(&self) -> impl Iterator<Item = Fallback<'_>> {
        let buffers = self.buffers.iter().map(|buffer| (&buffer.path, &buffer.alias));
        let children = self.children.iter().map(|child| (&child.path, &child.alias));
        buffers.chain(children).filter_map(|(path, alias)| {
            let alias = alias.as_ref()?;
            Some(Fallback { path, target: &alias.target, reason: alias.fallback()? })
        })
    }
}

impl ResolvedBuffer {
    /// The last name of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit_once('.').map_or(&self.path, |(_, name)| name)
    }

    /// Path of the group that declares it; empty at the root.
    pub fn group(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(group, _)| group)
    }

    /// The memory it lies in.
    pub const fn region(&self) -> Region {
        self.placement.region()
    }

    /// Whether it lies inside its target.
    pub fn is_overlaid(&self) -> bool {
        self.alias.as_ref().is_some_and(ResolvedAlias::is_overlaid)
    }
}

impl ResolvedAlias {
    /// Whether the alias lies inside its target.
    pub const fn is_overlaid(&self) -> bool {
        matches!(self.outcome, AliasOutcome::Overlaid)
    }

    /// Why it does not, if so.
    pub const fn fallback(&self) -> Option<FallbackReason> {
        match self.outcome {
            AliasOutcome::Overlaid => None,
            AliasOutcome::Fallback(reason) => Some(reason),
        }
    }
}

/// A layout in the making.
pub(crate) struct Resolution(ResolvedLayout);

impl Resolution {
    pub(crate) fn new(label: &str, precision: Precision, sizes: Sizes) -> Self {
        Self(ResolvedLayout {
            label: label.to_owned(),
            precision,
            buffers: Vec::new(),
            children: Vec::new(),
            totals: Totals { shared: sizes.shared, persistent: sizes.persistent, local: Bytes::ZERO },
            granule: Word::Four,
            by_path: Vec::new(),
        })
    }

    /// Adds a buffer; `None` if sizes overflow.
    pub(crate) fn buffer(
        &mut self,
        path: String,
        buffer: &CudaBuffer,
        precision: Precision,
        placement: Placement,
        alias: Option<ResolvedAlias>,
    ) -> Option<()> {
        let element = buffer.element_spec().resolve(precision);
        let bytes = buffer.elements().checked_bytes(element)?;
        match placement {
            Placement::Local { elements } => {
                self.0.totals.local = self.0.totals.local.checked_add(elements.checked_bytes(element)?)?
            }
            Placement::Shared(range) if !range.is_empty() => self.0.granule = self.0.granule.max(Word::of(element)),
            Placement::Shared(_) | Placement::Persistent(_) => {}
        }
        self.0.buffers.push(ResolvedBuffer {
            path,
            spec: buffer.element_spec(),
            element,
            elements: buffer.elements(),
            bytes,
            requested: buffer.requested_location(),
            placement,
            persistent: buffer.is_persistent(),
            zeroed: buffer.is_zeroed(),
            alias,
        });
        Some(())
    }

    pub(crate) fn child(
        &mut self,
        path: String,
        label: Option<&str>,
        shared: ByteRange,
        persistent: ByteRange,
        alias: Option<ResolvedAlias>,
    ) {
        self.0.children.push(ResolvedChild { path, label: label.map(str::to_owned), shared, persistent, alias });
    }

    pub(crate) fn finish(mut self) -> ResolvedLayout {
        let buffers = &self.0.buffers;
        let mut by_path: Vec<usize> = (0..buffers.len()).collect();
        by_path.sort_unstable_by_key(|index| buffers.get(*index).map(|buffer| buffer.path.as_str()));
        self.0.by_path = by_path;
        self.0
    }
}
