//! A million tridiagonal systems, one per thread or SIMD lane; then the same with two buffers moved to shared memory by a setting.
//!
//! `cargo run --release --example thomas [-- SYSTEMS]` writes the memory map to `target/thomas.svg`.

use std::error::Error;
use std::time::Instant;

use buffer_runtime::{Buffer, Buffers, Device, Entry, Kernel, Plan, Precision, Real, Unknown, args, settings};

/// Compile settings of the tridiagonal solver.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "thomas_solver")]
pub struct ThomasConfig {
    /// Unknowns of one system.
    #[input]
    pub n: usize,
    /// Upper diagonal over the pivots.
    #[buffer(len = n)]
    pub ratio: Buffer,
    /// Right-hand side, then the solution.
    #[buffer(len = n)]
    pub solution: Buffer,
    /// Residual of the solution; may reuse the space of the ratios.
    #[buffer(len = n, aliases = ratio)]
    pub residual: Buffer,
}

const N: usize = 16;

fn main() -> Result<(), Box<dyn Error>> {
    let runs = std::env::args().nth(1).map_or(Ok(1_000_000), |text| text.parse())?;
    let problem = Problem::new(runs);

    let entry = Entry::new("thomas")
        .source("thomas.cuh", include_str!("thomas.cuh"))
        .input::<Real>("lower", N)
        .input::<Real>("diagonal", N)
        .input::<Real>("upper", N)
        .input::<Real>("rhs", N)
        .output::<Real>("x", N)
        .output::<Real>("error", 1);
    let mut plan = Plan::new(ThomasConfig::new(ThomasInputs { n: N })?, Precision::F64)?;
    // The first GPU with a driver and NVRTC, else the CPU.
    let device = Device::best()?;
    println!("{runs} systems of {N} unknowns in f64 on {device}\n");

    println!("{}", plan.report());
    let local = problem.solve(&device.compile(&plan, &entry)?)?;

    // Laid out, generated and compiled anew; no kernel text changes.
    plan.update(&settings! { ratio_location: "shared", solution_location: "shared" }, Unknown::Error)?;
    println!("{}", plan.report());
    let shared = problem.solve(&device.compile(&plan, &entry)?)?;

    std::fs::create_dir_all("target")?;
    std::fs::write("target/thomas.svg", plan.report().to_svg(32))?;

    let same = local.iter().zip(&shared).all(|(a, b)| a.to_bits() == b.to_bits());
    println!("results with and without shared memory are {}", if same { "bit-identical" } else { "different" });
    if same { Ok(()) } else { Err("the placement of a buffer changed a result".into()) }
}

/// Diagonally dominant systems, component × run.
struct Problem {
    runs: usize,
    lower: Vec<f64>,
    diagonal: Vec<f64>,
    upper: Vec<f64>,
    rhs: Vec<f64>,
}

impl Problem {
    fn new(runs: usize) -> Self {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        // Marsaglia's xorshift generator: J. Stat. Softw. 8(14), 2003.
        let mut uniform = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let mut array = |low: f64, high: f64| (0..N * runs).map(|_| low + (high - low) * uniform()).collect();
        Self {
            runs,
            lower: array(-1.0, 1.0),
            diagonal: array(2.5, 3.5),
            upper: array(-1.0, 1.0),
            rhs: array(-1.0, 1.0),
        }
    }

    /// Solves, checks the residuals, prints the throughput and returns the solutions.
    fn solve(&self, kernel: &Kernel) -> Result<Vec<f64>, Box<dyn Error>> {
        let Self { runs, lower, diagonal, upper, rhs } = self;
        let (mut x, mut error) = (vec![0.0; N * runs], vec![0.0; *runs]);
        let mut seconds = f64::INFINITY;
        let start = Instant::now();
        for _ in 0..5 {
            let arguments = args! { lower, diagonal, upper, rhs, x: &mut x, error: &mut error };
            seconds = seconds.min(kernel.launch(*runs, arguments)?.elapsed().as_secs_f64());
        }
        let worst = error.iter().copied().fold(0.0, f64::max);
        // Each system is read once and its solution written once.
        let bytes = ((5 * N + 1) * runs * size_of::<f64>()) as f64;
        println!(
            "largest residual {worst:.1e}; best of 5 launches: {:.1} million systems/s, {:.1} GB/s ({:.2} s in all)\n",
            *runs as f64 / seconds / 1e6,
            bytes / seconds / 1e9,
            start.elapsed().as_secs_f64()
        );
        if worst < 1e-13 { Ok(x) } else { Err(format!("residual {worst:e} is too large").into()) }
    }
}
