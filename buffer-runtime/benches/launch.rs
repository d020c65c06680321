//! From settings to a running kernel: a warm launch, a warm disk cache, and both compilers from nothing.

use std::path::Path;

use buffer_runtime::cache::CacheOptions;
use buffer_runtime::nvrtc::Architecture;
use buffer_runtime::{
    Buffer, Buffers, CpuDevice, CpuOptions, Entry, GpuCompiler, GpuOptions, Kernel, Plan, Precision, Real, args,
};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

const N: usize = 16;

#[derive(Clone, Debug, Buffers)]
#[buffers(template = "thomas_solver")]
struct ThomasConfig {
    #[input]
    n: usize,
    #[buffer(len = n)]
    ratio: Buffer,
    #[buffer(len = n)]
    solution: Buffer,
    #[buffer(len = n, aliases = ratio)]
    residual: Buffer,
}

fn plan() -> Plan<ThomasConfig> {
    let config = ThomasConfig::new(ThomasInputs { n: N }).unwrap_or_else(|error| panic!("{error}"));
    Plan::new(config, Precision::F64).unwrap_or_else(|error| panic!("{error}"))
}

fn entry() -> Entry {
    Entry::new("thomas")
        .source("thomas.cuh", include_str!("../../examples/thomas.cuh"))
        .input::<Real>("lower", N)
        .input::<Real>("diagonal", N)
        .input::<Real>("upper", N)
        .input::<Real>("rhs", N)
        .output::<Real>("x", N)
        .output::<Real>("error", 1)
}

fn in_memory() -> CacheOptions {
    CacheOptions { disk: false, ..CacheOptions::default() }
}

fn on_disk(directory: &Path) -> CacheOptions {
    CacheOptions { directory: Some(directory.into()), ..CacheOptions::default() }
}

fn device(cache: CacheOptions) -> CpuDevice {
    CpuDevice::with_options(CpuOptions::default(), cache).unwrap_or_else(|error| panic!("{error}"))
}

/// Settings to a kernel that has run, the device included.
fn settings_to_run(cache: CacheOptions, arrays: &mut Arrays) -> Kernel {
    let device = device(cache);
    let kernel = device.compile(&plan(), &entry()).unwrap_or_else(|error| panic!("{error}"));
    arrays.launch(&kernel);
    kernel
}

/// A batch of one pack.
struct Arrays {
    runs: usize,
    diagonal: Vec<f64>,
    others: Vec<f64>,
    x: Vec<f64>,
    error: Vec<f64>,
}

impl Arrays {
    fn new(runs: usize) -> Self {
        Self {
            runs,
            diagonal: vec![3.0; N * runs],
            others: vec![0.5; N * runs],
            x: vec![0.0; N * runs],
            error: vec![0.0; runs],
        }
    }

    fn launch(&mut self, kernel: &Kernel) {
        let Self { runs, diagonal, others, x, error } = self;
        let (lower, upper, rhs) = (&*others, &*others, &*others);
        let arguments = args! { lower: lower, diagonal: &*diagonal, upper: upper, rhs: rhs, x: x, error: error };
        kernel.launch(*runs, arguments).unwrap_or_else(|error| panic!("{error}"));
    }
}

fn benches(criterion: &mut Criterion) {
    if let Err(error) = CpuDevice::with_options(CpuOptions::default(), in_memory()) {
        eprintln!("SKIPPED the CPU: {error}");
    } else {
        cpu(criterion);
    }
    match GpuCompiler::with_options(GpuOptions { block: Some(64), ..GpuOptions::default() }, in_memory()) {
        Err(error) => eprintln!("SKIPPED NVRTC: {error}"),
        Ok(_) => nvrtc(criterion),
    }
}

fn cpu(criterion: &mut Criterion) {
    let mut small = Arrays::new(8);
    let device = device(in_memory());
    let kernel = device.compile(&plan(), &entry()).unwrap_or_else(|error| panic!("{error}"));
    criterion.bench_function("warm launch of 8 runs", |bench| bench.iter(|| small.launch(&kernel)));
    let (plan, entry) = (plan(), entry());
    criterion.bench_function("compile what is in memory", |bench| bench.iter(|| device.compile(&plan, &entry)));

    let mut group = criterion.benchmark_group("settings to a kernel that has run");
    group.sample_size(10);
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    settings_to_run(on_disk(folder.path()), &mut small);
    group.bench_function("from a warm disk cache", |bench| {
        bench.iter(|| settings_to_run(on_disk(folder.path()), &mut small));
    });
    group.bench_function("cold", |bench| bench.iter(|| settings_to_run(in_memory(), &mut small)));
    group.finish();
}

fn nvrtc(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("NVRTC");
    group.sample_size(10);
    let (plan, entry) = (plan(), entry());
    let open = || {
        let options = GpuOptions { block: Some(64), ..GpuOptions::default() };
        GpuCompiler::with_options(options, in_memory()).unwrap_or_else(|error| panic!("{error}"))
    };
    group.bench_function("settings to machine code for sm_90, cold", |bench| {
        bench.iter_batched(open, |compiler| compiler.compile(&plan, &entry, Architecture(90)), BatchSize::PerIteration);
    });
    group.finish();
}

criterion_group!(launch, benches);
criterion_main!(launch);
