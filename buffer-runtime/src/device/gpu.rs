use std::ffi::c_void;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::error::DeviceError;
use super::gpu_compiler::{GpuBinary, GpuCompiler};
use super::kernel::{Kernel, Machine};
use super::options::GpuOptions;
use crate::cache::CacheOptions;
use crate::config::Buffers;
use crate::cuda::{self, CudaDevice, DeviceArray, LaunchShape, LoadedKernel};
use crate::entry::{Argument, Entry, Parameter, Role};
use crate::nvrtc::KernelResources;
use crate::plan::Plan;
use crate::source::ArgumentBlock;

/// An NVIDIA card as a device: one thread per run.
#[derive(Debug)]
pub struct GpuDevice {
    card: CudaDevice,
    compiler: GpuCompiler,
}

impl GpuDevice {
    /// Opens card number `ordinal` with defaults.
    ///
    /// # Errors
    /// When driver, card or NVRTC are missing.
    pub fn open(ordinal: usize) -> Result<Self, DeviceError> {
        Self::with_options(ordinal, GpuOptions::default(), CacheOptions::default())
    }

    /// Opens a card, with options.
    ///
    /// # Errors
    /// As [`open`](Self::open); and when an option is out of range.
    pub fn with_options(ordinal: usize, options: GpuOptions, cache: CacheOptions) -> Result<Self, DeviceError> {
        let card = CudaDevice::open(ordinal)?;
        Ok(Self { card, compiler: GpuCompiler::with_options(options, cache)? })
    }

    /// Compiles the kernel of an entry for a plan, or takes it from the cache, and loads it.
    ///
    /// # Errors
    /// As [`GpuCompiler::compile_for`]; when the driver refuses the code, or the stacks of all threads exceed their budget.
    pub fn compile<C: Buffers>(&self, plan: &Plan<C>, entry: &Entry) -> Result<Kernel, DeviceError> {
        let limits = self.card.limits();
        let binary = self.compiler.compile_for(plan, entry, limits)?;
        // SAFETY: the image is what NVRTC produced; the cache verified its hash.
        let loaded = unsafe { self.card.load(binary.image(), entry.name())? };
        // Intermediate code has its resources only now.
        let resources =
            if binary.resources().registers == 0 { loaded.resources().clone() } else { binary.resources().clone() };
        let budget = self.compiler.options().stack_budget.unwrap_or(limits.memory_bytes / 4);
        let occupancy = cuda::occupancy(limits, &resources, binary.block(), binary.shared_bytes());
        let in_flight = cuda::stack_limit(limits, &resources, &occupancy, binary.block(), budget)?;
        let capped = resources.stack_bytes > 0;
        Ok(Kernel {
            parameters: entry.parameters().to_vec(),
            precision: plan.precision(),
            arguments: ArgumentBlock::of(plan.tree(), plan.precision()),
            machine: Machine::Gpu(GpuKernel {
                card: self.card.clone(),
                loaded: Arc::new(loaded),
                threads_in_flight: (capped || entry.refill).then_some(in_flight.threads),
                refill: entry.refill,
                binary,
                resources,
            }),
        })
    }

    /// How often NVRTC ran for this device.
    pub fn compilations(&self) -> u64 {
        self.compiler.compilations()
    }

    /// The card.
    pub fn card(&self) -> &CudaDevice {
        &self.card
    }

    /// The compiler.
    pub fn compiler(&self) -> &GpuCompiler {
        &self.compiler
    }
}

impl fmt::Display for GpuDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {})", self.card.name(), self.card.architecture(), self.compiler.nvrtc().identity())
    }
}

/// The GPU's half of a [`Kernel`].
#[derive(Debug)]
pub(super) struct GpuKernel {
    card: CudaDevice,
    loaded: Arc<LoadedKernel>,
    binary: GpuBinary,
    resources: KernelResources,
    /// Threads to launch at a time, for kernels with a stack and for those whose threads take several runs.
    threads_in_flight: Option<u64>,
    /// Threads take runs until none is left, so that one launch does them all.
    refill: bool,
}

impl GpuKernel {
    pub(super) fn source(&self) -> &str {
        self.binary.source()
    }

    pub(super) fn resources(&self) -> &KernelResources {
        &self.resources
    }

    pub(super) fn launch(
        &self,
        runs: usize,
        parameters: &[Parameter],
        arrays: Vec<Argument<'_>>,
        arguments: &ArgumentBlock,
    ) -> Result<Duration, DeviceError> {
        if runs == 0 {
            return Ok(Duration::ZERO);
        }
        let mut on_card = parameters
            .iter()
            .zip(&arrays)
            .map(|(parameter, array)| self.transfer(parameter.role, array))
            .collect::<Result<Vec<_>, _>>()?;
        let elapsed = self.run(runs, &on_card, arguments)?;
        for (array, host) in on_card.iter_mut().zip(arrays) {
            if let Argument::Write { bytes, .. } = host {
                array.copy_to(bytes)?;
            }
        }
        Ok(elapsed)
    }

    fn transfer(&self, role: Role, array: &Argument<'_>) -> Result<DeviceArray<u8>, DeviceError> {
        let bytes: &[u8] = match array {
            Argument::Read { bytes, .. } => bytes,
            Argument::Write { bytes, .. } => bytes,
        };
        Ok(if role == Role::Output { self.card.zeros(bytes.len())? } else { self.card.upload(bytes)? })
    }

    fn run(&self, runs: usize, arrays: &[DeviceArray<u8>], arguments: &ArgumentBlock) -> Result<Duration, DeviceError> {
        let block = self.binary.block();
        let blocks = (runs as u64).div_ceil(u64::from(block));
        let most = self.threads_in_flight.map_or(u64::MAX, |threads| (threads / u64::from(block)).max(1));
        let grid = blocks.min(most).min(i32::MAX as u64);
        let shape = LaunchShape { grid: grid as u32, block, dynamic_shared: self.binary.shared_bytes() };
        let mut addresses: Vec<u64> = arrays.iter().map(DeviceArray::address).collect();
        let mut settings = arguments.words().to_vec();
        let mut count = runs as i64;
        let mut elapsed = Duration::ZERO;
        let passes = if self.refill { 1 } else { blocks.div_ceil(grid) };
        for pass in 0..passes {
            let mut pass = pass as i64;
            let mut values: Vec<*mut c_void> =
                addresses.iter_mut().map(|address| std::ptr::from_mut(address).cast()).collect();
            values.push(settings.as_mut_ptr().cast());
            values.push(std::ptr::from_mut(&mut count).cast());
            values.push(std::ptr::from_mut(&mut pass).cast());
            // SAFETY: the entry's parameters are one address per array, the argument struct, whose members `settings` has, and two 64-bit
            // integers, in this order (`source::entry_text`); the arrays live until the copies back, have the lengths the entry checks `runs` against, and each
            // thread touches the columns of its own runs only.
            elapsed += unsafe { self.loaded.launch_timed(&shape, &mut values)? };
        }
        Ok(elapsed)
    }
}
