use std::ffi::c_void;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::error::DeviceError;
use super::kernel::{Kernel, Machine};
use super::loaded::{Loaded, LoadedKernels};
use super::options::CpuOptions;
use super::pack_memory;
use super::packs::{CHUNKS, CHUNKS_OF_REFILLED_LANES, Job, Packs};
use super::tail::PaddedColumns;
use super::trace::Traces;
use crate::cache::{CacheOptions, CacheWarning, KernelCache};
use crate::compiler::{HostCompiler, HostOptions};
use crate::config::{Buffers, FactoryNode};
use crate::entry::{Argument, Entry, Parameter, Role};
use crate::layout::ResolvedLayout;
use crate::plan::Plan;
use crate::source::{self, ArgumentBlock, CpuTarget, DeviceSource, MathLibrary, SourceRequest, Target};

/// The host's SIMD units as a device: one lane per run, packs spread over threads.
#[derive(Debug)]
pub struct CpuDevice {
    compiler: HostCompiler,
    cache: KernelCache,
    options: CpuOptions,
    pool: Option<Arc<ThreadPool>>,
    loaded: LoadedKernels,
}

impl CpuDevice {
    /// Opens the device with defaults: the widest vectors, all threads, the user's kernel cache.
    ///
    /// # Errors
    /// When no C++ compiler is found, or the host has no fused multiply-add.
    pub fn open() -> Result<Self, DeviceError> {
        Self::with_options(CpuOptions::default(), CacheOptions::default())
    }

    /// Opens the device.
    ///
    /// # Errors
    /// As [`open`](Self::open); and when an option is out of range.
    pub fn with_options(options: CpuOptions, cache: CacheOptions) -> Result<Self, DeviceError> {
        let cache = KernelCache::open(cache);
        let compiler = HostCompiler::find_cached(&cache)?;
        if let Some(bytes) = options.vector_bytes {
            let widths = compiler.target().vector_widths();
            if bytes != 0 && !widths.contains(&(bytes as usize)) {
                return Err(DeviceError::Option {
                    option: "vector_bytes",
                    value: bytes as usize,
                    allowed: format!("this host has vectors of {widths:?} bytes, and 0 runs one lane at a time"),
                });
            }
        }
        if let Some(pack) = options.pack.filter(|pack| !(1..=4).contains(pack)) {
            let allowed = "a pack has 1 to 4 native vectors".to_owned();
            return Err(DeviceError::Option { option: "pack", value: pack as usize, allowed });
        }
        let pool = match options.threads {
            None => None,
            Some(0) => {
                let allowed = "at least 1; leave it out for all".to_owned();
                return Err(DeviceError::Option { option: "threads", value: 0, allowed });
            }
            Some(threads) => {
                let failed =
                    |error: rayon::ThreadPoolBuildError| DeviceError::Threads { threads, reason: error.to_string() };
                Some(Arc::new(ThreadPoolBuilder::new().num_threads(threads).build().map_err(failed)?))
            }
        };
        Ok(Self { compiler, cache, options, pool, loaded: LoadedKernels::default() })
    }

    /// Compiles the kernel of an entry for a plan, or takes it from the cache: text that was compiled before is not compiled again.
    ///
    /// # Errors
    /// When the entry and the plan do not fit, or the compiler refuses the text: its messages then show file, line and text of the source they are about.
    pub fn compile<C: Buffers>(&self, plan: &Plan<C>, entry: &Entry) -> Result<Kernel, DeviceError> {
        let target = self.target(plan.tree(), entry);
        let lanes = target.lanes(plan.precision());
        pack_memory::check(plan.layout(), lanes)?;
        let source = source::generate(SourceRequest {
            tree: plan.tree(),
            layout: plan.layout(),
            precision: plan.precision(),
            entry,
            target: &Target::Cpu(target),
        })?;
        let loaded = self.load(&source, entry.name())?;
        let stack_bytes = pack_memory::stack_bytes(plan.layout(), lanes, loaded.frames(), target.debug)?;
        Ok(Kernel {
            parameters: entry.parameters().to_vec(),
            precision: plan.precision(),
            arguments: ArgumentBlock::of(plan.tree(), plan.precision()),
            machine: Machine::Cpu(CpuKernel {
                loaded,
                source,
                lanes,
                shared_bytes: pack_memory::scratch_bytes(plan.layout(), lanes),
                stack_bytes,
                layout: target.debug.then(|| plan.layout().clone()),
                pool: self.pool.clone(),
                refill: entry.refill,
            }),
        })
    }

    /// How often this device ran the compiler.
    pub fn compilations(&self) -> u64 {
        self.cache.statistics().builds
    }

    /// The compiler in use.
    pub fn compiler(&self) -> &HostCompiler {
        &self.compiler
    }

    /// Troubles with the cache folder, none of which fails a compilation.
    pub fn cache_warnings(&self) -> Vec<CacheWarning> {
        self.cache.warnings()
    }

    /// Threads a launch uses.
    pub fn threads(&self) -> usize {
        self.pool.as_ref().map_or_else(rayon::current_num_threads, |pool| pool.current_num_threads())
    }

    /// Runs a closure in the pool of this device's threads, so that what it does with Rayon is done by as many threads as a launch has.
    ///
    /// ```
    /// use buffer_runtime::cache::CacheOptions;
    /// use buffer_runtime::{CpuDevice, CpuOptions};
    ///
    /// let options = CpuOptions { threads: Some(3), ..CpuOptions::default() };
    /// let cpu = CpuDevice::with_options(options, CacheOptions { disk: false, ..CacheOptions::default() })?;
    /// assert_eq!((cpu.install(rayon::current_num_threads), cpu.threads()), (3, 3));
    /// # Ok::<(), buffer_runtime::DeviceError>(())
    /// ```
    pub fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match &self.pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }

    fn target(&self, tree: &FactoryNode, entry: &Entry) -> CpuTarget {
        CpuTarget {
            vector_bytes: self.options.vector_bytes.unwrap_or(self.compiler.vector_bytes() as u32),
            pack: self.options.pack.or(entry.preferred_pack()).unwrap_or_else(|| pack_for(tree)),
            debug: self.options.debug,
            math: self.options.math,
        }
    }

    fn load(&self, source: &DeviceSource, name: &str) -> Result<Arc<Loaded>, DeviceError> {
        let options = HostOptions {
            optimisation: self.options.optimisation,
            // The one-lane build keeps the host's scalar instructions.
            vector_bytes: self.options.vector_bytes.filter(|bytes| *bytes != 0).map(|bytes| bytes as usize),
            extra: libraries(self.options.math),
            debug: self.options.debug,
        };
        self.loaded.load(&self.compiler, &self.cache, source.text(), &options, name)
    }
}

/// The vendor's vector functions; without `--no-as-needed` a linker drops libraries named before the source.
fn libraries(math: MathLibrary) -> Vec<String> {
    match math {
        MathLibrary::Portable => Vec::new(),
        MathLibrary::Native => ["-Wl,--no-as-needed", "-lmvec", "-lm"].map(str::to_owned).into(),
    }
}

/// Native vectors per pack: several hide latency while all arrays stay in registers; large kernels would spill.
fn pack_for(tree: &FactoryNode) -> u32 {
    let elements: usize = tree.walk().iter().flat_map(|node| &node.buffers).map(|buffer| buffer.elements).sum();
    if elements <= 8 { 2 } else { 1 }
}

/// The CPU's half of a [`Kernel`].
#[derive(Debug)]
pub(super) struct CpuKernel {
    loaded: Arc<Loaded>,
    source: DeviceSource,
    lanes: usize,
    /// Bytes of shared memory of one pack.
    shared_bytes: usize,
    /// Stack that a call of the entry may take.
    stack_bytes: usize,
    /// Present in debug builds.
    layout: Option<ResolvedLayout>,
    pool: Option<Arc<ThreadPool>>,
    /// The entry distributes a range of runs to its lanes itself.
    refill: bool,
}

impl CpuKernel {
    pub(super) fn lanes(&self) -> usize {
        self.lanes
    }

    pub(super) fn source(&self) -> &str {
        self.source.text()
    }

    pub(super) fn launch(
        &self,
        runs: usize,
        parameters: &[Parameter],
        mut arrays: Vec<Argument<'_>>,
        arguments: &ArgumentBlock,
    ) -> (Duration, Traces) {
        let mut traces = match &self.layout {
            Some(layout) => Traces::new(&self.source.traced, layout, runs),
            None => Traces::default(),
        };
        let tail = if self.refill { 0 } else { runs % self.lanes };
        let mut padded = if tail == 0 { Padded::default() } else { self.pad(runs, parameters, &arrays, &mut traces) };
        let pointers: Vec<*mut c_void> = arrays.iter_mut().map(pointer).collect();
        let trace_pointers = traces.pointers();
        let job = |arrays, traces, runs| Job {
            entry: self.loaded.entry,
            arrays,
            arguments: arguments.words(),
            traces,
            shared_bytes: self.shared_bytes,
            stack_bytes: self.stack_bytes,
            runs,
        };
        let tail_pointers = padded.pointers(&pointers);
        let tail_traces: Vec<*mut c_void> = padded.traces.iter_mut().map(|columns| columns.pointer().cast()).collect();
        let packs = Packs {
            whole: job(&pointers, &trace_pointers, runs),
            count: if self.refill { runs.div_ceil(self.lanes) } else { runs / self.lanes },
            tail: (tail != 0).then(|| job(&tail_pointers, &tail_traces, self.lanes)),
            lanes: self.lanes,
            chunks_per_thread: if self.refill { CHUNKS_OF_REFILLED_LANES } else { CHUNKS },
        };
        let start = Instant::now();
        match &self.pool {
            Some(pool) if pool.current_num_threads() > 1 => pool.install(|| packs.spread()),
            Some(_) => packs.execute(),
            None => packs.spread(),
        }
        let elapsed = start.elapsed();
        padded.copy_back(&mut arrays, &mut traces, runs);
        (elapsed, traces)
    }

    fn pad(&self, runs: usize, parameters: &[Parameter], arrays: &[Argument<'_>], traces: &mut Traces) -> Padded {
        let pad = |bytes: &[u8], element_bytes| PaddedColumns::copy(bytes, element_bytes, runs, self.lanes);
        let arrays = parameters.iter().zip(arrays).map(|(parameter, array)| {
            let (element, bytes): (_, &[u8]) = match array {
                Argument::Read { element, bytes } => (element, bytes),
                Argument::Write { element, bytes } => (element, bytes),
            };
            (parameter.role != Role::Broadcast).then(|| pad(bytes, element.size_bytes()))
        });
        let arrays = arrays.collect();
        Padded { arrays, traces: traces.bytes_mut().map(|(bytes, element_bytes)| pad(bytes, element_bytes)).collect() }
    }
}

fn pointer(argument: &mut Argument<'_>) -> *mut c_void {
    match argument {
        // The kernel only reads through pointers that came from a shared slice.
        Argument::Read { bytes, .. } => bytes.as_ptr().cast_mut().cast(),
        Argument::Write { bytes, .. } => bytes.as_mut_ptr().cast(),
    }
}

/// The runs that do not fill a pack; `None` for an array that all runs share.
#[derive(Default)]
struct Padded {
    arrays: Vec<Option<PaddedColumns>>,
    traces: Vec<PaddedColumns>,
}

impl Padded {
    fn pointers(&mut self, whole: &[*mut c_void]) -> Vec<*mut c_void> {
        let columns = self.arrays.iter_mut().zip(whole);
        columns.map(|(columns, whole)| columns.as_mut().map_or(*whole, |columns| columns.pointer().cast())).collect()
    }

    fn copy_back(&mut self, arrays: &mut [Argument<'_>], traces: &mut Traces, runs: usize) {
        for (columns, array) in self.arrays.iter_mut().zip(arrays) {
            if let (Some(columns), Argument::Write { bytes, .. }) = (columns, array) {
                columns.copy_back(bytes, runs);
            }
        }
        for (columns, (bytes, _)) in self.traces.iter_mut().zip(traces.bytes_mut()) {
            columns.copy_back(bytes, runs);
        }
    }
}

impl fmt::Display for CpuDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let threads = self.threads();
        let compiler = &self.compiler;
        write!(f, "CPU ({threads} thread{}, ", if threads == 1 { "" } else { "s" })?;
        match self.options.vector_bytes {
            Some(0) => f.write_str("one lane")?,
            bytes => write!(f, "{}-bit vectors", 8 * bytes.map_or(compiler.vector_bytes(), |bytes| bytes as usize))?,
        }
        write!(f, ", {} {})", compiler.kind(), compiler.version())
    }
}
