//! Whether the shared memory of a block fits, checked before anything is compiled.

use std::fmt;

use super::DeviceLimits;

/// Shared memory of one buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedBuffer {
    /// The buffer's path, as reports show it.
    pub name: String,
    /// Bytes of one thread.
    pub bytes_per_thread: u32,
}

/// Which limit holds for a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SharedLimit {
    /// Static arrays: 48 KiB on every card.
    Static,
    /// Dynamic arrays with the opt-in attribute: what the card has.
    OptIn,
}

impl SharedLimit {
    /// The limit in bytes.
    #[must_use]
    pub fn bytes(self, limits: &DeviceLimits) -> u32 {
        match self {
            Self::Static => limits.shared_per_block,
            Self::OptIn => limits.shared_per_block_optin,
        }
    }
}

impl fmt::Display for SharedLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Static => "for static arrays",
            Self::OptIn => "for dynamic arrays, with opt-in",
        })
    }
}

/// The buffers in shared memory need more than a block can have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct OverBudget {
    /// Every buffer in shared memory, largest first.
    pub buffers: Vec<SharedBuffer>,
    /// Threads of the block.
    pub block: u32,
    /// Bytes the block needs.
    pub requested: u64,
    /// Bytes it can have.
    pub limit: u32,
    /// Which limit that is.
    pub kind: SharedLimit,
    /// The card's architecture, as in `sm_90`.
    pub architecture: u32,
    /// The largest block, a multiple of the warp size, that fits.
    pub largest_block: Option<u32>,
    /// How many of `buffers`, from the first, have to leave for the block to fit.
    pub to_move: usize,
}

impl fmt::Display for OverBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { block, requested, limit, kind, architecture, .. } = self;
        writeln!(
            f,
            "a block of {block} threads needs {requested} bytes of shared memory; sm_{architecture} has {limit} {kind}:"
        )?;
        for buffer in &self.buffers {
            let per_block = u64::from(buffer.bytes_per_thread) * u64::from(*block);
            writeln!(f, "  {:>8} bytes, {:>6} per thread: {}", per_block, buffer.bytes_per_thread, buffer.name)?;
        }
        match self.largest_block {
            Some(block) => write!(f, "use at most {block} threads per block, or ")?,
            None => write!(f, "not even one warp fits: ")?,
        }
        let leaving: Vec<_> = self.buffers.iter().take(self.to_move).map(|buffer| buffer.name.as_str()).collect();
        write!(f, "move {} to local memory", leaving.join(", "))
    }
}

/// Checks that a block of `block` threads fits, each with `per_thread` bytes of shared memory, and returns the block's bytes.
///
/// `per_thread` is what a layout takes, padding included ([`ResolvedLayout::block_shared_bytes`](crate::layout::ResolvedLayout::block_shared_bytes) of one thread);
/// `buffers` are those with space of their own, for the message.
///
/// # Errors
/// [`OverBudget`] lists the buffers, and says how large a block may be and which buffers to move.
pub fn check_shared(
    limits: &DeviceLimits,
    kind: SharedLimit,
    per_thread: u64,
    buffers: &[SharedBuffer],
    block: u32,
) -> Result<u32, OverBudget> {
    let limit = kind.bytes(limits);
    let requested = per_thread.saturating_mul(block.into());
    match u32::try_from(requested) {
        Ok(bytes) if bytes <= limit => Ok(bytes),
        _ => Err(over_budget(limits, kind, per_thread, buffers, block)),
    }
}

fn over_budget(
    limits: &DeviceLimits,
    kind: SharedLimit,
    per_thread: u64,
    buffers: &[SharedBuffer],
    block: u32,
) -> OverBudget {
    let limit = kind.bytes(limits);
    let mut buffers = buffers.to_vec();
    buffers.sort_by_key(|buffer| std::cmp::Reverse(buffer.bytes_per_thread));
    let mut left = per_thread;
    let mut to_move = 0;
    for buffer in &buffers {
        if left.saturating_mul(block.into()) <= limit.into() {
            break;
        }
        left = left.saturating_sub(buffer.bytes_per_thread.into());
        to_move += 1;
    }
    let warp = u64::from(limits.warp_size.max(1));
    // A limit of 32 bits divided by at least one byte fits again.
    let threads = u64::from(limit).checked_div(per_thread).map_or(0, |threads| threads / warp * warp);
    OverBudget {
        block,
        requested: per_thread.saturating_mul(block.into()),
        limit,
        kind,
        architecture: limits.architecture,
        largest_block: u32::try_from(threads).ok().filter(|threads| *threads > 0),
        to_move,
        buffers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nvrtc::Architecture;

    fn check(
        limits: &DeviceLimits,
        kind: SharedLimit,
        buffers: &[SharedBuffer],
        block: u32,
    ) -> Result<u32, OverBudget> {
        let per_thread = buffers.iter().map(|buffer| u64::from(buffer.bytes_per_thread)).sum();
        check_shared(limits, kind, per_thread, buffers, block)
    }

    fn buffer(name: &str, bytes_per_thread: u32) -> SharedBuffer {
        SharedBuffer { name: name.into(), bytes_per_thread }
    }

    #[test]
    fn up_to_the_last_byte() {
        let limits = DeviceLimits::typical(Architecture(86)).unwrap();
        let full = [buffer("a", 396), buffer("b", 396)];
        assert_eq!(check(&limits, SharedLimit::OptIn, &full, 128), Ok(99 * 1024));
        assert!(check(&limits, SharedLimit::OptIn, &[buffer("a", 396), buffer("b", 397)], 128).is_err());
        assert!(check(&limits, SharedLimit::Static, &full, 128).is_err());
        assert_eq!(check(&limits, SharedLimit::Static, &[], 1024), Ok(0));
    }

    #[test]
    fn the_layout_decides_not_the_sum_of_its_buffers() {
        let limits = DeviceLimits::typical(Architecture(86)).unwrap();
        let (small, large) = ([buffer("a", 396)], [buffer("a", 792), buffer("b", 792)]);
        let padded = check_shared(&limits, SharedLimit::OptIn, 793, &small, 128).unwrap_err();
        assert_eq!((padded.requested, padded.largest_block, padded.to_move), (793 * 128, Some(96), 1));
        assert_eq!(check_shared(&limits, SharedLimit::OptIn, 792, &large, 128), Ok(99 * 1024));
    }

    #[test]
    fn the_error_says_what_to_do() {
        let limits = DeviceLimits::typical(Architecture(86)).unwrap();
        let buffers = [buffer("step.base", 24), buffer("step.newton.factors", 288), buffer("step.stages", 120)];
        let error = check(&limits, SharedLimit::OptIn, &buffers, 256).unwrap_err();
        assert_eq!(
            (error.requested, error.limit, error.largest_block, error.to_move),
            (432 * 256, 99 * 1024, Some(224), 1)
        );
        assert_eq!(
            error.to_string(),
            "a block of 256 threads needs 110592 bytes of shared memory; sm_86 has 101376 for dynamic arrays, with opt-in:\n\
             \x20    73728 bytes,    288 per thread: step.newton.factors\n\
             \x20    30720 bytes,    120 per thread: step.stages\n\
             \x20     6144 bytes,     24 per thread: step.base\n\
             use at most 224 threads per block, or move step.newton.factors to local memory"
        );
        // What it advises works.
        assert!(check(&limits, SharedLimit::OptIn, &buffers, 224).is_ok());
        assert!(check(&limits, SharedLimit::OptIn, &error.buffers[error.to_move..], 256).is_ok());
    }

    #[test]
    fn absurd_sizes_do_not_overflow() {
        let limits = DeviceLimits::typical(Architecture(90)).unwrap();
        let buffers = [buffer("a", u32::MAX), buffer("b", u32::MAX)];
        let error = check(&limits, SharedLimit::OptIn, &buffers, u32::MAX).unwrap_err();
        assert_eq!((error.largest_block, error.to_move), (None, 2));
        assert!(error.to_string().contains("not even one warp fits: move a, b to local memory"), "{error}");
    }
}
