//! The functions of NVRTC in use.
//!
//! They are looked up here rather than through cudarc's bindings, which load the library by bare name only and panic
//! when it, or a function of a newer release, is missing.

use std::{
    ffi::{CStr, OsStr, c_char, c_int, c_void},
    fs,
    mem::MaybeUninit,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_LOCAL, RTLD_NOW};

use super::NvrtcError;
use crate::compiler::loader_message;

/// `nvrtcResult`.
pub(super) type Code = c_int;

/// The source or a part of it does not compile.
pub(super) const COMPILATION: Code = 6;
/// An option is unknown or has a bad value.
pub(super) const INVALID_OPTION: Code = 5;
/// No error.
pub(super) const SUCCESS: Code = 0;

/// `nvrtcProgram`, a pointer to something opaque.
pub(super) type Handle = *mut c_void;

/// Declares the table and its loader: field name, symbol and signature.
macro_rules! functions {
    ($($field:ident = $symbol:literal: fn($($argument:ty),*) -> $result:ty;)*) => {
        /// The addresses of the functions.
        pub(super) struct Functions {
            $(pub(super) $field: unsafe extern "C" fn($($argument),*) -> $result,)*
        }

        impl Functions {
            /// Looks every function up; the error names the one that is missing.
            ///
            /// # Safety
            /// `library` is NVRTC, and stays loaded as long as the table is used.
            unsafe fn of(library: &Library) -> Result<Self, &'static str> {
                Ok(Self {
                    // SAFETY: the signatures are those of nvrtc.h, unchanged from CUDA 11.2 to 13.
                    $($field: unsafe { *library.get($symbol).map_err(|_| $symbol)? },)*
                })
            }
        }
    };
}

functions! {
    error_string = "nvrtcGetErrorString": fn(Code) -> *const c_char;
    version = "nvrtcVersion": fn(*mut c_int, *mut c_int) -> Code;
    architecture_count = "nvrtcGetNumSupportedArchs": fn(*mut c_int) -> Code;
    architectures = "nvrtcGetSupportedArchs": fn(*mut c_int) -> Code;
    create = "nvrtcCreateProgram":
        fn(*mut Handle, *const c_char, *const c_char, c_int, *const *const c_char, *const *const c_char) -> Code;
    destroy = "nvrtcDestroyProgram": fn(*mut Handle) -> Code;
    compile = "nvrtcCompileProgram": fn(Handle, c_int, *const *const c_char) -> Code;
    log_size = "nvrtcGetProgramLogSize": fn(Handle, *mut usize) -> Code;
    log = "nvrtcGetProgramLog": fn(Handle, *mut c_char) -> Code;
    cubin_size = "nvrtcGetCUBINSize": fn(Handle, *mut usize) -> Code;
    cubin = "nvrtcGetCUBIN": fn(Handle, *mut c_char) -> Code;
    ptx_size = "nvrtcGetPTXSize": fn(Handle, *mut usize) -> Code;
    ptx = "nvrtcGetPTX": fn(Handle, *mut c_char) -> Code;
}

impl Functions {
    /// Loads the library; the error says why it cannot be used.
    ///
    /// # Safety
    /// The file at `path`, or the library that the system's loader finds under that name, is NVRTC.
    pub(super) unsafe fn load(path: &Path) -> Result<Self, String> {
        if path.is_absolute() {
            // NVRTC opens its built-in headers by name, which the loader finds only if they are in memory already.
            for builtins in builtins_beside(path) {
                // SAFETY: a part of NVRTC, without initialisers that depend on anything.
                let opened = unsafe { Library::open(Some(builtins), RTLD_NOW | RTLD_GLOBAL) };
                // Kept for ever, like NVRTC. One that does not open is of another release.
                let _ = opened.map(std::mem::forget);
            }
        }
        // SAFETY: the caller vouches for the library.
        let library =
            unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.map_err(|error| loader_message(&error))?;
        // SAFETY: NVRTC, and it is never unloaded: it keeps threads and exit handlers of its own.
        let functions =
            unsafe { Self::of(&library) }.map_err(|symbol| format!("it lacks {symbol}; CUDA 11.2 or newer is needed"));
        std::mem::forget(library);
        functions
    }

    /// The file they were loaded from, as the system's loader names it.
    pub(super) fn file(&self) -> Option<PathBuf> {
        let mut info = MaybeUninit::<libc::Dl_info>::uninit();
        // SAFETY: the address is one of loaded code, and `info` is for the function to write.
        if unsafe { libc::dladdr(self.version as *const c_void, info.as_mut_ptr()) } == 0 {
            return None;
        }
        // SAFETY: the function succeeded, so that it wrote `info`, whose name is a NUL-terminated string as long as the library is loaded: for ever.
        let name = unsafe { CStr::from_ptr(info.assume_init().dli_fname) };
        Some(PathBuf::from(OsStr::from_bytes(name.to_bytes())))
    }

    /// `Err` with NVRTC's text unless `code` is success.
    pub(super) fn check(&self, code: Code) -> Result<(), String> {
        if code == SUCCESS { Ok(()) } else { Err(self.message(code)) }
    }

    /// The error of a function that answered `code`.
    pub(super) fn error(&self, function: &'static str, code: Code) -> NvrtcError {
        NvrtcError::Call { function, message: self.message(code) }
    }

    fn message(&self, code: Code) -> String {
        // SAFETY: the function accepts any code and returns a static string, or null.
        let text = unsafe { (self.error_string)(code) };
        if text.is_null() {
            return format!("nvrtcResult {code}");
        }
        // SAFETY: not null, hence a NUL-terminated string that lives as long as the library.
        unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
    }
}

/// The files `libnvrtc-builtins.so*` in the folder of `library`.
pub(super) fn builtins_beside(library: &Path) -> Vec<PathBuf> {
    let Some(entries) = library.parent().and_then(|folder| fs::read_dir(folder).ok()) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with("libnvrtc-builtins.so"))
        })
        .collect();
    files.sort();
    files
}
