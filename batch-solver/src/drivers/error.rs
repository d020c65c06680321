//! What can be wrong with drivers.

/// Drivers that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DriversError {
    /// No columns.
    #[error("there are no drivers: add at least one column of samples")]
    NoDrivers,
    /// Two columns of the same name.
    #[error("there are two drivers `{name}`: rename one")]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// A start that is infinite or not a number.
    #[error("the first sample cannot be at t0 = {t0}: give a finite time")]
    StartNotFinite {
        /// The time.
        t0: f64,
    },
    /// A distance of samples that is not positive and finite.
    #[error("the time between samples cannot be {period}: give a positive, finite period")]
    Period {
        /// The time between samples.
        period: f64,
    },
    /// Fewer than two times.
    #[error("{found} sample times do not make a segment: give at least 2")]
    TooFewTimes {
        /// How many there are.
        found: usize,
    },
    /// A time that is infinite or not a number.
    #[error("sample time {index} is {time}: sample times are finite")]
    TimeNotFinite {
        /// Index of the time, from 0.
        index: usize,
        /// The time.
        time: f64,
    },
    /// Times that do not ascend.
    #[error("the sample times run from {first} to {last}: they must ascend")]
    TimesNotAscending {
        /// The first time.
        first: f64,
        /// The last time.
        last: f64,
    },
    /// Times at unequal distances.
    #[error(
        "sample time {index} is {time}, but uniform times from the first to the last have {expected} there (a millionth of the period is tolerated): resample the drivers, or give `t0` and `period` instead of times that are rounded"
    )]
    TimesNotUniform {
        /// Index of the time, from 0.
        index: usize,
        /// The time.
        time: f64,
        /// Where it should be.
        expected: f64,
    },
    /// A driver with another number of samples than there are times.
    #[error("driver `{name}` has {samples} samples for {times} sample times: give one for each time")]
    SamplesAndTimes {
        /// The driver.
        name: String,
        /// Its number of samples.
        samples: usize,
        /// The number of times.
        times: usize,
    },
    /// Drivers with different numbers of samples.
    #[error(
        "all drivers are sampled at the same times, but `{first}` has {first_len} samples and `{other}` {other_len}: give equally many"
    )]
    UnequalLengths {
        /// The first driver.
        first: String,
        /// Its number of samples.
        first_len: usize,
        /// Another driver.
        other: String,
        /// Its number of samples.
        other_len: usize,
    },
    /// Not enough samples for the interpolation.
    #[error("driver `{name}` has {found} samples, but {interpolation} needs {needed}: {remedy}")]
    TooFewSamples {
        /// The driver.
        name: String,
        /// How many samples it has.
        found: usize,
        /// How many are needed.
        needed: usize,
        /// The interpolation that needs them.
        interpolation: &'static str,
        /// What to do instead of giving more.
        remedy: &'static str,
    },
    /// More coefficients than a kernel can index.
    #[error(
        "{samples} samples of {drivers} drivers are more than a kernel can index (2147483647 coefficients): sample less densely"
    )]
    TooManySamples {
        /// Samples per driver.
        samples: usize,
        /// Drivers.
        drivers: usize,
    },
    /// A sample that is infinite or not a number.
    #[error("sample {index} of driver `{name}` is {value}: samples are finite, so replace it or interpolate it away")]
    NotFinite {
        /// The driver.
        name: String,
        /// Index of the sample, from 0.
        index: usize,
        /// The value.
        value: f64,
    },
    /// Samples whose interpolation overflows.
    #[error("the samples of driver `{name}` are too large to be interpolated: scale them, and the equations with them")]
    TooLarge {
        /// The driver.
        name: String,
    },
    /// A periodic driver that ends elsewhere than it begins.
    #[error("driver `{name}` begins with {first} and ends with {last}, but {}", equal_ends(*.implied))]
    UnequalEnds {
        /// The driver.
        name: String,
        /// The first sample.
        first: f64,
        /// The last sample.
        last: f64,
        /// Whether it is periodic because it wraps, and no boundary was chosen.
        implied: bool,
    },
    /// A slope that is infinite or not a number.
    #[error("driver `{name}` is clamped to the slope {slope}: slopes are finite")]
    SlopeNotFinite {
        /// The driver.
        name: String,
        /// The slope.
        slope: f64,
    },
    /// An order that is not offered.
    #[error("drivers of order {order} are not offered: choose 1 (linear) or 3 (cubic splines)")]
    Order {
        /// The order.
        order: usize,
    },
    /// A boundary for lines.
    #[error("a boundary was chosen, but lines (order 1) have none: leave it out, or choose order 3")]
    BoundaryOfLines,
    /// A boundary for a driver that is not there.
    #[error("a boundary was chosen for `{name}`, which is not a driver{}: the drivers are {}", did_you_mean(.suggestion), .known.join(", "))]
    UnknownBoundary {
        /// The name.
        name: String,
        /// The nearest driver.
        suggestion: Option<String>,
        /// All drivers.
        known: Vec<String>,
    },
    /// Samples of something that the system does not have as a driver.
    #[error("`{name}` is not a driver of `{system}`{}: {}", did_you_mean(.suggestion), drivers_are(.known))]
    UnknownName {
        /// The name.
        name: String,
        /// The system.
        system: String,
        /// The nearest driver it has.
        suggestion: Option<String>,
        /// All drivers it has.
        known: Vec<String>,
    },
    /// A driver of the system without samples.
    #[error("driver `{name}` of `{system}` has no samples: add a column `{name}`")]
    MissingName {
        /// The driver.
        name: String,
        /// The system.
        system: String,
    },
}

fn did_you_mean(suggestion: &Option<String>) -> String {
    suggestion.as_ref().map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"))
}

fn equal_ends(implied: bool) -> &'static str {
    if implied {
        "a driver that repeats (`wrap = true`) has a periodic boundary unless another is chosen, which needs equal ends: repeat the first sample at the end, or choose a boundary, as `boundary = \"not-a-knot\"`"
    } else {
        "a periodic boundary needs equal ends: repeat the first sample at the end, or choose another boundary"
    }
}

fn drivers_are(known: &[String]) -> String {
    if known.is_empty() { "it has none".to_owned() } else { format!("its drivers are {}", known.join(", ")) }
}
