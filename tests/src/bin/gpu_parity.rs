//! CPU and GPU on the same inputs: the same bits, whatever the placement.
//!
//! - `gpu_parity reference FOLDER` writes the CPU's results.
//! - `gpu_parity check FOLDER` compares a card's results with them, and with this machine's CPU if it has a C++ compiler. It prints rows of
//!   a Markdown table. Without a card it compiles the kernels through NVRTC, where that is installed, and exits with 77.
//! - `gpu_parity quick FOLDER` does the same for few placements, for slow tools such as compute-sanitizer.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use buffer_runtime::cache::CacheOptions;
use buffer_runtime::nvrtc::Architecture;
use buffer_runtime::{CpuDevice, CpuOptions, Device, GpuCompiler, GpuDevice, GpuOptions, Precision};
use integration_tests::kernels::{self, Batch, Failure, KernelCase};

/// Runs of each comparison: several blocks of every size, and a tail.
const RUNS: usize = 4_099;
/// Runs of the timing.
const TIMED_RUNS: usize = 1 << 20;
/// Seed of the inputs.
const SEED: u64 = 2026;
/// Block sizes compared besides the one that the occupancy suggests.
const BLOCKS: [Option<u32>; 3] = [None, Some(32), Some(256)];
/// What a test runner takes as skipped.
const SKIPPED: u8 = 77;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["reference", folder] => write_references(Path::new(folder)).map(|()| ExitCode::SUCCESS),
        ["check", folder] => check(Path::new(folder), 32),
        ["quick", folder] => check(Path::new(folder), 2),
        _ => Err("usage: gpu_parity (reference | check | quick) FOLDER".into()),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}

fn in_memory() -> CacheOptions {
    CacheOptions { disk: false, ..CacheOptions::default() }
}

fn reference_file(folder: &Path, case: &dyn KernelCase, precision: Precision) -> PathBuf {
    folder.join(format!("{}-{precision}.bin", case.name()))
}

fn write_references(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder)?;
    let device = CpuDevice::with_options(CpuOptions::default(), in_memory())?.into();
    for case in kernels::all()? {
        for precision in Precision::ALL {
            let result = on_cpu(case.as_ref(), &device, precision)?;
            let mut file = BufWriter::new(File::create(reference_file(folder, case.as_ref(), precision))?);
            result.write(&mut file)?;
            file.flush()?;
        }
    }
    Ok(())
}

fn on_cpu(case: &dyn KernelCase, device: &Device, precision: Precision) -> Result<Batch, Failure> {
    Ok(case.batch(precision, RUNS, SEED).launched(&case.compile(device, precision, &case.placement(0))?)?)
}

/// The carried results, checked against this machine's CPU where it can compile.
fn expected(
    case: &dyn KernelCase,
    cpu: Option<&Device>,
    precision: Precision,
    folder: &Path,
) -> Result<Batch, Failure> {
    let path = reference_file(folder, case, precision);
    let file = File::open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let carried = case.batch(precision, RUNS, SEED).read(&mut BufReader::new(file))?;
    if let Some(device) = cpu
        && let Some(difference) = carried.difference(&on_cpu(case, device, precision)?)
    {
        return Err(
            format!("{} in {precision}: this CPU differs from the carried results: {difference}", case.name()).into()
        );
    }
    Ok(carried)
}

fn check(folder: &Path, placements: u64) -> Result<ExitCode, Failure> {
    let cpu = match CpuDevice::with_options(CpuOptions::default(), in_memory()) {
        Ok(device) => Some(Device::from(device)),
        Err(error) => {
            eprintln!("the CPU's results are the carried ones only: {error}");
            None
        }
    };
    let cases = kernels::all()?;
    let first = match GpuDevice::with_options(0, GpuOptions::default(), in_memory()) {
        Ok(device) => device,
        Err(error) => {
            eprintln!("SKIPPED the comparison with a GPU: {error}");
            for case in &cases {
                for precision in Precision::ALL {
                    expected(case.as_ref(), cpu.as_ref(), precision, folder)?;
                }
            }
            rehearse(&cases)?;
            return Ok(ExitCode::from(SKIPPED));
        }
    };
    println!("| kernel | precision | placements | block sizes | equal bits | registers |");
    println!("|---|---|---|---|---|---|");
    let mut devices = vec![Device::from(first)];
    for block in BLOCKS.into_iter().flatten() {
        let options = GpuOptions { block: Some(block), ..GpuOptions::default() };
        devices.push(GpuDevice::with_options(0, options, in_memory())?.into());
    }
    for case in &cases {
        for precision in Precision::ALL {
            let expected = expected(case.as_ref(), cpu.as_ref(), precision, folder)?;
            let registers = compare(case.as_ref(), precision, &expected, &devices, placements)?;
            let blocks = BLOCKS.map(|block| block.map_or("auto".to_owned(), |block| block.to_string())).join(", ");
            println!("| {} | {precision} | {placements} | {blocks} | yes | {registers} |", case.name());
        }
    }
    println!("\n| kernel | precision | runs | best of 10 launches | runs/s | GB/s moved |");
    println!("|---|---|---|---|---|---|");
    for case in &cases {
        for precision in Precision::ALL {
            println!("{}", timing(case.as_ref(), precision, &devices[0])?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Compares every placement on every device; the registers of the declared placement.
fn compare(
    case: &dyn KernelCase,
    precision: Precision,
    expected: &Batch,
    devices: &[Device],
    placements: u64,
) -> Result<u32, Failure> {
    let batch = case.batch(precision, RUNS, SEED);
    let mut registers = 0;
    for seed in 0..placements {
        let device = &devices[seed as usize % devices.len()];
        let settings = case.placement(seed);
        let kernel = case.compile(device, precision, &settings)?;
        if let Some(difference) = expected.difference(&batch.launched(&kernel)?) {
            return Err(format!("{} in {precision} with {settings}: {difference}", case.name()).into());
        }
        if seed == 0 {
            registers = kernel.resources().map_or(0, |resources| resources.registers);
        }
    }
    Ok(registers)
}

fn timing(case: &dyn KernelCase, precision: Precision, device: &Device) -> Result<String, Failure> {
    let kernel = case.compile(device, precision, &case.placement(0))?;
    let mut batch = case.batch(precision, TIMED_RUNS, SEED);
    let bytes: usize = batch.arrays.iter().map(|array| array.values.to_bytes().len()).sum();
    let mut best = Duration::MAX;
    for _ in 0..10 {
        let launched;
        (batch, launched) = batch.launch(&kernel)?;
        best = best.min(launched.elapsed());
    }
    let seconds = best.as_secs_f64();
    Ok(format!(
        "| {} | {precision} | {TIMED_RUNS} | {:.3} ms | {:.3e} | {:.0} |",
        case.name(),
        seconds * 1e3,
        TIMED_RUNS as f64 / seconds,
        bytes as f64 / seconds / 1e9
    ))
}

/// Without a card: the kernels compile for common ones.
fn rehearse(cases: &[Box<dyn KernelCase>]) -> Result<(), Failure> {
    let compiler = match GpuCompiler::with_options(GpuOptions::default(), in_memory()) {
        Ok(compiler) => compiler,
        Err(error) => {
            eprintln!("SKIPPED the compilation for GPUs: {error}");
            return Ok(());
        }
    };
    println!("| kernel | precision | architecture | registers | spilled bytes |");
    println!("|---|---|---|---|---|");
    for case in cases {
        for precision in Precision::ALL {
            for architecture in [75, 80, 90, 100].map(Architecture) {
                let binary = case.compile_for_gpu(&compiler, precision, &case.placement(1), architecture)?;
                let resources = binary.resources();
                let spilled = resources.total_spill_bytes();
                println!("| {} | {precision} | {architecture} | {} | {spilled} |", case.name(), resources.registers);
            }
        }
    }
    Ok(())
}
