/// A kernel whose text cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A name that is no C++ identifier, or a word C++ keeps for itself.
    #[error(
        "the {what} `{name}` is not a usable C++ identifier: use letters, digits and underscores, not beginning with a digit or two underscores, and no keyword"
    )]
    NotAnIdentifier {
        /// What is named so.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// Two arrays of one name.
    #[error("the entry takes two arrays named `{name}`: rename one")]
    DuplicateParameter {
        /// The name.
        name: String,
    },
    /// The root factory has no device template to call.
    #[error("{type_name} has no device template to run: add `#[buffers(template = \"…\")]`")]
    NoTemplate {
        /// The config type.
        type_name: &'static str,
    },
    /// The layout belongs to another tree.
    #[error("the layout has no buffer `{path}`: it was made from another config")]
    NotLaidOut {
        /// Path of the buffer.
        path: String,
    },
}
