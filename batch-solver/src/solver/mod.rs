//! From a system and a batch to a solution.

mod arrays;
mod auto;
mod launch;
mod parts;

use std::ops::Range;
use std::time::{Duration, Instant};

use buffer_runtime::{
    ArrayElement, ConfigError, Device, Entry, Kernel, LayoutReport, Plan, Precision, Real, Settings, Unknown, Updated,
};

use crate::algorithm::Algorithm;
use crate::batch::Batch;
use crate::choice::{Choice, Chooser};
use crate::drivers::Drivers;
use crate::error::SolveError;
use crate::integrate::{LoopConfig, LoopInputs, LoopSettings};
use crate::linear::{LinearSolver, SystemStructure};
use crate::solution::{Solution, Values};
use crate::system::{EmitOptions, System};

pub use parts::Parts;

/// Integrates batches of one system.
///
/// ```no_run
/// use batch_solver::{Batch, Solver, System, linspace};
/// use buffer_runtime::{Unknown, settings};
///
/// let lorenz = System::builder("lorenz")
///     .equations("dx = sigma*(y - x); dy = x*(rho - z) - y; dz = x*y - beta*z")
///     .states([("x", 1.0), ("y", 0.0), ("z", 0.0)])
///     .parameter("rho", 28.0)
///     .constants([("sigma", 10.0), ("beta", 8.0 / 3.0)])
///     .build()?;
/// let mut solver = Solver::new(lorenz)?;
/// solver.update(&settings! { algorithm: "dormand-prince-54", dt: 1e-3, save_every: 0.1 }, Unknown::Error)?;
/// let solution = solver.solve(&Batch::grid().vary("rho", linspace(0.0, 21.0, 1000)), 0.0..1.0)?;
/// println!("x at t = 1 of the last run: {:?}", solution.state(10, 0, 999));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Solver {
    system: System,
    constants: Vec<f64>,
    drivers: Option<Drivers>,
    plan: Plan<LoopConfig>,
    device: Device,
    kernel: Option<Kernel>,
    chooser: Chooser,
    memory_budget: Option<u64>,
}

/// A number type of a kernel.
trait KernelReal: ArrayElement {
    fn from_f64(value: f64) -> Self;
    fn to_f64(self) -> f64;
    fn values(values: Vec<Self>) -> Values;
}

impl KernelReal for f32 {
    fn from_f64(value: f64) -> Self {
        value as Self
    }

    fn to_f64(self) -> f64 {
        self.into()
    }

    fn values(values: Vec<Self>) -> Values {
        Values::F32(values)
    }
}

impl KernelReal for f64 {
    fn from_f64(value: f64) -> Self {
        value
    }

    fn to_f64(self) -> f64 {
        self
    }

    fn values(values: Vec<Self>) -> Values {
        Values::F64(values)
    }
}

impl Solver {
    /// A solver on the best device there is, with default settings.
    ///
    /// # Errors
    /// When there is no device: neither a GPU nor a C++ compiler for the CPU.
    pub fn new(system: System) -> Result<Self, SolveError> {
        Self::on(system, Device::best()?)
    }

    /// A solver on a given device.
    ///
    /// # Errors
    /// When the factory tree cannot be laid out for a system of this size.
    pub fn on(system: System, device: impl Into<Device>) -> Result<Self, SolveError> {
        let constants: Vec<f64> = system.constants().iter().map(|constant| constant.value).collect();
        let config = LoopConfig::new(LoopInputs::of(&SystemStructure::of(&system), false))?;
        let precision = config.precision;
        let plan = Plan::new(config, precision)?;
        Ok(Self {
            system,
            constants,
            drivers: None,
            plan,
            device: device.into(),
            kernel: None,
            chooser: Chooser::default(),
            memory_budget: None,
        })
    }

    /// A solver with settings: every key of [`update`](Self::update). Keys of other algorithms are kept, and apply when one of them is chosen.
    ///
    /// ```no_run
    /// # use batch_solver::{Solver, System};
    /// # use buffer_runtime::{Device, settings};
    /// # fn make(system: System) -> Result<(), Box<dyn std::error::Error>> {
    /// let given = settings! { algorithm: "tsit5", rtol: 1e-6, state_location: "shared" };
    /// let solver = Solver::with_settings(system, Device::best()?, &given)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`on`](Self::on), and for keys that no factory has (each with the nearest) and values that are refused.
    pub fn with_settings(system: System, device: impl Into<Device>, settings: &Settings) -> Result<Self, SolveError> {
        let mut solver = Self::on(system, device)?;
        solver.update(settings, Unknown::Error)?;
        Ok(solver)
    }

    /// Changes settings by name: those of the loop, the step and the controller, and every `<buffer>_location`.
    ///
    /// # Errors
    /// As [`Plan::update`]; nothing is changed then.
    pub fn update(&mut self, settings: &Settings, unknown: Unknown) -> Result<Updated, SolveError> {
        self.updated(|plan| plan.update(settings, unknown))
    }

    /// Changes typed settings.
    ///
    /// # Errors
    /// As [`Plan::apply`]; nothing is changed then.
    pub fn apply(&mut self, settings: LoopSettings) -> Result<Updated, SolveError> {
        self.updated(|plan| plan.apply(settings))
    }

    /// Changes the plan, and what follows from it.
    fn updated(
        &mut self,
        change: impl FnOnce(&mut Plan<LoopConfig>) -> Result<Updated, ConfigError>,
    ) -> Result<Updated, SolveError> {
        let suggested = self.stand_in()?;
        let updated = change(&mut self.plan);
        if updated.is_err()
            && let Some(suggested) = suggested
        {
            let config = self.plan.config();
            self.set_inputs(config.per_run_end, config.driver_order, suggested)?;
        }
        let updated = updated?;
        if self.plan.config().precision != self.plan.precision() {
            self.plan.set_precision(self.plan.config().precision)?;
        }
        if updated.any() {
            self.kernel = None;
        }
        Ok(updated)
    }

    /// Gives the system's drivers their samples. Other samples compile nothing, another order of the polynomials does.
    ///
    /// # Errors
    /// When a driver of the system has no samples, or samples are for none (the nearest is named).
    pub fn set_drivers(&mut self, drivers: &Drivers) -> Result<(), SolveError> {
        let drivers = drivers.for_system(&self.system)?;
        if drivers.order() != self.plan.config().driver_order {
            let config = self.plan.config();
            self.set_inputs(config.per_run_end, drivers.order(), config.suggested)?;
        }
        self.drivers = Some(drivers);
        self.chooser.forget();
        Ok(())
    }

    /// Changes a constant. Nothing is compiled unless `bake_constants` is set.
    ///
    /// # Errors
    /// When the system has no such constant (the nearest is named), or the value is not finite.
    pub fn set_constant(&mut self, name: &str, value: f64) -> Result<(), SolveError> {
        let names = || self.system.constants().iter().map(|constant| constant.name.as_str());
        let Some(index) = names().position(|constant| constant == name) else {
            let suggestion = buffer_runtime::names::nearest(name, names()).map(str::to_owned);
            return Err(SolveError::UnknownConstant { name: name.to_owned(), suggestion });
        };
        if !value.is_finite() {
            return Err(SolveError::ConstantNotFinite { name: name.to_owned(), value });
        }
        self.constants[index] = value;
        self.chooser.forget();
        if self.plan.config().bake_constants {
            self.kernel = None;
        }
        Ok(())
    }

    /// The system.
    pub fn system(&self) -> &System {
        &self.system
    }

    /// The settings in effect, as fields; where a buffer is asked to live by its path: `solver.config().location("step.stage_accumulator")`.
    pub fn config(&self) -> &LoopConfig {
        self.plan.config()
    }

    /// The settings in effect and the layout of all buffers.
    pub fn plan(&self) -> &Plan<LoopConfig> {
        &self.plan
    }

    /// Where every buffer lies.
    pub fn report(&self) -> LayoutReport {
        self.plan.report()
    }

    /// The device.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The generated source of the kernel; compiles it if that has not happened.
    ///
    /// # Errors
    /// As [`solve`](Self::solve).
    pub fn source(&mut self) -> Result<String, SolveError> {
        Ok(self.kernel()?.0.source().to_owned())
    }

    /// Integrates every run of the batch over the time span and saves what the settings say.
    ///
    /// Where the setting `algorithm` is not given or "auto", the method is [chosen](crate::choice) for the batch and span: [`Solution::choice`] says which and why. The kernel is compiled anew only if it is
    /// another than before, and nothing is done anew for the same question.
    ///
    /// # Errors
    /// When the batch does not fit the system, the time span or the settings are impossible, the arrays do not fit into memory, or the kernel cannot be compiled.
    /// A run that fails is no error: see [`Solution::status`].
    ///
    /// A batch whose arrays are above the [memory budget](Self::set_memory_budget) is launched part by part, with the same result. The solution itself has to fit into the
    /// machine's memory; where it does not, [`parts`](Self::parts) hands it out piece by piece.
    pub fn solve(&mut self, batch: &Batch, span: Range<f64>) -> Result<Solution, SolveError> {
        let (runs, choice) = self.prepare(batch, &span)?;
        Ok(Solution { choice, ..self.solve_runs(batch, runs, span, 0..runs)? })
    }

    /// Checks a batch and a span, chooses the method where none is given and fits the factories to the batch; the number of runs and the choice.
    fn prepare(&mut self, batch: &Batch, span: &Range<f64>) -> Result<(usize, Option<Choice>), SolveError> {
        if self.drivers.is_none() && !self.system.drivers().is_empty() {
            return Err(SolveError::NoDrivers { names: self.system.drivers().to_vec() });
        }
        let runs = batch.check(&self.system)?;
        if self.plan.precision() == Precision::F32 {
            batch.check_single(&self.system, &self.constants)?;
        }
        let choice = self.choose_method(batch, span)?;
        let config = self.plan.config();
        let (own_ends, suggested) =
            (batch.own_durations().is_some(), choice.as_ref().map_or(config.suggested, |choice| choice.algorithm));
        if own_ends != config.per_run_end || suggested != config.suggested {
            self.set_inputs(own_ends, config.driver_order, suggested)?;
        }
        self.check_estimate()?;
        self.check_times(batch, runs, span)?;
        Ok((runs, choice))
    }

    /// The error estimate that steps follow has to see errors of this system.
    fn check_estimate(&self) -> Result<(), SolveError> {
        let config = self.plan.config();
        let Algorithm::Rosenbrock(tableau) = config.algorithm else { return Ok(()) };
        if !config.step_controller.is_adaptive() || tableau.estimates_linear() || !self.system.is_linear() {
            return Ok(());
        }
        Err(SolveError::NoErrorEstimate { system: self.system.name().to_owned(), algorithm: config.algorithm })
    }

    /// Integrates some runs of a batch that was prepared.
    fn solve_runs(
        &mut self,
        batch: &Batch,
        batch_runs: usize,
        span: Range<f64>,
        runs: Range<usize>,
    ) -> Result<Solution, SolveError> {
        match self.plan.precision() {
            Precision::F32 => self.solve_in::<f32>(batch, batch_runs, span, runs),
            Precision::F64 => self.solve_in::<f64>(batch, batch_runs, span, runs),
        }
    }

    /// Declares the factories anew; what is known of the system stays known.
    fn set_inputs(&mut self, per_run_end: bool, driver_order: usize, suggested: Algorithm) -> Result<(), SolveError> {
        let inputs = LoopInputs::of(&self.plan.config().structure, per_run_end);
        self.plan.set_inputs(LoopInputs { driver_order, suggested, ..inputs })?;
        self.kernel = None;
        Ok(())
    }

    /// The kernel, compiled if it is not at hand, and how long that took.
    fn kernel(&mut self) -> Result<(&mut Kernel, Duration), SolveError> {
        let begin = Instant::now();
        let (kernel, elapsed) = match self.kernel.take() {
            Some(kernel) => (kernel, Duration::ZERO),
            None => (self.device.compile(&self.plan, &self.entry())?, begin.elapsed()),
        };
        Ok((self.kernel.insert(kernel), elapsed))
    }

    /// The kernel's entry: its equations, device source and arrays. With [`plan`](Self::plan) it is what a device compiles, so a kernel can be compiled and
    /// examined for a machine that is not there ([`GpuCompiler`](buffer_runtime::GpuCompiler)).
    pub fn entry(&self) -> Entry {
        let config = self.plan.config();
        let linear = config.step.linear_solver();
        let options = EmitOptions {
            bake_constants: config.bake_constants,
            linearisation: linear.is_some_and(LinearSolver::is_direct),
            jacobian_vector: linear.is_some_and(|solver| !solver.is_direct()),
            jacobian_diagonal: linear.is_some_and(|solver| !solver.is_direct()),
            outline: !config.inline_equations,
            ..EmitOptions::default()
        };
        let system = if config.bake_constants {
            self.system.with_constants(&self.constants).emit(options)
        } else {
            self.system.emit(options)
        };
        let n = self.system.states().len();
        crate::device::sources(Entry::new("integrate"), config.unroll_states)
            .source("equations", system.text)
            .type_argument(system.struct_name)
            .packs_of(packs(n, config))
            .call_functions(!config.inline_equations)
            .refill_lanes(config.refill && config.runs_are_separate())
            .input::<Real>("initial", n)
            .input::<Real>("parameters", self.system.parameters().len())
            .input::<Real>("ends", usize::from(config.per_run_end))
            .broadcast::<Real>("constants", self.constants.len())
            .broadcast::<i32>("counts", arrays::COUNTS)
            .broadcast::<Real>("times", 1)
            .rows_vary()
            .broadcast::<i32>("kinds", 1)
            .rows_vary()
            .broadcast::<i32>("steps", 1)
            .rows_vary()
            .broadcast::<Real>("start", 1)
            .rows_vary()
            .broadcast::<Real>("last", 1)
            .rows_vary()
            .broadcast::<Real>("tolerances", 2 * n)
            .broadcast::<Real>("scales", arrays::SCALES)
            .broadcast::<Real>("driver_values", 2)
            .rows_vary()
            .output::<Real>("states", 0)
            .rows_vary()
            .output::<Real>("observables", 0)
            .rows_vary()
            .output::<Real>("summaries", 0)
            .rows_vary()
            .output::<i32>("status", 1)
            .output::<i32>("counters", 0)
            .rows_vary()
            .output::<Real>("trace", 0)
            .rows_vary()
    }
}

/// Native vectors per pack: steps of up to 4 states leave registers for three, which hides the latency of the arithmetic. Where runs have their own explicit steps, two are
/// about as fast, and have fewer lanes that wait for each other. Implicit steps divide and wait more, and gain from two up to some dozens of states.
fn packs(n: usize, config: &LoopConfig) -> u32 {
    let implicit = config.algorithm.is_implicit();
    match n {
        0..=4 if config.inline_equations && (implicit || !config.runs_are_separate()) => 3,
        0..=8 if config.inline_equations => 2,
        0..=24 if implicit => 2,
        _ => 1,
    }
}
