//! Compilations with NVRTC; without the library they skip and say so.

use std::{
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use super::*;

fn nvrtc() -> Option<Nvrtc> {
    Nvrtc::load().inspect_err(|error| eprintln!("skipped: {error}")).ok()
}

const KERNEL: &str = "extern \"C\" __global__ void scaled(double* x) { x[threadIdx.x] *= WEIGHT; }\n";

fn options() -> NvrtcOptions {
    NvrtcOptions { extra: vec!["-DWEIGHT=3.0".into()], ..NvrtcOptions::new(Architecture(90)) }
}

#[test]
fn it_knows_its_version_and_architectures() {
    let Some(nvrtc) = nvrtc() else { return };
    assert!(nvrtc.version() >= (11, 2));
    let architectures = nvrtc.supported_architectures();
    assert!(architectures.contains(&Architecture(90)) && architectures.is_sorted());
    assert_eq!(nvrtc.path(), Nvrtc::load().unwrap().path());
}

#[test]
fn machine_code_comes_with_its_resources() {
    let Some(nvrtc) = nvrtc() else { return };
    let source = include_str!("recorded/kernels.cu");
    let output = nvrtc.compile(source, "kernels.cu", &NvrtcOptions::new(Architecture(90))).unwrap();
    assert_eq!(&output.image[..4], b"\x7fELF");
    let kernel = |name: &str| output.resources.iter().find(|kernel| kernel.name == name).unwrap().clone();
    assert_eq!(output.resources.len(), 3);
    assert!(kernel("plain").registers > 0 && kernel("plain").stack_bytes == 0);
    assert!(kernel("spilling").registers <= 32 && kernel("spilling").total_spill_bytes() > 0);
    let with_calls = kernel("with_calls");
    assert!(with_calls.stack_bytes >= 64 * 8 && with_calls.shared_bytes >= 1024 && with_calls.functions.len() == 2);
    assert!(!output.log.contains('\0') && !output.log.contains("Compile time"));
    assert_eq!(nvrtc.compile(source, "kernels.cu", &NvrtcOptions::new(Architecture(90))).unwrap(), output);
}

#[test]
fn ptx_is_text() {
    let Some(nvrtc) = nvrtc() else { return };
    let output = nvrtc.compile(KERNEL, "k.cu", &NvrtcOptions { format: ImageFormat::Ptx, ..options() }).unwrap();
    let text = String::from_utf8(output.image).unwrap();
    assert!(text.contains(".target sm_90") && text.contains(".entry scaled") && !text.contains('\0'));
    assert_eq!(output.resources, []);
}

#[test]
fn multiply_and_add_are_not_contracted() {
    let Some(nvrtc) = nvrtc() else { return };
    let source =
        "extern \"C\" __global__ void k(double* x) { x[0] = x[1] * x[2] + x[3]; x[4] = fma(x[5], x[6], x[7]); }";
    let output = nvrtc.compile(source, "k.cu", &NvrtcOptions { format: ImageFormat::Ptx, ..options() }).unwrap();
    let text = String::from_utf8(output.image).unwrap();
    assert_eq!(text.matches("fma.rn.f64").count(), 1, "{text}");
    assert!(text.contains("mul.rn.f64") && text.contains("add.rn.f64"));
}

#[test]
fn an_error_shows_the_users_line_once() {
    let Some(nvrtc) = nvrtc() else { return };
    let source = "\n#line 12 \"my_step.cuh\"\nextern \"C\" __global__ void k(int* p) {\n  *p = undeclared_name;\n}\n";
    let error = nvrtc.compile(source, "generated.cu", &options()).unwrap_err();
    let NvrtcError::Failed { log, .. } = &error else { panic!("{error}") };
    assert!(log.contains("my_step.cuh(13): error: "), "{log}");
    assert_eq!(log.matches("*p = undeclared_name;").count(), 1, "{log}");
    assert!(error.to_string().contains("refuses generated.cu:\nmy_step.cuh(13)"), "{error}");
}

#[test]
fn warnings_are_collected() {
    let Some(nvrtc) = nvrtc() else { return };
    let source = "#line 5 \"user.cuh\"\nextern \"C\" __global__ void k(int* p) { int unused = 3; *p = 1; }\n";
    let output = nvrtc.compile(source, "generated.cu", &options()).unwrap();
    let [warning] = output.warnings.as_slice() else { panic!("{}", output.log) };
    assert_eq!((warning.file.as_str(), warning.line), ("user.cuh", 5));
}

#[test]
fn errors_of_ptxas_are_shown() {
    let Some(nvrtc) = nvrtc() else { return };
    let source = "extern \"C\" __global__ void k(int* p) {\n  __shared__ double big[10000];\n  big[p[0]] = 1; __syncthreads(); p[1] = big[p[2]];\n}";
    let error = nvrtc.compile(source, "k.cu", &options()).unwrap_err();
    assert!(error.to_string().contains("uses too much shared data"), "{error}");
}

/// A test runs on a thread of 2 MiB, where NVRTC alone would end the process.
#[test]
fn deeply_nested_source_compiles() {
    let Some(nvrtc) = nvrtc() else { return };
    let (open, close) = ("x[2] * (1.0 + ".repeat(1000), ")".repeat(1000));
    let source = format!("extern \"C\" __global__ void k(double* x) {{ x[0] = {open}x[1]{close}; }}");
    assert!(nvrtc.compile(&source, "k.cu", &options()).is_ok());
}

#[test]
fn bad_options_are_errors() {
    let Some(nvrtc) = nvrtc() else { return };
    let error = nvrtc
        .compile(KERNEL, "k.cu", &NvrtcOptions { extra: vec!["--no-such-option".into()], ..options() })
        .unwrap_err();
    assert!(error.to_string().contains("--no-such-option"), "{error}");
    let error = nvrtc.compile(KERNEL, "k.cu", &NvrtcOptions::new(Architecture(20))).unwrap_err();
    assert!(matches!(&error, NvrtcError::UnsupportedArchitecture { requested: Architecture(20), .. }), "{error}");
    assert!(error.to_string().contains("sm_20") && error.to_string().contains("sm_90"));
}

#[test]
fn nul_bytes_are_errors() {
    let Some(nvrtc) = nvrtc() else { return };
    let part = |source: &str, name: &str, options: &NvrtcOptions| match nvrtc.compile(source, name, options) {
        Err(NvrtcError::NulByte { part, offset }) => (part, offset),
        other => panic!("{other:?}"),
    };
    assert_eq!(part("int\0", "k.cu", &options()), (TextPart::Source, 3));
    assert_eq!(part(KERNEL, "\0", &options()), (TextPart::Name, 0));
    let cut = NvrtcOptions { extra: vec!["-D\0".into()], ..options() };
    assert_eq!(part(KERNEL, "k.cu", &cut), (TextPart::Option, 2));
}

#[test]
fn compilations_run_side_by_side() {
    let Some(nvrtc) = nvrtc() else { return };
    let images: Vec<_> = std::thread::scope(|scope| {
        let compile = || nvrtc.compile(KERNEL, "k.cu", &options()).unwrap().image;
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(compile)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(images.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn everything_takes_part_in_the_key() {
    let Some(nvrtc) = nvrtc() else { return };
    let key = nvrtc.key(KERNEL, "k.cu", &options());
    assert_eq!(key, nvrtc.key(KERNEL, "k.cu", &options()));
    assert_ne!(key, nvrtc.key("", "k.cu", &options()));
    assert_ne!(key, nvrtc.key(KERNEL, "l.cu", &options()));
    assert_ne!(key, nvrtc.key(KERNEL, "k.cu", &NvrtcOptions { line_info: false, ..options() }));
    assert_ne!(key, nvrtc.key(KERNEL, "k.cu", &NvrtcOptions { architecture: Architecture(80), ..options() }));
    assert_ne!(key, nvrtc.key(KERNEL, "k.cu", &NvrtcOptions { format: ImageFormat::Ptx, ..options() }));
}

#[test]
fn the_key_has_the_librarys_file() {
    let Some(nvrtc) = nvrtc() else { return };
    let file = nvrtc.functions().file().unwrap();
    assert!(file.is_file(), "{file:?}");
    if nvrtc.path().is_absolute() {
        assert_eq!(file.canonicalize().unwrap(), nvrtc.path().canonicalize().unwrap());
    }
}

#[test]
fn what_is_not_nvrtc_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("libnvrtc.so");
    std::fs::write(&text, "text").unwrap();
    let candidates = [PathBuf::from("libno-such-nvrtc.so"), text, PathBuf::from("libc.so.6")];
    let attempts = Nvrtc::first_of(candidates).unwrap_err();
    assert_eq!(attempts.len(), 3);
    if cfg!(target_os = "linux") {
        assert!(attempts[2].reason.contains("it lacks nvrtcGetErrorString"), "{}", attempts[2]);
    }
}

/// Runs this test binary on [`child_loads`] with another environment, which a test cannot change for itself.
fn loaded_elsewhere(variable: &str) -> String {
    loaded_in(variable, &std::env::current_dir().unwrap())
}

fn loaded_in(variable: &str, folder: &Path) -> String {
    let (_, module) = module_path!().split_once("::").unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("{module}::child_loads"), "--ignored", "--nocapture"])
        .env("BUFFER_RUNTIME_NVRTC", variable)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "run by another test as a child process"]
fn child_loads() {
    match Nvrtc::load() {
        Ok(nvrtc) => println!("loaded {nvrtc:?}"),
        Err(error) => println!("{error}"),
    }
}

#[test]
fn the_variable_decides() {
    let empty = tempfile::tempdir().unwrap();
    let text = loaded_elsewhere(empty.path().to_str().unwrap());
    assert!(text.contains("BUFFER_RUNTIME_NVRTC names") && text.contains("it has no libnvrtc.so*"), "{text}");
    let text = loaded_elsewhere("/no/such/libnvrtc.so.13");
    assert!(text.contains("/no/such/libnvrtc.so.13: "), "{text}");
    let Some(nvrtc) = nvrtc() else { return };
    if let Some(folder) = nvrtc.path().parent().filter(|folder| folder.is_absolute()) {
        let text = loaded_elsewhere(folder.to_str().unwrap());
        assert!(text.contains("loaded Nvrtc"), "{text}");
    }
}

#[test]
fn a_library_that_others_may_write_is_not_loaded_from_the_working_directory() {
    let project = tempfile::tempdir().unwrap();
    let folder = project.path().join(".venv/lib/python3.11/site-packages/nvidia/cu13/lib");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("libnvrtc.so.13"), "text").unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).unwrap();
    let text = loaded_in("", project.path());
    // Another library may be installed.
    assert!(text.contains("others may write") || text.contains("loaded Nvrtc"), "{text}");
    assert!(!text.contains("cu13/lib/libnvrtc.so.13: cannot") && !text.contains("invalid ELF"), "{text}");
}
