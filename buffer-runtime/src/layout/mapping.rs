//! From a byte of a thread's shared space to an address in the block's shared memory.

use super::{Bytes, Offset, Word};

/// How the shared spaces of a block's threads lie in its shared memory: interleaved in granules.
///
/// Byte `b` of thread `t` is at `(b / G)·(G·B) + t·G + b mod G`, with `G` the granule and `B` the threads of the block.
/// Shared memory has 32 banks of 4 bytes and serves a warp in one pass when its threads hit different banks (CUDA C++
/// Programming Guide, "Shared Memory"): neighbouring threads accessing their own element of size `G` touch neighbouring
/// granules, so elements of size `G` are free of conflicts. With 4-byte elements at `G = 8` two threads of a warp share
/// each bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interleave {
    /// Bytes that stay together.
    pub granule: Word,
    /// Threads of the block.
    pub threads: usize,
}

impl Interleave {
    /// The address of byte `byte` of thread `thread`; `None` if there is no such thread or the address overflows.
    pub fn address(self, byte: Offset, thread: usize) -> Option<usize> {
        let granule = self.granule.bytes();
        let row = (byte.get() / granule).checked_mul(granule.checked_mul(self.threads)?)?;
        let column = thread.checked_mul(granule)?.checked_add(byte.get() % granule)?;
        (thread < self.threads).then_some(())?;
        row.checked_add(column)
    }

    /// Shared memory of the whole block when each thread's space has `shared` bytes; `None` on overflow.
    ///
    /// A thread's space is rounded up to whole granules: the addresses of a partial one are spread over a whole row.
    pub fn block_bytes(self, shared: Bytes) -> Option<Bytes> {
        shared.checked_round_up(self.granule)?.checked_mul(self.threads)
    }
}
