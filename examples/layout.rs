//! The config tree of a diagonally implicit Runge–Kutta step, printed before and after three buffers are moved by a setting.
//!
//! `cargo run --release --example layout` writes the memory map to `target/layout.svg`.

use std::error::Error;

use buffer_runtime::{Buffer, Buffers, Location, Plan, Precision, Unknown, settings};

/// Coefficients of a diagonally implicit method, as far as sizes depend on them.
#[derive(Clone, Debug, PartialEq)]
pub struct DirkTableau {
    name: &'static str,
    stages: usize,
}

impl DirkTableau {
    /// Stages of one step.
    pub fn stages(&self) -> usize {
        self.stages
    }
}

/// Kværnø's method of order 5 with 7 stages (BIT Numer. Math. 44, 2004, p. 489).
const KVAERNO5: DirkTableau = DirkTableau { name: "kvaerno5", stages: 7 };

/// Compile settings of the minimal-residual linear solver.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "minimal_residual")]
pub struct LinearConfig {
    /// Unknowns.
    #[input]
    pub n: usize,
    /// Iterations before giving up.
    #[setting(default = 50, range = 1..=1000)]
    pub max_iters: u32,
    /// Search direction after preconditioning.
    #[buffer(len = n)]
    pub preconditioned_vec: Buffer,
    /// Operator applied to the search direction.
    #[buffer(len = n)]
    pub temp: Buffer,
}

/// Compile settings of Newton's method.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "newton")]
pub struct NewtonConfig {
    /// Unknowns.
    #[input]
    pub n: usize,
    /// Iterations before giving up.
    #[setting(default = 8, range = 1..=100)]
    pub max_iters: u32,
    /// Correction.
    #[buffer(len = n)]
    pub delta: Buffer,
    /// Residual of the nonlinear system.
    #[buffer(len = n)]
    pub residual: Buffer,
    /// Iterations of the linear solver.
    #[buffer(len = 1)]
    pub krylov_iters: Buffer<i32>,
    /// Convergence rate of the previous solve.
    #[buffer(len = 1, persistent)]
    pub prev_theta: Buffer,
    /// Solves for the correction.
    #[child(prefix = "krylov", with(n))]
    pub linear: LinearConfig,
}

/// Compile settings of the diagonally implicit Runge–Kutta step.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "dirk_step", validate = Self::check)]
pub struct DirkConfig {
    /// State variables.
    #[input]
    pub n: usize,
    /// Butcher tableau.
    #[input]
    pub tableau: DirkTableau,
    /// Extrapolate the stages of the previous step as first guesses.
    #[setting(default = false)]
    pub dense_prediction: bool,
    /// Solve for an error estimate that is damped on stiff components.
    #[setting(default = true)]
    pub smoothed_error: bool,

    /// Solves the stage equations.
    #[child(prefix = "newton", with(n))]
    pub newton: NewtonConfig,

    /// Stage increments of the previous step.
    #[buffer(len = if dense_prediction { tableau.stages() * n } else { 0 }, persistent)]
    pub stage_increment_history: Buffer,
    /// Increment of the current stage, the guess for the next.
    #[buffer(len = n, persistent)]
    pub stage_increment: Buffer,
    /// Contributions of earlier stages to later ones.
    #[buffer(len = (tableau.stages() - 1) * n)]
    pub accumulator: Buffer,
    /// Base state of the stage; may reuse the accumulator's space.
    #[buffer(len = n, aliases = accumulator)]
    pub stage_base: Buffer,
    /// Derivative at the end of the step.
    #[buffer(len = n, persistent)]
    pub stage_rhs: Buffer,
    /// Newton iterations of the error solve.
    #[buffer(len = if smoothed_error { 1 } else { 0 })]
    pub error_solve_iters: Buffer<i32>,

    /// Solves for the smoothed error in the space of the stage solver.
    #[child(prefix = "error", aliases = newton, with(n), when = smoothed_error)]
    pub error: Option<NewtonConfig>,
    /// Right-hand side of the error solve, after it in the stage solver's space.
    #[buffer(len = if smoothed_error { n } else { 0 }, aliases = newton)]
    pub error_rhs: Buffer,
}

impl DirkConfig {
    fn check(&self) -> Result<(), String> {
        if self.dense_prediction && self.tableau.name == "kvaerno5" {
            return Err(
                "kvaerno5 repeats a stage time, so its stages cannot be extrapolated: leave dense_prediction off"
                    .to_owned(),
            );
        }
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let config = DirkConfig::new(DirkInputs { n: 3, tableau: KVAERNO5 })?;
    let mut plan = Plan::new(config, Precision::F32)?;
    println!("{}", plan.report());

    let updated = plan.update(
        &settings! { newton_delta_location: "shared", accumulator_location: "shared", "error.linear.temp_location": Location::Shared },
        Unknown::Error,
    )?;
    println!("moved: {}\n", updated.changed.iter().cloned().collect::<Vec<_>>().join(", "));
    println!("{}", plan.report());

    let allocators = plan.allocators()?;
    println!("in device source, stage_base is {:?}", allocators.stage_base.cpp_type());

    std::fs::create_dir_all("target")?;
    std::fs::write("target/layout.svg", plan.report().to_svg(64))?;
    println!("memory map: target/layout.svg");
    Ok(())
}
