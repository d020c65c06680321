//! Shared memory of the CPU: one aligned block per worker thread, kept between launches.

use std::cell::RefCell;

/// Alignment of the block: that of the widest vector, and of a cache line.
const ALIGNMENT: usize = 64;

#[repr(C, align(64))]
#[derive(Clone, Copy)]
struct Line([u8; ALIGNMENT]);

thread_local! {
    static SCRATCH: RefCell<Vec<Line>> = const { RefCell::new(Vec::new()) };
}

/// Calls `work` with at least `bytes` bytes of this thread's scratch, 64-byte aligned.
///
/// A call within a call (a worker that steals another launch's chunk while it waits) gets a block of its own.
pub(super) fn with_scratch<R>(bytes: usize, work: impl FnOnce(*mut u8) -> R) -> R {
    let lines = bytes.div_ceil(ALIGNMENT).max(1);
    SCRATCH.with(|scratch| match scratch.try_borrow_mut() {
        Ok(mut block) => {
            if block.len() < lines {
                block.resize(lines, Line([0; ALIGNMENT]));
            }
            work(block.as_mut_ptr().cast())
        }
        Err(_) => work(vec![Line([0; ALIGNMENT]); lines].as_mut_ptr().cast()),
    })
}

#[cfg(test)]
mod tests {
    use super::with_scratch;

    #[test]
    fn blocks_are_aligned_and_nested_calls_do_not_share() {
        with_scratch(100, |outer| {
            assert_eq!(outer.align_offset(64), 0);
            with_scratch(100, |inner| {
                assert_eq!(inner.align_offset(64), 0);
                assert_ne!(inner, outer);
            });
        });
    }
}
