//! How many threads may be in flight when each has a stack.
//!
//! Local memory lies in the card's memory and is cached. The driver reserves it for every thread that the card can hold
//! at once, whatever the launch; and once the stacks of the threads that do run exceed the L2 cache, each access goes
//! to memory.

use serde::{Deserialize, Serialize};

use super::{DeviceLimits, Occupancy};
use crate::nvrtc::KernelResources;

/// A bound on the threads in flight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StackLimit {
    /// Threads to launch at a time, a multiple of the block.
    pub threads: u64,
    /// Bytes that the driver reserves for stacks at the first launch.
    pub reserved_bytes: u64,
    /// Whether the stacks of that many threads fit the L2 cache.
    pub fits_l2: bool,
}

/// The driver's reservation for stacks exceeds the budget.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "kernel {kernel} has {stack_bytes} bytes of stack per thread, for which the driver reserves {reserved_bytes} bytes on this card; the \
     budget is {budget}: move buffers to shared memory, unroll less, or raise the budget"
)]
#[non_exhaustive]
pub struct StackOverBudget {
    /// The kernel.
    pub kernel: String,
    /// Bytes of stack of a thread.
    pub stack_bytes: u32,
    /// Bytes that the driver would reserve.
    pub reserved_bytes: u64,
    /// Bytes allowed.
    pub budget: u64,
}

/// The threads of a kernel to have in flight, in blocks of `block`: as many as the card holds, but no more than have
/// their stacks in L2, and at least one block per multiprocessor. `budget` bounds the bytes of memory that the driver
/// may reserve.
///
/// # Errors
/// [`StackOverBudget`]: the reservation depends on the kernel and the card only, so no smaller launch avoids it.
pub fn stack_limit(
    limits: &DeviceLimits,
    resources: &KernelResources,
    occupancy: &Occupancy,
    block: u32,
    budget: u64,
) -> Result<StackLimit, StackOverBudget> {
    let multiprocessors = u64::from(limits.multiprocessors);
    let stack = u64::from(resources.stack_bytes);
    let reserved_bytes = stack * u64::from(limits.threads_per_multiprocessor) * multiprocessors;
    if reserved_bytes > budget {
        let (kernel, stack_bytes) = (resources.name.clone(), resources.stack_bytes);
        return Err(StackOverBudget { kernel, stack_bytes, reserved_bytes, budget });
    }
    let block = u64::from(block);
    let resident = u64::from(occupancy.blocks_per_multiprocessor) * multiprocessors * block;
    let in_cache = limits.l2_bytes.checked_div(stack).unwrap_or(u64::MAX);
    let whole_blocks = in_cache.checked_div(block).unwrap_or(0) * block;
    let threads = resident.min(whole_blocks.max(multiprocessors * block));
    Ok(StackLimit { threads, reserved_bytes, fits_l2: threads <= in_cache })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{cuda::occupancy, nvrtc::Architecture};

    fn limit(stack_bytes: u32, block: u32) -> StackLimit {
        let limits = DeviceLimits::typical(Architecture(90)).unwrap();
        let resources = KernelResources { registers: 64, stack_bytes, ..KernelResources::default() };
        let occupancy = occupancy(&limits, &resources, block, 0);
        stack_limit(&limits, &resources, &occupancy, block, u64::MAX).unwrap()
    }

    #[test]
    fn small_stacks_do_not_limit() {
        // 64 registers: 1024 threads on each of 132 multiprocessors.
        assert_eq!(limit(0, 128), StackLimit { threads: 132 * 1024, reserved_bytes: 0, fits_l2: true });
        assert_eq!(limit(64, 128).threads, 132 * 1024);
    }

    #[test]
    fn large_stacks_stay_in_l2() {
        let found = limit(1000, 128);
        assert_eq!(found.threads, (50 << 20) / 1000 / 128 * 128);
        assert!(found.fits_l2);
        assert_eq!(found.reserved_bytes, 1000 * 2048 * 132);
    }

    #[test]
    fn every_multiprocessor_has_work() {
        let found = limit(100_000, 128);
        assert_eq!((found.threads, found.fits_l2), (132 * 128, false));
    }

    #[test]
    fn the_reservation_has_a_budget() {
        let limits = DeviceLimits::typical(Architecture(90)).unwrap();
        let resources = KernelResources { name: "k".into(), stack_bytes: 1 << 20, ..KernelResources::default() };
        let occupancy = occupancy(&limits, &resources, 64, 0);
        let error = stack_limit(&limits, &resources, &occupancy, 64, limits.memory_bytes).unwrap_err();
        assert_eq!(error.reserved_bytes, (1 << 20) * 2048 * 132);
        assert!(error.to_string().contains("kernel k has 1048576 bytes"));
    }
}
