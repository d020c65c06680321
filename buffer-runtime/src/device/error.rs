use super::pack_memory::PackOverBudget;
use crate::cache::CacheError;
use crate::compiler::{CompilerError, SharedObjectError};
use crate::cuda::{CudaError, OverBudget, StackOverBudget};
use crate::entry::LaunchError;
use crate::nvrtc::{Architecture, NvrtcError};
use crate::source::{ArgumentMismatch, SourceError};

/// A kernel that could not be compiled or launched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// The text could not be written.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The host's C++ compiler is missing or refused the text.
    #[error(transparent)]
    Compiler(#[from] CompilerError),
    /// The compiled kernel could not be stored.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The compiled kernel could not be loaded.
    #[error(transparent)]
    Load(#[from] SharedObjectError),
    /// NVIDIA's run-time compiler is missing or refused the text.
    #[error(transparent)]
    Nvrtc(#[from] NvrtcError),
    /// The driver or the card.
    #[error(transparent)]
    Cuda(#[from] CudaError),
    /// The buffers in shared memory do not fit a block.
    #[error(transparent)]
    SharedMemory(#[from] OverBudget),
    /// The stacks of all threads do not fit the card.
    #[error(transparent)]
    Stack(#[from] StackOverBudget),
    /// The buffers of a pack do not fit a thread of the CPU.
    #[error(transparent)]
    Pack(#[from] PackOverBudget),
    /// A card whose limits are not known.
    #[error("the limits of {architecture} are not known: compile for one of {}, or on the card itself", .known.join(", "))]
    UnknownArchitecture {
        /// The architecture.
        architecture: Architecture,
        /// Those that are known.
        known: Vec<String>,
    },
    /// Neither device works.
    #[error("no device works.\nGPU: {gpu}\nCPU: {cpu}")]
    NoDevice {
        /// What is wrong with the GPU.
        gpu: Box<DeviceError>,
        /// What is wrong with the CPU.
        cpu: Box<DeviceError>,
    },
    /// The arrays of a launch do not fit.
    #[error(transparent)]
    Launch(#[from] LaunchError),
    /// A plan whose launch-time settings are not those of the kernel.
    #[error(transparent)]
    Arguments(#[from] ArgumentMismatch),
    /// An option out of range.
    #[error("{option} = {value} is not possible: {allowed}")]
    Option {
        /// The option's name.
        option: &'static str,
        /// The value given.
        value: usize,
        /// What is.
        allowed: String,
    },
    /// The thread pool could not be started.
    #[error("no pool of {threads} threads could be started: {reason}")]
    Threads {
        /// Threads asked for.
        threads: usize,
        /// The operating system's answer.
        reason: String,
    },
    /// A buffer was read back from a launch that recorded none.
    #[error("buffer `{path}` was not recorded: compile on a device with `CpuOptions {{ debug: true, .. }}`")]
    NotRecorded {
        /// Path of the buffer.
        path: String,
    },
}
