//! The placement rules of one group.

use super::placement::{GroupLayout, Placed, Placement, Sizes};
use super::{AliasOutcome, ByteRange, Bytes, Elements, FallbackReason, Offset, Word};
use crate::location::Location;

/// What the rules need to know of an entry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'a> {
    /// Bytes of its elements; of its group's space for a child's window.
    pub(crate) bytes: Bytes,
    /// What its start must be a multiple of.
    pub(crate) alignment: Word,
    /// Alignment of what is inside: `alignment`, or the least where there is nothing.
    pub(crate) content: Word,
    pub(crate) elements: Elements,
    pub(crate) location: Location,
    pub(crate) persistent: bool,
    /// Index of the entry whose space it may reuse.
    pub(crate) target: Option<usize>,
    /// Persistent bytes inside a child's window.
    pub(crate) held: &'a [ByteRange],
}

/// The entry at which a size stopped fitting in a `usize`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Overflow {
    pub(crate) entry: usize,
}

/// Lays out one group whose offsets and lengths are multiples of `unit`.
///
/// 1. Entries that are no alias, in order: shared ones one after the other, each start aligned; persistent ones
///    likewise in a space of their own; local ones each an array of at least one element.
/// 2. Aliases in order, first come first served: inside the target if that has a range in shared memory, what earlier
///    aliases left of it is large enough, and no byte of either is persistent, whatever the alias's own location;
///    otherwise by its own location and persistence, after what is there.
///
/// An alias may itself be a target; what its aliases use of it is counted apart from what is used of its target.
pub(crate) fn place(items: &[Item<'_>], unit: Word) -> Result<GroupLayout, Overflow> {
    let mut table = Table { unit, shared: Offset::ZERO, persistent: Offset::ZERO, local: Elements::ZERO };
    let mut placed: Vec<Option<Placed>> = vec![None; items.len()];
    // First free byte inside each target, counted from the target's start.
    let mut used = vec![Bytes::ZERO; items.len()];

    for (entry, (item, slot)) in items.iter().zip(&mut placed).enumerate() {
        if item.target.is_none() {
            let placement = table.append(item).ok_or(Overflow { entry })?;
            *slot = Some(Placed { placement, alias: None });
        }
    }
    for (entry, item) in items.iter().enumerate() {
        let Some(target) = item.target else { continue };
        let overflow = Overflow { entry };
        let fit = match (items.get(target), placed.get(target).copied().flatten(), used.get(target)) {
            (Some(target), place, Some(used)) => table.overlay(item, target, place, *used).ok_or(overflow)?,
            _ => Err(FallbackReason::TargetNotShared),
        };
        let decided = match fit {
            Ok((range, now_used)) => {
                if let Some(used) = used.get_mut(target) {
                    *used = now_used;
                }
                Placed { placement: Placement::Shared(range), alias: Some(AliasOutcome::Overlaid) }
            }
            Err(reason) => {
                Placed { placement: table.append(item).ok_or(overflow)?, alias: Some(AliasOutcome::Fallback(reason)) }
            }
        };
        if let Some(slot) = placed.get_mut(entry) {
            *slot = Some(decided);
        }
    }
    finish(items, placed.into_iter().flatten().collect(), &table)
}

/// Sums up what the owner of the group must know.
fn finish(items: &[Item<'_>], entries: Vec<Placed>, table: &Table) -> Result<GroupLayout, Overflow> {
    let mut layout = GroupLayout {
        sizes: Sizes {
            shared: table.shared.since(Offset::ZERO),
            persistent: table.persistent.since(Offset::ZERO),
            local: table.local,
        },
        ..GroupLayout::default()
    };
    for (entry, (item, placed)) in items.iter().zip(&entries).enumerate() {
        match placed.placement {
            Placement::Shared(range) => {
                layout.shared_alignment = layout.shared_alignment.max(item.content);
                if item.persistent && !range.is_empty() {
                    layout.held.push(range);
                }
                for held in item.held {
                    layout.held.push(held.checked_within(range.start()).ok_or(Overflow { entry })?);
                }
            }
            Placement::Persistent(_) => layout.persistent_alignment = layout.persistent_alignment.max(item.content),
            Placement::Local { .. } => {}
        }
    }
    layout.entries = entries;
    Ok(layout)
}

/// The ends of the spaces so far.
struct Table {
    unit: Word,
    shared: Offset,
    persistent: Offset,
    local: Elements,
}

impl Table {
    /// Gives the item storage of its own after what is there; `None` on overflow.
    fn append(&mut self, item: &Item<'_>) -> Option<Placement> {
        let end = match (item.location, item.persistent) {
            (Location::Shared, _) => &mut self.shared,
            (Location::Local, true) => &mut self.persistent,
            (Location::Local, false) => {
                let elements = item.elements.max(Elements::new(1));
                self.local = self.local.checked_add(elements)?;
                return Some(Placement::Local { elements });
            }
        };
        let range =
            ByteRange::new(end.checked_align(item.alignment.max(self.unit))?, item.bytes.checked_round_up(self.unit)?)?;
        *end = range.end();
        Some(match item.location {
            Location::Shared => Placement::Shared(range),
            Location::Local => Placement::Persistent(range),
        })
    }

    /// The place of an alias inside its target and the bytes of the target then used, or why there is none; `None` on
    /// overflow.
    fn overlay(
        &self,
        alias: &Item<'_>,
        target: &Item<'_>,
        place: Option<Placed>,
        used: Bytes,
    ) -> Option<Result<(ByteRange, Bytes), FallbackReason>> {
        if alias.persistent {
            return Some(Err(FallbackReason::AliasPersistent));
        }
        if !alias.held.is_empty() {
            return Some(Err(FallbackReason::AliasHoldsPersistent));
        }
        if target.persistent {
            return Some(Err(FallbackReason::TargetPersistent));
        }
        let Some(Placement::Shared(space)) = place.map(|placed| placed.placement) else {
            return Some(Err(FallbackReason::TargetNotShared));
        };
        let needed = alias.bytes.checked_round_up(self.unit)?;
        let free = space.start().checked_add(used)?;
        if needed > space.end().since(free) {
            return Some(Err(FallbackReason::TargetFull { available: space.end().since(free), needed }));
        }
        let start = free.checked_align(alias.alignment.max(self.unit))?;
        let range = ByteRange::new(start, needed)?;
        if range.end() > space.end() {
            return Some(Err(FallbackReason::Misaligned { available: space.end().since(start), needed }));
        }
        for held in target.held {
            if held.checked_within(space.start())?.overlaps(range) {
                return Some(Err(FallbackReason::TargetHoldsPersistent { held: *held }));
            }
        }
        Some(Ok((range, range.end().since(space.start()))))
    }
}
