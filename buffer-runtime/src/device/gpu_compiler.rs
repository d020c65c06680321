use std::sync::Arc;

use super::error::DeviceError;
use super::options::GpuOptions;
use crate::cache::{Artifact, BuildError, CacheOptions, CachedArtifact, KernelCache};
use crate::config::Buffers;
use crate::cuda::{self, DeviceLimits, SharedBuffer, SharedLimit};
use crate::entry::Entry;
use crate::layout::{Region, ResolvedLayout};
use crate::nvrtc::{Architecture, ImageFormat, KernelResources, Nvrtc, NvrtcError, NvrtcOptions};
use crate::plan::Plan;
use crate::source::{self, DeviceSource, GpuTarget, SourceRequest, Target};

/// Names of a cached kernel's files.
const IMAGE: &str = "kernel.image";
const LOG: &str = "log.txt";

/// Threads per block of the first compilation, when the block is to follow from the occupancy.
const FIRST_BLOCK: u32 = 64;

/// Compiles kernels for GPUs. It needs NVRTC, but neither a card nor a driver.
#[derive(Debug)]
pub struct GpuCompiler {
    nvrtc: Nvrtc,
    cache: KernelCache,
    options: GpuOptions,
}

/// A kernel as machine code.
#[derive(Clone, Debug)]
pub struct GpuBinary {
    artifact: Arc<CachedArtifact>,
    source: DeviceSource,
    resources: KernelResources,
    block: u32,
    shared_per_thread: u32,
}

impl GpuBinary {
    /// The CUBIN image, or PTX for a card newer than this NVRTC.
    pub fn image(&self) -> &[u8] {
        self.artifact.bytes(IMAGE).unwrap_or_default()
    }

    /// The compiler's log.
    pub fn log(&self) -> String {
        String::from_utf8_lossy(self.artifact.bytes(LOG).unwrap_or_default()).into_owned()
    }

    /// Registers, stack, spills and shared memory.
    pub fn resources(&self) -> &KernelResources {
        &self.resources
    }

    /// The generated text.
    pub fn source(&self) -> &str {
        self.source.text()
    }

    /// Threads per block it is compiled for.
    pub fn block(&self) -> u32 {
        self.block
    }

    /// Dynamic shared memory of a block, in bytes.
    pub fn shared_bytes(&self) -> u32 {
        self.shared_per_thread * self.block
    }
}

impl GpuCompiler {
    /// Loads NVRTC.
    ///
    /// # Errors
    /// When it is not installed: the message lists where it was looked for.
    pub fn open() -> Result<Self, DeviceError> {
        Self::with_options(GpuOptions::default(), CacheOptions::default())
    }

    /// Loads NVRTC, with options.
    ///
    /// # Errors
    /// As [`open`](Self::open); and when an option is out of range.
    pub fn with_options(options: GpuOptions, cache: CacheOptions) -> Result<Self, DeviceError> {
        if let Some(block) = options.block.filter(|block| *block == 0 || *block > 1024 || block % 32 != 0) {
            let allowed = "a multiple of 32 up to 1024".to_owned();
            return Err(DeviceError::Option { option: "block", value: block as usize, allowed });
        }
        if !(1..=32).contains(&options.min_blocks) {
            let (option, value) = ("min_blocks", options.min_blocks as usize);
            return Err(DeviceError::Option { option, value, allowed: "1 to 32".to_owned() });
        }
        Ok(Self { nvrtc: Nvrtc::load()?, cache: KernelCache::open(cache), options })
    }

    /// Compiles the kernel of an entry for a common card of an architecture.
    ///
    /// # Errors
    /// As [`compile_for`](Self::compile_for); [`DeviceError::UnknownArchitecture`].
    pub fn compile<C: Buffers>(
        &self,
        plan: &Plan<C>,
        entry: &Entry,
        architecture: Architecture,
    ) -> Result<GpuBinary, DeviceError> {
        let limits = DeviceLimits::typical(architecture).ok_or_else(|| DeviceError::UnknownArchitecture {
            architecture,
            known: DeviceLimits::known().map(|known| known.to_string()).collect(),
        })?;
        self.compile_for(plan, entry, &limits)
    }

    /// Compiles the kernel of an entry for a card with these limits, at most twice: once to see its registers, and again if another block size fills the card better.
    ///
    /// # Errors
    /// When the entry and the plan do not fit, the buffers in shared memory exceed the card's, or NVRTC refuses the text.
    pub fn compile_for<C: Buffers>(
        &self,
        plan: &Plan<C>,
        entry: &Entry,
        limits: &DeviceLimits,
    ) -> Result<GpuBinary, DeviceError> {
        let per_thread = plan.layout().block_shared_bytes(1).map_or(u64::MAX, |bytes| bytes.get() as u64);
        let shared_per_thread = clamp(per_thread);
        let buffers = shared_buffers(plan.layout());
        if let Some(block) = self.options.block {
            cuda::check_shared(limits, SharedLimit::OptIn, per_thread, &buffers, block)?;
            return self.compile_block(plan, entry, limits, block, shared_per_thread);
        }
        // Not even one warp fits: the error says which buffers to move.
        cuda::check_shared(limits, SharedLimit::OptIn, per_thread, &buffers, limits.warp_size)?;
        let first = self.compile_block(plan, entry, limits, FIRST_BLOCK, shared_per_thread)?;
        match cuda::choose_block(limits, &first.resources, shared_per_thread) {
            Some(choice) if choice.block != FIRST_BLOCK => {
                self.compile_block(plan, entry, limits, choice.block, shared_per_thread)
            }
            _ => Ok(first),
        }
    }

    /// How often NVRTC ran.
    pub fn compilations(&self) -> u64 {
        self.cache.statistics().builds
    }

    /// NVRTC itself.
    pub fn nvrtc(&self) -> &Nvrtc {
        &self.nvrtc
    }

    /// Machine code where this NVRTC knows the architecture; for a newer card intermediate code of the newest older one, which the driver compiles.
    fn nvrtc_options(&self, architecture: Architecture) -> NvrtcOptions {
        let supported = self.nvrtc.supported_architectures();
        match supported.iter().rev().find(|known| **known <= architecture) {
            Some(newest) if *newest != architecture => {
                NvrtcOptions { format: ImageFormat::Ptx, ..NvrtcOptions::new(*newest) }
            }
            // An architecture older than all has no remedy: NVRTC's own error lists what it supports.
            _ => NvrtcOptions::new(architecture),
        }
    }

    pub(super) fn options(&self) -> &GpuOptions {
        &self.options
    }

    fn compile_block<C: Buffers>(
        &self,
        plan: &Plan<C>,
        entry: &Entry,
        limits: &DeviceLimits,
        block: u32,
        shared_per_thread: u32,
    ) -> Result<GpuBinary, DeviceError> {
        let target = Target::Gpu(GpuTarget { block, min_blocks: self.options.min_blocks, math: self.options.math });
        let source = source::generate(SourceRequest {
            tree: plan.tree(),
            layout: plan.layout(),
            precision: plan.precision(),
            entry,
            target: &target,
        })?;
        let options = self.nvrtc_options(limits.target());
        let name = format!("{}.cu", entry.name());
        let key = self.nvrtc.key(source.text(), &name, &options);
        let build = |_: &std::path::Path| -> Result<Artifact, NvrtcError> {
            let output = self.nvrtc.compile(source.text(), &name, &options)?;
            Ok(Artifact::new().with(IMAGE, output.image).with(LOG, output.log))
        };
        let artifact = self.cache.get_or_build(&key, build).map_err(|error| match error {
            BuildError::Build(error) => DeviceError::Nvrtc(error),
            BuildError::Cache(error) => DeviceError::Cache(error),
        })?;
        let log = String::from_utf8_lossy(artifact.bytes(LOG).unwrap_or_default()).into_owned();
        let resources = KernelResources::parse_log(&log)
            .into_iter()
            .find(|kernel| kernel.name == entry.name())
            // Intermediate code has no registers yet; the driver reports them when it loads the kernel.
            .unwrap_or_default();
        Ok(GpuBinary { artifact, source, resources, block, shared_per_thread })
    }
}

/// The buffers that take shared memory of their own, as the budget check lists them: neither overlaid, nor in a child that is.
fn shared_buffers(layout: &ResolvedLayout) -> Vec<SharedBuffer> {
    layout
        .buffers()
        .iter()
        .filter(|buffer| {
            buffer.region() == Region::Shared && !buffer.is_overlaid() && layout.overlaid_child(buffer).is_none()
        })
        .map(|buffer| SharedBuffer {
            name: buffer.path.clone(),
            bytes_per_thread: clamp(buffer.placement.range().map_or(0, |range| range.len().get() as u64)),
        })
        .collect()
}

fn clamp(bytes: u64) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
