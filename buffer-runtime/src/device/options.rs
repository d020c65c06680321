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
