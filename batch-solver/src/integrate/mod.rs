//! The time loop: the root of the factory tree.

mod host_list;
mod schedule;
mod tolerance;

use buffer_runtime::{Buffer, Buffers, Precision};

pub use host_list::HostList;
pub(crate) use schedule::{FixedSteps, Recording, Schedule, is_span, within};
pub use tolerance::Tolerance;

use crate::algorithm::Algorithm;
use crate::controller::{ControllerConfig, ControllerInputs, StepController};
use crate::drivers::Drivers;
use crate::linear::SystemStructure;
use crate::output::{
    Metric, MetricPlan, OutputConfig, OutputInputs, Selection, SummaryConfig, SummaryInputs, Variables,
};
use crate::step::{StepConfig, StepInputs, StepTarget};

/// Compile settings of the time loop.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "integration", template = "ivp_loop", validate = Self::check)]
pub struct LoopConfig {
    /// State variables.
    #[input]
    pub n: usize,
    /// Parameters: values each run has its own of.
    #[input]
    pub parameter_count: usize,
    /// Constants passed at launch.
    #[input]
    pub constants: usize,
    /// Observables of the system.
    #[input]
    pub observable_count: usize,
    /// Names of the states and observables.
    #[input]
    pub variables: Variables,
    /// Whether each run ends at a time of its own.
    #[input]
    pub per_run_end: bool,
    /// Drivers of the system: functions of time given by samples.
    #[input]
    pub driver_count: usize,
    /// Order of the drivers' polynomials between samples.
    #[input]
    pub driver_order: usize,
    /// Pattern of the Jacobian, and the size of the equations as code.
    #[input]
    pub structure: SystemStructure,
    /// Method that was chosen for the system and the last batch.
    #[input]
    pub suggested: Algorithm,
    /// Method of integration; "auto", as by default, chooses one for each system, batch and time span (docs/methods.md). Until there is a batch it is tsit5.
    #[setting(default = *suggested)]
    pub algorithm: Algorithm,
    /// How the step size is chosen.
    #[setting(default = StepController::of(*algorithm))]
    pub step_controller: StepController,
    /// Absolute tolerance of the error of a step: one for all states, or one for each.
    #[setting(default = Tolerance::all(1e-6), with = Tolerance::check_absolute, argument)]
    pub atol: Tolerance,
    /// Relative tolerance of the error of a step: one for all states, or one for each.
    #[setting(default = Tolerance::all(1e-3), with = Tolerance::check_relative, argument)]
    pub rtol: Tolerance,
    /// Precision of all real arithmetic.
    #[setting(default = Precision::F64)]
    pub precision: Precision,
    /// Write the constants into the kernel: faster by what folds, and every change of a constant compiles.
    #[setting(default = false)]
    pub bake_constants: bool,
    /// Write the equations, their linearisation and the linear algebra into the code that needs them, rather than calling functions: faster for small systems, while large
    /// ones take long to compile and spill registers. Results are the same.
    #[setting(default = statements(*algorithm, structure) <= INLINED_STATEMENTS)]
    pub inline_equations: bool,
    /// Code of its own for each state in loops over them: faster for small systems. Results are the same.
    #[setting(default = statements(*algorithm, structure) <= INLINED_STATEMENTS)]
    pub unroll_states: bool,
    /// Give a lane that is done the next run, instead of letting it wait for its neighbours: faster where runs need different numbers of steps. No result depends on it.
    #[setting(default = step_controller.is_adaptive())]
    pub refill: bool,

    /// The states and observables to save, by name, in any order; "none" saves all.
    #[setting(default = None)]
    pub save_variables: Option<Vec<String>>,
    /// Time between saved states, counted from the start of recording, which is saved too. Without it and `t_eval` only the end is saved.
    #[setting(default = None, with = check_interval, argument)]
    pub save_every: Option<f64>,
    /// Times to save at, ascending; they take precedence over `save_every`.
    #[setting(default = None, with = check_times, argument)]
    pub t_eval: Option<HostList<f64>>,
    /// Save at the end as well, where `save_every` or `t_eval` does not.
    #[setting(default = false, argument)]
    pub save_last: bool,
    /// Time from the start of a run in which nothing is recorded.
    #[setting(default = 0.0, min = 0.0, argument)]
    pub settling_time: f64,
    /// Report how many steps each run took and how many it refused.
    #[setting(default = step_controller.is_adaptive())]
    pub save_counters: bool,

    /// Metrics that summarise variables over windows of time, computed while a run goes on: `["mean", "std", "peaks[3]"]`.
    #[setting(default = Vec::new())]
    pub summaries: Vec<Metric>,
    /// The states and observables to summarise, by name; "none" summarises all.
    #[setting(default = None)]
    pub summarise_variables: Option<Vec<String>>,
    /// Length of a window of time that is summarised; only complete windows are. Without it one window spans all that is recorded.
    #[setting(default = None, with = check_interval, argument)]
    pub summarise_every: Option<f64>,
    /// Time between the samples of summaries, a whole part of a window: samples are taken after a window's start up to and including its end. Without it a tenth of
    /// `summarise_every`, or a hundredth of all that is recorded.
    #[setting(default = None, with = check_interval, argument)]
    pub sample_summaries_every: Option<f64>,

    /// Record every step of the runs in `trace_runs`: time, size, error norm, accepted or not, and the derivatives of all stages.
    #[setting(default = false)]
    pub trace: bool,
    /// Runs to trace.
    #[setting(default = HostList(vec![0]), with = check_runs, argument)]
    pub trace_runs: HostList<i64>,
    /// Attempts of a traced run that are recorded, from the first.
    #[setting(default = 1000, range = 1..=100_000_000, argument)]
    pub trace_steps: i64,

    /// Current state.
    #[buffer(len = n)]
    pub state: Buffer,
    /// State at the end of the step.
    #[buffer(len = n)]
    pub proposed_state: Buffer,
    /// Estimated error of the step.
    #[buffer(len = if step_controller.is_adaptive() { n } else { 0 })]
    pub error: Buffer,
    /// Parameters of the run.
    #[buffer(len = parameter_count)]
    pub parameters: Buffer,
    /// Drivers at the time the equations are evaluated for.
    #[buffer(len = driver_count)]
    pub drivers: Buffer,
    /// Their derivatives by time, which implicit methods need.
    #[buffer(len = if algorithm.is_implicit() { driver_count } else { 0 })]
    pub driver_rates: Buffer,
    /// Observables of the current state.
    #[buffer(len = observable_count)]
    pub observables: Buffer,

    /// Advances the state.
    #[child(inputs = StepInputs::of(*algorithm, StepTarget { structure, adaptive: step_controller.is_adaptive(), inlined: inline_equations, trace }))]
    pub step: StepConfig,
    /// Chooses the step size.
    #[child(inputs = ControllerInputs::of(*step_controller, *algorithm))]
    pub controller: ControllerConfig,
    /// Saves variables.
    #[child(inputs = OutputInputs { saved: Selection::of(variables, save_variables.as_deref()) })]
    pub output: OutputConfig,
    /// Summarises variables.
    #[child(inputs = summary_inputs(variables, summaries, summarise_variables.as_deref()))]
    pub summary: SummaryConfig,
}

/// Statements up to which equations are inlined and loops over states are unrolled.
const INLINED_STATEMENTS: usize = 400;

/// Statements of all a method does with the equations.
fn statements(algorithm: Algorithm, structure: &SystemStructure) -> usize {
    if algorithm.is_implicit() { structure.implicit_statements() } else { structure.explicit_statements() }
}

fn summary_inputs(variables: &Variables, metrics: &[Metric], names: Option<&[String]>) -> SummaryInputs {
    let summarised = if metrics.is_empty() { Selection::none() } else { Selection::of(variables, names) };
    SummaryInputs { summarised, metrics: MetricPlan::of(metrics) }
}

impl LoopInputs {
    /// The inputs for a system; `per_run_end` if each run ends at a time of its own.
    pub fn of(structure: &SystemStructure, per_run_end: bool) -> Self {
        let system = structure.system();
        let states = system.states().iter().map(|state| state.name.clone());
        Self {
            n: system.states().len(),
            parameter_count: system.parameters().len(),
            constants: system.constants().len(),
            observable_count: system.observables().len(),
            variables: Variables::new(states, system.observables().map(str::to_owned)),
            per_run_end,
            driver_count: system.drivers().len(),
            driver_order: Drivers::DEFAULT_ORDER,
            structure: structure.clone(),
            suggested: Algorithm::default(),
        }
    }
}

impl LoopConfig {
    /// Whether each run is in a loop of its own: its steps or its end are.
    pub(crate) fn runs_are_separate(&self) -> bool {
        self.step_controller.is_adaptive() || self.per_run_end
    }

    fn check(&self) -> Result<(), String> {
        if self.step_controller.is_adaptive() && !self.algorithm.has_error_estimate() {
            return Err(format!(
                "the method `{}` has no error estimate for the step controller `{}` to follow: set step_controller = \"fixed\" and dt, or choose a method with an embedded pair such as `tsit5`",
                self.algorithm, self.step_controller
            ));
        }
        for (name, tolerance) in [("atol", &self.atol), ("rtol", &self.rtol)] {
            if let Some(count) = tolerance.count().filter(|count| *count != self.n) {
                return Err(format!(
                    "{name} has {count} values for {} states: give one for all, or one for each",
                    self.n
                ));
            }
        }
        if self.trace && self.runs_are_separate() && !self.save_counters {
            return Err("a trace needs the number of steps: set save_counters = true, or trace = false".to_owned());
        }
        self.variables.check("save_variables", self.save_variables.as_deref())?;
        self.variables.check("summarise_variables", self.summarise_variables.as_deref())
    }
}

fn check_interval(interval: &Option<f64>) -> Result<(), &'static str> {
    match interval {
        Some(interval) if !(interval.is_finite() && *interval > 0.0) => Err("an interval is a positive number"),
        _ => Ok(()),
    }
}

fn check_times(times: &Option<HostList<f64>>) -> Result<(), String> {
    let times = times.as_deref().unwrap_or_default();
    if let Some(time) = times.iter().find(|time| !time.is_finite()) {
        return Err(format!("times are finite numbers, and {time} is none"));
    }
    match times.windows(2).find(|pair| pair[0] >= pair[1]) {
        Some(pair) => Err(format!("times ascend, and {:?} comes before {:?}", pair[0], pair[1])),
        None => Ok(()),
    }
}

fn check_runs(runs: &HostList<i64>) -> Result<(), &'static str> {
    if runs.iter().all(|run| *run >= 0) { Ok(()) } else { Err("runs are numbered from 0") }
}
