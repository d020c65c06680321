use crate::system::System;

/// A batch that does not describe runs of the system.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BatchError {
    /// Durations that do not belong to the runs.
    #[error("the batch has {runs} runs and {durations} durations: give one for each run")]
    Durations {
        /// Runs of the batch.
        runs: usize,
        /// Durations given.
        durations: usize,
    },
    /// A name that is neither a state nor a parameter.
    #[error("`{name}` is neither a state nor a parameter of `{system}`{}{}; it has {}",
        if *.is_constant { " but a constant, the same for all runs: declare it as a parameter to vary it" } else { "" },
        .suggestion.as_ref().map_or_else(String::new, |name| format!(" (did you mean `{name}`?)")), .known.join(", "))]
    UnknownName {
        /// The name as given.
        name: String,
        /// The system.
        system: String,
        /// Whether the system has a constant of this name.
        is_constant: bool,
        /// The nearest name there is.
        suggestion: Option<String>,
        /// All there are.
        known: Vec<String>,
    },
    /// A name given both several values and one.
    #[error("`{name}` is both varied and fixed: remove one")]
    VariedAndFixed {
        /// The name.
        name: String,
    },
    /// A varied name without values.
    #[error("`{name}` has no values: give at least one, or leave it out for its default")]
    NoValues {
        /// The name.
        name: String,
    },
    /// Names that go through their values together, but have different numbers of them.
    #[error(
        "names that vary together need equally many values: `{first}` has {first_len}, `{other}` {other_len}; for all combinations vary them one by one in a grid"
    )]
    UnequalLengths {
        /// One name.
        first: String,
        /// Its number of values.
        first_len: usize,
        /// Another name.
        other: String,
        /// Its number of values.
        other_len: usize,
    },
    /// A list, or the rows of an array, that do not match what the system has.
    #[error("{given} {kind}{} where `{system}` has {}: {}; give one for each in this order, or `(name, value)` pairs for some of them",
        if *.rows { ", one for each row of the array," } else { "" }, .names.len(),
        if .names.is_empty() { "pass `()`".to_owned() } else { .names.join(", ") })]
    WrongCount {
        /// "initial values" or "parameters".
        kind: &'static str,
        /// The system.
        system: String,
        /// How many were given.
        given: usize,
        /// Whether they are rows of an array.
        rows: bool,
        /// What the system has, in order.
        names: Vec<String>,
    },
    /// A parameter among the initial values, or a state among the parameters.
    #[error("`{name}` of `{system}` does not belong to the {kind}: give it with the {other}")]
    Misplaced {
        /// The name.
        name: String,
        /// The system.
        system: String,
        /// What it was given with.
        kind: &'static str,
        /// What it belongs to.
        other: &'static str,
    },
    /// One name twice in a list.
    #[error("`{name}` is given twice: remove one, or put all its values in one list")]
    GivenTwice {
        /// The name.
        name: String,
    },
    /// A value that is infinite or not a number.
    #[error("`{name}` has the value {value}: initial values and parameters are finite")]
    NotFinite {
        /// The name.
        name: String,
        /// The value.
        value: f64,
    },
    /// A finite value that single precision has no number for.
    #[error(
        "`{name}` has the value {value:?}, which is beyond single precision: use precision = \"f64\", or other units"
    )]
    BeyondSingle {
        /// The state, parameter or constant.
        name: String,
        /// The value.
        value: f64,
    },
    /// More combinations than can be counted.
    #[error("the grid has more combinations than memory can address: vary fewer names, or fewer values of each")]
    TooManyRuns,
}

impl BatchError {
    pub(super) fn unknown(name: &str, system: &System, known: &[&str]) -> Self {
        // What a table calls the initial value of a state.
        let initial = name.strip_suffix("_0").filter(|of| system.states().iter().any(|state| state.name == *of));
        Self::UnknownName {
            name: name.to_owned(),
            system: system.name().to_owned(),
            is_constant: system.constants().iter().any(|constant| constant.name == name),
            suggestion: initial
                .or_else(|| buffer_runtime::names::nearest(name, known.iter().copied()))
                .map(str::to_owned),
            known: known.iter().map(|name| (*name).to_owned()).collect(),
        }
    }
}
