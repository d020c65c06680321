use std::fmt;

use super::cpu::CpuDevice;
use super::error::DeviceError;
use super::gpu::GpuDevice;
use super::kernel::Kernel;
use crate::config::Buffers;
use crate::entry::Entry;
use crate::plan::Plan;

/// A machine that compiles and runs kernels.
#[derive(Debug)]
#[non_exhaustive]
pub enum Device {
    /// The host's SIMD units.
    Cpu(CpuDevice),
    /// An NVIDIA card.
    Gpu(GpuDevice),
}

impl Device {
    /// The best device there is: the first GPU when driver and NVRTC are installed, else the CPU.
    ///
    /// # Errors
    /// When there is neither a usable GPU nor a C++ compiler for the CPU.
    pub fn best() -> Result<Self, DeviceError> {
        let gpu = match Self::gpu(0) {
            Ok(device) => return Ok(device),
            Err(gpu) => gpu,
        };
        Self::cpu().map_err(|cpu| DeviceError::NoDevice { gpu: Box::new(gpu), cpu: Box::new(cpu) })
    }

    /// Card number `ordinal` with defaults; [`GpuDevice::with_options`] has the rest.
    ///
    /// # Errors
    /// As [`GpuDevice::open`].
    pub fn gpu(ordinal: usize) -> Result<Self, DeviceError> {
        GpuDevice::open(ordinal).map(Self::Gpu)
    }

    /// The CPU with defaults; [`CpuDevice::with_options`] has the rest.
    ///
    /// # Errors
    /// As [`CpuDevice::open`].
    pub fn cpu() -> Result<Self, DeviceError> {
        CpuDevice::open().map(Self::Cpu)
    }

    /// Compiles the kernel of an entry for a plan, or takes it from the cache: text that was compiled before is not compiled again.
    ///
    /// # Errors
    /// When the entry and the plan do not fit, or the compiler refuses the text: its messages then show file, line and text of the source they are about.
    pub fn compile<C: Buffers>(&self, plan: &Plan<C>, entry: &Entry) -> Result<Kernel, DeviceError> {
        match self {
            Self::Cpu(device) => device.compile(plan, entry),
            Self::Gpu(device) => device.compile(plan, entry),
        }
    }

    /// Free bytes of a card's memory; `None` for the CPU, whose memory is the machine's, and where the driver does not tell.
    pub fn free_memory(&self) -> Option<u64> {
        match self {
            Self::Cpu(_) => None,
            Self::Gpu(device) => device.card().memory().ok().map(|(free, _)| free as u64),
        }
    }

    /// How often this device ran a compiler.
    pub fn compilations(&self) -> u64 {
        match self {
            Self::Cpu(device) => device.compilations(),
            Self::Gpu(device) => device.compilations(),
        }
    }
}

impl From<CpuDevice> for Device {
    fn from(device: CpuDevice) -> Self {
        Self::Cpu(device)
    }
}

impl From<GpuDevice> for Device {
    fn from(device: GpuDevice) -> Self {
        Self::Gpu(device)
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu(device) => device.fmt(f),
            Self::Gpu(device) => device.fmt(f),
        }
    }
}
