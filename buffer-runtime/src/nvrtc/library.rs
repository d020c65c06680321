//! The loaded library.

use std::{
    env,
    ffi::c_int,
    fmt,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    Architecture, Attempt, NvrtcError, NvrtcOptions,
    api::{self, Functions},
    locate::{self, Place, SYSTEM_NAMES},
    trust,
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
    /// Place, size and time of the library's file.
    file: String,
}

/// The library in use. Failures are not kept, so installing NVRTC helps at once.
static LOADED: Mutex<Option<Nvrtc>> = Mutex::new(None);

impl Nvrtc {
    /// Finds and loads the library; later calls return the same one.
    ///
    /// Looked into are, in order, what `BUFFER_RUNTIME_NVRTC` names, and nothing else then; the system's loader; CUDA toolkits; the active Python environment; and
    /// `target/venv` and `.venv` of the working directory and its parent, where this user or root owns every file and folder on the way and nobody else may write it.
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
        let mut refused = Vec::new();
        let places = locate::places(|name| env::var_os(name), Path::new("/usr/local"), &project);
        let files = places.iter().flat_map(|place| {
            let mut libraries = locate::libraries_in(&place.folder);
            libraries.retain(|library| match trusted(place, library) {
                Ok(()) => true,
                Err(reason) => {
                    refused.push(Attempt { library: library.clone(), reason });
                    false
                }
            });
            libraries
        });
        Self::first_of(SYSTEM_NAMES.iter().map(PathBuf::from).chain(files)).map_err(|mut attempts| {
            attempts.append(&mut refused);
            NvrtcError::NotFound { attempts }
        })
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

    /// Name and version.
    #[must_use]
    pub fn identity(&self) -> String {
        format!("NVRTC {}", self.version_text())
    }

    /// The key under which a compilation is cached. The name counts too: source lines carry it; and the library's file, of which releases have several builds.
    #[must_use]
    pub fn key(&self, source: &str, name: &str, options: &NvrtcOptions) -> KernelKey {
        let mut flags = options.flags();
        flags.push(name.into());
        let identity = KernelIdentity {
            kind: "nvrtc",
            source,
            options: &flags,
            architecture: &options.architecture.to_string(),
            compiler: &format!("{} {}", self.identity(), self.inner.file),
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

/// Whether the library, and what it loads from its folder, may be loaded from a place.
fn trusted(place: &Place, library: &Path) -> Result<(), String> {
    let Some(project) = &place.project else {
        return Ok(());
    };
    let mut files = api::builtins_beside(library);
    files.push(library.into());
    trust::check(project, &place.folder, &files)
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
        let version = (number(major)?, number(minor)?);
        let file = file_identity(&functions.file().unwrap_or_else(|| path.into()));
        Ok(Self { functions, path: path.into(), version, architectures, file })
    }
}

/// What tells a file from another build in its place.
fn file_identity(path: &Path) -> String {
    let path = path.canonicalize().unwrap_or_else(|_| path.into());
    match path.metadata() {
        Ok(data) => format!("{path:?} {} {}.{}", data.len(), data.mtime(), data.mtime_nsec()),
        Err(_) => format!("{path:?}"),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, time::SystemTime};

    use super::file_identity;

    #[test]
    fn another_build_has_another_identity() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("libnvrtc.so.13");
        let write = |text: &str, seconds: u64| {
            fs::write(&path, text).unwrap();
            let time = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
            fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
            file_identity(&path)
        };
        let first = write("a", 1);
        assert_eq!(first, write("a", 1));
        assert_ne!(first, write("ab", 1));
        assert_ne!(first, write("b", 2));
        assert!(file_identity(&folder.path().join("none")).contains("none"));
    }
}
