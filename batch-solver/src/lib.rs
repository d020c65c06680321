//! Batches of ordinary differential equations, integrated on the GPU or on the vector units of a CPU.
//!
//! * [`system`]: equations, as text or as Rust expressions, become a [`System`] that can be evaluated and emitted as
//!   device code.
//! * [`drivers`]: functions of time given as samples, which act on a system.
//! * [`columns`]: numbers in CSV files, as runs and samples of drivers are given.
//! * [`choice`]: which method integrates where none is named.
//! * [`tableau`]: the coefficients of Runge–Kutta and Rosenbrock methods, as data.
//! * [`step`]: one step of each family of methods: explicit Runge–Kutta; backward Euler, Crank–Nicolson, diagonally and
//!   fully implicit Runge–Kutta, which solve nonlinear equations by [`newton`]; and Rosenbrock. [`Algorithm`] has all
//!   methods by name.
//! * [`linear`]: what solves the linear equations of implicit steps.
//! * [`controller`]: how the size of steps is chosen.
#![cfg_attr(feature = "plot", doc = "* [`plot`]: pictures of results.")]

pub mod algorithm;
pub mod batch;
pub mod choice;
pub mod columns;
pub mod controller;
mod device;
mod device_tables;
pub mod drivers;
mod error;
mod fnv;
pub mod integrate;
pub mod linear;
mod memory;
pub mod model;
pub mod newton;
pub mod output;
#[cfg(feature = "plot")]
pub mod plot;
pub mod solution;
mod solve_ivp;
mod solver;
pub mod step;
pub mod system;
pub mod table;
pub mod tableau;

use buffer_runtime::{Buffers, GroupSpec};

/// The declaration of every factory of this crate, owners before what they own.
pub const FACTORIES: &[fn() -> &'static GroupSpec] = &[
    LoopConfig::spec,
    step::StepConfig::spec,
    step::EulerConfig::spec,
    step::ErkConfig::spec,
    step::BackwardsEulerConfig::spec,
    step::BackwardsEulerPcConfig::spec,
    step::CrankNicolsonConfig::spec,
    step::DirkConfig::spec,
    step::FirkConfig::spec,
    step::RosenbrockConfig::spec,
    newton::NewtonConfig::spec,
    newton::DensePredictorConfig::spec,
    linear::LinearSolverConfig::spec,
    linear::DirectConfig::spec,
    linear::LuConfig::spec,
    linear::SteepestDescentConfig::spec,
    linear::MinimalResidualConfig::spec,
    linear::BicgstabConfig::spec,
    linear::PreconditionerConfig::spec,
    linear::NoPreconditionerConfig::spec,
    linear::JacobiConfig::spec,
    linear::NeumannConfig::spec,
    controller::ControllerConfig::spec,
    controller::FixedControllerConfig::spec,
    controller::IControllerConfig::spec,
    controller::PiControllerConfig::spec,
    controller::PidControllerConfig::spec,
    controller::GustafssonControllerConfig::spec,
    output::OutputConfig::spec,
    output::SummaryConfig::spec,
];

pub use algorithm::Algorithm;
pub use batch::{
    Axis, AxisError, Batch, BatchError, BatchValues, Combine, Distribution, DistributionError, NumbersError, OneOrMany,
    RunsFileError, SampledAxis, SampledAxisError, linspace, logspace, read_numbers, read_times,
};
pub use choice::Choice;
pub use controller::StepController;
pub use drivers::{Boundary, Drivers, DriversBuilder, DriversError};
pub use error::SolveError;
pub use integrate::LoopConfig;
pub use model::{Model, ModelError};
pub use output::{Metric, SummaryColumn};
pub use solution::{Counters, Failure, Solution, Status, Summaries};
pub use solve_ivp::{IvpOptions, solve_ivp};
pub use solver::{Parts, Solver};
pub use system::{EmitOptions, EmittedSystem, Expr, System, SystemBuilder, SystemError, SystemErrors};
pub use table::{Frame, Table};
pub use tableau::{DirkTableau, ErkTableau, FirkTableau, RosenbrockTableau, UnknownTableau};
