//! Settings by their keys, and as fields of configs.

use std::collections::BTreeMap;

use batch_solver::controller::ControllerConfig;
use batch_solver::linear::{DirectConfig, LinearSolverConfig, LuConfig, PreconditionerConfig};
use batch_solver::newton::{DensePredictorConfig, NewtonConfig};
use batch_solver::step::StepConfig;
use batch_solver::{Algorithm, LoopConfig};
use buffer_runtime::{SettingValue, Value};

use crate::pairs::Pair;

/// Every setting by its flat key: its default, and another value that is valid beside all the others here.
pub(crate) fn settings_of(pair: &Pair) -> BTreeMap<&'static str, (Value, Value)> {
    let adaptive = pair.is_adaptive();
    let mut lines = BTreeMap::new();
    let mut line =
        |name, default: Value, other: Value| assert_eq!(lines.insert(name, (default, other)), None, "{name}");
    // The choices of the pair, which are no changes.
    line("algorithm", pair.algorithm.parse::<Algorithm>().unwrap().to_value(), Value::Auto);
    line("step_controller", pair.controller.into(), Value::Auto);
    // The loop.
    line("atol", 1e-6.into(), vec![1e-5, 2e-5, 3e-5].into());
    line("rtol", 1e-3.into(), 1e-4.into());
    line("save_counters", adaptive.into(), (!adaptive).into());
    line("precision", "f64".into(), "f32".into());
    line("save_every", "none".into(), 0.25.into());
    line("t_eval", "none".into(), vec![0.5, 1.0].into());
    line("bake_constants", false.into(), true.into());
    line("inline_equations", true.into(), false.into());
    line("unroll_states", true.into(), false.into());
    line("refill", adaptive.into(), (!adaptive).into());
    line("save_variables", "none".into(), vec!["z", "radius"].into());
    line("save_last", false.into(), true.into());
    line("settling_time", 0.0.into(), 0.25.into());
    line("summaries", Value::List(Vec::new()), vec!["mean", "max"].into());
    line("summarise_variables", "none".into(), vec!["x", "radius"].into());
    line("summarise_every", "none".into(), 0.25.into());
    line("sample_summaries_every", "none".into(), 0.05.into());
    line("trace", false.into(), true.into());
    line("trace_runs", vec![0].into(), vec![1].into());
    line("trace_steps", 1000.into(), 50.into());
    // Every controller.
    line("dt", (if adaptive { 0.0 } else { 1e-3 }).into(), 1e-2.into());
    // Those that follow an error.
    line("dt_min", 1e-12.into(), 1e-9.into());
    line("dt_max", 1e6.into(), 0.5.into());
    line("max_steps", 1_000_000.into(), 50_000.into());
    line("safety", 0.9.into(), 0.8.into());
    line("min_gain", 0.2.into(), 0.3.into());
    line("max_gain", 10.0.into(), 5.0.into());
    line("deadband_min", 1.0.into(), 0.95.into());
    line("deadband_max", 1.0.into(), 1.1.into());
    line("kp", pair.gain("kp").into(), 0.6.into());
    line("ki", pair.gain("ki").into(), (-0.3).into());
    line("kd", pair.gain("kd").into(), 0.05.into());
    // Implicit steps.
    let coupled = pair.factories[0] == "firk";
    line("linear_solver", "lu".into(), "bicgstab".into());
    line("newton_jacobian", "frozen".into(), "exact".into());
    line("dense_prediction", coupled.into(), (!coupled).into());
    // Where an estimate of the error has a term that decays no faster than stiff components do.
    let smoothed = ["l_stable_sdirk_4", "radau_iia_3", "radau_iia_5"].contains(&pair.algorithm);
    line("smoothed_error", smoothed.into(), (!smoothed).into());
    line("unroll_stages", true.into(), false.into());
    line("newton_max_iterations", 10.into(), 20.into());
    line("newton_kappa", 0.0.into(), 0.05.into());
    line("newton_atol", 0.0.into(), 1e-5.into());
    line("newton_rtol", 0.0.into(), 1e-4.into());
    line("newton_line_search", false.into(), true.into());
    line("newton_max_backtracks", 8.into(), 10.into());
    line("predictor_largest_ratio", 8.0.into(), 4.0.into());
    line("lu_precision", "working".into(), "f32".into());
    line("lu_refinement", 0.into(), 1.into());
    line("lu_table_driven", false.into(), true.into());
    // Matrix-free solvers: that of Newton's method and that of the error estimate.
    line("krylov_max_iterations", 50.into(), 100.into());
    line("krylov_reduction", 1e-3.into(), 1e-2.into());
    line("krylov_floor", 1e-3.into(), 1e-2.into());
    line("krylov_preconditioner", "none".into(), "jacobi".into());
    let order = i64::from(pair.choice("krylov_preconditioner") == Some("neumann".into()));
    line("krylov_preconditioner_order", order.into(), 2.into());
    line("error_max_iterations", 50.into(), 100.into());
    line("error_reduction", 1e-3.into(), 1e-2.into());
    line("error_floor", 1e-3.into(), 1e-2.into());
    line("error_preconditioner", "none".into(), "jacobi".into());
    lines
}

/// Names and values of fields, each name behind a prefix.
macro_rules! fields {
    ($config:expr; $($field:ident)*) => { fields!($config, ""; $($field)*) };
    ($config:expr, $prefix:literal; $($field:ident)*) => {
        vec![$((concat!($prefix, stringify!($field)), $config.$field.to_value())),*]
    };
}

type Fields = Vec<(&'static str, Value)>;

/// Settings as fields of the configs, whatever the tree says of them.
pub(crate) fn fields(config: &LoopConfig) -> Fields {
    let of_loop = fields!(config; algorithm step_controller atol rtol save_counters precision save_every t_eval bake_constants inline_equations unroll_states refill
            save_variables save_last settling_time summaries summarise_variables summarise_every sample_summaries_every trace trace_runs trace_steps);
    [of_loop, controller_fields(&config.controller), step_fields(&config.step)].concat()
}

fn controller_fields(controller: &ControllerConfig) -> Fields {
    macro_rules! adaptive {
        ($config:expr; $($gain:ident)*) => {
            fields!($config; dt dt_min dt_max max_steps safety min_gain max_gain deadband_min deadband_max $($gain)*)
        };
    }
    match controller {
        ControllerConfig::Fixed(fixed) => fields!(fixed; dt),
        ControllerConfig::I(i) => adaptive!(i; kp),
        ControllerConfig::Pi(pi) => adaptive!(pi; kp ki),
        ControllerConfig::Pid(pid) => adaptive!(pid; kp ki kd),
        ControllerConfig::Gustafsson(gustafsson) => adaptive!(gustafsson;),
    }
}

fn step_fields(step: &StepConfig) -> Fields {
    macro_rules! implicit {
        ($config:expr; $($field:ident)*) => {
            [fields!($config; linear_solver newton_jacobian $($field)*), newton_fields(&$config.newton)].concat()
        };
    }
    let predictor = |config: &Option<DensePredictorConfig>| {
        config.as_ref().map_or_else(Vec::new, |config| fields!(config, "predictor_"; largest_ratio))
    };
    match step {
        StepConfig::Euler(_) | StepConfig::Erk(_) => Vec::new(),
        StepConfig::Rosenbrock(config) => [fields!(config; unroll_stages), lu_fields(&config.lu)].concat(),
        StepConfig::BackwardsEuler(config) => implicit!(config;),
        StepConfig::BackwardsEulerPc(config) => implicit!(config;),
        StepConfig::CrankNicolson(config) => implicit!(config;),
        StepConfig::Dirk(config) => {
            let of_step = implicit!(config; dense_prediction smoothed_error unroll_stages);
            [of_step, predictor(&config.dense_predictor)].concat()
        }
        StepConfig::Firk(config) => {
            let of_step = implicit!(config; dense_prediction smoothed_error);
            let of_error = config.error_solver.as_ref().map_or_else(Vec::new, error_fields);
            [of_step, predictor(&config.dense_predictor), of_error].concat()
        }
    }
}

fn lu_fields(config: &LuConfig) -> Fields {
    fields!(config, "lu_"; precision refinement table_driven)
}

fn direct_fields(config: &DirectConfig) -> Fields {
    [&config.real_matrix, &config.complex_matrix, &config.second_complex_matrix]
        .into_iter()
        .flatten()
        .flat_map(lu_fields)
        .collect()
}

fn newton_fields(newton: &NewtonConfig) -> Fields {
    macro_rules! krylov {
        ($config:expr) => {{
            let of_solver = fields!($config, "krylov_"; max_iterations reduction floor preconditioner);
            [of_solver, preconditioner_fields(&$config.preconditioning)].concat()
        }};
    }
    let of_newton = fields!(newton, "newton_"; max_iterations kappa atol rtol line_search max_backtracks);
    let of_solver = match &newton.linear {
        LinearSolverConfig::Lu(config) => direct_fields(config),
        LinearSolverConfig::Bicgstab(config) => krylov!(config),
        LinearSolverConfig::MinimalResidual(config) => krylov!(config),
        LinearSolverConfig::SteepestDescent(config) => krylov!(config),
    };
    [of_newton, of_solver].concat()
}

fn preconditioner_fields(config: &PreconditionerConfig) -> Fields {
    match config {
        PreconditionerConfig::None(_) => Vec::new(),
        PreconditionerConfig::Jacobi(jacobi) => vec![("krylov_preconditioner_order", jacobi.order.to_value())],
        PreconditionerConfig::Neumann(neumann) => vec![("krylov_preconditioner_order", neumann.order.to_value())],
    }
}

/// Of the solver that damps the error estimate, which no pair gives a preconditioner.
fn error_fields(solver: &LinearSolverConfig) -> Fields {
    match solver {
        LinearSolverConfig::Lu(config) => direct_fields(config),
        LinearSolverConfig::Bicgstab(config) => {
            fields!(config, "error_"; max_iterations reduction floor preconditioner)
        }
        LinearSolverConfig::MinimalResidual(config) => {
            fields!(config, "error_"; max_iterations reduction floor preconditioner)
        }
        LinearSolverConfig::SteepestDescent(config) => {
            fields!(config, "error_"; max_iterations reduction floor preconditioner)
        }
    }
}
