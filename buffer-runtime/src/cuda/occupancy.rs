//! How many blocks of a kernel a multiprocessor holds.
//!
//! The rules are those that NVIDIA publishes with the toolkit (`cuda_occupancy.h`): warps, registers, shared memory and
//! barriers are given to blocks in fixed units, and the scarcest decides.

use serde::{Deserialize, Serialize};

use super::DeviceLimits;
use crate::nvrtc::KernelResources;

/// Registers are given to a warp in multiples of this many.
const REGISTER_UNIT: u32 = 256;
/// Registers of a thread, at most.
const REGISTERS_PER_THREAD: u32 = 255;
/// Parts of a multiprocessor, each with its own quarter of the registers.
const PARTITIONS: u32 = 4;

/// What keeps a multiprocessor from holding another block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Limiter {
    /// Resident threads, or a block larger than the card allows.
    Threads,
    /// Resident blocks: larger blocks would fill it.
    Blocks,
    /// Registers.
    Registers,
    /// Shared memory.
    SharedMemory,
    /// Barriers.
    Barriers,
}

/// Blocks of a kernel on a multiprocessor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Occupancy {
    /// Resident blocks. Zero: a launch fails.
    pub blocks_per_multiprocessor: u32,
    /// Resident warps.
    pub warps_per_multiprocessor: u32,
    /// What runs out first.
    pub limiter: Limiter,
}

impl Occupancy {
    /// Resident warps as a fraction of what the card can hold.
    #[must_use]
    pub fn fraction(&self, limits: &DeviceLimits) -> f64 {
        let most = limits.threads_per_multiprocessor / limits.warp_size.max(1);
        f64::from(self.warps_per_multiprocessor) / f64::from(most.max(1))
    }
}

/// The occupancy of a kernel in blocks of `block` threads with `dynamic_shared` bytes of dynamic shared memory, the
/// opt-in attribute set if that needs it.
#[must_use]
pub fn occupancy(limits: &DeviceLimits, resources: &KernelResources, block: u32, dynamic_shared: u32) -> Occupancy {
    let warps = block.div_ceil(limits.warp_size.max(1));
    let candidates = [
        (by_threads(limits, block, warps), Limiter::Threads),
        (limits.blocks_per_multiprocessor, Limiter::Blocks),
        (by_registers(limits, resources.registers, warps), Limiter::Registers),
        (by_shared(limits, resources.shared_bytes, dynamic_shared), Limiter::SharedMemory),
        (by_barriers(limits, resources.barriers), Limiter::Barriers),
    ];
    // Of equals the first: more threads or larger blocks would not help.
    let mut scarcest = candidates[0];
    for candidate in &candidates[1..] {
        if candidate.0 < scarcest.0 {
            scarcest = *candidate;
        }
    }
    let (blocks, limiter) = scarcest;
    Occupancy { blocks_per_multiprocessor: blocks, warps_per_multiprocessor: blocks.saturating_mul(warps), limiter }
}

fn by_threads(limits: &DeviceLimits, block: u32, warps: u32) -> u32 {
    if block == 0 || block > limits.threads_per_block {
        return 0;
    }
    (limits.threads_per_multiprocessor / limits.warp_size.max(1)) / warps.max(1)
}

fn by_registers(limits: &DeviceLimits, registers: u32, warps: u32) -> u32 {
    if registers > REGISTERS_PER_THREAD {
        return 0;
    }
    let per_warp = (registers * limits.warp_size).next_multiple_of(REGISTER_UNIT);
    if per_warp == 0 {
        return u32::MAX;
    }
    // The launch check counts a block's warps as if every partition had as many.
    if per_warp.saturating_mul(warps.next_multiple_of(PARTITIONS)) > limits.registers_per_block {
        return 0;
    }
    let warps_per_partition = limits.registers_per_multiprocessor / PARTITIONS / per_warp;
    warps_per_partition * PARTITIONS / warps.max(1)
}

fn by_shared(limits: &DeviceLimits, fixed: u32, dynamic: u32) -> u32 {
    let wanted = fixed.saturating_add(dynamic);
    if wanted > limits.shared_per_block_optin || fixed > limits.shared_per_block {
        return 0;
    }
    let allocated = (wanted + limits.shared_reserved_per_block).next_multiple_of(limits.shared_unit());
    limits.shared_per_multiprocessor.checked_div(allocated).unwrap_or(u32::MAX)
}

fn by_barriers(limits: &DeviceLimits, barriers: u32) -> u32 {
    limits.barriers().and_then(|all| all.checked_div(barriers)).unwrap_or(u32::MAX)
}

/// A block size and what it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct BlockChoice {
    /// Threads of a block.
    pub block: u32,
    /// Bytes of dynamic shared memory of a block.
    pub dynamic_shared: u32,
    /// The occupancy.
    pub occupancy: Occupancy,
}

/// The block size, a multiple of the warp size, that fills a multiprocessor with most warps; of equals the smallest,
/// which ends its slowest warp sooner. `None` when not even one warp fits.
///
/// `shared_per_thread` is the dynamic shared memory of one thread in bytes; static shared memory is part of
/// `resources`.
#[must_use]
pub fn choose_block(limits: &DeviceLimits, resources: &KernelResources, shared_per_thread: u32) -> Option<BlockChoice> {
    let warp = limits.warp_size.max(1);
    let mut best: Option<BlockChoice> = None;
    for warps in 1..=limits.threads_per_block / warp {
        let block = warps * warp;
        let Some(dynamic_shared) = shared_per_thread.checked_mul(block) else { break };
        let choice =
            BlockChoice { block, dynamic_shared, occupancy: occupancy(limits, resources, block, dynamic_shared) };
        let warps_now = choice.occupancy.warps_per_multiprocessor;
        if warps_now > best.map_or(0, |best| best.occupancy.warps_per_multiprocessor) {
            best = Some(choice);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::nvrtc::Architecture;

    fn kernel(registers: u32, shared_bytes: u32, barriers: u32) -> KernelResources {
        KernelResources { registers, shared_bytes, barriers, ..KernelResources::default() }
    }

    fn limits(architecture: u32) -> DeviceLimits {
        DeviceLimits::typical(Architecture(architecture)).unwrap()
    }

    /// Architecture; registers, static shared bytes and barriers of the kernel; block, dynamic shared bytes; blocks per
    /// multiprocessor according to NVIDIA's `cuda_occupancy.h` of CUDA 13, which agrees with this module on 28,000
    /// random cases.
    const PUBLISHED: [(u32, u32, u32, u32, u32, u32, u32); 24] = [
        (75, 248, 0, 1, 390, 0, 0),
        (75, 70, 0, 7, 119, 0, 7),
        (75, 245, 7679, 1, 66, 15993, 2),
        (75, 9, 0, 1, 996, 0, 1),
        (80, 185, 0, 1, 537, 9078, 0),
        (80, 23, 0, 1, 658, 0, 3),
        (80, 227, 26764, 1, 52, 47064, 2),
        (80, 114, 1439, 1, 169, 0, 2),
        (86, 65, 0, 1, 736, 7768, 1),
        (86, 107, 9760, 1, 91, 0, 5),
        (86, 18, 0, 1, 55, 0, 16),
        (86, 46, 9385, 13, 109, 5931, 6),
        (89, 79, 14389, 1, 229, 0, 3),
        (89, 7, 12658, 1, 317, 5811, 4),
        (90, 139, 10048, 9, 158, 1573, 2),
        (90, 143, 0, 1, 81, 768, 4),
        (90, 186, 0, 1, 899, 124_817, 0),
        (90, 245, 0, 1, 552, 10307, 0),
        (100, 228, 9591, 1, 832, 25395, 0),
        (100, 16, 18437, 1, 316, 0, 6),
        (100, 46, 0, 1, 505, 0, 2),
        (120, 65, 0, 1, 190, 14894, 4),
        (120, 124, 30253, 1, 250, 0, 2),
        (120, 203, 47632, 1, 134, 6990, 1),
    ];

    #[test]
    fn published_values() {
        for case @ (architecture, registers, fixed, barriers, block, dynamic, expected) in PUBLISHED {
            let found = occupancy(&limits(architecture), &kernel(registers, fixed, barriers), block, dynamic);
            assert_eq!(found.blocks_per_multiprocessor, expected, "{case:?}: {found:?}");
        }
    }

    #[test]
    fn the_limiter_is_what_runs_out() {
        let limiter =
            |registers, block, dynamic| occupancy(&limits(90), &kernel(registers, 0, 1), block, dynamic).limiter;
        assert_eq!(limiter(32, 256, 0), Limiter::Threads);
        assert_eq!(limiter(32, 32, 0), Limiter::Blocks);
        assert_eq!(limiter(128, 256, 0), Limiter::Registers);
        assert_eq!(limiter(32, 128, 100_000), Limiter::SharedMemory);
        assert_eq!(limiter(32, 2048, 0), Limiter::Threads);
        let barriers = occupancy(&limits(120), &kernel(16, 0, 16), 32, 0);
        assert_eq!((barriers.blocks_per_multiprocessor, barriers.limiter), (1, Limiter::Barriers));
    }

    #[test]
    fn full_is_one() {
        let found = occupancy(&limits(80), &kernel(32, 0, 0), 256, 0);
        assert_eq!((found.blocks_per_multiprocessor, found.warps_per_multiprocessor), (8, 64));
        assert_eq!(found.fraction(&limits(80)), 1.0);
    }

    #[test]
    fn shared_memory_up_to_the_opt_in_limit() {
        let most = limits(86).shared_per_block_optin;
        assert_eq!(occupancy(&limits(86), &kernel(32, 0, 0), 128, most).blocks_per_multiprocessor, 1);
        assert_eq!(occupancy(&limits(86), &kernel(32, 0, 0), 128, most + 1).blocks_per_multiprocessor, 0);
        // Static arrays have no opt-in.
        assert_eq!(occupancy(&limits(90), &kernel(32, 49_153, 0), 128, 0).blocks_per_multiprocessor, 0);
    }

    #[test]
    fn nothing_fits() {
        assert_eq!(choose_block(&limits(75), &kernel(32, 0, 0), 3000), None);
        assert_eq!(choose_block(&limits(90), &kernel(32, 0, 0), u32::MAX), None);
    }

    proptest! {
        #[test]
        fn the_choice_is_the_smallest_of_the_best(
            architecture in prop::sample::select(vec![75u32, 80, 86, 89, 90, 100, 120]),
            registers in 0u32..=255, fixed in 0u32..20_000, barriers in 0u32..4, shared in 0u32..1500,
        ) {
            let (limits, kernel) = (limits(architecture), kernel(registers, fixed, barriers));
            let warps = |block: u32| occupancy(&limits, &kernel, block, shared * block).warps_per_multiprocessor;
            let blocks = || (32..=1024).step_by(32);
            let most = blocks().map(warps).max().unwrap_or(0);
            match choose_block(&limits, &kernel, shared) {
                Some(choice) => {
                    prop_assert_eq!(choice.occupancy.warps_per_multiprocessor, most);
                    prop_assert_eq!(Some(choice.block), blocks().find(|block| warps(*block) == most));
                    prop_assert_eq!(choice.dynamic_shared, shared * choice.block);
                }
                None => prop_assert_eq!(most, 0),
            }
        }

        #[test]
        fn no_input_overflows(registers: u32, shared_bytes: u32, barriers: u32, block: u32, dynamic: u32) {
            let found = occupancy(&limits(90), &kernel(registers, shared_bytes, barriers), block, dynamic);
            prop_assert!(found.blocks_per_multiprocessor <= 32);
        }
    }
}
