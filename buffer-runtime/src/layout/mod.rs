//! Where every buffer lies: the placement rules, and a tree's layout flattened to absolute offsets.
//!
//! A thread sees three memories: its part of **shared** memory and its **persistent** storage, each a byte space that
//! starts at 0, and **local** arrays, which are separate and have no offsets. Within one group, offsets and lengths are
//! multiples of the parent's `real`; the rules are in the `place` submodule, in one function.

mod fallback;
mod mapping;
mod place;
mod placement;
mod resolved;
mod units;

pub use fallback::{AliasOutcome, FallbackReason};
pub use mapping::Interleave;
pub use placement::{GroupLayout, Placed, Placement, Region, Sizes};
pub use resolved::{Fallback, ResolvedAlias, ResolvedBuffer, ResolvedChild, ResolvedLayout, Totals};
pub use units::{ByteRange, Bytes, Elements, Offset, Word};

pub(crate) use place::{Item, Overflow, place};
pub(crate) use resolved::Resolution;

#[cfg(test)]
mod tests;
