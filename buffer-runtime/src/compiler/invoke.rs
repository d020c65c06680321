//! Running the compiler.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    CompilerError, CompilerKind, Diagnostic, HostCompiler, HostOptions, Sanitizer, Severity, annotate,
    options::sanitizer_flags, parse_log,
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
    /// Bytes of the stack frames of all functions of a shared object together, where the compiler gives account of them: GCC does. Calls without recursion take no more
    /// than that, beside what other libraries take.
    pub frame_bytes: Option<usize>,
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
        let mut linkage = vec!["-shared".to_owned()];
        if self.kind() == CompilerKind::Gcc {
            linkage.push("-fstack-usage".into());
        }
        let output = self.compile(source, options, &linkage, AS_NEEDED, out)?;
        Ok(CompileOutput { frame_bytes: frame_bytes(out), ..output })
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
        Ok(CompileOutput { warnings, log: annotated, frame_bytes: None })
    }
}

/// What `-fstack-usage` wrote about the object `out`, added up; the file is removed. `None` without one, and where a frame has no bound.
fn frame_bytes(out: &Path) -> Option<usize> {
    let mut name = out.file_name()?.to_os_string();
    name.push("-");
    name.push(out.file_stem()?);
    name.push(".su");
    let path = out.with_file_name(name);
    let text = fs::read(&path).ok()?;
    // A file that cannot be removed is in nobody's way.
    let _ = fs::remove_file(&path);
    parse_frames(&String::from_utf8_lossy(&text))
}

/// Lines of `place:function<TAB>bytes<TAB>static`, `dynamic` for a frame without bound.
fn parse_frames(text: &str) -> Option<usize> {
    text.lines().try_fold(0_usize, |total, line| {
        let mut fields = line.rsplit('\t');
        let (kind, bytes) = (fields.next()?, fields.next()?);
        let bytes: usize = bytes.parse().ok()?;
        if kind == "dynamic" { None } else { total.checked_add(bytes) }
    })
}

fn io_error(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> CompilerError {
    let path = path.into();
    |source| CompilerError::Io { path, source }
}

#[cfg(test)]
mod tests {
    use super::parse_frames;

    #[test]
    fn frames_are_added_up_unless_one_has_no_bound() {
        let text = "a b.cuh:1:41:double g(double*, int)\t7896\tstatic\nentry:2:58:f\t16\tdynamic,bounded\n";
        assert_eq!(parse_frames(text), Some(7912));
        assert_eq!(parse_frames(""), Some(0));
        for bad in ["entry:2:58:f\t16\tdynamic\n", "f\t-1\tstatic", "nothing"] {
            assert_eq!(parse_frames(bad), None, "{bad}");
        }
    }
}
