//! Running the compiler.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    CompilerError, Diagnostic, HostCompiler, HostOptions, Sanitizer, Severity, annotate, options::sanitizer_flags,
    parse_log,
};

/// Behind the source, this is about the libraries that the compiler adds: those without use are not loaded with every
/// object, as C++'s would be.
const AS_NEEDED: &[&str] = if cfg!(target_os = "linux") { &["-Wl,--as-needed"] } else { &[] };

/// What a successful compilation had to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CompileOutput {
    /// The warnings, in order.
    pub warnings: Vec<Diagnostic>,
    /// Everything the compiler printed, with the source lines it speaks of.
    pub log: String,
}

impl HostCompiler {
    /// Compiles C++17 `source` to the shared object `out`.
    ///
    /// The source is written next to it, with the extension `cpp`. Entries need `extern "C"` and default visibility.
    /// The source learns the vector width from the macros `__AVX512F__` and `__AVX2__`; for 16 bytes on a host with
    /// wider vectors, pass a macro in `extra`.
    ///
    /// # Errors
    /// [`CompilerError::Failed`] carries the log, with `file:line` of the nearest `#line` directive and the text of
    /// each line; [`CompilerError::VectorWidth`], [`CompilerError::Spawn`], [`CompilerError::Io`].
    pub fn compile_shared_object(
        &self,
        source: &str,
        options: &HostOptions,
        out: &Path,
    ) -> Result<CompileOutput, CompilerError> {
        self.compile(source, options, &["-shared".into()], AS_NEEDED, out)
    }

    /// Compiles C++17 `source`, which has a `main`, to the executable `out`, with run-time checks that end it at their
    /// first finding.
    ///
    /// # Errors
    /// As [`compile_shared_object`](Self::compile_shared_object).
    pub fn compile_executable(
        &self,
        source: &str,
        options: &HostOptions,
        sanitizers: &[Sanitizer],
        out: &Path,
    ) -> Result<CompileOutput, CompilerError> {
        self.compile(source, options, &sanitizer_flags(sanitizers), &[], out)
    }

    fn compile(
        &self,
        source: &str,
        options: &HostOptions,
        linkage: &[String],
        last: &[&str],
        out: &Path,
    ) -> Result<CompileOutput, CompilerError> {
        let flags = self.flags(options)?;
        let out = std::path::absolute(out).map_err(io_error(out))?;
        let input = out.with_extension("cpp");
        // Messages then name the file without its folder, which is a scratch folder's.
        let (Some(folder), Some(file)) = (input.parent(), input.file_name()) else {
            return Err(io_error(&out)(io::Error::new(io::ErrorKind::InvalidInput, "it does not name a file")));
        };
        fs::write(&input, source).map_err(io_error(&input))?;
        let output = self
            .command()
            .args(&flags)
            .args(linkage)
            .arg("-o")
            .arg(&out)
            .args(["-x", "c++"])
            .arg(file)
            .args(last)
            .current_dir(folder)
            .output()
            .map_err(|source| CompilerError::Spawn { path: self.path().into(), source })?;
        let log = String::from_utf8_lossy(&output.stderr);
        let annotated = annotate(&log, source, &file.to_string_lossy());
        if !output.status.success() {
            let log = if annotated.is_empty() { output.status.to_string() } else { annotated };
            return Err(CompilerError::Failed { compiler: self.identity(), log });
        }
        let mut warnings = parse_log(&log);
        warnings.retain(|diagnostic| diagnostic.severity == Severity::Warning);
        Ok(CompileOutput { warnings, log: annotated })
    }
}

fn io_error(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> CompilerError {
    let path = path.into();
    |source| CompilerError::Io { path, source }
}
