use crate::compiler::Optimisation;
use crate::source::MathLibrary;

/// How a CPU device compiles and runs kernels. The results have the same bits whatever is chosen here, [`MathLibrary::Native`] excepted.
#[derive(Clone, Debug, Default)]
pub struct CpuOptions {
    /// Bytes of a native vector: 16, 32, 64, or 0 for one lane at a time. `None`: the widest of the host.
    pub vector_bytes: Option<u32>,
    /// Native vectors per pack, 1 to 4. `None`: chosen from the kernel's size.
    pub pack: Option<u32>,
    /// Threads. `None`: all of Rayon's global pool.
    pub threads: Option<usize>,
    /// Optimisation level of the C++ compiler.
    pub optimisation: Optimisation,
    /// Poison undefined contents, and record every buffer so that [`Launched::read`](crate::device::Launched::read) can show it.
    pub debug: bool,
    /// Elementary functions.
    pub math: MathLibrary,
}

/// How a kernel is compiled for the GPU and launched.
#[derive(Clone, Debug)]
pub struct GpuOptions {
    /// Threads per block. `None`: what fills a multiprocessor best, from the occupancy of a first compilation.
    pub block: Option<u32>,
    /// Blocks per multiprocessor the compiler must make room for: more mean fewer registers per thread.
    pub min_blocks: u32,
    /// Elementary functions.
    pub math: MathLibrary,
    /// Bytes the driver may reserve for stacks. `None`: a quarter of the card's memory.
    pub stack_budget: Option<u64>,
}

impl Default for GpuOptions {
    fn default() -> Self {
        Self { block: None, min_blocks: 1, math: MathLibrary::default(), stack_budget: None }
    }
}
