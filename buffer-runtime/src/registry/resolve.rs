//! Layouts of groups and of trees: where the registry meets the placement rules.

use super::data::{GroupData, Slot, Window, window_name};
use super::error::RegistryError;
use super::store::{BufferRegistry, ParentId, WindowAlignment};
use crate::layout::{
    Bytes, Elements, GroupLayout, Item, Offset, Overflow, Placed, Placement, Region, Resolution, ResolvedAlias,
    ResolvedLayout, Word, place,
};
use crate::location::Location;

impl BufferRegistry {
    /// The layout of a parent and everything mounted in it, with paths from the parent and absolute offsets.
    ///
    /// # Errors
    /// An unknown parent; sizes that overflow.
    pub fn resolve(&self, parent: ParentId) -> Result<ResolvedLayout, RegistryError> {
        let root = self.data(parent)?;
        let mut resolution = Resolution::new(&root.label, root.precision, self.layout(root)?.sizes());
        // An explicit stack: no depth of nesting exhausts the thread's.
        let mut stack = vec![Visit::new(root, self.layout(root)?, String::new(), Offset::ZERO, Offset::ZERO)];
        while let Some(visit) = stack.last_mut() {
            let Some((name, slot, placed)) = visit.next() else {
                stack.pop();
                continue;
            };
            match slot {
                Slot::Buffer(buffer) => {
                    let placement = visit.absolute(placed.placement).ok_or_else(|| visit.data.overflow(name))?;
                    let path = visit.path(name);
                    let alias = visit.alias(buffer.target(), placed);
                    resolution
                        .buffer(path, buffer, visit.data.precision, placement, alias)
                        .ok_or_else(|| visit.data.overflow(name))?;
                }
                Slot::Window(Window { region: Region::Shared, child, aliases }) => {
                    let overflow = || visit.data.overflow(name);
                    let persistent = visit.data.slots.get_index_of(&window_name(child, Region::Persistent));
                    let persistent =
                        persistent.and_then(|index| visit.layout.entries().get(index)).ok_or_else(overflow)?;
                    let shared = visit.absolute(placed.placement).and_then(Placement::range).ok_or_else(overflow)?;
                    let persistent =
                        visit.absolute(persistent.placement).and_then(Placement::range).ok_or_else(overflow)?;
                    let path = visit.path(child);
                    let mounted = self.child(visit.data, child);
                    let alias = visit.alias(aliases.as_deref(), placed);
                    resolution.child(path.clone(), mounted.map(|data| data.label.as_str()), shared, persistent, alias);
                    if let Some(data) = mounted {
                        stack.push(Visit::new(data, self.layout(data)?, path, shared.start(), persistent.start()));
                    }
                }
                // Dealt with together with the shared window.
                Slot::Window(_) => {}
            }
        }
        Ok(resolution.finish())
    }

    /// The layout of a group: the cached one, or computed after those of its descendants that have none.
    pub(super) fn layout<'r>(&'r self, data: &'r GroupData) -> Result<&'r GroupLayout, RegistryError> {
        if let Some(layout) = data.layout.get() {
            return Ok(layout);
        }
        // Owners before what they own. A group that has a layout is not descended into: a change below would have
        // dropped it.
        let mut order = vec![data];
        let mut seen = 0;
        while let Some(group) = order.get(seen) {
            seen += 1;
            let children = group.children.values().flatten().filter_map(|id| self.groups.get(id));
            let missing: Vec<&GroupData> = children.filter(|child| child.layout.get().is_none()).collect();
            order.extend(missing);
        }
        for group in order.into_iter().skip(1).rev() {
            let layout = self.measure(group)?;
            group.layout.get_or_init(|| layout);
        }
        let layout = self.measure(data)?;
        Ok(data.layout.get_or_init(|| layout))
    }

    /// Applies the placement rules to one group whose children have layouts.
    fn measure(&self, group: &GroupData) -> Result<GroupLayout, RegistryError> {
        let mut items = Vec::with_capacity(group.slots.len());
        for (name, slot) in &group.slots {
            items.push(match slot {
                Slot::Buffer(buffer) => {
                    let element = buffer.element_spec().resolve(group.precision);
                    let alignment = Word::of(element);
                    let occupied = buffer.elements() > Elements::ZERO;
                    Item {
                        bytes: buffer.elements().checked_bytes(element).ok_or_else(|| group.overflow(name))?,
                        alignment,
                        content: if occupied { alignment } else { Word::Four },
                        elements: buffer.elements(),
                        location: buffer.requested_location(),
                        persistent: buffer.is_persistent(),
                        target: buffer.target().and_then(|target| group.target_index(target)),
                        held: &[],
                    }
                }
                Slot::Window(window) => self.window(group, window),
            });
        }
        let unit = Word::of(group.precision.element());
        place(&items, unit)
            .map_err(|Overflow { entry }| group.overflow(group.slots.get_index(entry).map_or("", |(name, _)| name)))
    }

    fn window<'r>(&'r self, group: &'r GroupData, window: &Window) -> Item<'r> {
        let layout = self.child(group, &window.child).and_then(|child| child.layout.get());
        let shared = window.region == Region::Shared;
        let (bytes, content) = match layout {
            Some(layout) if shared => (layout.sizes().shared, layout.shared_alignment),
            Some(layout) => (layout.sizes().persistent, layout.persistent_alignment),
            None => (Bytes::ZERO, Word::Four),
        };
        Item {
            bytes,
            alignment: match self.alignment {
                WindowAlignment::Content => content,
                WindowAlignment::Real => Word::Four,
            },
            content,
            // Windows have a range in one of the two spaces; they are never local arrays.
            elements: Elements::ZERO,
            location: if shared { Location::Shared } else { Location::Local },
            persistent: !shared,
            target: window.aliases.as_deref().and_then(|target| group.target_index(target)),
            held: layout.filter(|_| shared).map_or(&[], |layout| &layout.held),
        }
    }

    fn child(&self, group: &GroupData, name: &str) -> Option<&GroupData> {
        group.children.get(name).copied().flatten().and_then(|id| self.groups.get(&id))
    }
}

impl GroupData {
    fn overflow(&self, entry: &str) -> RegistryError {
        RegistryError::LayoutOverflow { group: self.label.clone(), entry: entry.to_owned() }
    }
}

/// A group on the way through a tree.
struct Visit<'r> {
    data: &'r GroupData,
    layout: &'r GroupLayout,
    /// Path of the group; empty at the root.
    prefix: String,
    /// Where its spaces start.
    shared: Offset,
    persistent: Offset,
    /// Next entry.
    index: usize,
}

impl<'r> Visit<'r> {
    fn new(data: &'r GroupData, layout: &'r GroupLayout, prefix: String, shared: Offset, persistent: Offset) -> Self {
        Self { data, layout, prefix, shared, persistent, index: 0 }
    }

    fn next(&mut self) -> Option<(&'r str, &'r Slot, Placed)> {
        let (name, slot) = self.data.slots.get_index(self.index)?;
        let placed = *self.layout.entries().get(self.index)?;
        self.index += 1;
        Some((name, slot, placed))
    }

    fn path(&self, name: &str) -> String {
        let mut path = String::with_capacity(self.prefix.len() + 1 + name.len());
        path.push_str(&self.prefix);
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
        path
    }

    fn absolute(&self, placement: Placement) -> Option<Placement> {
        Some(match placement {
            Placement::Shared(range) => Placement::Shared(range.checked_within(self.shared)?),
            Placement::Persistent(range) => Placement::Persistent(range.checked_within(self.persistent)?),
            Placement::Local { .. } => placement,
        })
    }

    /// The alias with the path of its target: the child's own path where that is a child's window.
    fn alias(&self, target: Option<&str>, placed: Placed) -> Option<ResolvedAlias> {
        let target = target?;
        let name = match self.data.slots.get(target) {
            Some(Slot::Window(Window { child, region: Region::Shared, .. })) => child,
            _ => target,
        };
        Some(ResolvedAlias { target: self.path(name), outcome: placed.alias? })
    }
}
