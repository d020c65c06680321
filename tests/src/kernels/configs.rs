//! Configs of the kernels.

use buffer_runtime::{Buffer, Buffers};

/// A tridiagonal solver, as in the example of that name.
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
    /// Residual of the solution.
    #[buffer(len = n, aliases = ratio)]
    pub residual: Buffer,
}

/// Escape counts, as in the example `mandelbrot`.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "escape_count")]
pub struct MandelbrotConfig {
    /// Iterations after which a point counts as inside.
    #[setting(default = 64, range = 1..=1_000_000)]
    pub max_iterations: u32,
    /// The point.
    #[buffer(len = 2)]
    pub c: Buffer,
    /// The iterate.
    #[buffer(len = 2, zeroed)]
    pub z: Buffer,
    /// Iterations before |z| exceeded 2.
    #[buffer(len = 1, zeroed)]
    pub count: Buffer<i32>,
}

/// The root of a tree of three levels; `device/cascade.cuh` has its code.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "cascade")]
pub struct CascadeConfig {
    /// Channels.
    #[input]
    pub n: usize,
    /// Samples.
    #[setting(default = 7, range = 1..=1000)]
    pub steps: u32,
    /// Weight of the mean so far.
    #[setting(default = 0.375, argument)]
    pub gain: f64,
    /// Filters the mean too.
    #[setting(default = true)]
    pub smooth: bool,
    /// The current sample.
    #[buffer(len = n)]
    pub sample: Buffer,
    /// The sum over the number of samples.
    #[buffer(len = n, aliases = sample)]
    pub scaled: Buffer,
    /// Sum of all filtered samples.
    #[buffer(len = n, persistent, zeroed)]
    pub sum: Buffer,
    /// Running mean.
    #[buffer(len = n, persistent)]
    pub mean: Buffer,
    /// State of the random numbers.
    #[buffer(len = 1, persistent)]
    pub random: Buffer<i64>,
    /// Samples so far.
    #[buffer(len = 1, persistent, zeroed)]
    pub step: Buffer<i32>,
    /// Filters the samples.
    #[child(prefix = "filter", with(n))]
    pub filter: FilterConfig,
    /// Filters the mean, in the space of the first filter where that is shared.
    #[child(prefix = "envelope", aliases = filter, with(n), when = smooth)]
    pub envelope: Option<FilterConfig>,
}

/// The second level.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "fir_filter", validate = Self::check)]
pub struct FilterConfig {
    /// Channels.
    #[input]
    pub n: usize,
    /// Samples the filter sees.
    #[setting(default = 3, range = 1..=16)]
    pub order: usize,
    /// Their weights, newest first.
    #[setting(default = vec![0.5, 0.3, 0.2], argument)]
    pub taps: Vec<f64>,
    /// Last samples, newest first.
    #[buffer(len = order * n, persistent, zeroed)]
    pub history: Buffer,
    /// Filtered sample.
    #[buffer(len = n)]
    pub window: Buffer,
    /// Largest magnitude so far.
    #[buffer(len = n, persistent)]
    pub peak: Buffer,
    /// Samples so far.
    #[buffer(len = 1, persistent, zeroed)]
    pub calls: Buffer<i32>,
    /// Limits the result.
    #[child(prefix = "limiter", with(n))]
    pub limiter: LimiterConfig,
}

impl FilterConfig {
    fn check(&self) -> Result<(), String> {
        if self.taps.len() == self.order {
            Ok(())
        } else {
            Err(format!("a filter of order {} needs as many taps, not {}", self.order, self.taps.len()))
        }
    }
}

/// The third level.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "limiter")]
pub struct LimiterConfig {
    /// Channels.
    #[input]
    pub n: usize,
    /// Largest magnitude that passes.
    #[setting(default = 0.875, gt = 0.0, argument)]
    pub bound: f64,
    /// What was cut off.
    #[buffer(len = n)]
    pub excess: Buffer,
    /// The same in eighths.
    #[buffer(len = n, aliases = excess)]
    pub eighths: Buffer<i32>,
    /// How often each channel was clipped.
    #[buffer(len = n, persistent, zeroed)]
    pub clipped: Buffer<i32>,
    /// Sum of the eighths.
    #[buffer(len = 1, persistent, zeroed)]
    pub total: Buffer<i64>,
}
