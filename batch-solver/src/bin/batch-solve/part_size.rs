//! How many runs are solved at a time: so many that an interruption waits half a second, and no fewer than keep the device busy.

use std::time::Duration;

use batch_solver::Solver;
use buffer_runtime::Device;

/// How long a part takes, about: as long as an interruption waits.
const PART: Duration = Duration::from_millis(500);
/// A multiple of the lanes of every pack and of the threads of a block.
const WHOLE: usize = 3 << 8;
/// Native vectors of a pack, at most, in the solver's kernels.
const VECTORS: usize = 3;
/// Threads that a multiprocessor has at once, whatever registers a kernel takes.
const THREADS: usize = 256;
/// A part has so many times the runs of the one before, at most.
const GROWTH: f64 = 8.0;

/// Runs of the parts of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PartSize {
    /// Those of the first part: a pack for each thread of the CPU, a block for each multiprocessor of a card. With fewer, no run would be done earlier.
    pub(crate) first: usize,
}

impl PartSize {
    /// For the device of a solver and its precision.
    pub(crate) fn of(solver: &Solver) -> Self {
        let first = match solver.device() {
            Device::Cpu(cpu) => {
                let lanes = cpu.compiler().vector_bytes() / solver.plan().precision().size_bytes();
                VECTORS * lanes.max(1) * cpu.threads()
            }
            Device::Gpu(gpu) => THREADS * gpu.card().limits().multiprocessors as usize,
            // A device of another kind shows what it can do in its first parts.
            _ => WHOLE,
        };
        Self { first: first.max(1) }
    }

    /// Runs of the part after one of so many that took so long.
    pub(crate) fn next(self, runs: usize, elapsed: Duration) -> usize {
        let factor = PART.as_secs_f64() / elapsed.as_secs_f64().max(1e-6);
        let wanted = (runs as f64 * factor.clamp(1.0 / GROWTH, GROWTH)) as usize;
        // Packs of two vectors, too, then fill all threads.
        let least = 2 * self.first;
        // Whole packs on the CPU, whole blocks on a card.
        if wanted > WHOLE.max(least) { wanted / WHOLE * WHOLE } else { (wanted / least).max(1) * least }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_grow_and_shrink_towards_half_a_second() {
        let size = PartSize { first: 48 };
        assert_eq!(size.next(24_576, Duration::from_millis(1)), 196_608);
        assert_eq!(size.next(98_304, Duration::from_millis(500)), 98_304);
        assert_eq!(size.next(98_304, Duration::from_secs(1)), 49_152);
    }

    #[test]
    fn slow_runs_are_solved_by_few_that_keep_all_threads_busy() {
        let size = PartSize { first: 48 };
        assert_eq!(size.next(48, Duration::from_secs(100)), 96);
        assert_eq!(size.next(96, Duration::from_millis(200)), 192);
        assert_eq!(size.next(1, Duration::from_millis(1)), 96);
        let card = PartSize { first: THREADS * 132 };
        assert_eq!(card.next(card.first, Duration::from_secs(9)), 2 * card.first);
    }
}
