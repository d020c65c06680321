//! Every test kernel under AddressSanitizer and UndefinedBehaviorSanitizer: several launches, placements and vector widths.

use std::process::ExitCode;

use buffer_runtime::cache::CacheOptions;
use buffer_runtime::compiler::HostCompiler;
use buffer_runtime::{CpuDevice, Device, Precision};
use integration_tests::kernels::{self, Failure, KernelCase};
use integration_tests::sanitize::{self, BUILDS, Build, Checks, Launch, Program};

fn main() -> ExitCode {
    match check_all() {
        Ok(checked) => {
            println!("{checked} kernels: no findings");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn check_all() -> Result<usize, Failure> {
    let compiler = HostCompiler::find()?;
    sanitize::check_that_findings_are_found(&compiler, tempfile::tempdir()?.path(), Checks::All)?;
    let mut checked = 0;
    for case in kernels::all()? {
        for precision in Precision::ALL {
            for (build, seed) in BUILDS.into_iter().zip(1..) {
                let what = format!("{} in {precision}, {build:?}, placement {seed}", case.name());
                let launches = check(case.as_ref(), precision, build, seed, &compiler);
                println!("{what}: {}", launches.map_err(|error| format!("{what}: {error}"))?);
                checked += 1;
            }
        }
    }
    Ok(checked)
}

/// Builds one kernel, runs it and returns what its program says.
fn check(
    case: &dyn KernelCase,
    precision: Precision,
    build: Build,
    seed: u64,
    compiler: &HostCompiler,
) -> Result<String, Failure> {
    let settings = case.placement(seed);
    let cache = CacheOptions { disk: false, ..CacheOptions::default() };
    let device: Device = CpuDevice::with_options(build.device_options(), cache)?.into();
    let kernel = case.compile(&device, precision, &settings)?;

    let batch = case.batch(precision, 3 * kernel.lanes(), seed);
    // An entry is given whole packs; the device pads the last one.
    let launches = (0..=3).map(|packs| {
        let runs: Vec<usize> = (0..packs * kernel.lanes()).collect();
        Launch::ordinary(&kernel, batch.select(&runs))
    });
    let launches: Vec<Launch> = launches.collect::<Result<_, _>>()?;
    let program = Program {
        source: kernel.source(),
        entry: case.entry().name(),
        shared_bytes: case.layout(precision, &settings)?.totals().shared.get(),
        arguments: &case.argument_statements(precision, &settings)?,
        build,
        checks: Checks::All,
    };
    sanitize::run(compiler, &program, &launches, tempfile::tempdir()?.path())
}
