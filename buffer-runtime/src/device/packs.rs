//! The work of a launch on the CPU: packs of runs, spread over threads.

use std::ffi::c_void;

use rayon::prelude::*;

use super::loaded::EntryFunction;
use super::scratch::with_scratch;

/// What every chunk of a launch needs. The arrays it points to are borrowed by the launch for its whole duration.
pub(super) struct Job<'a> {
    pub(super) entry: EntryFunction,
    pub(super) arrays: &'a [*mut c_void],
    pub(super) arguments: &'a [u64],
    pub(super) traces: &'a [*mut c_void],
    pub(super) shared_bytes: usize,
    /// Stack that the entry may take.
    pub(super) stack_bytes: usize,
    pub(super) runs: usize,
}

// SAFETY: chunks write disjoint elements (each run's own column of every array and trace), read what nobody writes, and the pointers are
// valid for the launch, which outlives all chunks.
unsafe impl Sync for Job<'_> {}

impl Job<'_> {
    fn execute(&self, first: usize, last: usize) {
        // Threads of a pool have 2 MiB of stack. A small kernel finds enough there; a large one gets a stack of its own.
        stacker::maybe_grow(self.stack_bytes, self.stack_bytes, || self.call(first, last));
    }

    fn call(&self, first: usize, last: usize) {
        with_scratch(self.shared_bytes, |shared| {
            // SAFETY: `arrays` and `traces` point to arrays of the lengths the entry was compiled for (`Arguments::bind` and `Traces::new`
            // check and allocate them for `runs`; padded columns are a pack of them); `arguments` has the members of the kernel's struct, aligned to 8 (`ArgumentBlock` keeps the shape it was compiled with);
            // `shared` is aligned and large enough; first < last <= runs, both at whole packs unless the entry refills its lanes, which touches runs of
            // [first, last) only; no other chunk has these runs.
            unsafe {
                (self.entry)(
                    self.arrays.as_ptr(),
                    self.arguments.as_ptr().cast(),
                    shared,
                    self.traces.as_ptr(),
                    first as i64,
                    last as i64,
                    self.runs as i64,
                );
            }
        });
    }
}

/// Chunks of a launch per thread: several, so that uneven runs even out.
pub(super) const CHUNKS: usize = 16;
/// Fewer where lanes refill, because at the end of each chunk lanes idle.
pub(super) const CHUNKS_OF_REFILLED_LANES: usize = 4;

/// The work of one launch: whole packs of the caller's arrays, and one pack of padded columns.
pub(super) struct Packs<'a> {
    pub(super) whole: Job<'a>,
    /// Whole packs.
    pub(super) count: usize,
    pub(super) tail: Option<Job<'a>>,
    pub(super) lanes: usize,
    pub(super) chunks_per_thread: usize,
}

impl Packs<'_> {
    /// Packs `begin..end`; the last may have fewer runs than lanes where lanes refill.
    fn execute_packs(&self, begin: usize, end: usize) {
        let (first, last) = (begin * self.lanes, (end * self.lanes).min(self.whole.runs));
        if first < last {
            self.whole.execute(first, last);
        }
    }

    pub(super) fn execute(&self) {
        self.execute_packs(0, self.count);
        if let Some(tail) = &self.tail {
            tail.execute(0, self.lanes);
        }
    }

    /// Gives each thread several chunks of whole packs, so that uneven runs even out.
    pub(super) fn spread(&self) {
        let threads = rayon::current_num_threads();
        if threads <= 1 || self.count + usize::from(self.tail.is_some()) <= 1 {
            return self.execute();
        }
        let chunk = self.count.div_ceil(threads * self.chunks_per_thread).max(1);
        let chunks = self.count.div_ceil(chunk);
        (0..chunks + usize::from(self.tail.is_some())).into_par_iter().for_each(|index| match &self.tail {
            Some(tail) if index == chunks => tail.execute(0, self.lanes),
            _ => self.execute_packs(index * chunk, ((index + 1) * chunk).min(self.count)),
        });
    }
}
