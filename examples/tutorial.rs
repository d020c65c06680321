//! The largest eigenvalue of each of a thousand matrices: the kernel that `docs/declaring-buffers.md` writes step by step.
//!
//! `cargo run --release --example tutorial`

use std::error::Error;
use std::f64::consts::PI;

use buffer_runtime::{
    Buffer, Buffers, Device, Entry, Kernel, Location, Plan, Precision, Real, Unknown, args, settings,
};

/// How far a vector is from an eigenvector.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "eigen_residual")]
pub struct ResidualConfig {
    /// Rows of the matrix.
    #[input]
    pub n: usize,
    /// Product less eigenvalue times vector.
    #[buffer(len = n)]
    pub difference: Buffer,
}

/// Compile settings of the power iteration.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "power_iteration", validate = Self::check)]
pub struct PowerConfig {
    /// Rows of the matrix.
    #[input]
    pub n: usize,
    /// Iterations before it gives up.
    #[setting(default = 100 * n as u32, range = 1..=1_000_000)]
    pub max_iters: u32,
    /// Residual at which it is done.
    #[setting(default = 1e-10, gt = 0.0, argument)]
    pub tolerance: f64,
    /// The iterate, its largest component ±1.
    #[buffer(len = n)]
    pub vector: Buffer,
    /// Matrix times iterate.
    #[buffer(len = n)]
    pub product: Buffer,
    /// Iterations so far.
    #[buffer(len = 1, zeroed)]
    pub count: Buffer<i32>,
    /// Decides when it is done.
    #[child(prefix = "residual", with(n))]
    pub residual: ResidualConfig,
}

impl PowerConfig {
    fn check(&self) -> Result<(), String> {
        if self.n > 0 { Ok(()) } else { Err("a matrix has at least one row".to_owned()) }
    }
}

const N: usize = 4;
const RUNS: usize = 1000;

fn main() -> Result<(), Box<dyn Error>> {
    print!("{}", output(&Device::best()?)?);
    Ok(())
}

/// Everything the example prints.
fn output(device: &Device) -> Result<String, Box<dyn Error>> {
    let entry = Entry::new("power")
        .source("tutorial.cuh", include_str!("tutorial.cuh"))
        .input::<Real>("matrix", N * N)
        .output::<Real>("eigenvalue", 1)
        .output::<i32>("iterations", 1);
    let mut plan = Plan::new(PowerConfig::new(PowerInputs { n: N })?, Precision::F64)?;

    let kernel = device.compile(&plan, &entry)?;
    let local = solve(&kernel)?;
    let mut text = format!("{}\n{}\n\n", plan.report(), summary(&local)?);

    plan.update(&settings! { vector_location: "shared", residual_difference_location: "shared" }, Unknown::Error)?;
    plan.apply(PowerSettings::default().product_location(Location::Shared).max_iters(500_u32))?;
    let kernel = device.compile(&plan, &entry)?;
    let shared = solve(&kernel)?;
    text += &format!("{}\n{}\n\n", plan.report(), summary(&shared)?);
    std::fs::create_dir_all("target")?;
    std::fs::write("target/tutorial.svg", plan.report().to_svg(32))?;

    let same = local.0.iter().zip(&shared.0).all(|(a, b)| a.to_bits() == b.to_bits());
    if !same {
        return Err("the placement of a buffer changed a result".into());
    }
    Ok(text + "results with and without shared memory are bit-identical\n")
}

/// Runs the kernel on all matrices: eigenvalues and iterations.
fn solve(kernel: &Kernel) -> Result<(Vec<f64>, Vec<i32>), Box<dyn Error>> {
    // The second difference, with a shift of its own for each run. Component × run: all runs of an entry follow each other.
    let mut matrix = vec![0.0; N * N * RUNS];
    for run in 0..RUNS {
        for i in 0..N {
            matrix[(i * N + i) * RUNS + run] = 2.0 + shift(run);
            if i + 1 < N {
                matrix[(i * N + i + 1) * RUNS + run] = -1.0;
                matrix[((i + 1) * N + i) * RUNS + run] = -1.0;
            }
        }
    }
    let (mut eigenvalue, mut iterations) = (vec![0.0; RUNS], vec![0; RUNS]);
    kernel.launch(RUNS, args! { matrix: &matrix, eigenvalue: &mut eigenvalue, iterations: &mut iterations })?;
    Ok((eigenvalue, iterations))
}

fn shift(run: usize) -> f64 {
    run as f64 / RUNS as f64
}

/// Compares with what is known of these matrices: the largest eigenvalue is 2 + 2 cos(π/(n + 1)), and the shift.
fn summary((eigenvalue, iterations): &(Vec<f64>, Vec<i32>)) -> Result<String, Box<dyn Error>> {
    let exact = 2.0 + 2.0 * (PI / (N + 1) as f64).cos();
    let errors = eigenvalue.iter().enumerate().map(|(run, value)| (value - exact - shift(run)).abs());
    let error = errors.fold(0.0, f64::max);
    if error > 1e-9 {
        return Err(format!("an eigenvalue is wrong by {error:e}").into());
    }
    Ok(format!(
        "{RUNS} eigenvalues, the first {:.9}, after {} to {} iterations",
        eigenvalue[0],
        iterations.iter().min().unwrap_or(&0),
        iterations.iter().max().unwrap_or(&0)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_shows_what_this_prints() {
        let text = output(&Device::cpu().expect("there is a C++ compiler")).expect("the example runs");
        let page = include_str!("../docs/declaring-buffers.md");
        let mut rest = page;
        for part in text.split("\n\n") {
            let place = rest.find(part.trim());
            assert!(place.is_some(), "docs/declaring-buffers.md shows this elsewhere or not at all:\n{part}");
            rest = &rest[place.unwrap_or_default() + part.trim().len()..];
        }
    }
}
