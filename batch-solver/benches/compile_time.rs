//! How long implicit kernels take to compile, by the C++ compiler and by NVRTC for sm_90, and how large they are: chains of states and the model of a cell, in double
//! precision with default settings, nothing from a cache.
//!
//! Seconds are of processor time, that of the compiler included, the best of a few rounds, from the equations to the loaded kernel. What a statement takes is compared with
//! the smallest system whose equations are functions of their own, because inlined ones are another kind of code. `cargo bench -p batch-solver --bench compile_time -- [rounds] [methods]`.

mod common;

use std::error::Error;
use std::path::{Path, PathBuf};

use batch_solver::{Solver, System};
use buffer_runtime::cache::CacheOptions;
use buffer_runtime::compiler::HostCompiler;
use buffer_runtime::nvrtc::Architecture;
use buffer_runtime::{CpuDevice, CpuOptions, GpuCompiler, GpuOptions, settings};

use common::systems::{chain, model};
use common::{Fallible, rounds};

const ROUNDS: usize = 2;
/// Methods, sizes of the chains that each is compiled for, and seconds that a kernel of up to [`MIDDLE`] states may take: by the C++ compiler and by NVRTC.
const METHODS: [(&str, &[usize], [f64; 2]); 3] = [
    ("rodas4", &[10, 20, 35, 50, 100], [3.0, 4.0]),
    ("kvaerno5", &[35, 100], [4.0, 4.0]),
    ("radau_iia_5", &[35, 100], [6.0, 6.0]),
];
const MIDDLE: usize = 35;
/// Seconds that any other may take.
const MOST_SECONDS: f64 = 8.0;
/// How much more a statement of a larger system may take.
const MORE_PER_STATEMENT: f64 = 1.5;
const MOST_BYTES: u64 = 256 * 1024;

/// Processor time of this process and of programs that it has waited for, in seconds; to a hundredth, as the kernel counts it.
fn processor_seconds() -> Fallible<f64> {
    let status = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = status.rsplit(')').next().ok_or("no name")?;
    // utime, stime, cutime, cstime
    let ticks: Result<Vec<f64>, _> = after_name.split_whitespace().skip(11).take(4).map(str::parse).collect();
    Ok(ticks?.iter().sum::<f64>() / rustix::param::clock_ticks_per_second() as f64)
}

/// A kernel, compiled.
#[derive(Clone, Copy)]
struct Compiled {
    seconds: f64,
    /// Lanes of a pack, or threads of a block.
    width: usize,
    bytes: u64,
}

/// The best of a few rounds. What `prepare` takes does not count; what it makes compiles the kernel, and then tells its width and bytes.
fn best<C: FnOnce() -> Fallible<B>, B: FnOnce() -> Fallible<(usize, u64)>>(
    rounds: usize,
    prepare: impl Fn() -> Fallible<C>,
) -> Fallible<Compiled> {
    let mut best = Compiled { seconds: f64::INFINITY, width: 0, bytes: 0 };
    for _ in 0..rounds {
        let compile = prepare()?;
        let begin = processor_seconds()?;
        let measure = compile()?;
        best.seconds = best.seconds.min(processor_seconds()? - begin);
        (best.width, best.bytes) = measure()?;
    }
    Ok(best)
}

fn solver(method: &str, system: &System, device: CpuDevice) -> Fallible<Solver> {
    Ok(Solver::with_settings(system.clone(), device, &settings! { algorithm: method, precision: "f64" })?)
}

fn on_the_cpu(method: &str, system: &System, rounds: usize) -> Fallible<Compiled> {
    best(rounds, || {
        let folder = tempfile::tempdir()?;
        let cache = CacheOptions { directory: Some(folder.path().into()), ..CacheOptions::default() };
        let device = CpuDevice::with_options(CpuOptions::default(), cache)?;
        Ok(move || {
            let solver = solver(method, system, device)?;
            let kernel = solver.device().compile(solver.plan(), &solver.entry())?;
            Ok(move || {
                let object = file_in(folder.path(), "kernel.so")?.ok_or("the cache has no kernel")?;
                Ok((kernel.lanes(), code_bytes(&std::fs::read(object)?).ok_or("no ELF file")?))
            })
        })
    })
}

/// With a block size, or that which is chosen by default, for which NVRTC may run twice.
fn by_nvrtc(method: &str, system: &System, block: Option<u32>, rounds: usize) -> Fallible<Compiled> {
    best(rounds, || {
        let none = || CacheOptions { disk: false, ..CacheOptions::default() };
        let compiler = GpuCompiler::with_options(GpuOptions { block, ..GpuOptions::default() }, none())?;
        let device = CpuDevice::with_options(CpuOptions::default(), none())?;
        Ok(move || {
            let solver = solver(method, system, device)?;
            let binary = compiler.compile(solver.plan(), &solver.entry(), Architecture(90))?;
            Ok(move || Ok((binary.block() as usize, code_bytes(binary.image()).ok_or("no ELF file")?)))
        })
    })
}

fn file_in(folder: &Path, name: &str) -> Fallible<Option<PathBuf>> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if let Some(found) = file_in(&path, name)? {
                return Ok(Some(found));
            }
        } else if path.file_name().is_some_and(|found| found == name) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// Bytes of the sections of an ELF file of 64 bits, be it for a processor or a GPU, that hold instructions.
fn code_bytes(object: &[u8]) -> Option<u64> {
    const EXECUTABLE: u64 = 4;
    let number = |at: usize, bytes: usize| {
        let field = object.get(at..at + bytes)?;
        Some(field.iter().rev().fold(0_u64, |value, byte| value << 8 | u64::from(*byte)))
    };
    let (table, each, count) = (number(0x28, 8)?, number(0x3a, 2)?, number(0x3c, 2)?);
    let mut sum = 0;
    for section in 0..count {
        let at = usize::try_from(table + section * each).ok()?;
        if number(at + 8, 8)? & EXECUTABLE != 0 {
            sum += number(at + 0x20, 8)?;
        }
    }
    Some(sum)
}

/// A system with a name.
type Named = (String, System);

/// Prints what one compiler took for all systems, of which those of up to [`MIDDLE`] states may take `limit` seconds.
fn report(name: &str, method: &str, systems: &[Named], limit: f64, measured: &[Compiled]) -> Fallible<()> {
    let sizes: Result<Vec<(usize, bool)>, Box<dyn Error>> = systems
        .iter()
        .map(|(_, system)| {
            let sized = solver(method, system, CpuDevice::open()?)?;
            Ok((sized.config().structure.implicit_statements(), sized.config().inline_equations))
        })
        .collect();
    let sizes = sizes?;
    let limit = |n: usize| if n <= MIDDLE { limit } else { MOST_SECONDS };
    let each = |index: usize| 1e6 * measured[index].seconds / sizes[index].0 as f64;
    let smallest = (0..sizes.len()).filter(|index| !sizes[*index].1).min_by_key(|index| sizes[*index].0);
    println!("{method}, {name}");
    println!(
        "    {:<16}{:>7}{:>12}{:>12}{:>7}{:>9}{:>9}{:>14}{:>10}{:>10}",
        "", "states", "statements", "equations", "width", "seconds", "at most", "µs/statement", "relative", "bytes"
    );
    for (index, (system, equations)) in systems.iter().enumerate() {
        let Compiled { seconds, width, bytes } = measured[index];
        let (n, (statements, inlined)) = (equations.states().len(), sizes[index]);
        let relative = smallest.filter(|_| !inlined).map(|smallest| each(index) / each(smallest));
        let beyond = [
            (seconds > limit(n), "slow"),
            (relative.is_some_and(|relative| relative > MORE_PER_STATEMENT), "more than linear"),
            (bytes >= MOST_BYTES, "large"),
        ];
        let beyond: Vec<&str> = beyond.iter().filter(|fault| fault.0).map(|fault| fault.1).collect();
        println!(
            "    {system:<16}{n:>7}{statements:>12}{:>12}{width:>7}{seconds:>9.2}{:>9}{:>14.0}{:>10}{bytes:>10}   {}",
            if inlined { "inlined" } else { "called" },
            limit(n),
            each(index),
            relative.map_or_else(|| "—".to_owned(), |relative| format!("{relative:.2}")),
            beyond.join(", ")
        );
    }
    Ok(())
}

/// All systems, by all compilers that there are.
fn compile_all(method: &str, systems: &[Named], limits: [f64; 2], rounds: usize) -> Fallible<()> {
    let all = |compile: &dyn Fn(&System) -> Fallible<Compiled>| -> Fallible<Vec<Compiled>> {
        systems.iter().map(|(_, system)| compile(system)).collect()
    };
    let compiler = HostCompiler::find()?;
    let cpu = format!("{} {}", compiler.kind(), compiler.version());
    report(&cpu, method, systems, limits[0], &all(&|system| on_the_cpu(method, system, rounds))?)?;
    match GpuCompiler::open() {
        Ok(compiler) => {
            let (major, minor) = compiler.nvrtc().version();
            for (block, what) in
                [(None, "compiled again where another block size is better"), (Some(64), "block of 64")]
            {
                let nvrtc = format!("NVRTC {major}.{minor}, sm_90, {what}");
                let measured = all(&|system| by_nvrtc(method, system, block, rounds))?;
                report(&nvrtc, method, systems, limits[1], &measured)?;
            }
        }
        Err(error) => println!("SKIPPED NVRTC: {error}; scripts/setup-nvrtc installs it"),
    }
    Ok(())
}

fn main() -> Fallible<()> {
    let rounds = rounds(ROUNDS);
    common::stay_on_this_core();
    println!(
        "f64, best of {rounds} rounds; relative: at most {MORE_PER_STATEMENT}, width: lanes or threads per block, bytes of machine code: less than {MOST_BYTES}"
    );
    let named = |method: &str| std::env::args().any(|argument| argument == method);
    let some = METHODS.iter().any(|(method, ..)| named(method));
    for (method, sizes, limits) in METHODS.iter().filter(|(method, ..)| !some || named(method)) {
        let mut systems = vec![("sinoatrial".to_owned(), model("sinoatrial"))];
        systems.extend(sizes.iter().map(|n| (format!("chain of {n}"), chain(*n))));
        compile_all(method, &systems, *limits, rounds)?;
    }
    Ok(())
}
