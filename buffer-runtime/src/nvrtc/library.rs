//! The loaded library.

use std::{
    env,
    ffi::c_int,
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    Architecture, Attempt, NvrtcError, NvrtcOptions,
    api::Functions,
    locate::{self, SYSTEM_NAMES},
};
use crate::cache::{KernelIdentity, KernelKey};

/// The variable that names the library's file or folder.
const VARIABLE: &str = "BUFFER_RUNTIME_NVRTC";

/// NVRTC, loaded. Cheap to clone; its functions may be called from many threads at once.
#[derive(Clone)]
pub struct Nvrtc {
    inner: Arc<Loaded>,
}

struct Loaded {
    functions: Functions,
    path: PathBuf,
    version: (u32, u32),
    architectures: Vec<Architecture>,
}

/// The library in use. Failures are not kept, so installing NVRTC helps at once.
static LOADED: Mutex<Option<Nvrtc>> = Mutex::new(None);

impl Nvrtc {
    /// Finds and loads the library; later calls return the same one.
    ///
    /// # Errors
    /// [`NvrtcError::NotFound`] lists what was tried; [`NvrtcError::Named`] if `BUFFER_RUNTIME_NVRTC` is set and wrong.
    pub fn load() -> Result<Self, NvrtcError> {
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(nvrtc) = &*loaded {
            return Ok(nvrtc.clone());
        }
        let nvrtc = match env::var_os(VARIABLE).filter(|value| !value.is_empty()) {
            Some(value) => {
                let path = PathBuf::from(value);
                Self::first_of(locate::libraries_at(&path)).map_err(|mut attempts| {
                    if attempts.is_empty() {
                        attempts.push(Attempt { library: path.clone(), reason: "it has no libnvrtc.so*".into() });
                    }
                    NvrtcError::Named { path, attempts }
                })?
            }
            None => Self::search()?,
        };
        *loaded = Some(nvrtc.clone());
        Ok(nvrtc)
    }

    fn search() -> Result<Self, NvrtcError> {
        let project = env::current_dir().unwrap_or_default();
        let folders = locate::folders(|name| env::var_os(name), Path::new("/usr/local"), &project);
        let files = folders.iter().flat_map(|folder| locate::libraries_in(folder));
        Self::first_of(SYSTEM_NAMES.iter().map(PathBuf::from).chain(files))
            .map_err(|attempts| NvrtcError::NotFound { attempts })
    }

    /// The first library that loads and answers; else why each does not.
    pub(super) fn first_of(libraries: impl IntoIterator<Item = PathBuf>) -> Result<Self, Vec<Attempt>> {
        let mut attempts = Vec::new();
        for library in libraries {
            match Loaded::open(&library) {
                Ok(loaded) => {
                    return Ok(Self { inner: Arc::new(loaded) });
                }
                Err(reason) => attempts.push(Attempt { library, reason }),
            }
        }
        Err(attempts)
    }

    /// Major and minor number of the CUDA release it belongs to.
    #[must_use]
    pub fn version(&self) -> (u32, u32) {
        self.inner.version
    }

    /// The file, or the name by which the system's loader found it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// The architectures it compiles for, ascending.
    #[must_use]
    pub fn supported_architectures(&self) -> &[Architecture] {
        &self.inner.architectures
    }

    /// Name and version: the compiler's part of a kernel's identity.
    #[must_use]
    pub fn identity(&self) -> String {
        format!("NVRTC {}", self.version_text())
    }

    /// The key under which a compilation is cached. The name counts too: source lines carry it.
    #[must_use]
    pub fn key(&self, source: &str, name: &str, options: &NvrtcOptions) -> KernelKey {
        let mut flags = options.flags();
        flags.push(name.into());
        let identity = KernelIdentity {
            kind: "nvrtc",
            source,
            options: &flags,
            architecture: &options.architecture.to_string(),
            compiler: &self.identity(),
        };
        identity.key()
    }

    pub(super) fn version_text(&self) -> String {
        let (major, minor) = self.version();
        format!("{major}.{minor}")
    }

    pub(super) fn functions(&self) -> &Functions {
        &self.inner.functions
    }
}

impl fmt::Debug for Nvrtc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nvrtc")
            .field("path", &self.path())
            .field("version", &self.version_text())
            .finish_non_exhaustive()
    }
}

impl Loaded {
    fn open(path: &Path) -> Result<Self, String> {
        // SAFETY: files of this name in the places searched, or named by the user, are NVRTC.
        let functions = unsafe { Functions::load(path)? };
        let (mut major, mut minor) = (0, 0);
        // SAFETY: both pointers are to live integers.
        functions.check(unsafe { (functions.version)(&mut major, &mut minor) })?;
        let mut count: c_int = 0;
        // SAFETY: the pointer is to a live integer.
        functions.check(unsafe { (functions.architecture_count)(&mut count) })?;
        let mut numbers: Vec<c_int> = vec![0; usize::try_from(count).unwrap_or(0)];
        // SAFETY: the function writes as many integers as it announced.
        functions.check(unsafe { (functions.architectures)(numbers.as_mut_ptr()) })?;
        let number = |value: c_int| u32::try_from(value).map_err(|_| format!("it reports the number {value}"));
        let mut architectures =
            numbers.into_iter().map(|value| number(value).map(Architecture)).collect::<Result<Vec<_>, _>>()?;
        architectures.sort_unstable();
        Ok(Self { functions, path: path.into(), version: (number(major)?, number(minor)?), architectures })
    }
}
