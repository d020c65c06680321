//! Where NVRTC may be.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// Names that the system's loader is asked for.
pub(super) const SYSTEM_NAMES: [&str; 3] = ["libnvrtc.so", "libnvrtc.so.13", "libnvrtc.so.12"];

/// The NVRTC files that `path` stands for: itself, or those in the folder, newest first.
pub(super) fn libraries_at(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        // Absolute, so that the system's loader does not search its own path.
        return vec![std::path::absolute(path).unwrap_or_else(|_| path.into())];
    }
    ["", "lib64", "lib"].iter().flat_map(|folder| libraries_in(&path.join(folder))).collect()
}

/// The files in `folder` named `libnvrtc.so` or `libnvrtc.so.N…`, newest first.
pub(super) fn libraries_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(folder) = folder.canonicalize() else {
        return Vec::new();
    };
    let Ok(entries) = fs::read_dir(&folder) else {
        return Vec::new();
    };
    let mut found: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version = version_of(name.strip_prefix("libnvrtc.so")?)?;
            Some((version, entry.path()))
        })
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, path)| path).collect()
}

/// `""` and `".13.0"` are versions; `".alt.13"` is not.
fn version_of(suffix: &str) -> Option<Vec<u32>> {
    if suffix.is_empty() {
        return Some(Vec::new());
    }
    suffix.strip_prefix('.')?.split('.').map(|number| number.parse().ok()).collect()
}

/// A folder to search.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) folder: PathBuf,
    /// For a folder that nobody named: the one it is taken from because the program was started there.
    pub(super) project: Option<PathBuf>,
}

/// The folders to search after the system's loader, in order: CUDA toolkits, then Python environments with NVIDIA's
/// wheels.
pub(super) fn places(variable: impl Fn(&str) -> Option<OsString>, toolkits: &Path, project: &Path) -> Vec<Place> {
    let named = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let mut named_folders = Vec::new();
    let installed = children(toolkits, "cuda").into_iter().rev();
    for root in named("CUDA_HOME").into_iter().chain(named("CUDA_PATH")).chain(installed) {
        named_folders.push(root.join("lib64"));
        named_folders.push(root.join("lib"));
    }
    let conda = named("CONDA_PREFIX");
    named_folders.extend(conda.iter().map(|root| root.join("lib")));
    let environments = named("VIRTUAL_ENV").into_iter().chain(conda);
    // Cargo runs a member's tests in the member's folder, one below the workspace.
    named_folders.extend(environments.flat_map(|root| wheels(&root)));
    let mut places: Vec<Place> = named_folders.into_iter().map(|folder| Place { folder, project: None }).collect();
    for project in project.ancestors().take(2) {
        for folder in ["target/venv", ".venv"].iter().flat_map(|environment| wheels(&project.join(environment))) {
            places.push(Place { folder, project: Some(project.into()) });
        }
    }
    places.retain(|place| place.folder.is_dir());
    places
}

/// Where NVIDIA's wheels put NVRTC in a Python environment.
fn wheels(environment: &Path) -> Vec<PathBuf> {
    let pythons = children(&environment.join("lib"), "python3").into_iter().rev();
    let packages = |python: PathBuf| {
        ["cu13", "cuda_nvrtc"].map(|package| python.join("site-packages/nvidia").join(package).join("lib"))
    };
    pythons.flat_map(packages).collect()
}

/// The folders in `parent` whose names begin with `prefix`, in alphabetical order.
fn children(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    let mut found: Vec<_> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(|name| name.starts_with(prefix)))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }

    fn names(paths: &[PathBuf]) -> Vec<&str> {
        paths.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect()
    }

    #[test]
    fn the_newest_library_comes_first() {
        let root = tempfile::tempdir().unwrap();
        for name in [
            "libnvrtc.so",
            "libnvrtc.so.9",
            "libnvrtc.so.13",
            "libnvrtc.alt.so.13",
            "libnvrtc-builtins.so.13.5",
            "libnvrtc.so.x",
        ] {
            touch(&root.path().join("lib64").join(name));
        }
        let found = libraries_at(root.path());
        assert_eq!(names(&found), ["libnvrtc.so.13", "libnvrtc.so.9", "libnvrtc.so"]);
        assert_eq!(libraries_at(&found[1]), [found[1].clone()]);
        assert!(libraries_at(Path::new("relative.so"))[0].is_absolute());
    }

    #[test]
    fn toolkits_come_before_python_environments() {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        let expected = [
            "home/lib64",
            "toolkits/cuda-13.0/lib64",
            "toolkits/cuda-12.8/lib64",
            "toolkits/cuda/lib64",
            "env/lib/python3.12/site-packages/nvidia/cu13/lib",
            "env/lib/python3.12/site-packages/nvidia/cuda_nvrtc/lib",
            "project/target/venv/lib/python3.11/site-packages/nvidia/cu13/lib",
            "project/.venv/lib/python3.11/site-packages/nvidia/cuda_nvrtc/lib",
        ]
        .map(at);
        for folder in &expected {
            fs::create_dir_all(folder).unwrap();
        }
        fs::create_dir_all(at("toolkits/other/lib64")).unwrap();
        let variable = |name: &str| match name {
            "CUDA_HOME" => Some(at("home").into_os_string()),
            "CUDA_PATH" => Some(OsString::new()),
            "VIRTUAL_ENV" => Some(at("env").into_os_string()),
            _ => None,
        };
        let found = places(variable, &at("toolkits"), &at("project"));
        assert!(found.iter().map(|place| &place.folder).eq(&expected), "{found:#?}");
        let (named, projects) = found.split_at(6);
        assert!(named.iter().all(|place| place.project.is_none()));
        assert!(projects.iter().all(|place| place.project == Some(at("project"))));
    }
}
