//! What is refused, with which words; and what is not compiled a second time.

use std::path::Path;
use std::process::Command;

use buffer_runtime::cache::CacheOptions;
use buffer_runtime::compiler::CompilerError;
use buffer_runtime::{
    CpuDevice, CpuOptions, DeviceError, Entry, LaunchError, Plan, Precision, Real, Unknown, args, device_source,
    settings,
};
use integration_tests::kernels::{
    self, Batch, CHANNELS, CascadeConfig, CascadeInputs, ThomasConfig, ThomasInputs, UNKNOWNS,
};

fn in_memory() -> CacheOptions {
    CacheOptions { disk: false, ..CacheOptions::default() }
}

fn cached_in(directory: &Path) -> CacheOptions {
    CacheOptions { directory: Some(directory.into()), ..CacheOptions::default() }
}

/// A device, or `None` after saying that the test does not run.
fn device(test: &str, cache: CacheOptions) -> Option<CpuDevice> {
    match CpuDevice::with_options(CpuOptions::default(), cache) {
        Ok(device) => Some(device),
        Err(error) => {
            eprintln!("SKIPPED {test}: {error}");
            None
        }
    }
}

fn thomas_plan() -> Plan<ThomasConfig> {
    Plan::new(ThomasConfig::new(ThomasInputs { n: UNKNOWNS }).unwrap(), Precision::F64).unwrap()
}

/// Names the child process below.
const CHILD: &str = "DEVICE_ERRORS_CHILD";

#[test]
fn without_a_compiler_the_error_says_what_to_install() {
    let test = "without_a_compiler_the_error_says_what_to_install";
    if std::env::var_os(CHILD).is_some() {
        let error = CpuDevice::open().unwrap_err();
        assert!(matches!(error, DeviceError::Compiler(CompilerError::NoCompiler { .. })), "{error:?}");
        println!("{error}");
        return;
    }
    // The compiler is found by the environment, which a process cannot change for one test alone.
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, "1")
        .env("CXX", "/nonexistent/c++")
        .env("PATH", "")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{text}{}", String::from_utf8_lossy(&child.stderr));
    for part in ["no C++17 compiler was found", "/nonexistent/c++: not found", "clang++: not found", "apt install g++"]
    {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
}

#[test]
fn a_failing_compilation_shows_the_users_file_and_line() {
    let Some(device) = device("a_failing_compilation_shows_the_users_file_and_line", in_memory()) else { return };
    let broken = include_str!("../../examples/thomas.cuh").replace("b.ratio[0] =", "b.ration[0] =");
    let line = 1 + broken.lines().position(|line| line.contains("b.ration[0]")).unwrap();
    let entry = Entry::new("broken")
        .source("solvers/broken.cuh", broken)
        .input::<Real>("lower", UNKNOWNS)
        .input::<Real>("diagonal", UNKNOWNS)
        .input::<Real>("upper", UNKNOWNS)
        .input::<Real>("rhs", UNKNOWNS)
        .output::<Real>("x", UNKNOWNS)
        .output::<Real>("error", 1);
    let error = device.compile(&thomas_plan(), &entry).unwrap_err();
    assert!(matches!(error, DeviceError::Compiler(CompilerError::Failed { .. })), "{error:?}");
    let text = error.to_string();
    assert!(text.contains(&format!("solvers/broken.cuh:{line}")), "{text}");
    assert!(text.contains("b.ration[0] = upper[0] * factor;"), "{text}");
    assert_eq!(device.compilations(), 0, "a failure is not kept");
}

#[test]
fn a_failing_compilation_of_a_rust_string_shows_the_rust_line() {
    let Some(device) = device("a_failing_compilation_of_a_rust_string", in_memory()) else { return };
    let (file, line, text) = device_source!(
        "template <class Buffers> struct thomas_solver {
            BR_DEVICE static void run(const frame& f, typename Buffers::state_type& s, const output_array<scalar>& x) {
                x[0] = undeclared_name + scalar(1);
            }
        };"
    );
    let entry = Entry::new("broken").source_at(file, line, text).output::<Real>("x", 1);
    let error = device.compile(&thomas_plan(), &entry).unwrap_err().to_string();
    assert!(error.contains(&format!("{}:{}", file!(), line + 2)), "{error}");
    assert!(error.contains("x[0] = undeclared_name + scalar(1);"), "{error}");
}

#[test]
fn an_unusable_cache_folder_is_a_warning() {
    let test = "an_unusable_cache_folder_is_a_warning";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let shared = folder.path().join("shared");
    std::fs::create_dir(&shared).unwrap();
    set_mode(&shared, 0o777);
    for unusable in [file.clone(), file.join("below"), shared, "/proc/no-such-folder".into()] {
        let Some(device) = device(test, cached_in(&unusable)) else { return };
        launch_thomas(&device);
        let warnings = device.cache_warnings();
        assert!(!warnings.is_empty(), "{}", unusable.display());
        let text = warnings[0].to_string();
        assert!(text.contains("not kept on disk"), "{text}");
    }
}

#[test]
fn a_missing_cache_folder_is_made_and_a_read_only_one_does_no_harm() {
    let test = "a_missing_cache_folder_is_made_and_a_read_only_one_does_no_harm";
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("not/yet/there");
    let Some(first) = device(test, cached_in(&missing)) else { return };
    launch_thomas(&first);
    assert!(first.cache_warnings().is_empty(), "{:?}", first.cache_warnings());
    assert!(missing.is_dir());

    let read_only = folder.path().join("read-only");
    std::fs::create_dir(&read_only).unwrap();
    set_mode(&read_only, 0o500);
    let Some(second) = device(test, cached_in(&read_only)) else { return };
    launch_thomas(&second);
    // The superuser may write anyway; for everybody else the kernel is not kept.
    let stored = std::fs::read_dir(&read_only).unwrap().next().is_some();
    assert_eq!(second.cache_warnings().is_empty(), stored, "{:?}", second.cache_warnings());
    set_mode(&read_only, 0o700);
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn launch_thomas(device: &CpuDevice) {
    let kernel = device.compile(&thomas_plan(), &kernels::thomas_entry(UNKNOWNS)).unwrap();
    let batch = Batch::seeded(&kernels::thomas_entry(UNKNOWNS), Precision::F64, 5, &[("diagonal", 3.0, 4.0)], 1);
    assert_eq!(batch.launched(&kernel).unwrap().unwritten(), None);
}

#[test]
fn wrong_arrays_are_refused_before_anything_runs() {
    let Some(device) = device("wrong_arrays_are_refused_before_anything_runs", in_memory()) else { return };
    let kernel = device.compile(&thomas_plan(), &kernels::thomas_entry(UNKNOWNS)).unwrap();
    let runs = 4;
    let a = vec![3.0; UNKNOWNS * runs];
    let (short, single) = (vec![3.0; UNKNOWNS * runs - 1], vec![3.0_f32; UNKNOWNS * runs]);
    let (mut x, mut error) = (vec![-1.0; UNKNOWNS * runs], vec![-1.0; runs]);
    let refused = |what: &str, arguments: buffer_runtime::Arguments<'_>| -> LaunchError {
        match kernel.launch(runs, arguments) {
            Err(DeviceError::Launch(error)) => error,
            other => panic!("{what}: {other:?}"),
        }
    };
    let found = refused("name", args! { lower: &a, diagnal: &a, upper: &a, rhs: &a, x: &mut x, error: &mut error });
    assert!(matches!(&found, LaunchError::UnknownArgument { name, .. } if name == "diagnal"), "{found}");
    assert!(found.to_string().contains("did you mean `diagonal`?"), "{found}");
    let found = refused("missing", args! { lower: &a, upper: &a, rhs: &a, x: &mut x, error: &mut error });
    assert!(matches!(&found, LaunchError::MissingArgument { name } if name == "diagonal"), "{found}");
    let found = refused("twice", args! { lower: &a, lower: &a });
    assert!(matches!(&found, LaunchError::DuplicateArgument { name } if name == "lower"), "{found}");
    let found = refused("type", args! { lower: &single });
    assert!(matches!(&found, LaunchError::WrongElement { name, .. } if name == "lower"), "{found}");
    assert!(found.to_string().contains("holds f32 elements, the kernel takes f64"), "{found}");
    let found = refused("length", args! { lower: &short });
    assert!(found.to_string().contains("23 elements; 6 components × 4 runs needs 24"), "{found}");
    let found = refused("read-only", args! { lower: &a, diagonal: &a, upper: &a, rhs: &a, x: &a });
    assert!(found.to_string().contains("pass it as `x: &mut x`"), "{found}");
    let none: [f64; 0] = [];
    let found = match kernel.launch(usize::MAX, args! { lower: &none }) {
        Err(DeviceError::Launch(error)) => error,
        other => panic!("{other:?}"),
    };
    assert!(matches!(found, LaunchError::TooManyRuns { .. }), "{found}");
    assert!(x.iter().chain(&error).all(|value| *value == -1.0), "a refused launch wrote something");
}

#[test]
fn no_runs_at_all_are_fine() {
    let Some(device) = device("no_runs_at_all_are_fine", in_memory()) else { return };
    let kernel = device.compile(&thomas_plan(), &kernels::thomas_entry(UNKNOWNS)).unwrap();
    let batch = Batch::seeded(&kernels::thomas_entry(UNKNOWNS), Precision::F64, 0, &[], 1);
    assert!(batch.arrays.iter().all(|array| array.values.is_empty()));
    batch.launch(&kernel).unwrap();
}

#[test]
fn an_impossible_option_is_refused() {
    if device("an_impossible_option_is_refused", in_memory()).is_none() {
        return;
    }
    for (options, part) in [
        (CpuOptions { vector_bytes: Some(48), ..CpuOptions::default() }, "vector_bytes = 48"),
        (CpuOptions { pack: Some(0), ..CpuOptions::default() }, "pack = 0"),
        (CpuOptions { pack: Some(5), ..CpuOptions::default() }, "a pack has 1 to 4 native vectors"),
        (CpuOptions { threads: Some(0), ..CpuOptions::default() }, "threads = 0"),
    ] {
        let error = CpuDevice::with_options(options, in_memory()).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn the_same_settings_never_compile_twice() {
    let test = "the_same_settings_never_compile_twice";
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let Some(first) = device(test, cached_in(&cache)) else { return };
    let entry = kernels::cascade_entry(CHANNELS);
    let mut plan = Plan::new(CascadeConfig::new(CascadeInputs { n: CHANNELS }).unwrap(), Precision::F64).unwrap();
    let mut kernel = first.compile(&plan, &entry).unwrap();
    first.compile(&plan, &entry).unwrap();
    assert_eq!(first.compilations(), 1);

    let batch = Batch::seeded(&entry, Precision::F64, 9, &[("seed", 1.0, 1e6)], 2);
    let before = batch.launched(&kernel).unwrap();
    let launch_time = settings! { gain: 0.5, "filter.limiter.bound": 0.25, filter_taps: vec![0.6, 0.3, 0.1] };
    plan.update(&launch_time, Unknown::Error).unwrap();
    kernel.set_arguments(&plan).unwrap();
    let after = batch.launched(&kernel).unwrap();
    assert!(before.difference(&after).is_some(), "a launch-time setting has its effect");
    assert_eq!(after.difference(&batch.launched(&first.compile(&plan, &entry).unwrap()).unwrap()), None);
    assert_eq!(first.compilations(), 1, "a launch-time setting compiles nothing");

    plan.update(&settings! { sum_location: "shared" }, Unknown::Error).unwrap();
    let moved = first.compile(&plan, &entry).unwrap();
    assert_eq!(first.compilations(), 2, "another placement is another kernel");
    assert_eq!(after.difference(&batch.launched(&moved).unwrap()), None);
    plan.update(&settings! { sum_location: "local" }, Unknown::Error).unwrap();
    first.compile(&plan, &entry).unwrap();
    assert_eq!(first.compilations(), 2, "the first one again");

    let Some(second) = device(test, cached_in(&cache)) else { return };
    let from_disk = second.compile(&plan, &entry).unwrap();
    assert_eq!(second.compilations(), 0, "{:?}", second.cache_warnings());
    assert_eq!(after.difference(&batch.launched(&from_disk).unwrap()), None);
}
