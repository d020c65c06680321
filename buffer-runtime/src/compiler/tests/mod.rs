//! Compilations with the compiler of this host; without one they skip and say so.

mod kept;

use std::{fs, path::Path, process::Command};

use super::*;
use crate::cache::{Artifact, CacheOptions, KernelCache};

/// The host's compiler, which every machine that builds this has.
fn compiler() -> HostCompiler {
    HostCompiler::find().unwrap()
}

const ENTRY: &str = "extern \"C\" __attribute__((visibility(\"default\"))) ";

#[test]
fn the_host_compiler_knows_itself() {
    let compiler = compiler();
    assert!(compiler.path().is_absolute());
    assert!(compiler.version().major >= 5, "{}", compiler.version());
    assert!(compiler.identity().contains(&compiler.version().to_string()));
    assert!(!compiler.target().identity().contains("native"));
    #[cfg(target_arch = "x86_64")]
    {
        // The compiler may know less than the processor has, never more.
        let widest = if std::is_x86_feature_detected!("avx512f") {
            64
        } else if std::is_x86_feature_detected!("avx2") {
            32
        } else {
            16
        };
        assert!(compiler.vector_bytes() <= widest);
        assert!(std::is_x86_feature_detected!("fma"));
    }
}

#[test]
fn nothing_found_says_what_to_install() {
    let error = HostCompiler::first_of(["no-such-compiler-1", "/no/such/compiler-2 -x"]).unwrap_err();
    let text = error.to_string();
    assert!(matches!(&error, CompilerError::NoCompiler { rejections } if rejections.len() == 2), "{text}");
    for part in [
        "no-such-compiler-1: not found",
        "/no/such/compiler-2 -x: not found",
        "apt install g++",
        "dnf install",
        "xcode-select",
    ] {
        assert!(text.contains(part), "{part:?} is missing in {text}");
    }
}

#[test]
fn a_command_that_is_no_compiler_is_passed_over() {
    let compiler = compiler();
    let path = compiler.path().to_str().unwrap();
    let found = HostCompiler::first_of(["", "true", "cat", path]).unwrap();
    assert_eq!(found.path(), compiler.path());
    let passed_over: Vec<_> = found.passed_over().iter().map(|rejection| rejection.command.as_str()).collect();
    assert_eq!(passed_over, ["", "true", "cat"]);
    let error = HostCompiler::first_of(["true"]).unwrap_err();
    assert!(error.to_string().contains("neither GCC nor Clang"), "{error}");
    let broken = format!("{path} -fno-such-flag");
    let error = HostCompiler::first_of([broken.as_str()]).unwrap_err();
    assert!(error.to_string().contains("-fno-such-flag"), "{error}");
}

#[test]
fn an_executable_may_have_spaces_in_its_path() {
    let compiler = compiler();
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("my tools").join("g++");
    fs::create_dir(link.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(compiler.path(), &link).unwrap();
    let found = HostCompiler::first_of([link.to_str().unwrap()]).unwrap();
    assert_eq!(found.path(), link);
}

#[test]
fn arguments_of_the_command_are_part_of_the_key() {
    let compiler = compiler();
    let path = compiler.path().display();
    let keys = ["", " -DA", " -DB", " -DA -DB"].map(|arguments| {
        let compiler = HostCompiler::first_of([format!("{path}{arguments}").as_str()]).unwrap();
        compiler.key("int x;", &HostOptions::default()).unwrap()
    });
    for (index, key) in keys.iter().enumerate() {
        assert!(!keys[..index].contains(key), "{index}");
    }
    assert_eq!(keys[0], compiler.key("int x;", &HostOptions::default()).unwrap());
}

#[test]
#[cfg(target_arch = "x86_64")]
fn a_target_without_fma_is_an_error() {
    let compiler = compiler();
    // A later -march=native would bring it back; -mno-fma does not yield.
    let command = format!("{} -mno-fma", compiler.path().display());
    let error = HostCompiler::first_of([command.as_str()]).unwrap_err();
    assert!(matches!(error, CompilerError::HostWithoutFma { .. }), "{error}");
}

#[test]
fn a_shared_object_computes() {
    let compiler = compiler();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("k.so");
    let source = format!("{ENTRY} double scaled(double x) {{ return WEIGHT * x; }}\nint hidden() {{ return 1; }}\n");
    let options = HostOptions { extra: vec!["-DWEIGHT=3.0".into()], ..HostOptions::default() };
    let output = compiler.compile_shared_object(&source, &options, &out).unwrap();
    assert_eq!(output, CompileOutput { frame_bytes: output.frame_bytes, ..CompileOutput::default() });
    assert_eq!(output.frame_bytes.is_some(), compiler.kind() == CompilerKind::Gcc);
    let mut left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["k.cpp", "k.so"]);
    // A library without use is not loaded with it.
    let needs_cpp = String::from_utf8_lossy(&fs::read(&out).unwrap()).contains("libstdc++");
    assert!(!needs_cpp || cfg!(not(target_os = "linux")));
    // SAFETY: the object was compiled from the lines above, and `scaled` has this signature; no other symbol is called.
    unsafe {
        let object = SharedObject::open(&out).unwrap();
        let scaled = object.symbol::<extern "C" fn(f64) -> f64>("scaled").unwrap();
        assert_eq!(scaled(14.0), 42.0);
        for name in ["hidden", "_Z6hiddenv", "", "a\0b"] {
            let error = object.symbol::<extern "C" fn() -> i32>(name).unwrap_err();
            assert!(matches!(error, SharedObjectError::Symbol { .. }), "{error}");
        }
    }
}

#[test]
fn what_cannot_be_loaded_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("not.so");
    fs::write(&file, "text").unwrap();
    // SAFETY: neither path is a loadable object, so no code runs.
    let (text, missing) =
        unsafe { (SharedObject::open(&file).unwrap_err(), SharedObject::open(Path::new("no-such.so")).unwrap_err()) };
    assert!(matches!(text, SharedObjectError::Open { .. }), "{text}");
    assert!(matches!(missing, SharedObjectError::Io { .. }), "{missing}");
}

#[test]
fn multiply_and_add_are_not_contracted() {
    let compiler = compiler();
    let folder = tempfile::tempdir().unwrap();
    // x² rounds to 1, so x·x - 1 is 0 in two roundings and -2⁻⁶⁰ in one.
    let x = 1.0 - 2f64.powi(-30);
    let square = x * x;
    assert_eq!(x.mul_add(x, -square), 2f64.powi(-60));
    for optimisation in [Optimisation::O1, Optimisation::O2, Optimisation::O3] {
        let out = folder.path().join(format!("{optimisation:?}.so"));
        let source = format!("{ENTRY} double f(double x, double y) {{ return x * x - y; }}");
        compiler.compile_shared_object(&source, &HostOptions { optimisation, ..HostOptions::default() }, &out).unwrap();
        // SAFETY: compiled from the line above, with this signature.
        let result = unsafe {
            SharedObject::open(&out).unwrap().symbol::<extern "C" fn(f64, f64) -> f64>("f").unwrap()(x, square)
        };
        assert_eq!(result, 0.0, "{optimisation:?}");
    }
}

#[test]
fn every_vector_width_compiles_for_itself() {
    let compiler = compiler();
    let folder = tempfile::tempdir().unwrap();
    let source = format!(
        "{ENTRY} int width() {{\n#if defined(__AVX512F__)\n return 64;\n#elif defined(__AVX2__)\n return 32;\n#else\n return 16;\n#endif\n}}"
    );
    for width in compiler.target().vector_widths() {
        let out = folder.path().join(format!("{width}.so"));
        let options = HostOptions { vector_bytes: Some(width), ..HostOptions::default() };
        compiler.compile_shared_object(&source, &options, &out).unwrap();
        // SAFETY: compiled from the lines above, with this signature.
        let seen = unsafe { SharedObject::open(&out).unwrap().symbol::<extern "C" fn() -> i32>("width").unwrap()() };
        // AVX2 is not switched off for 16 bytes: its encodings suit narrow vectors too.
        assert_eq!(seen.max(16), i32::try_from(width.max(compiler.vector_bytes().min(32))).unwrap(), "{width}");
    }
}

#[test]
fn an_error_shows_the_users_line() {
    let compiler = compiler();
    let folder = tempfile::tempdir().unwrap();
    let source = "int before;\n#line 12 \"my_step.cuh\"\nint f() {\n  return undeclared_name;\n}\n";
    let error =
        compiler.compile_shared_object(source, &HostOptions::default(), &folder.path().join("k.so")).unwrap_err();
    let CompilerError::Failed { log, .. } = &error else { panic!("{error}") };
    assert!(log.contains("my_step.cuh:13:10: error: "), "{log}");
    assert!(log.contains("\n  13 |   return undeclared_name;\n     |          ^"), "{log}");
    assert!(error.to_string().starts_with(&compiler.identity()));
    assert!(!folder.path().join("k.so").exists());
}

#[test]
fn warnings_are_collected() {
    let compiler = compiler();
    let folder = tempfile::tempdir().unwrap();
    let source = "#line 5 \"user.cuh\"\nint f(int x) { return x / 0; }\n";
    let output = compiler.compile_shared_object(source, &HostOptions::default(), &folder.path().join("k.so")).unwrap();
    let [warning] = output.warnings.as_slice() else { panic!("{}", output.log) };
    assert_eq!((warning.file.as_str(), warning.line, warning.severity), ("user.cuh", 5, Severity::Warning));
    assert!(output.log.contains("5 | int f(int x) { return x / 0; }"), "{}", output.log);
}

#[test]
fn sanitizers_end_the_program() {
    let compiler = compiler();
    let folder = tempfile::tempdir().unwrap();
    let source = "int main(int count, char**) { int volatile a[4] = {}; int volatile i = 3 + count; return a[i]; }";
    let compile = |sanitizers: &[Sanitizer], name: &str| {
        let out = folder.path().join(name);
        compiler.compile_executable(source, &HostOptions::default(), sanitizers, &out).map(|_| out)
    };
    for sanitizer in [Sanitizer::Address, Sanitizer::Undefined] {
        let out = match compile(&[sanitizer], "checked") {
            Ok(out) => out,
            Err(error) => {
                eprintln!("skipped: the sanitizer's library is missing: {error}");
                continue;
            }
        };
        let run = Command::new(&out).output().unwrap();
        let text = String::from_utf8_lossy(&run.stderr);
        assert!(!run.status.success(), "{sanitizer:?}");
        assert!(text.contains("checked.cpp"), "{sanitizer:?}: {text}");
    }
    assert!(compile(&[], "plain").is_ok());
}

#[test]
fn options_and_target_take_part_in_the_key() {
    let compiler = compiler();
    let default = HostOptions::default();
    let key = compiler.key("int x;", &default).unwrap();
    assert_eq!(key, compiler.key("int x;", &default).unwrap());
    assert_ne!(key, compiler.key("int y;", &default).unwrap());
    assert_ne!(
        key,
        compiler.key("int x;", &HostOptions { optimisation: Optimisation::O1, ..default.clone() }).unwrap()
    );
    assert_ne!(key, compiler.key("int x;", &HostOptions { vector_bytes: Some(16), ..default }).unwrap());
}

#[test]
fn compiled_through_the_cache() {
    let compiler = compiler();
    let folder = tempfile::tempdir().unwrap();
    let source = format!("{ENTRY} int answer() {{ return 42; }}");
    let options = HostOptions::default();
    let mut compilations = 0;
    for _ in 0..2 {
        let cache =
            KernelCache::open(CacheOptions { directory: Some(folder.path().into()), ..CacheOptions::default() });
        let artifact = cache
            .get_or_build(&compiler.key(&source, &options).unwrap(), |scratch| -> Result<_, CompilerError> {
                compilations += 1;
                let out = scratch.join("kernel.so");
                compiler.compile_shared_object(&source, &options, &out)?;
                Artifact::new().with_file("kernel.so", &out).map_err(|source| CompilerError::Io { path: out, source })
            })
            .unwrap();
        // SAFETY: compiled from the line above, with this signature.
        let answer = unsafe {
            let object = SharedObject::open(&artifact.path("kernel.so").unwrap()).unwrap();
            object.symbol::<extern "C" fn() -> i32>("answer").unwrap()()
        };
        assert_eq!(answer, 42);
    }
    assert_eq!(compilations, 1);
}
