use buffer_runtime::{ConfigError, DeviceError};

use crate::batch::BatchError;

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
    /// A time to save at outside the span.
    #[error("t_eval has {time}, which is not between {t0} and {t1}")]
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
        "{runs} runs need {needed} bytes of memory, {available} are available: save less often, or split the batch"
    )]
    Memory {
        /// Runs of the batch.
        runs: usize,
        /// Bytes of inputs and outputs.
        needed: u64,
        /// Bytes available.
        available: u64,
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
