//! Kernels with data, for tests of any device: the two examples and a tree of three levels with every kind of buffer and argument.

mod batch;
mod configs;
mod random;

use std::error::Error;

use buffer_runtime::config::FactoryNode;
use buffer_runtime::layout::ResolvedLayout;
use buffer_runtime::nvrtc::Architecture;
use buffer_runtime::{
    Buffers, Device, Entry, GpuBinary, GpuCompiler, Kernel, Plan, Precision, Real, Settings, Unknown, Value,
};

pub use batch::{Array, Batch, Values};
pub use configs::{
    CascadeAllocators, CascadeConfig, CascadeInputs, FilterConfig, FilterInputs, LimiterConfig, LimiterInputs,
    MandelbrotConfig, MandelbrotInputs, ThomasConfig, ThomasInputs,
};
pub use random::SplitMix64;

/// Unknowns of the tridiagonal systems.
pub const UNKNOWNS: usize = 6;
/// Channels of the cascade.
pub const CHANNELS: usize = 2;

/// Anything that goes wrong with a case; tests show it and fail.
pub type Failure = Box<dyn Error + Send + Sync>;

/// A kernel without its config's type, so that one loop covers all.
pub trait KernelCase: Sync {
    /// Name of the case.
    fn name(&self) -> &'static str;

    /// The entry.
    fn entry(&self) -> &Entry;

    /// Seeded locations for every buffer of the tree, by path; seed 0 leaves each where it is declared.
    fn placement(&self, seed: u64) -> Settings;

    /// Where the buffers lie under these settings.
    ///
    /// # Errors
    /// When the settings do not fit.
    fn layout(&self, precision: Precision, settings: &Settings) -> Result<ResolvedLayout, Failure>;

    /// Compiles the kernel under these settings.
    ///
    /// # Errors
    /// When the settings do not fit or the compiler refuses the text.
    fn compile(&self, device: &Device, precision: Precision, settings: &Settings) -> Result<Kernel, Failure>;

    /// Compiles the kernel for a common card of an architecture, which need not be there.
    ///
    /// # Errors
    /// As [`compile`](Self::compile).
    fn compile_for_gpu(
        &self,
        compiler: &GpuCompiler,
        precision: Precision,
        settings: &Settings,
        architecture: Architecture,
    ) -> Result<GpuBinary, Failure>;

    /// The launch-time settings, as C++ statements that fill a `kernel_arguments arguments`.
    ///
    /// # Errors
    /// When the settings do not fit.
    fn argument_statements(&self, precision: Precision, settings: &Settings) -> Result<String, Failure>;

    /// Inputs for `runs` runs; see [`Batch::seeded`].
    fn batch(&self, precision: Precision, runs: usize, seed: u64) -> Batch;
}

/// A case of one config type.
struct Typed<C> {
    name: &'static str,
    config: C,
    entry: Entry,
    /// Least and greatest input of each array, by name.
    ranges: &'static [(&'static str, f64, f64)],
}

impl<C: Buffers> Typed<C> {
    fn plan(&self, precision: Precision, settings: &Settings) -> Result<Plan<C>, Failure> {
        let mut plan = Plan::new(self.config.clone(), precision)?;
        plan.update(settings, Unknown::Error)?;
        Ok(plan)
    }
}

impl<C: Buffers + Sync> KernelCase for Typed<C> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn entry(&self) -> &Entry {
        &self.entry
    }

    fn placement(&self, seed: u64) -> Settings {
        let mut settings = Settings::new();
        let Ok(plan) = Plan::new(self.config.clone(), Precision::F64) else { return settings };
        if seed == 0 {
            return settings;
        }
        let mut random = SplitMix64::new(seed);
        for buffer in plan.layout().buffers() {
            let location = if random.next().is_multiple_of(2) { "shared" } else { "local" };
            settings.set(format!("{}_location", buffer.path), location);
        }
        settings
    }

    fn layout(&self, precision: Precision, settings: &Settings) -> Result<ResolvedLayout, Failure> {
        Ok(self.plan(precision, settings)?.layout().clone())
    }

    fn compile(&self, device: &Device, precision: Precision, settings: &Settings) -> Result<Kernel, Failure> {
        Ok(device.compile(&self.plan(precision, settings)?, &self.entry)?)
    }

    fn compile_for_gpu(
        &self,
        compiler: &GpuCompiler,
        precision: Precision,
        settings: &Settings,
        architecture: Architecture,
    ) -> Result<GpuBinary, Failure> {
        Ok(compiler.compile(&self.plan(precision, settings)?, &self.entry, architecture)?)
    }

    fn argument_statements(&self, precision: Precision, settings: &Settings) -> Result<String, Failure> {
        Ok(argument_statements(self.plan(precision, settings)?.tree()))
    }

    fn batch(&self, precision: Precision, runs: usize, seed: u64) -> Batch {
        Batch::seeded(&self.entry, precision, runs, self.ranges, seed)
    }
}

/// The launch-time settings of a tree, as C++ statements that fill a `kernel_arguments arguments`, whose members are named by the root, the path and the setting.
pub fn argument_statements(tree: &FactoryNode) -> String {
    let mut statements = String::new();
    for node in tree.walk() {
        let stem = std::iter::once(tree.spec.name).chain(node.path.split('.').filter(|part| !part.is_empty()));
        let stem = stem.collect::<Vec<_>>().join("_");
        for setting in node.settings.iter().filter(|setting| setting.argument.is_some()) {
            let member = format!("arguments.{stem}_{}", setting.spec.name);
            match &setting.value {
                Value::List(items) => {
                    for (index, item) in items.iter().enumerate() {
                        statements.push_str(&format!("    {member}[{index}] = {item};\n"));
                    }
                }
                value => statements.push_str(&format!("    {member} = {value};\n")),
            }
        }
    }
    statements
}

/// Every case.
///
/// # Errors
/// When a config cannot be made.
pub fn all() -> Result<Vec<Box<dyn KernelCase>>, Failure> {
    let thomas = Typed {
        name: "thomas",
        config: ThomasConfig::new(ThomasInputs { n: UNKNOWNS })?,
        entry: thomas_entry(UNKNOWNS),
        ranges: &[("diagonal", 2.5, 3.5), ("lower", -1.0, 1.0), ("upper", -1.0, 1.0)],
    };
    let mandelbrot = Typed {
        name: "mandelbrot",
        config: MandelbrotConfig::new(MandelbrotInputs {})?,
        entry: mandelbrot_entry(),
        ranges: &[("c_real", -2.1, 0.7), ("c_imaginary", -1.2, 1.2)],
    };
    let cascade = Typed {
        name: "cascade",
        config: CascadeConfig::new(CascadeInputs { n: CHANNELS })?,
        entry: cascade_entry(CHANNELS),
        ranges: &[("seed", 1.0, 2147483647.0)],
    };
    Ok(vec![Box::new(thomas), Box::new(mandelbrot), Box::new(cascade)])
}

/// The tridiagonal solver of the examples.
pub fn thomas_entry(n: usize) -> Entry {
    Entry::new("thomas")
        .source("thomas.cuh", include_str!("../../examples/thomas.cuh"))
        .input::<Real>("lower", n)
        .input::<Real>("diagonal", n)
        .input::<Real>("upper", n)
        .input::<Real>("rhs", n)
        .output::<Real>("x", n)
        .output::<Real>("error", 1)
}

/// The escape counts of the examples.
pub fn mandelbrot_entry() -> Entry {
    Entry::new("mandelbrot")
        .source("mandelbrot.cuh", include_str!("../../examples/mandelbrot.cuh"))
        .input::<Real>("c_real", 1)
        .input::<Real>("c_imaginary", 1)
        .output::<i32>("count", 1)
        .output::<Real>("modulus", 1)
}

/// The tree of three levels. Counts and peaks have a row for each filter, the envelope's included: leave `smooth` on.
pub fn cascade_entry(n: usize) -> Entry {
    Entry::new("run_cascade")
        .source("cascade.cuh", include_str!("../device/cascade.cuh"))
        .input::<Real>("drive", n)
        .broadcast::<Real>("offset", n)
        .inout::<Real>("level", n)
        .inout::<i64>("seed", 1)
        .output::<i32>("counts", 2 * (n + 1))
        .output::<i64>("totals", 2)
        .output::<Real>("peaks", 2 * n)
}
