//! The hand-written device source of all factories.

use buffer_runtime::Entry;

macro_rules! sources {
    ($entry:expr, $($name:literal),* $(,)?) => {
        $entry$(.source($name, include_str!(concat!("../device/", $name))))*
    };
}

/// Adds every template the factory tree can name. Those a kernel does not use cost nothing but their parsing.
pub(crate) fn sources(entry: Entry, unroll_states: bool) -> Entry {
    let unrolling = if unroll_states { "BR_UNROLL_FULL" } else { "BR_NO_UNROLL" };
    sources!(
        entry.source("unrolling", format!("// Loops over the states.\n#define UNROLL_STATES {unrolling}\n")),
        "approx_reciprocal.cuh",
        "ivp_status.cuh",
        "step_base.cuh",
        "stage_sums.cuh",
        "euler_step.cuh",
        "erk_step.cuh",
        "complex.cuh",
        "linear_report.cuh",
        "sparse_lu.cuh",
        "krylov.cuh",
        "steepest_descent.cuh",
        "minimal_residual.cuh",
        "bicgstab.cuh",
        "rosenbrock_step.cuh",
        "direct_solver.cuh",
        "implicit_base.cuh",
        "newton.cuh",
        "dense_predictor.cuh",
        "backwards_euler_step.cuh",
        "crank_nicolson_step.cuh",
        "dirk_step.cuh",
        "firk_step.cuh",
        "fixed_controller.cuh",
        "error_controllers.cuh",
        "running_time.cuh",
        "drivers.cuh",
        "ivp_arrays.cuh",
        "output_writer.cuh",
        "summary_metrics.cuh",
        "step_trace.cuh",
        "initial_step.cuh",
        "fixed_step_loop.cuh",
        "per_run_loop.cuh",
        "ivp_loop.cuh",
    )
}
