//! The verb `layout`.

use batch_solver::{Model, Solver};
use buffer_runtime::nvrtc::Architecture;
use buffer_runtime::{DeviceError, GpuBinary, GpuCompiler};

use crate::arguments::LayoutArguments;
use crate::columns::Columns;
use crate::configure;
use crate::failure::Failure;
use crate::files;
use crate::output::{Output, is_stdout, print};

/// Threads of the drawing when no block follows from a compilation.
const WARP: usize = 32;

pub(crate) fn layout(arguments: &LayoutArguments) -> Result<(), Failure> {
    if arguments.svg.as_deref().is_some_and(is_stdout) {
        return Err(Failure::BothToStdout { option: "--svg", there: "text" });
    }
    let model = Model::read(&arguments.model)?;
    let svg = match &arguments.svg {
        Some(file) => {
            let samples = model.sample_file().map(|file| ("the drivers' file", file));
            let read: Vec<_> = samples.into_iter().chain([("the model", arguments.model.as_path())]).collect();
            files::refuse_same(&[("--svg", file)], &read)?;
            batch_solver::plot::check_ending(file)?;
            Some((file, Output::open(file).map_err(Failure::output(file))?))
        }
        None => None,
    };
    let solver = configure::configured(&model, configure::any_device()?, &arguments.given)?;
    let report = solver.report();
    let mut text = if arguments.markdown { report.to_markdown() } else { report.to_text() };
    let mut threads = WARP;
    if let Some(architecture) = arguments.arch {
        let binary =
            compile(&solver, architecture).map_err(|error| Failure::Gpu { option: "arch", error: error.into() })?;
        threads = binary.block() as usize;
        text += &format!("\n{}", resources(&binary, architecture).render(arguments.markdown));
    }
    if let Some((file, output)) = svg {
        let drawing = report.to_svg(threads);
        output.write(&drawing).map_err(Failure::output(file))?;
    }
    print(&text)
}

/// The kernel for a common card of an architecture; neither a card nor a driver is needed.
pub(crate) fn compile(solver: &Solver, architecture: Architecture) -> Result<GpuBinary, DeviceError> {
    GpuCompiler::open()?.compile(solver.plan(), &solver.entry(), architecture)
}

fn resources(binary: &GpuBinary, architecture: Architecture) -> Columns<3> {
    let used = binary.resources();
    // A card newer than this NVRTC gets intermediate code, which has no registers before the driver compiles it.
    let measured = |amount: u32| if used.registers == 0 { "unknown".to_owned() } else { amount.to_string() };
    let mut table = Columns::new(["resource", "amount", "unit"]);
    for (resource, amount, unit) in [
        ("architecture", architecture.to_string(), ""),
        ("registers", measured(used.registers), "32-bit registers per thread"),
        ("stack", measured(used.stack_bytes), "bytes of local memory per thread"),
        ("spills", measured(used.total_spill_bytes()), "bytes stored and loaded per thread"),
        ("shared", binary.shared_bytes().to_string(), "bytes of dynamic shared memory per block"),
        ("static shared", measured(used.shared_bytes), "bytes per block"),
        ("block", binary.block().to_string(), "threads"),
    ] {
        table.push([resource.to_owned(), amount, unit.to_owned()]);
    }
    table
}
