//! What became of an alias, and why.

use std::fmt;

use super::{ByteRange, Bytes};

/// Whether an alias got the space it was declared to reuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AliasOutcome {
    /// It lies inside its target.
    Overlaid,
    /// It has storage of its own, by its own location and persistence.
    Fallback(FallbackReason),
}

/// Why an alias has storage of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FallbackReason {
    /// The alias itself is persistent: whatever else uses the target would destroy it between calls.
    AliasPersistent,
    /// The alias is a child's window, and a buffer in it is persistent.
    AliasHoldsPersistent,
    /// The target is persistent: the alias would destroy it.
    TargetPersistent,
    /// The target has no range in shared memory when the alias is placed; only shared memory is reused.
    TargetNotShared,
    /// What earlier aliases left of the target is too small.
    TargetFull {
        /// Bytes of the target not yet given to an alias.
        available: Bytes,
        /// Bytes of the alias.
        needed: Bytes,
    },
    /// The alias would fit but for the bytes skipped to align it.
    Misaligned {
        /// Bytes left from the aligned start to the end of the target.
        available: Bytes,
        /// Bytes of the alias.
        needed: Bytes,
    },
    /// The next free place in the target, a child's window, has a persistent buffer in it.
    TargetHoldsPersistent {
        /// The persistent bytes, from the start of the target.
        held: ByteRange,
    },
}

impl fmt::Display for FallbackReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AliasPersistent => f.write_str("the alias is persistent, and persistent storage is never reused"),
            Self::AliasHoldsPersistent => {
                f.write_str("the alias holds a persistent buffer, and persistent storage is never reused")
            }
            Self::TargetPersistent => f.write_str("the target is persistent, and persistent storage is never reused"),
            Self::TargetNotShared => {
                f.write_str("the target is not in shared memory, and only shared memory is reused")
            }
            Self::TargetFull { available, needed } => {
                write!(f, "the target has {available} left of the {needed} needed")
            }
            Self::Misaligned { available, needed } => {
                write!(f, "the target has {available} left of the {needed} needed after alignment")
            }
            Self::TargetHoldsPersistent { held } => {
                write!(f, "the next free place in the target holds a persistent buffer at bytes {held}")
            }
        }
    }
}

impl fmt::Display for AliasOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overlaid => f.write_str("overlaid"),
            Self::Fallback(reason) => write!(f, "own storage: {reason}"),
        }
    }
}
