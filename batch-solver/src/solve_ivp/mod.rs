//! One call from a system to its solution.

mod options;

use std::ops::Range;

use buffer_runtime::Device;

use crate::batch::{Batch, BatchValues};
use crate::error::SolveError;
use crate::solution::Solution;
use crate::solver::Solver;
use crate::system::System;

pub use options::IvpOptions;

/// Solves an initial value problem, for one run or many.
///
/// Initial values and parameters are each [whatever is at hand](BatchValues): `()` for the system's defaults, values in the system's order, an array with a column for
/// each run, or names. Where several have more than one value, the runs are all combinations, as in a [grid](Batch::grid), unless
/// [`combine`](IvpOptions::combine) says otherwise.
///
/// The call makes a [`Solver`], and compiles unless the cache on disk has the kernel. Who solves more than once keeps a solver: it has its kernel at hand.
///
/// ```
/// use batch_solver::{IvpOptions, System, linspace, solve_ivp};
///
/// let decay = System::builder("decay").equations("dx = -k*x").state("x", 1.0).parameter("k", 1.0).build()?;
/// let rates = linspace(0.5, 2.0, 4);
/// let solution = solve_ivp(decay, [2.0], [("k", rates.clone())], 0.0..1.0, IvpOptions::new().t_eval([0.5, 1.0]))?;
///
/// assert_eq!(solution.failed(), 0);
/// for (run, k) in rates.into_iter().enumerate() {
///     let x = solution.state(1, 0, run).unwrap();
///     assert!((x - 2.0 * (-k).exp()).abs() < 2e-3);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// What [`Batch::of`], [`Solver::with_settings`] and [`Solver::solve`] refuse: values that do not fit the system, an unknown method or setting (the nearest is named), a
/// tolerance or time that is impossible, a device that is missing. A run that fails is no error: see [`Solution::status`].
pub fn solve_ivp(
    system: System,
    y0: impl Into<BatchValues>,
    parameters: impl Into<BatchValues>,
    t_span: Range<f64>,
    options: IvpOptions,
) -> Result<Solution, SolveError> {
    let batch = Batch::of(&system, y0, parameters, options.combine)?;
    let settings = options.to_settings();
    let device = match options.device {
        Some(device) => device,
        None => Device::best()?,
    };
    let mut solver = Solver::with_settings(system, device, &settings)?;
    if let Some(drivers) = &options.drivers {
        solver.set_drivers(drivers)?;
    }
    solver.solve(&batch, t_span)
}
