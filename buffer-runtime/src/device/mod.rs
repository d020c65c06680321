//! Devices: where kernels are compiled and run.
//!
//! The same plan and entry compile for either device, and for every system of arithmetic the design covers give the same bits.

mod any;
mod cpu;
mod error;
mod gpu;
mod gpu_compiler;
mod kernel;
mod loaded;
mod options;
mod pack_memory;
mod packs;
mod scratch;
mod tail;
mod trace;

pub use any::Device;
pub use cpu::CpuDevice;
pub use error::DeviceError;
pub use gpu::GpuDevice;
pub use gpu_compiler::{GpuBinary, GpuCompiler};
pub use kernel::{Kernel, Launched};
pub use options::{CpuOptions, GpuOptions};
pub use pack_memory::{PackMemory, PackOverBudget};
