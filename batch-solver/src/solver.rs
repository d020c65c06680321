//! From a system and a batch to a solution.

use std::ops::Range;
use std::time::{Duration, Instant};

use buffer_runtime::{
    ArrayElement, Device, Entry, Kernel, LayoutReport, Plan, Precision, Real, Settings, Unknown, Updated, args,
};

use crate::batch::Batch;
use crate::error::SolveError;
use crate::integrate::{LoopConfig, LoopInputs, LoopSettings, Schedule, save_times};
use crate::memory;
use crate::solution::{Solution, Timings, Values};
use crate::system::{EmitOptions, System};

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
    plan: Plan<LoopConfig>,
    device: Device,
    kernel: Option<Kernel>,
}

/// A number type of a kernel.
trait KernelReal: ArrayElement {
    fn from_f64(value: f64) -> Self;
    fn values(values: Vec<Self>) -> Values;
}

impl KernelReal for f32 {
    fn from_f64(value: f64) -> Self {
        value as Self
    }

    fn values(values: Vec<Self>) -> Values {
        Values::F32(values)
    }
}

impl KernelReal for f64 {
    fn from_f64(value: f64) -> Self {
        value
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
        let config = LoopConfig::new(LoopInputs {
            n: system.states().len(),
            parameter_count: system.parameters().len(),
            constants: constants.len(),
            observable_count: system.observables().len(),
        })?;
        let precision = config.precision;
        let plan = Plan::new(config, precision)?;
        Ok(Self { system, constants, plan, device: device.into(), kernel: None })
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
        let updated = self.plan.update(settings, unknown)?;
        self.settle(updated)
    }

    /// Changes typed settings.
    ///
    /// # Errors
    /// As [`Plan::apply`]; nothing is changed then.
    pub fn apply(&mut self, settings: LoopSettings) -> Result<Updated, SolveError> {
        let updated = self.plan.apply(settings)?;
        self.settle(updated)
    }

    fn settle(&mut self, updated: Updated) -> Result<Updated, SolveError> {
        if self.plan.config().precision != self.plan.precision() {
            self.plan.set_precision(self.plan.config().precision)?;
        }
        if updated.any() {
            self.kernel = None;
        }
        Ok(updated)
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
    /// # Errors
    /// When the batch does not fit the system, the time span or the settings are impossible, the arrays do not fit into memory, or the kernel cannot be compiled.
    /// A run that fails is no error: see [`Solution::status`].
    pub fn solve(&mut self, batch: &Batch, span: Range<f64>) -> Result<Solution, SolveError> {
        match self.plan.precision() {
            Precision::F32 => self.solve_in::<f32>(batch, span),
            Precision::F64 => self.solve_in::<f64>(batch, span),
        }
    }

    fn solve_in<T: KernelReal>(&mut self, batch: &Batch, span: Range<f64>) -> Result<Solution, SolveError> {
        let begin = Instant::now();
        let runs = batch.check(&self.system)?;
        let config = self.plan.config();
        let times = save_times(span.start, span.end, config.save_every, config.t_eval.as_deref())?;
        let schedule = match config.step_controller.is_adaptive() {
            true => Schedule::chosen_by_runs(span.start, times),
            false => Schedule::new(span.start, times, config.controller.dt())?,
        };
        let (rows, n) = (schedule.times.len(), self.system.states().len());
        let parameters = self.system.parameters().len();
        let observables = if config.save_observables { self.system.observables().len() } else { 0 };
        // Steps of a fixed size are the same for all runs, and known here.
        let counted = if config.save_counters && config.step_controller.is_adaptive() { COUNTERS } else { 0 };
        let tolerances: Vec<T> =
            [&config.atol, &config.rtol].iter().flat_map(|of| (0..n).map(|state| T::from_f64(of.of(state)))).collect();
        // Inputs, outputs, and four bytes of status.
        let values = [n, counted, parameters, rows.saturating_mul(n), rows.saturating_mul(observables)];
        memory::check(runs, values.iter().fold(0_usize, |sum, rows| sum.saturating_add(*rows)), size_of::<T>())?;

        let initial = columns::<T>(batch, self.system.states(), runs);
        let parameters = columns::<T>(batch, self.system.parameters(), runs);
        let constants: Vec<T> = self.constants.iter().map(|value| T::from_f64(*value)).collect();
        let start: Vec<T> = schedule.start.iter().map(|time| T::from_f64(*time)).collect();
        let last: Vec<T> = schedule.last.iter().map(|step| T::from_f64(*step)).collect();
        let times: Vec<T> = schedule.times.iter().map(|time| T::from_f64(*time)).collect();
        let count = [rows as i32];
        let steps = &schedule.steps;
        let (kernel, compile) = self.kernel()?;
        let mut states = vec![T::default(); rows * n * runs];
        let mut observed = vec![T::default(); rows * observables * runs];
        let mut status = vec![0_i32; runs];
        let mut counters = vec![0_i32; counted * runs];

        for (name, rows) in [
            ("steps", rows),
            ("start", rows),
            ("last", rows),
            ("times", rows),
            ("states", rows * n),
            ("observables", rows * observables),
            ("counters", counted),
        ] {
            kernel.set_rows(name, rows).map_err(buffer_runtime::DeviceError::from)?;
        }
        let resources = kernel.resources().cloned();
        let launched = kernel.launch(
            runs,
            args! { initial, parameters, constants, rows: &count, steps, start, last, times, tolerances,
            states: &mut states, observables: &mut observed, status: &mut status, counters: &mut counters },
        )?;
        let names = |quantities: &[crate::system::Quantity]| quantities.iter().map(|q| q.name.clone()).collect();
        Ok(Solution {
            state_names: names(self.system.states()),
            observable_names: if observables == 0 {
                Vec::new()
            } else {
                self.system.observables().map(str::to_owned).collect()
            },
            runs,
            states: T::values(states),
            observables: T::values(observed),
            status,
            timings: Timings { compile, kernel: launched.elapsed(), total: begin.elapsed() },
            steps: schedule.total_steps(),
            counters,
            resources,
            times: schedule.times,
        })
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
        let options = EmitOptions { bake_constants: config.bake_constants, ..EmitOptions::default() };
        let system = if config.bake_constants {
            self.system.with_constants(&self.constants).emit(options)
        } else {
            self.system.emit(options)
        };
        let n = self.system.states().len();
        crate::device::sources(Entry::new("integrate"))
            .source("equations", system.text)
            .type_argument(system.struct_name)
            .packs_of(packs(n))
            .input::<Real>("initial", n)
            .input::<Real>("parameters", self.system.parameters().len())
            .broadcast::<Real>("constants", self.constants.len())
            .broadcast::<i32>("rows", 1)
            .broadcast::<i32>("steps", 1)
            .broadcast::<Real>("start", 1)
            .broadcast::<Real>("last", 1)
            .broadcast::<Real>("times", 1)
            .broadcast::<Real>("tolerances", 2 * n)
            .output::<Real>("states", n)
            .output::<Real>("observables", 0)
            .output::<i32>("status", 1)
            .output::<i32>("counters", 0)
    }
}

/// Counters of a run: steps, and attempts that were refused.
const COUNTERS: usize = 2;

/// Native vectors per pack: explicit steps of up to 4 states leave registers for three, which hides the latency of the arithmetic.
fn packs(n: usize) -> u32 {
    match n {
        0..=4 => 3,
        5..=8 => 2,
        _ => 1,
    }
}

/// One row per quantity, one column per run.
fn columns<T: KernelReal>(batch: &Batch, quantities: &[crate::system::Quantity], runs: usize) -> Vec<T> {
    let mut values = vec![T::default(); quantities.len() * runs];
    for (quantity, row) in quantities.iter().zip(values.chunks_mut(runs.max(1))) {
        batch.fill(&quantity.name, quantity.value, T::from_f64, row);
    }
    values
}
