//! Behaviour of hand-registered groups. Numbers refer to the behaviours listed for the reference registry in
//! `docs/seed-map.md`; those about cached layouts are beside the cache, in the unit tests of
//! `buffer_runtime::registry`.

#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod children;
mod clearing;
mod metadata;
mod placement;
mod registration;
mod resolved;
mod updates;

use buffer_runtime::layout::{
    AliasOutcome, ByteRange, Bytes, Elements, FallbackReason, Offset, Placement, Region, Sizes,
};
use buffer_runtime::registry::{
    BufferRegistry, BufferUpdate, CudaBuffer, GroupEntry, LocationUpdate, ParentId, RegistryError, UpdateOutcome,
};
use buffer_runtime::{ElementSpec, ElementType, Location, Precision, Unknown};

fn with_parent(precision: Precision) -> (BufferRegistry, ParentId) {
    let mut registry = BufferRegistry::new();
    let parent = registry.add_parent("step", precision);
    (registry, parent)
}

/// A registry with one single-precision parent that has these buffers.
fn with(buffers: impl IntoIterator<Item = CudaBuffer>) -> (BufferRegistry, ParentId) {
    let (mut registry, parent) = with_parent(Precision::F32);
    for buffer in buffers {
        registry.register(parent, buffer).unwrap();
    }
    (registry, parent)
}

fn shared(name: &str, elements: usize) -> CudaBuffer {
    CudaBuffer::new(name, elements).location(Location::Shared)
}

fn local(name: &str, elements: usize) -> CudaBuffer {
    CudaBuffer::new(name, elements)
}

fn persistent(name: &str, elements: usize) -> CudaBuffer {
    CudaBuffer::new(name, elements).persistent(true)
}

/// `start..end` of an entry in the parent's elements; the space it is in is asserted by the caller's choice of map.
fn shared_at(registry: &BufferRegistry, parent: ParentId, name: &str) -> Option<(usize, usize)> {
    let group = registry.group(parent).unwrap();
    group.build_shared_layout().unwrap().get(name).map(|range| words(&group, *range))
}

fn persistent_at(registry: &BufferRegistry, parent: ParentId, name: &str) -> Option<(usize, usize)> {
    let group = registry.group(parent).unwrap();
    group.build_persistent_layout().unwrap().get(name).map(|range| words(&group, *range))
}

fn words(group: &buffer_runtime::registry::BufferGroup<'_>, range: ByteRange) -> (usize, usize) {
    let range = range.in_words(group.unit());
    (range.start, range.end)
}

fn local_size(registry: &BufferRegistry, parent: ParentId, name: &str) -> Option<usize> {
    registry.group(parent).unwrap().build_local_sizes().unwrap().get(name).map(|elements| elements.get())
}

fn shared_bytes(registry: &BufferRegistry, parent: ParentId) -> usize {
    registry.sizes(parent).unwrap().shared.get()
}

fn outcome(registry: &BufferRegistry, parent: ParentId, name: &str) -> Option<AliasOutcome> {
    registry.group(parent).unwrap().placed(name).unwrap().alias
}
