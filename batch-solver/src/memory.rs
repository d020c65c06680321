//! Memory is computed and compared with what is there before anything is allocated, and a batch is split into parts that fit.

use buffer_runtime::Device;

use crate::error::SolveError;

/// What a thread of the CPU takes in a launch where the inputs are a good part of all: little more than its caches hold, so that arrays are filled, read and copied
/// from there, and yet so many runs that threads end at about the same time.
const THREAD_PART: u64 = 4 << 20;
/// What all threads of the CPU take at most in such a launch: far less than a machine has.
const CPU_PART: u64 = 64 << 20;

/// Bytes of a run: what the kernel reads of it, and what it writes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RunBytes {
    pub(crate) inputs: u64,
    pub(crate) outputs: u64,
}

impl RunBytes {
    /// For rows of real numbers and of whole ones, a status among these.
    pub(crate) fn new(value_bytes: usize, inputs: usize, outputs: usize, integers: usize) -> Self {
        let bytes = |rows: usize, bytes: usize| rows.saturating_mul(bytes) as u64;
        Self {
            inputs: bytes(inputs, value_bytes),
            outputs: bytes(outputs, value_bytes).saturating_add(bytes(integers, size_of::<i32>())),
        }
    }

    /// All of it.
    pub(crate) fn both(self) -> u64 {
        self.inputs.saturating_add(self.outputs)
    }

    /// How many of the runs to launch at a time, within a budget if there is one.
    ///
    /// # Errors
    /// When a single run is above the budget.
    pub(crate) fn runs_at_a_time(self, runs: usize, device: &Device, budget: Option<u64>) -> Result<usize, SolveError> {
        let bytes = match (budget, device) {
            (Some(budget), _) => budget,
            // Some is left for the stacks of the threads and for other programs.
            (None, Device::Gpu(_)) => device.free_memory().map_or(u64::MAX, |free| free - free / 8),
            // The kernel's inputs are made for the launch only: where they are few beside the outputs they do not matter.
            (None, _) if self.inputs <= self.outputs / 16 => u64::MAX,
            (None, Device::Cpu(cpu)) => (THREAD_PART * cpu.threads() as u64).min(CPU_PART),
            (None, _) => CPU_PART,
        };
        let fitting = usize::try_from(bytes / self.both().max(1)).unwrap_or(usize::MAX);
        match fitting {
            0 => Err(SolveError::MemoryBudget { needed: self.both(), budget: bytes }),
            fitting if fitting >= runs => Ok(runs),
            // Whole packs and blocks, so that no lane stands idle.
            fitting if fitting >= WHOLE => Ok(fitting / WHOLE * WHOLE),
            fitting => Ok(fitting),
        }
    }

    /// Refuses a solve of `runs`, `at_a_time` of them in a launch, for which this machine has too little memory.
    pub(crate) fn check(self, runs: usize, at_a_time: usize) -> Result<(), SolveError> {
        let for_all = |bytes: u64, runs: usize| bytes.saturating_mul(runs as u64);
        // With several launches the outputs of one are moved to those of all.
        let launch = if at_a_time < runs { self.both() } else { self.inputs };
        let needed = for_all(self.outputs, runs).saturating_add(for_all(launch, at_a_time));
        let available = available().unwrap_or(i64::MAX as u64);
        if needed > available { Err(SolveError::Memory { runs, needed, available }) } else { Ok(()) }
    }
}

/// Refuses so many saved or sampled times for which this machine has too little memory, even for a single run.
pub(crate) fn check_times(count: f64) -> Result<(), SolveError> {
    // Times, kinds and steps between them, here and as the kernel reads them; and a value at least of what is recorded.
    const BYTES: f64 = 64.0;
    let (needed, available) = ((count * BYTES) as u64, available().unwrap_or(i64::MAX as u64));
    if needed > available { Err(SolveError::Memory { runs: 1, needed, available }) } else { Ok(()) }
}

/// A multiple of the lanes of every pack and of the threads of every block.
const WHOLE: usize = 3 * 1024;

/// Bytes the operating system can give without swapping (Linux; elsewhere unknown).
fn available() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use buffer_runtime::cache::CacheOptions;
    use buffer_runtime::{CpuDevice, CpuOptions};

    use super::*;

    /// Inputs of 4 numbers, outputs of 3 and a status.
    fn run() -> RunBytes {
        RunBytes::new(8, 4, 3, 1)
    }

    #[test]
    fn absurd_batches_are_refused_before_anything_is_allocated() {
        assert!(run().check(1000, 1000).is_ok());
        let error = run().check(1 << 50, 1 << 50).unwrap_err();
        assert!(matches!(error, SolveError::Memory { needed, .. } if needed == (7 * 8 + 4) << 50), "{error}");
        let error = run().check(1 << 50, 1 << 10).unwrap_err();
        assert!(
            matches!(error, SolveError::Memory { needed, .. } if needed == ((3 * 8 + 4) << 50) + ((7 * 8 + 4) << 10)),
            "{error}"
        );
        let absurd = RunBytes::new(8, usize::MAX, usize::MAX, 1);
        let refused = absurd.check(usize::MAX, usize::MAX);
        assert!(matches!(refused, Err(SolveError::Memory { needed: u64::MAX, .. })));
    }

    #[test]
    fn a_budget_splits_and_one_below_a_run_is_refused() {
        let device = Device::cpu().unwrap();
        let at_a_time = |budget| run().runs_at_a_time(1_000_000, &device, budget);
        assert_eq!(at_a_time(Some(60 * 1_000_000)).unwrap(), 1_000_000);
        assert_eq!(at_a_time(Some(60 * 10_000)).unwrap(), 3 * WHOLE);
        assert_eq!(at_a_time(Some(60 * 7 + 59)).unwrap(), 7);
        assert!(matches!(at_a_time(Some(59)), Err(SolveError::MemoryBudget { needed: 60, budget: 59 })));
        // Inputs as large as outputs: in parts. Trajectories: in one launch, whose inputs hardly count.
        for (threads, bytes) in [(1, THREAD_PART), (3, 3 * THREAD_PART), (100, CPU_PART)] {
            let options = CpuOptions { threads: Some(threads), ..CpuOptions::default() };
            let device = Device::Cpu(CpuDevice::with_options(options, CacheOptions::default()).unwrap());
            let expected = (bytes / 60) as usize / WHOLE * WHOLE;
            assert_eq!(run().runs_at_a_time(10_000_000, &device, None).unwrap(), expected);
        }
        let trajectories = RunBytes::new(8, 4, 3000, 1);
        assert_eq!(trajectories.runs_at_a_time(10_000_000, &device, None).unwrap(), 10_000_000);
    }
}
