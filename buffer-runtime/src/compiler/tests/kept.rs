//! Probes whose outcome is kept. The compiler is a program that counts how often it is run and then becomes the host's.

use std::{
    fs::{File, Permissions},
    os::unix::fs::{PermissionsExt, symlink},
    path::PathBuf,
    time::SystemTime,
};

use tempfile::TempDir;

use super::{
    super::{kept, probe},
    *,
};
use crate::cache::CacheStatistics;

/// Runs of the compiler that a probe takes.
const PROBE_RUNS: usize = 3;

struct Counted {
    folder: TempDir,
    /// The counting compiler.
    path: PathBuf,
}

impl Counted {
    /// `None`, and a line that says why, on hosts where nothing is kept.
    fn new() -> Option<Self> {
        if !cfg!(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))) {
            eprintln!("skipped: nothing is kept on this host");
            return None;
        }
        let compiler = compiler();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("g++");
        let source = format!(
            "#include <stdio.h>\n#include <unistd.h>\nint main(int, char** arguments) {{\n  FILE* count = fopen({:?}, \"a\");\n  \
             fputc('x', count);\n  fclose(count);\n  static char real[] = {:?};\n  arguments[0] = real;\n  return execv(real, arguments);\n}}\n",
            folder.path().join("count"),
            compiler.path()
        );
        compiler.compile_executable(&source, &HostOptions::default(), &[], &path).unwrap();
        Some(Self { folder, path })
    }

    fn entries(&self) -> PathBuf {
        self.folder.path().join("cache/entries")
    }

    fn options(&self) -> CacheOptions {
        CacheOptions { directory: Some(self.folder.path().join("cache")), ..CacheOptions::default() }
    }

    /// The compiler as a new process finds it under `command`, and how many runs that takes.
    fn find_as(&self, command: &str, options: CacheOptions) -> (HostCompiler, usize) {
        let runs = || fs::read(self.folder.path().join("count")).map_or(0, |count| count.len());
        let before = runs();
        let cache = KernelCache::open(options);
        let compiler = HostCompiler::first_with(Some(&cache), [std::ffi::OsStr::new(command)]).unwrap();
        assert_eq!((cache.statistics(), cache.warnings().len()), (CacheStatistics::default(), 0));
        (compiler, runs() - before)
    }

    fn find(&self) -> usize {
        self.find_as(self.path.to_str().unwrap(), self.options()).1
    }
}

#[test]
fn the_next_process_runs_no_compiler() {
    let Some(counted) = Counted::new() else { return };
    let command = counted.path.to_str().unwrap();
    let (first, probed) = counted.find_as(command, counted.options());
    let (second, again) = counted.find_as(command, counted.options());
    assert_eq!((probed, again), (PROBE_RUNS, 0));
    assert_eq!((second.path(), second.identity()), (first.path(), first.identity()));
    assert_eq!((second.kind(), second.version(), second.target()), (first.kind(), first.version(), first.target()));
    let out = counted.folder.path().join("k.so");
    assert!(second.compile_shared_object("int x;", &HostOptions::default(), &out).is_ok());
}

#[test]
fn a_changed_compiler_is_probed_anew() {
    let Some(counted) = Counted::new() else { return };
    assert_eq!((counted.find(), counted.find()), (PROBE_RUNS, 0));
    File::open(&counted.path).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    assert_eq!((counted.find(), counted.find()), (PROBE_RUNS, 0));
    // The same bytes in another file, under the same name and with the same time.
    let copy = counted.path.with_extension("copy");
    fs::copy(&counted.path, &copy).unwrap();
    File::open(&copy).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    fs::rename(copy, &counted.path).unwrap();
    assert_eq!((counted.find(), counted.find()), (PROBE_RUNS, 0));
    // A link to it is another command: a compiler may go by its name.
    let link = counted.folder.path().join("c++");
    symlink(&counted.path, &link).unwrap();
    assert_eq!(counted.find_as(link.to_str().unwrap(), counted.options()).1, PROBE_RUNS);
    assert_eq!(counted.find(), 0);
}

#[test]
fn a_damaged_outcome_is_ignored_and_replaced() {
    let Some(counted) = Counted::new() else { return };
    assert_eq!(counted.find(), PROBE_RUNS);
    let entry = fs::read_dir(counted.entries()).unwrap().next().unwrap().unwrap().path();
    for name in ["manifest", "banner.txt", "macros.txt"] {
        for text in ["", "alien"] {
            fs::write(entry.join(name), text).unwrap();
            assert_eq!((counted.find(), counted.find()), (PROBE_RUNS, 0), "{name} {text:?}");
        }
        fs::set_permissions(entry.join(name), Permissions::from_mode(0o666)).unwrap();
        assert_eq!((counted.find(), counted.find()), (PROBE_RUNS, 0), "{name}");
    }
    fs::remove_dir_all(&entry).unwrap();
    fs::write(&entry, "no folder").unwrap();
    assert_eq!((counted.find(), counted.find()), (PROBE_RUNS, 0));
}

#[test]
fn an_intact_outcome_without_sense_is_replaced() {
    let Some(counted) = Counted::new() else { return };
    let candidate = probe::Candidate::named(counted.path.as_os_str()).unwrap();
    let nothing = probe::Answers { banner: String::new(), macros: String::new() };
    kept::keep(&KernelCache::open(counted.options()), &kept::key(&candidate).unwrap(), &nothing);
    assert_eq!((counted.find(), counted.find()), (PROBE_RUNS, 0));
}

#[test]
fn nothing_is_kept_without_a_cache_folder() {
    let Some(counted) = Counted::new() else { return };
    let off = CacheOptions { disk: false, ..counted.options() };
    for _ in 0..2 {
        assert_eq!(counted.find_as(counted.path.to_str().unwrap(), off.clone()).1, PROBE_RUNS);
    }
    assert!(!counted.entries().exists());
}

#[test]
fn commands_that_may_stand_for_another_are_not_kept() {
    let Some(counted) = Counted::new() else { return };
    let place = |name: &str| counted.folder.path().join(name).to_str().unwrap().to_owned();
    // A link to a program that is not named as compilers are; a script; arguments.
    fs::rename(&counted.path, place("ccache")).unwrap();
    symlink(place("ccache"), &counted.path).unwrap();
    let write = format!(
        "printf '#!/bin/sh\\nexec {} \"$@\"\\n' > {place}; chmod 700 {place}",
        place("ccache"),
        place = place("clang++")
    );
    assert!(Command::new("sh").args(["-c", &write]).status().unwrap().success());
    for command in [place("g++"), place("ccache"), place("clang++"), format!("{} -g", place("g++"))] {
        for _ in 0..2 {
            assert_eq!(counted.find_as(&command, counted.options()).1, PROBE_RUNS, "{command}");
        }
    }
    assert_eq!(fs::read_dir(counted.entries()).unwrap().count(), 0);
}
