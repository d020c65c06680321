//! The host's C++ compiler: finding one, compiling device source for the CPU, loading the result.
//!
//! ```no_run
//! use buffer_runtime::compiler::{HostCompiler, HostOptions, SharedObject};
//!
//! let compiler = HostCompiler::find()?;
//! let source = r#"extern "C" __attribute__((visibility("default"))) int answer() { return 42; }"#;
//! let out = std::env::temp_dir().join("answer.so");
//! compiler.compile_shared_object(source, &HostOptions::default(), &out)?;
//! // SAFETY: the object was just compiled from the source above, and `answer` has this signature.
//! let answer = unsafe {
//!     let object = SharedObject::open(&out)?;
//!     (*object.symbol::<extern "C" fn() -> i32>("answer")?)()
//! };
//! assert_eq!(answer, 42);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod diagnostics;
mod error;
mod find;
mod invoke;
mod kept;
mod options;
mod probe;
mod shared_object;
mod target;
#[cfg(test)]
mod tests;

pub use diagnostics::{Diagnostic, Severity};
pub use error::{CompilerError, ProbeFailure, Rejection};
pub use find::{CompilerKind, CompilerVersion, HostCompiler};
pub use invoke::CompileOutput;
pub use options::{HostOptions, Optimisation, Sanitizer};
pub use shared_object::{SharedObject, SharedObjectError, Symbol};
pub use target::HostTarget;

pub(crate) use diagnostics::{annotate, parse_log};
pub(crate) use shared_object::loader_message;
