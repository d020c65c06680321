//! What a card offers: queried from the driver, or from a table for planning without the card.

use serde::{Deserialize, Serialize};

use crate::nvrtc::Architecture;

/// Limits of a card. Sizes are bytes, registers have 32 bits, "multiprocessor" is what NVIDIA abbreviates SM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeviceLimits {
    /// Ten times the major plus the minor number of the compute capability.
    pub architecture: u32,
    /// Multiprocessors.
    pub multiprocessors: u32,
    /// Threads of a warp.
    pub warp_size: u32,
    /// Threads of a block, at most.
    pub threads_per_block: u32,
    /// Resident threads of a multiprocessor.
    pub threads_per_multiprocessor: u32,
    /// Resident blocks of a multiprocessor.
    pub blocks_per_multiprocessor: u32,
    /// Registers of a block, at most.
    pub registers_per_block: u32,
    /// Registers of a multiprocessor.
    pub registers_per_multiprocessor: u32,
    /// Shared memory of a block without asking for more; the limit of static arrays on every card.
    pub shared_per_block: u32,
    /// Shared memory of a block that sets the opt-in attribute; dynamic arrays only.
    pub shared_per_block_optin: u32,
    /// Shared memory of a multiprocessor at its largest share of the L1 cache.
    pub shared_per_multiprocessor: u32,
    /// Shared memory that the system takes from every block.
    pub shared_reserved_per_block: u32,
    /// L2 cache.
    pub l2_bytes: u64,
    /// Memory of the card.
    pub memory_bytes: u64,
}

const KIB: u32 = 1024;

/// A row of the table: what differs between architectures.
struct Row {
    architecture: u32,
    /// Threads and blocks resident on a multiprocessor.
    resident: (u32, u32),
    /// KiB of shared memory of a block with opt-in, and of a multiprocessor.
    shared_kib: (u32, u32),
    /// A common card: multiprocessors, MiB of L2 cache, GiB of memory.
    card: (u32, u64, u64),
}

/// Per-architecture limits: CUDA C++ Programming Guide, table "Technical Specifications per Compute Capability". The
/// cards: T4, A100 40 GB, A10, L40S, H100 SXM, B200, RTX 5090, from their data sheets.
const TABLE: [Row; 7] = [
    Row { architecture: 75, resident: (1024, 16), shared_kib: (64, 64), card: (40, 4, 16) },
    Row { architecture: 80, resident: (2048, 32), shared_kib: (163, 164), card: (108, 40, 40) },
    Row { architecture: 86, resident: (1536, 16), shared_kib: (99, 100), card: (72, 6, 24) },
    Row { architecture: 89, resident: (1536, 24), shared_kib: (99, 100), card: (142, 96, 48) },
    Row { architecture: 90, resident: (2048, 32), shared_kib: (227, 228), card: (132, 50, 80) },
    Row { architecture: 100, resident: (2048, 32), shared_kib: (227, 228), card: (148, 126, 180) },
    Row { architecture: 120, resident: (1536, 24), shared_kib: (99, 100), card: (170, 96, 32) },
];

impl DeviceLimits {
    /// The limits of a common card of `architecture`: sm_75, 80, 86, 89, 90, 100 or 120; `None` for others.
    ///
    /// The limits of a block and of a multiprocessor hold for every card of the architecture; their number, the cache
    /// and the memory are those of one card.
    #[must_use]
    pub fn typical(architecture: Architecture) -> Option<Self> {
        let row = TABLE.iter().find(|row| row.architecture == architecture.0)?;
        let (multiprocessors, l2_mib, memory_gib) = row.card;
        Some(Self {
            architecture: row.architecture,
            multiprocessors,
            warp_size: 32,
            threads_per_block: 1024,
            threads_per_multiprocessor: row.resident.0,
            blocks_per_multiprocessor: row.resident.1,
            registers_per_block: 64 * KIB,
            registers_per_multiprocessor: 64 * KIB,
            shared_per_block: 48 * KIB,
            shared_per_block_optin: row.shared_kib.0 * KIB,
            shared_per_multiprocessor: row.shared_kib.1 * KIB,
            shared_reserved_per_block: if row.architecture >= 80 { KIB } else { 0 },
            l2_bytes: l2_mib << 20,
            memory_bytes: memory_gib << 30,
        })
    }

    /// The architecture to compile for.
    #[must_use]
    pub fn target(&self) -> Architecture {
        Architecture(self.architecture)
    }

    /// The architectures that [`typical`](Self::typical) knows, ascending.
    pub fn known() -> impl Iterator<Item = Architecture> {
        TABLE.iter().map(|row| Architecture(row.architecture))
    }

    /// Shared memory is given to blocks in multiples of this many bytes.
    pub(super) fn shared_unit(&self) -> u32 {
        if self.architecture >= 80 { 128 } else { 256 }
    }

    /// Barriers of a multiprocessor; before sm_90 they are no limit of their own.
    pub(super) fn barriers(&self) -> Option<u32> {
        let per_block = match self.architecture {
            ..90 => return None,
            90 | 100 => 2,
            _ => 1,
        };
        Some(self.blocks_per_multiprocessor.saturating_mul(per_block))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_consistent() {
        let known: Vec<_> = DeviceLimits::known().collect();
        assert_eq!(known, [75, 80, 86, 89, 90, 100, 120].map(Architecture));
        for architecture in known {
            let limits = DeviceLimits::typical(architecture).unwrap();
            assert_eq!(limits.target(), architecture);
            // A block can have all of a multiprocessor's shared memory but what the system keeps.
            assert_eq!(
                limits.shared_per_block_optin + limits.shared_reserved_per_block,
                limits.shared_per_multiprocessor
            );
            assert_eq!(limits.threads_per_multiprocessor % limits.warp_size, 0);
        }
        assert_eq!(DeviceLimits::typical(Architecture(61)), None);
    }
}
