//! Loaded machine code.

use std::{
    error::Error,
    ffi::CString,
    fmt, io,
    marker::PhantomData,
    ops::Deref,
    path::{Path, PathBuf},
};

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

/// Errors of loading compiled code.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SharedObjectError {
    /// The dynamic linker refuses the file.
    #[error(
        "{} cannot be loaded: {reason}; if its file system is mounted noexec, point BUFFER_RUNTIME_CACHE or TMPDIR elsewhere",
        path.display()
    )]
    Open {
        /// The file.
        path: PathBuf,
        /// The dynamic linker's answer.
        reason: String,
    },
    /// The file is not there.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The operating system's answer.
        r#source: io::Error,
    },
    /// The object has no such symbol.
    #[error("{} has no symbol {name:?}; entries need extern \"C\" and default visibility", path.display())]
    Symbol {
        /// The file.
        path: PathBuf,
        /// The name as given.
        name: String,
    },
}

/// What the dynamic linker says; libloading keeps it in the source of its error.
pub(crate) fn loader_message(error: &libloading::Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

/// A loaded shared object, unloaded on drop.
pub struct SharedObject {
    library: Library,
    path: PathBuf,
}

impl SharedObject {
    /// Loads the file at `path`; all its references are resolved at once and none of its symbols become global.
    ///
    /// # Safety
    /// Initialisers of the object run: the file must be one that this program compiled, or trusts as much.
    ///
    /// # Errors
    /// [`SharedObjectError::Io`] when there is no such file, [`SharedObjectError::Open`] when it cannot be loaded.
    pub unsafe fn open(path: &Path) -> Result<Self, SharedObjectError> {
        // The dynamic linker would search its own path for a name without a slash.
        let path = path.canonicalize().map_err(|source| SharedObjectError::Io { path: path.into(), source })?;
        // SAFETY: the caller trusts the object's initialisers.
        match unsafe { Library::open(Some(&path), RTLD_NOW | RTLD_LOCAL) } {
            Ok(library) => Ok(Self { library, path }),
            Err(error) => Err(SharedObjectError::Open { path, reason: loader_message(&error) }),
        }
    }

    /// The function or variable `name`; `T` is a function pointer, or a pointer to the variable.
    ///
    /// # Safety
    /// `T` must be a function pointer of the symbol's exact signature, or a raw pointer to the variable's type.
    ///
    /// # Errors
    /// [`SharedObjectError::Symbol`].
    pub unsafe fn symbol<T: Copy>(&self, name: &str) -> Result<Symbol<'_, T>, SharedObjectError> {
        const { assert!(size_of::<T>() == size_of::<*const ()>(), "a symbol is a pointer") };
        let missing = || SharedObjectError::Symbol { path: self.path.clone(), name: name.into() };
        let c_name = CString::new(name).map_err(|_| missing())?;
        // SAFETY: the caller gives the symbol's type.
        let symbol = unsafe { self.library.get::<T>(c_name.as_c_str()) }.map_err(|_| missing())?;
        if symbol.clone().as_raw_ptr().is_null() {
            // The address of an undefined weak symbol.
            return Err(missing());
        }
        Ok(Symbol { value: *symbol, object: PhantomData })
    }

    /// The file it was loaded from.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl fmt::Debug for SharedObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedObject").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A symbol of a [`SharedObject`], which outlives it.
#[derive(Clone, Copy, Debug)]
pub struct Symbol<'a, T> {
    value: T,
    object: PhantomData<&'a SharedObject>,
}

impl<T> Deref for Symbol<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
