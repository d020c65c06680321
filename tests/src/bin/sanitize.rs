//! Every test kernel under AddressSanitizer and UndefinedBehaviorSanitizer, as an executable of its own: arrays of exact size, several
//! launches, placements and vector widths. A finding ends the program with its text.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use buffer_runtime::cache::CacheOptions;
use buffer_runtime::compiler::{HostCompiler, HostOptions, Optimisation, Sanitizer};
use buffer_runtime::entry::Role;
use buffer_runtime::{CpuDevice, CpuOptions, Device, Precision};
use integration_tests::kernels::{self, Failure, KernelCase};

/// How a kernel is built and placed: bytes of a vector (`None`: the widest), vectors per pack, seed of the placement.
type Build = (Option<u32>, u32, u64);

/// The widest vectors, a pack of narrow ones, and one lane, which the sanitizers see most clearly.
const BUILDS: [Build; 3] = [(None, 1, 1), (Some(16), 2, 2), (Some(0), 1, 3)];

const HARNESS: &str = include_str!("../../device/sanitize_main.cpp");

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
    let folder = tempfile::tempdir()?;
    check_that_findings_are_found(&compiler, folder.path())?;
    let mut checked = 0;
    for case in kernels::all()? {
        for precision in Precision::ALL {
            for build in BUILDS {
                let what = format!("{} in {precision}, (bytes, vectors, placement) {build:?}", case.name());
                let launches = check(case.as_ref(), precision, build, &compiler, folder.path());
                println!("{what}: {}", launches.map_err(|error| format!("{what}: {error}"))?);
                checked += 1;
            }
        }
    }
    Ok(checked)
}

/// Programs that each sanitizer must stop: else silence means nothing.
fn check_that_findings_are_found(compiler: &HostCompiler, folder: &Path) -> Result<(), Failure> {
    const OVERRUN: &str = "#include <cstdlib>
        int main(int count, char**) { volatile char* p = static_cast<char*>(std::malloc(1)); p[count] = 1; return 0; }";
    const OVERFLOW: &str = "int main(int count, char**) { volatile int most = 2147483647; return most + count == 0; }";
    for (sanitizer, source, finding) in [
        (Sanitizer::Address, OVERRUN, "heap-buffer-overflow"),
        (Sanitizer::Undefined, OVERFLOW, "signed integer overflow"),
    ] {
        let program = folder.join("finding");
        compiler.compile_executable(source, &options(None), &[sanitizer], &program)?;
        let output = Command::new(&program).output()?;
        if output.status.success() || !String::from_utf8_lossy(&output.stderr).contains(finding) {
            return Err(format!(
                "{sanitizer:?}: a {finding} is not reported; is the compiler's run-time library installed?"
            )
            .into());
        }
    }
    Ok(())
}

fn options(vector_bytes: Option<u32>) -> HostOptions {
    HostOptions {
        optimisation: Optimisation::O1,
        vector_bytes: vector_bytes.filter(|bytes| *bytes != 0).map(|bytes| bytes as usize),
        ..HostOptions::default()
    }
}

/// Builds one kernel, runs it and returns what its program says.
fn check(
    case: &dyn KernelCase,
    precision: Precision,
    (vector_bytes, pack, seed): Build,
    compiler: &HostCompiler,
    folder: &Path,
) -> Result<String, Failure> {
    let settings = case.placement(seed);
    let options_of_device = CpuOptions { vector_bytes, pack: Some(pack), ..CpuOptions::default() };
    let device: Device =
        CpuDevice::with_options(options_of_device, CacheOptions { disk: false, ..CacheOptions::default() })?.into();
    let kernel = case.compile(&device, precision, &settings)?;

    let mut launches = Vec::new();
    let batch = case.batch(precision, 3 * kernel.lanes(), seed);
    // An entry is given whole packs; the device pads the last one.
    for packs in 0..=3 {
        let runs = packs * kernel.lanes();
        let before = batch.select(&(0..runs).collect::<Vec<_>>());
        launches.extend((runs as i64).to_le_bytes());
        before.write(&mut launches)?;
        before.launched(&kernel)?.write(&mut launches)?;
    }
    let file = folder.join("launches.bin");
    fs::write(&file, launches)?;

    let mut source = kernel.source().to_owned();
    let shared = case.layout(precision, &settings)?.totals().shared.get();
    let arguments = case.argument_statements(precision, &settings)?.replace('\n', " ");
    writeln!(source, "#define HARNESS_ENTRY {}", case.entry().name())?;
    writeln!(source, "#define HARNESS_SHARED_BYTES {shared}")?;
    writeln!(source, "#define HARNESS_ARGUMENTS {arguments}")?;
    write!(source, "#define HARNESS_ARRAYS")?;
    for parameter in case.entry().parameters() {
        let element = parameter.element.resolve(precision).cpp_name();
        write!(source, " ARRAY({element}, {}, {})", parameter.rows, parameter.role == Role::Broadcast)?;
    }
    write!(source, "\n#line 1 \"sanitize_main.cpp\"\n{HARNESS}")?;

    let program = folder.join(format!("{}-{precision}", case.name()));
    compiler.compile_executable(
        &source,
        &options(vector_bytes),
        &[Sanitizer::Address, Sanitizer::Undefined],
        &program,
    )?;
    let output = Command::new(&program).arg(&file).output()?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(format!("{}\n{}", output.status, String::from_utf8_lossy(&output.stderr)).into())
    }
}
