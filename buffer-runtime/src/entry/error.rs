use super::Parameter;
use crate::element::ElementType;

/// A launch that was refused before anything ran.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LaunchError {
    /// An array the kernel does not take.
    #[error("the kernel takes no array `{name}`{}; it takes {}", hint(.suggestion), .known.join(", "))]
    UnknownArgument {
        /// The name as given.
        name: String,
        /// The nearest there is.
        suggestion: Option<String>,
        /// All there are.
        known: Vec<String>,
    },
    /// An array given twice.
    #[error("array `{name}` is given twice")]
    DuplicateArgument {
        /// The name.
        name: String,
    },
    /// An array the kernel takes is not given.
    #[error("array `{name}` is missing: add `{name}: &{name}` to `args!`")]
    MissingArgument {
        /// The name.
        name: String,
    },
    /// Elements of another type than declared.
    #[error(
        "array `{name}` holds {given} elements, the kernel takes {expected}: convert it, or change the plan's precision"
    )]
    WrongElement {
        /// The name.
        name: String,
        /// The declared type.
        expected: ElementType,
        /// The given type.
        given: ElementType,
    },
    /// A shared reference where the kernel writes.
    #[error("the kernel writes array `{name}`: pass it as `{name}: &mut {name}`")]
    NotWritable {
        /// The name.
        name: String,
    },
    /// An array of the wrong length.
    #[error("array `{name}` has {given} elements; {rows} components × {columns} runs needs {}", .rows * .columns)]
    WrongLength {
        /// The name.
        name: String,
        /// Components.
        rows: usize,
        /// Runs, or 1 for an array that all runs share.
        columns: usize,
        /// Elements given.
        given: usize,
    },
    /// Another number of components for an array the kernel is compiled for.
    #[error(
        "array `{name}` has {rows} components, not {given}: compile an entry that declares {given}, or, if the device source takes the length from elsewhere, declare the array with `rows_vary()`"
    )]
    FixedRows {
        /// The name.
        name: String,
        /// Components declared.
        rows: usize,
        /// Components asked for.
        given: usize,
    },
    /// More runs than can be addressed.
    #[error("{runs} runs need arrays larger than memory can address: split the batch")]
    TooManyRuns {
        /// Runs asked for.
        runs: usize,
    },
}

impl LaunchError {
    /// A name that is none of the parameters'.
    pub(crate) fn unknown(name: &str, parameters: &[Parameter]) -> Self {
        let known: Vec<String> = parameters.iter().map(|parameter| parameter.name.clone()).collect();
        let suggestion = crate::names::nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        Self::UnknownArgument { name: name.to_owned(), suggestion, known }
    }
}

fn hint(suggestion: &Option<String>) -> String {
    suggestion.as_ref().map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"))
}
