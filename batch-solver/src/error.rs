use buffer_runtime::{ConfigError, DeviceError};

use crate::Algorithm;
use crate::batch::BatchError;
use crate::drivers::DriversError;

/// A solve that was refused, or could not be compiled or run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SolveError {
    /// A setting.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The batch.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// Drivers that do not fit the system.
    #[error(transparent)]
    Drivers(#[from] DriversError),
    /// A system whose drivers have no samples.
    #[error("the system has the drivers {}, which have no samples: give them with `Solver::set_drivers`, `IvpOptions::drivers` or the table [drivers] of a model", .names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))]
    NoDrivers {
        /// The drivers.
        names: Vec<String>,
    },
    /// A method whose error estimate sees nothing of the system.
    #[error(
        "the equations of `{system}` are linear in the states, and the error estimate of `{algorithm}` does not see what the states contribute to the errors of linear equations: choose another method, as `rodas4` or `rodas5p`, or fixed steps (step_controller = \"fixed\" and dt)"
    )]
    NoErrorEstimate {
        /// The system.
        system: String,
        /// The method.
        algorithm: Algorithm,
    },
    /// Compiling or running the kernel.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// A time span that is empty, reversed or not finite.
    #[error("cannot integrate from {t0} to {t1}: the end must be a finite time after the start")]
    TimeSpan {
        /// Start.
        t0: f64,
        /// End.
        t1: f64,
    },
    /// A time, in single precision, that advances by too few of its numbers.
    #[error(
        "in single precision times near {near} are {spacing} apart, too far to integrate for {duration}: use precision = \"f64\", or let the time begin at 0"
    )]
    TooFewTimes {
        /// The time.
        near: f64,
        /// Distance of neighbouring numbers there.
        spacing: f64,
        /// What is asked for: the time span, or the shortest duration of a run.
        duration: f64,
    },
    /// A settling time as long as the span.
    #[error("nothing is left to record: settling_time = {settling_time} lasts from {t0} to the end at {t1} or beyond")]
    SettlingTime {
        /// The settling time.
        settling_time: f64,
        /// Start of the span.
        t0: f64,
        /// End of the span.
        t1: f64,
    },
    /// A window that is no whole number of samples.
    #[error(
        "a window of {window} has {ratio} samples at sample_summaries_every = {interval}: choose an interval that divides summarise_every"
    )]
    SamplesPerWindow {
        /// Length of a window.
        window: f64,
        /// Time between samples.
        interval: f64,
        /// Samples of a window.
        ratio: f64,
    },
    /// A window that never becomes complete.
    #[error("no window of summarise_every = {window} fits between {from} and {to}: choose a shorter one")]
    WindowTooLong {
        /// Length of a window.
        window: f64,
        /// Start of recording.
        from: f64,
        /// End of the span.
        to: f64,
    },
    /// More samples than can be counted.
    #[error(
        "sample_summaries_every = {interval} from {from} to {to} asks for more than 2147483647 samples: use a longer interval"
    )]
    TooManySamples {
        /// Time between samples.
        interval: f64,
        /// Start of recording.
        from: f64,
        /// End of the span.
        to: f64,
    },
    /// A run that ends outside the span.
    #[error(
        "run {run} of the batch, counted from 0, lasts {duration}, which does not end after {from} and by {to}: widen the time span or correct the duration"
    )]
    Duration {
        /// The run.
        run: usize,
        /// Its duration.
        duration: f64,
        /// Start of recording.
        from: f64,
        /// End of the span.
        to: f64,
    },
    /// A run to trace that the batch does not have.
    #[error("trace_runs has {run}, and the batch has {runs} runs, numbered from 0")]
    TraceRun {
        /// The run.
        run: i64,
        /// Runs of the batch.
        runs: usize,
    },
    /// A time to save at outside the span.
    #[error("t_eval has {time:?}, which is not between {t0} and {t1}: remove it, or widen the time span")]
    TimeOutside {
        /// The time.
        time: f64,
        /// Start of the span.
        t0: f64,
        /// End of the span.
        t1: f64,
    },
    /// More saves than can be counted.
    #[error("save_every = {interval} from {t0} to {t1} asks for more than 2147483647 saves: use a larger interval")]
    TooManySaves {
        /// Start of the span.
        t0: f64,
        /// End of the span.
        t1: f64,
        /// The interval.
        interval: f64,
    },
    /// More steps than can be counted.
    #[error("dt = {dt} needs more than 2147483647 steps from {from} to {to}: use a larger dt, or save in between")]
    TooManySteps {
        /// Start of the segment.
        from: f64,
        /// End of the segment.
        to: f64,
        /// Step size.
        dt: f64,
    },
    /// Arrays that do not fit into memory.
    #[error(
        "{runs} run{} {needed} bytes of memory, {available} are available: save less often{}",
        if *.runs == 1 { " needs" } else { "s need" },
        if *.runs == 1 { ", or summaries" } else { ", or solve in parts that are written one by one (`Solver::parts`; `batch-solve solve` does)" }
    )]
    Memory {
        /// Runs of the batch.
        runs: usize,
        /// Bytes of inputs and outputs.
        needed: u64,
        /// Bytes available.
        available: u64,
    },
    /// A memory budget below what one run needs.
    #[error("one run needs {needed} bytes of arrays, the memory budget is {budget}: raise it, or save less often")]
    MemoryBudget {
        /// Bytes of inputs and outputs of a run.
        needed: u64,
        /// The budget.
        budget: u64,
    },
    /// A constant the system does not have.
    #[error("the system has no constant `{name}`{}", .suggestion.as_ref().map_or_else(String::new, |name| format!(" (did you mean `{name}`?)")))]
    UnknownConstant {
        /// The name as given.
        name: String,
        /// The nearest there is.
        suggestion: Option<String>,
    },
    /// A constant that is infinite or not a number.
    #[error("the constant `{name}` cannot be {value}: constants are finite")]
    ConstantNotFinite {
        /// The name.
        name: String,
        /// The value.
        value: f64,
    },
}
