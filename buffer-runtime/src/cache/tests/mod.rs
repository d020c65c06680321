//! The cache as its users see it; `trust` and `processes` attack it from outside.

mod processes;
mod trust;

use std::{
    convert::Infallible,
    ffi::OsString,
    fs,
    os::unix::fs::PermissionsExt,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use super::*;

type TestResult = Result<Arc<CachedArtifact>, BuildError<Infallible>>;

/// A key of its own for each `source`.
fn key(source: &str) -> KernelKey {
    KernelIdentity { kind: "test", source, options: &[], architecture: "any", compiler: "none" }.key()
}

fn open(root: &Path) -> KernelCache {
    KernelCache::open(CacheOptions { directory: Some(root.into()), ..CacheOptions::default() })
}

/// Stores `text` as `kernel.txt` under the key of `source`.
fn build(cache: &KernelCache, source: &str, text: &str) -> TestResult {
    cache.get_or_build(&key(source), |_| Ok(Artifact::new().with("kernel.txt", text)))
}

/// Requests what must be there already.
fn fetch(cache: &KernelCache, source: &str) -> Arc<CachedArtifact> {
    cache.get_or_build(&key(source), |_| -> Result<_, &str> { Err("it was not stored") }).unwrap()
}

fn text(artifact: &CachedArtifact) -> &str {
    std::str::from_utf8(artifact.bytes("kernel.txt").unwrap()).unwrap()
}

#[test]
fn a_kernel_is_built_once_and_found_by_the_next_process() {
    let root = tempfile::tempdir().unwrap();
    let cache = open(root.path());
    let built = build(&cache, "a", "alpha").unwrap();
    assert_eq!((built.origin(), built.is_persistent()), (Origin::Built, true));
    let path = built.path("kernel.txt").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "alpha");
    assert!(built.path("other").is_none() && built.bytes("other").is_none());
    assert!(Arc::ptr_eq(&built, &fetch(&cache, "a")));
    assert_eq!(cache.statistics(), CacheStatistics { memory_hits: 1, builds: 1, ..CacheStatistics::default() });

    let other = open(root.path());
    let found = fetch(&other, "a");
    assert_eq!((found.origin(), text(&found), found.path("kernel.txt")), (Origin::Disk, "alpha", Some(path)));
    assert_eq!(other.statistics(), CacheStatistics { disk_hits: 1, ..CacheStatistics::default() });
    assert!(cache.warnings().is_empty() && other.warnings().is_empty());
}

#[test]
fn a_failed_build_leaves_nothing() {
    let root = tempfile::tempdir().unwrap();
    let cache = open(root.path());
    let mut scratch = PathBuf::new();
    let failed = cache.get_or_build(&key("a"), |folder| {
        scratch = folder.into();
        fs::write(folder.join("half"), "…").unwrap();
        Err("syntax error")
    });
    assert!(matches!(failed, Err(BuildError::Build("syntax error"))));
    assert!(!scratch.exists());
    assert_eq!(text(&build(&cache, "a", "fixed").unwrap()), "fixed");
    for folder in ["locks", "staging"] {
        assert_eq!(fs::read_dir(root.path().join(folder)).unwrap().count(), 0, "{folder}");
    }
}

#[test]
fn a_panic_while_building_does_not_block_the_key() {
    let root = tempfile::tempdir().unwrap();
    let cache = open(root.path());
    let panicking = || cache.get_or_build::<Infallible>(&key("a"), |_| panic!("the build function failed"));
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(panicking)).is_err());
    assert_eq!(text(&build(&cache, "a", "alpha").unwrap()), "alpha");
}

#[test]
fn threads_wait_for_the_first() {
    let root = tempfile::tempdir().unwrap();
    for cache in [open(root.path()), KernelCache::open(CacheOptions { disk: false, ..CacheOptions::default() })] {
        let builds = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let artifact = cache.get_or_build(&key("a"), |_| -> Result<_, Infallible> {
                        builds.fetch_add(1, Ordering::Relaxed);
                        std::thread::sleep(Duration::from_millis(20));
                        Ok(Artifact::new().with("kernel.txt", "alpha"))
                    });
                    assert_eq!(text(&artifact.unwrap()), "alpha");
                });
            }
        });
        assert_eq!(builds.into_inner(), 1);
    }
}

#[test]
fn without_a_disk_the_files_live_as_long_as_the_artifact() {
    let cache = KernelCache::open(CacheOptions { disk: false, ..CacheOptions::default() });
    let artifact = build(&cache, "a", "alpha").unwrap();
    let path = artifact.path("kernel.txt").unwrap();
    assert!(!artifact.is_persistent() && path.is_absolute() && path.is_file());
    assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
    drop(cache);
    assert!(path.is_file());
    drop(artifact);
    assert!(!path.exists());
}

#[test]
fn memory_is_bounded() {
    let cache = KernelCache::open(CacheOptions { disk: false, memory_entries: 2, ..CacheOptions::default() });
    let paths: Vec<_> =
        ["a", "b", "c"].iter().map(|name| build(&cache, name, name).unwrap().path("kernel.txt").unwrap()).collect();
    assert_eq!(paths.iter().map(|path| path.exists()).collect::<Vec<_>>(), [false, true, true]);
}

#[test]
fn files_deleted_by_the_user_are_built_again() {
    let root = tempfile::tempdir().unwrap();
    let cache = open(root.path());
    build(&cache, "a", "alpha").unwrap();
    fs::remove_dir_all(root.path().join("entries")).unwrap();
    fs::create_dir(root.path().join("entries")).unwrap();
    let again = build(&cache, "a", "again").unwrap();
    assert_eq!(text(&again), "again");
    assert!(again.path("kernel.txt").unwrap().is_file());
}

#[test]
fn the_bound_removes_what_was_used_longest_ago() {
    let root = tempfile::tempdir().unwrap();
    let payload = "x".repeat(10_000);
    // Room for two entries of 10 kB with their manifests, not for three.
    let bounded = || {
        KernelCache::open(CacheOptions {
            directory: Some(root.path().into()),
            max_bytes: 25_000,
            ..CacheOptions::default()
        })
    };
    // A cache per request: an artifact held in memory is in use and is not evicted.
    build(&bounded(), "old", &payload).unwrap();
    build(&bounded(), "used", &payload).unwrap();
    let step = Duration::from_millis(20); // above the resolution of file times
    std::thread::sleep(step);
    fetch(&bounded(), "old");
    std::thread::sleep(step);
    let cache = bounded();
    build(&cache, "new", &payload).unwrap();
    assert_eq!(cache.statistics().evictions, 1);
    fetch(&bounded(), "old");
    fetch(&bounded(), "new");
    assert!(bounded().get_or_build(&key("used"), |_| Err("evicted")).is_err());
}

#[test]
fn an_entry_in_use_is_not_evicted() {
    let root = tempfile::tempdir().unwrap();
    let options = CacheOptions { directory: Some(root.path().into()), max_bytes: 0, ..CacheOptions::default() };
    let first = KernelCache::open(options.clone());
    let held = build(&first, "held", "alpha").unwrap();
    let second = KernelCache::open(options.clone());
    build(&second, "other", "beta").unwrap();
    assert_eq!(second.statistics().evictions, 0);
    assert!(held.path("kernel.txt").unwrap().is_file());
    drop((held, first, second));
    let third = KernelCache::open(options);
    build(&third, "third", "gamma").unwrap();
    assert_eq!(third.statistics().evictions, 2);
}

#[test]
fn an_entry_about_to_be_evicted_is_built_again() {
    let root = tempfile::tempdir().unwrap();
    build(&open(root.path()), "a", "alpha").unwrap();
    let manifest = root.path().join("entries").join(key("a").to_string()).join("manifest");
    let evicting = fs::OpenOptions::new().write(true).open(&manifest).unwrap();
    evicting.lock().unwrap();
    let cache = open(root.path());
    let again = build(&cache, "a", "alpha").unwrap();
    assert_eq!((cache.statistics().builds, again.origin()), (1, Origin::Built));
    assert!(cache.warnings().is_empty(), "{:?}", cache.warnings());
    assert!(again.path("kernel.txt").unwrap().is_file());
}

#[test]
fn locks_left_behind_are_swept() {
    let root = tempfile::tempdir().unwrap();
    drop(open(root.path()));
    let old = std::time::SystemTime::now() - 2 * directory::STALE_AFTER;
    let [left, held, young] = ["left", "held", "young"].map(|name| root.path().join("locks").join(name));
    let files = [&left, &held, &young].map(|path| fs::File::create(path).unwrap());
    files[..2].iter().for_each(|file| file.set_modified(old).unwrap());
    files[1].lock().unwrap();
    drop(open(root.path()));
    assert_eq!([left, held, young].map(|path| path.exists()), [false, true, true]);
}

#[test]
fn a_bad_blob_name_is_an_error() {
    let root = tempfile::tempdir().unwrap();
    for cache in [open(root.path()), KernelCache::open(CacheOptions { disk: false, ..CacheOptions::default() })] {
        let result = cache.get_or_build::<Infallible>(&key("a"), |_| Ok(Artifact::new().with("../escape", "x")));
        let error = result.unwrap_err();
        assert!(
            matches!(&error, BuildError::Cache(CacheError::InvalidBlobName { name }) if name == "../escape"),
            "{error}"
        );
        assert!(error.to_string().contains("\"../escape\""));
    }
}

#[test]
fn the_environment_names_the_folder() {
    let root = |variables: &[(&str, &str)]| {
        directory::default_root(|name| {
            variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| OsString::from(value))
        })
    };
    let all = [("BUFFER_RUNTIME_CACHE", "/c"), ("XDG_CACHE_HOME", "/x"), ("HOME", "/h")];
    assert_eq!(root(&all).unwrap(), Path::new("/c"));
    assert_eq!(root(&all[1..]).unwrap(), Path::new("/x/buffer-runtime"));
    assert_eq!(root(&all[2..]).unwrap(), Path::new("/h/.cache/buffer-runtime"));
    assert_eq!(root(&[("XDG_CACHE_HOME", "relative"), ("HOME", "/h")]).unwrap(), Path::new("/h/.cache/buffer-runtime"));
    assert!(matches!(root(&[("HOME", "")]), Err(DirectoryProblem::Unnamed)));
}
