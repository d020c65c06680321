//! One compilation.

use std::{
    ffi::{CString, c_char, c_int},
    panic, ptr, thread,
};

use super::{
    KernelResources, Nvrtc, NvrtcError, NvrtcOptions, TextPart,
    api::{COMPILATION, Code, Functions, Handle, INVALID_OPTION, SUCCESS},
    options::ImageFormat,
};
use crate::compiler::{Diagnostic, Severity, annotate, parse_log};

/// A compiled program.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NvrtcOutput {
    /// The CUBIN, or the PTX text without terminating NUL.
    pub image: Vec<u8>,
    /// What NVRTC printed, with the source lines it speaks of; without compile times, so that equal compilations have
    /// equal logs.
    pub log: String,
    /// The warnings, in order.
    pub warnings: Vec<Diagnostic>,
    /// What each kernel uses of the card; empty for PTX.
    pub resources: Vec<KernelResources>,
}

impl Nvrtc {
    /// Compiles `source`, called `name` in messages before any `#line`. Entries need `extern "C"`.
    ///
    /// # Errors
    /// [`NvrtcError::Failed`] carries the log, with `file(line)` of the nearest `#line` directive and the text of each
    /// line; [`NvrtcError::UnsupportedArchitecture`], [`NvrtcError::NulByte`], [`NvrtcError::Call`].
    pub fn compile(&self, source: &str, name: &str, options: &NvrtcOptions) -> Result<NvrtcOutput, NvrtcError> {
        let requested = options.architecture;
        if !self.supported_architectures().contains(&requested) {
            let supported = self.supported_architectures().to_vec();
            return Err(NvrtcError::UnsupportedArchitecture { requested, version: self.version_text(), supported });
        }
        let flags =
            options.flags().into_iter().map(|flag| c_string(&flag, TextPart::Option)).collect::<Result<Vec<_>, _>>()?;
        let (source_text, name_text) = (c_string(source, TextPart::Source)?, c_string(name, TextPart::Name)?);
        let finished = on_a_deep_stack(|| self.run(&source_text, &name_text, &flags, options.format))?;
        let log = annotate(&finished.log, source, name);
        match finished.result {
            Err(COMPILATION | INVALID_OPTION) => {
                Err(NvrtcError::Failed { version: self.version_text(), name: name.into(), log })
            }
            Err(code) => Err(self.functions().error("nvrtcCompileProgram", code)),
            Ok(image) => {
                let mut warnings = parse_log(&finished.log);
                warnings.retain(|diagnostic| diagnostic.severity == Severity::Warning);
                let resources = KernelResources::parse_log(&finished.log);
                Ok(NvrtcOutput { image, log, warnings, resources })
            }
        }
    }

    fn run(
        &self,
        source: &CString,
        name: &CString,
        flags: &[CString],
        format: ImageFormat,
    ) -> Result<Finished, NvrtcError> {
        let program = Program::new(self.functions(), source, name)?;
        let code = program.compile(flags);
        let log = program.log()?;
        let result = if code == SUCCESS { Ok(program.image(format)?) } else { Err(code) };
        Ok(Finished { log, result })
    }
}

/// The log of a compilation, and its image or NVRTC's error.
struct Finished {
    log: String,
    result: Result<Vec<u8>, Code>,
}

/// Stack of a compilation in bytes; as much as GCC gives itself.
///
/// NVRTC recurses over nested expressions, about 15 KiB a level, and ends the process when the stack runs out: at 200
/// levels on a thread of 1 MiB.
const STACK_BYTES: usize = 64 << 20;

/// Runs `work` on a thread with room for deeply nested source.
fn on_a_deep_stack<T: Send>(work: impl FnOnce() -> Result<T, NvrtcError> + Send) -> Result<T, NvrtcError> {
    thread::scope(|scope| {
        let thread =
            thread::Builder::new().name("nvrtc".into()).stack_size(STACK_BYTES).spawn_scoped(scope, work).map_err(
                |error| NvrtcError::Call { function: "starting the compiling thread", message: error.to_string() },
            )?;
        thread.join().unwrap_or_else(|payload| panic::resume_unwind(payload))
    })
}

fn c_string(text: &str, part: TextPart) -> Result<CString, NvrtcError> {
    CString::new(text).map_err(|error| NvrtcError::NulByte { part, offset: error.nul_position() })
}

/// A program of NVRTC, destroyed on drop.
struct Program<'a> {
    functions: &'a Functions,
    handle: Handle,
}

impl<'a> Program<'a> {
    fn new(functions: &'a Functions, source: &CString, name: &CString) -> Result<Self, NvrtcError> {
        let mut program = Self { functions, handle: ptr::null_mut() };
        // SAFETY: both strings are NUL-terminated and copied by NVRTC; there are no headers, so their arrays may be
        // null.
        let code = unsafe {
            (functions.create)(&mut program.handle, source.as_ptr(), name.as_ptr(), 0, ptr::null(), ptr::null())
        };
        program.check("nvrtcCreateProgram", code)?;
        Ok(program)
    }

    fn compile(&self, flags: &[CString]) -> Code {
        let pointers: Vec<*const c_char> = flags.iter().map(|flag| flag.as_ptr()).collect();
        let count = c_int::try_from(pointers.len()).unwrap_or(c_int::MAX);
        // SAFETY: the program is alive; the array holds `count` NUL-terminated strings that outlive the call.
        unsafe { (self.functions.compile)(self.handle, count, pointers.as_ptr()) }
    }

    /// The log. NVRTC joins the parts of its tools with NUL bytes: what ptxas says of an error comes after one.
    fn log(&self) -> Result<String, NvrtcError> {
        let bytes = self.read("nvrtcGetProgramLog", self.functions.log_size, self.functions.log)?;
        let text = String::from_utf8_lossy(&bytes).replace('\0', "");
        let mut lines: Vec<_> = text.lines().filter(|line| !line.contains(": Compile time = ")).collect();
        while lines.last().is_some_and(|line| line.is_empty()) {
            lines.pop();
        }
        Ok(lines.join("\n"))
    }

    fn image(&self, format: ImageFormat) -> Result<Vec<u8>, NvrtcError> {
        match format {
            ImageFormat::Cubin => self.read("nvrtcGetCUBIN", self.functions.cubin_size, self.functions.cubin),
            ImageFormat::Ptx => {
                let mut text = self.read("nvrtcGetPTX", self.functions.ptx_size, self.functions.ptx)?;
                if text.last() == Some(&0) {
                    text.pop();
                }
                Ok(text)
            }
        }
    }

    /// Reads one of the program's results: first its size, then its bytes.
    fn read(
        &self,
        function: &'static str,
        size: unsafe extern "C" fn(Handle, *mut usize) -> Code,
        read: unsafe extern "C" fn(Handle, *mut c_char) -> Code,
    ) -> Result<Vec<u8>, NvrtcError> {
        let mut length = 0;
        // SAFETY: the program is alive and the pointer is to a live integer.
        self.check(function, unsafe { size(self.handle, &mut length) })?;
        let mut bytes = vec![0u8; length];
        // SAFETY: the buffer has the length that NVRTC asked for.
        self.check(function, unsafe { read(self.handle, bytes.as_mut_ptr().cast()) })?;
        Ok(bytes)
    }

    fn check(&self, function: &'static str, code: Code) -> Result<(), NvrtcError> {
        if code == SUCCESS { Ok(()) } else { Err(self.functions.error(function, code)) }
    }
}

impl Drop for Program<'_> {
    fn drop(&mut self) {
        if !self.handle.is_null() {
            // SAFETY: created above and destroyed once. The only error is an invalid handle.
            let _ = unsafe { (self.functions.destroy)(&mut self.handle) };
        }
    }
}
