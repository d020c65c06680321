//! A hundred thousand trajectories of the Lorenz system, rho swept from 0 to 21, to t = 1 in 1,000 steps of the classical Runge–Kutta method.
//!
//! `cargo run --release --example lorenz` prints the throughput and a few rows and draws `target/lorenz.svg`; `-- --help` lists the options.

use std::error::Error;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use batch_solver::plot::Fan;
use batch_solver::{Batch, Frame, Solution, Solver, System, Table, linspace};
use buffer_runtime::nvrtc::KernelResources;
use buffer_runtime::{Device, Precision, Settings, Unknown, settings};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

/// Integrate the Lorenz system for many values of rho.
#[derive(Debug, Parser)]
struct Arguments {
    /// Values of rho, evenly spaced from 0 to 21
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(2..))]
    runs: u32,
    /// Precision of all arithmetic: f32 or f64
    #[arg(long, default_value_t = Precision::F32)]
    precision: Precision,
    /// Set any setting of the solver; repeatable
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
    /// Print device, runs, steps, times and the checksum of the final states as the last line
    #[arg(long)]
    json: bool,
}

const RHO: std::ops::RangeInclusive<f64> = 0.0..=21.0;
const SPAN: std::ops::Range<f64> = 0.0..1.0;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let lorenz = System::builder("lorenz")
        .equations("dx = sigma*(y - x); dy = x*(rho - z) - y; dz = x*y - beta*z")
        .states([("x", 1.0), ("y", 0.0), ("z", 0.0)])
        .parameter("rho", 28.0)
        .constants([("sigma", 10.0), ("beta", 8.0 / 3.0)])
        .build()?;
    let mut solver = Solver::new(lorenz)?;
    solver.update(
        &settings! { algorithm: "classical-rk4", dt: 1e-3, precision: arguments.precision.name() },
        Unknown::Error,
    )?;
    solver.update(&Settings::from_pairs(&arguments.settings)?, Unknown::Error)?;
    println!("{}", solver.device());

    let begin = Instant::now();
    solver.source()?;
    let compile = begin.elapsed();
    let rho = linspace(*RHO.start(), *RHO.end(), arguments.runs as usize);
    let sweep = sweep(&mut solver, &rho)?;

    let per_second = rho.len() as f64 / sweep.kernel.as_secs_f64();
    println!(
        "{} trajectories of {} steps in {:.3} s, {:.3} s of them in the kernel: {per_second:.0} per second ({:.2} s compiling before)",
        rho.len(),
        sweep.steps,
        sweep.seconds.as_secs_f64(),
        sweep.kernel.as_secs_f64(),
        compile.as_secs_f64(),
    );
    println!("{:>8} {:>12} {:>12} {:>12}", "rho", "x(1)", "y(1)", "z(1)");
    for row in 0..5 {
        let run = row * (rho.len() - 1) / 4;
        let [x, y, z] = sweep.finals.each_ref().map(|values| values[run]);
        println!("{:8.3} {x:12.6} {y:12.6} {z:12.6}", rho[run]);
    }
    if sweep.failed > 0 {
        println!("{} trajectories did not stay finite: use a smaller dt", sweep.failed);
    }

    let checksum = sweep.checksum(solver.plan().precision());
    let device = solver.device().to_string();
    let path = target_folder().join("lorenz.svg");
    std::fs::create_dir_all(target_folder())?;
    std::fs::write(&path, fan(&mut solver)?)?;
    println!("picture: {}", path.display());
    if arguments.json {
        let line = json!({
            "device": device,
            "runs": rho.len(),
            "failed": sweep.failed,
            "steps": sweep.steps,
            "seconds": sweep.seconds.as_secs_f64(),
            "kernel_seconds": sweep.kernel.as_secs_f64(),
            "compile_seconds": compile.as_secs_f64(),
            "trajectories_per_second": per_second,
            "resources": sweep.resources,
            "checksum": format!("{checksum:016x}"),
        });
        println!("{line}");
    }
    Ok(())
}

/// The final states of a sweep, and what it cost.
#[derive(Default)]
struct Sweep {
    /// x, y and z of every run, in double precision whatever the kernel's.
    finals: [Vec<f64>; 3],
    /// Steps of each run.
    steps: u64,
    failed: usize,
    kernel: Duration,
    seconds: Duration,
    /// Of a GPU kernel.
    resources: Option<KernelResources>,
}

/// Integrates all runs, some at a time so that a bar can show how far it is.
fn sweep(solver: &mut Solver, rho: &[f64]) -> Result<Sweep, Box<dyn Error>> {
    // Enough to keep the device busy for milliseconds, so that what a launch costs besides does not show.
    let at_a_time = match solver.device() {
        Device::Gpu(_) => 1 << 24,
        _ => 1 << 15,
    };
    let bar = ProgressBar::new(rho.len() as u64);
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {human_pos}/{human_len} trajectories, {per_sec}, {eta} left",
    )?);
    let begin = Instant::now();
    let mut sweep = Sweep::default();
    for rho in rho.chunks(at_a_time) {
        let solution = solver.solve(&Batch::grid().vary("rho", rho), SPAN)?;
        for (state, finals) in sweep.finals.iter_mut().enumerate() {
            finals.extend(last(&solution, state));
        }
        sweep.steps = solution.steps_per_run();
        sweep.resources = solution.resources().cloned();
        sweep.failed += solution.failed();
        sweep.kernel += solution.timings().kernel;
        bar.inc(rho.len() as u64);
    }
    sweep.seconds = begin.elapsed();
    bar.finish_and_clear();
    Ok(sweep)
}

/// One state of all runs at the last saved time.
fn last(solution: &Solution, state: usize) -> impl Iterator<Item = f64> {
    let time = solution.times().len() - 1;
    (0..solution.runs()).filter_map(move |run| solution.state(time, state, run))
}

impl Sweep {
    /// 64-bit FNV-1a of the final states in the kernel's precision, as [`Solution::checksum`] has it for a solve in one piece.
    fn checksum(&self, precision: Precision) -> u64 {
        let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        self.finals.iter().flatten().fold(0xcbf2_9ce4_8422_2325, |sum, value| match precision {
            Precision::F32 => (*value as f32).to_le_bytes().into_iter().fold(sum, hash),
            Precision::F64 => value.to_le_bytes().into_iter().fold(sum, hash),
        })
    }
}

/// The picture: x and z over time for a thousand values of rho.
fn fan(solver: &mut Solver) -> Result<String, Box<dyn Error>> {
    solver.update(&settings! { save_every: 0.01, t_eval: "none" }, Unknown::Error)?;
    let batch = Batch::grid().vary("rho", linspace(*RHO.start(), *RHO.end(), 1000));
    let solution = solver.solve(&batch, SPAN)?;
    let mut frame = Frame::default();
    frame.push(&Table::new(&batch, &solution)?)?;
    Ok(Fan::new(&frame).variables(["x", "z"]).title("Lorenz system, rho from 0 to 21").to_svg()?)
}

/// The folder `target` of the workspace, or the one Cargo was told to use.
fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from)
}
