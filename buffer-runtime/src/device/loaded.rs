//! Compiled kernels in memory, each loaded once while somebody holds it.

use std::collections::HashMap;
use std::ffi::c_void;
use std::fmt;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::error::DeviceError;
use crate::cache::{Artifact, BuildError, CachedArtifact, KernelCache, KernelKey, Origin};
use crate::compiler::{CompilerError, HostCompiler, HostOptions, SharedObject, SharedObjectError};

/// Name of the shared object among a cached kernel's files.
const OBJECT: &str = "kernel.so";
/// And of the bytes of its stack frames, in digits, where the compiler tells them.
const FRAMES: &str = "frames.txt";

/// Signature of a generated entry; the text is in `source/entry_text.rs`.
pub(super) type EntryFunction =
    unsafe extern "C" fn(*const *mut c_void, *const u8, *mut u8, *const *mut c_void, i64, i64, i64);

/// A loaded kernel. The artifact keeps the file where the dynamic linker mapped it from.
pub(super) struct Loaded {
    pub(super) entry: EntryFunction,
    object: SharedObject,
    artifact: Arc<CachedArtifact>,
}

impl Loaded {
    /// Bytes of the stack frames of all functions together.
    pub(super) fn frames(&self) -> Option<usize> {
        std::str::from_utf8(self.artifact.bytes(FRAMES)?).ok()?.parse().ok()
    }

    fn open(artifact: Arc<CachedArtifact>, name: &str) -> Result<Self, SharedObjectError> {
        let path = artifact.path(OBJECT).unwrap_or_default();
        // SAFETY: the cache hands out only files that this user compiled, with their contents verified; the text has no initialisers
        // beyond those of the generated templates.
        let object = unsafe { SharedObject::open(&path)? };
        // SAFETY: `EntryFunction` is the signature that `source::entry_text` writes for every CPU entry.
        let entry = unsafe { *object.symbol::<EntryFunction>(name)? };
        Ok(Self { entry, object, artifact })
    }
}

impl fmt::Debug for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loaded").field("object", &self.object).finish_non_exhaustive()
    }
}

/// The kernels of a device that are loaded. One that no [`Kernel`](super::Kernel) holds any more is unloaded.
#[derive(Debug, Default)]
pub(super) struct LoadedKernels(Mutex<HashMap<KernelKey, Weak<Loaded>>>);

impl LoadedKernels {
    /// The kernel `name` of a text: loaded already, from the cache, or compiled. Different kernels are compiled at the same time.
    pub(super) fn load(
        &self,
        compiler: &HostCompiler,
        cache: &KernelCache,
        text: &str,
        options: &HostOptions,
        name: &str,
    ) -> Result<Arc<Loaded>, DeviceError> {
        let key = compiler.key(text, options)?;
        if let Some(kernel) = self.lock().get(&key).and_then(Weak::upgrade) {
            return Ok(kernel);
        }
        let build = |folder: &Path| {
            let out = folder.join(OBJECT);
            let output = compiler.compile_shared_object(text, options, &out)?;
            let artifact = Artifact::new().with_file(OBJECT, &out);
            let artifact = artifact.map_err(|source| CompilerError::Io { path: out, source })?;
            Ok(match output.frame_bytes {
                Some(bytes) => artifact.with(FRAMES, bytes.to_string()),
                None => artifact,
            })
        };
        let mut artifact = artifact(cache, &key, build)?;
        let opened = match Loaded::open(artifact.clone(), name) {
            Err(error) if is_outdated(&error, &artifact) => {
                cache.discard(&key);
                artifact = self::artifact(cache, &key, build)?;
                Loaded::open(artifact, name)
            }
            opened => opened,
        };
        let kernel = match opened {
            Ok(loaded) => Arc::new(loaded),
            Err(error) => {
                // What hinders the linker may be gone at the next try; the stored kernel would not be.
                cache.discard(&key);
                return Err(error.into());
            }
        };
        let mut kernels = self.lock();
        kernels.retain(|_, kernel| kernel.strong_count() > 0);
        if let Some(earlier) = kernels.get(&key).and_then(Weak::upgrade) {
            return Ok(earlier);
        }
        kernels.insert(key, Arc::downgrade(&kernel));
        Ok(kernel)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<KernelKey, Weak<Loaded>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn artifact(
    cache: &KernelCache,
    key: &KernelKey,
    build: impl FnOnce(&Path) -> Result<Artifact, CompilerError>,
) -> Result<Arc<CachedArtifact>, DeviceError> {
    cache.get_or_build(key, build).map_err(|error| match error {
        BuildError::Build(error) => DeviceError::Compiler(error),
        BuildError::Cache(error) => DeviceError::Cache(error),
    })
}

/// Whether compiling once more may help: the file is gone, or was compiled by an earlier process whose libraries are not here.
fn is_outdated(error: &SharedObjectError, artifact: &CachedArtifact) -> bool {
    match error {
        SharedObjectError::Io { source, .. } => source.kind() == ErrorKind::NotFound,
        SharedObjectError::Open { .. } | SharedObjectError::Symbol { .. } => artifact.origin() == Origin::Disk,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::CacheOptions;

    const EMPTY: &str = "extern \"C\" __attribute__((visibility(\"default\"))) void nothing() {}\n";

    fn compiler() -> HostCompiler {
        HostCompiler::find().unwrap()
    }

    fn cache(folder: &Path) -> KernelCache {
        KernelCache::open(CacheOptions { directory: Some(folder.join("cache")), ..CacheOptions::default() })
    }

    #[test]
    fn kernels_are_shared_while_they_live_and_forgotten_after() {
        let compiler = compiler();
        let folder = tempfile::tempdir().unwrap();
        let (cache, kernels, options) = (cache(folder.path()), LoadedKernels::default(), HostOptions::default());
        let load = || kernels.load(&compiler, &cache, EMPTY, &options, "nothing").unwrap();
        let (first, second) = (load(), load());
        assert!(Arc::ptr_eq(&first, &second));
        let weak = Arc::downgrade(&first);
        drop((first, second));
        assert!(weak.upgrade().is_none(), "nobody holds it");
        load();
        assert_eq!(cache.statistics().builds, 1);
    }

    #[test]
    fn what_cannot_be_loaded_does_not_stay_in_the_cache() {
        let compiler = compiler();
        let folder = tempfile::tempdir().unwrap();
        let (cache, kernels, options) = (cache(folder.path()), LoadedKernels::default(), HostOptions::default());
        // A symbol that nothing defines: the linker of a shared object lets it pass, the loader does not.
        let text = format!("extern \"C\" void defined_nowhere();\n{}", EMPTY.replace("{}", "{ defined_nowhere(); }"));
        for builds in 1..3 {
            let error = kernels.load(&compiler, &cache, &text, &options, "nothing").unwrap_err();
            assert!(matches!(error, DeviceError::Load(SharedObjectError::Open { .. })), "{error}");
            assert_eq!(cache.statistics().builds, builds, "compiled anew at each try");
        }
        assert_eq!(std::fs::read_dir(folder.path().join("cache/entries")).unwrap().count(), 0);
    }

    #[test]
    fn a_stored_kernel_that_cannot_be_loaded_is_compiled_anew() {
        let compiler = compiler();
        let folder = tempfile::tempdir().unwrap();
        let options = HostOptions::default();
        let key = compiler.key(EMPTY, &options).unwrap();
        let broken = |_: &Path| Ok::<_, CompilerError>(Artifact::new().with(OBJECT, "no object"));
        drop(cache(folder.path()).get_or_build(&key, broken).unwrap());
        let cache = cache(folder.path());
        LoadedKernels::default().load(&compiler, &cache, EMPTY, &options, "nothing").unwrap();
        assert_eq!(cache.statistics().builds, 1);
    }
}
