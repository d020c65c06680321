//! The lane vocabulary of the device source: what it computes, what it refuses, and the instructions it becomes.

#[path = "../device/host.rs"]
mod host;

use std::collections::BTreeMap;

use host::{Build, Compiler, has_avx512, scratch};

const ONE_LANE: Build<'_> = Build { real: "float", vector_bytes: 0, pack: 1, flags: &["-O1"] };
const PACK: Build<'_> = Build { real: "float", vector_bytes: 16, pack: 1, flags: &["-O1"] };

#[test]
fn every_operation_is_right_in_every_lane() {
    let Some(compiler) = Compiler::find() else { return };
    for real in ["float", "double"] {
        for (vector_bytes, pack) in [(0, 1), (16, 2), (32, 3), (64, 1)] {
            compiler.run("vocabulary.cpp", Build { real, vector_bytes, pack, flags: &["-O1"] });
        }
    }
}

#[test]
fn no_operation_is_undefined() {
    let Some(compiler) = Compiler::find() else { return };
    let flags: &[&str] = &["-O1", "-DBR_POISON=1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    let probe = scratch("sanitizers", ONE_LANE);
    let source = probe.with_extension("cpp");
    std::fs::write(&source, "int main() {}").unwrap();
    if compiler.compile(&source, &probe, Build { flags, ..ONE_LANE }).is_err() {
        eprintln!("skipped: the C++ compiler has no sanitizers");
        return;
    }
    for (real, vector_bytes) in [("double", 0), ("float", 32)] {
        compiler.run("vocabulary.cpp", Build { real, vector_bytes, pack: 1, flags });
    }
}

/// A statement in a function with `x`, `y` of type real and `m` a mask, the build that refuses it, and what the message names.
const REFUSED: [(&str, Build<'_>, &str); 12] = [
    ("if (x < y) x = y;", PACK, "select(m, a, b)"),
    ("if (m) x = y;", PACK, "select(m, a, b)"),
    ("if (m) x = y;", ONE_LANE, "select(m, a, b)"),
    ("while (m && true) x = y;", ONE_LANE, "if (any(m))"),
    ("x = m ? x : y;", PACK, "select(m, a, b)"),
    ("x = x * 0.1;", PACK, "write scalar(0.1) instead of 0.1"),
    ("x = 0.1;", PACK, "write scalar(0.1) instead of 0.1"),
    ("x = fma(x, 0.1, y);", PACK, "write scalar(0.1) instead of 0.1"),
    ("x = fma(x, 0.1, y);", ONE_LANE, "write scalar(0.1) instead of 0.1"),
    ("x = pow(x, 0.1);", ONE_LANE, "write scalar(0.1) instead of 0.1"),
    ("i32 i = convert<int>(x);", PACK, "use to_int(x, lo, hi)"),
    ("f64 d = x;", PACK, "pack<double>"),
];

#[test]
fn what_differs_between_machines_is_refused() {
    let Some(compiler) = Compiler::find() else { return };
    let compile = |name: &str, statement: &str, build: Build<'_>| {
        let object = scratch(name, build).with_extension("o");
        let source = object.with_extension("cpp");
        let text = format!(
            "#include \"device.hpp\"\nnamespace lanes {{\nvoid kernel(real& x, const real& y, const mask& m) {{\n{statement}\nx = select(m, x, y);\n}}\n}}\n"
        );
        std::fs::write(&source, text).unwrap();
        compiler.compile(&source, &object, Build { flags: &["-c"], ..build })
    };
    for build in [ONE_LANE, PACK] {
        compile("accepted", "x = fma(x, scalar(0.1), 1) * 2 - pow(x, 2);", build).unwrap();
    }
    for (index, (statement, build, message)) in REFUSED.into_iter().enumerate() {
        match compile(&format!("refused-{index}"), statement, build) {
            Ok(()) => panic!("`{statement}` compiles with {build:?}"),
            Err(messages) => {
                assert!(messages.contains(message), "`{statement}` is refused without saying `{message}`:\n{messages}")
            }
        }
    }
}

/// The instructions of each function `op_…` in a listing of x86 assembly.
fn instructions(assembly: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut functions = BTreeMap::new();
    let mut current: Option<(&str, Vec<&str>)> = None;
    for line in assembly.lines() {
        if let Some(name) = line.strip_suffix(':').filter(|name| name.starts_with("op_")) {
            current = Some((name, Vec::new()));
        } else if line.contains(".cfi_endproc") {
            functions.extend(current.take());
        } else if let Some((_, body)) = &mut current {
            let mnemonic = line.split_whitespace().next().unwrap_or_default();
            if line.starts_with('\t') && !mnemonic.starts_with('.') {
                body.push(mnemonic);
            }
        }
    }
    functions
}

#[test]
fn operations_are_single_vector_instructions() {
    let Some(compiler) = Compiler::find() else { return };
    if !cfg!(target_arch = "x86_64") || !compiler.has_fma() {
        eprintln!("skipped: the test reads x86 assembly with FMA");
        return;
    }
    let widest: &[(u32, &[&str])] = &[(64, &["-O2", "-S"]), (32, &["-O2", "-S"]), (16, &["-O2", "-S"])];
    for real in ["double", "float"] {
        for &(vector_bytes, flags) in widest.iter().filter(|(bytes, _)| *bytes < 64 || has_avx512()) {
            let build = Build { real, vector_bytes, pack: 1, flags };
            let listing = scratch(&format!("codegen-{real}-{vector_bytes}"), build);
            compiler.compile(&host::directory().join("codegen.cpp"), &listing, build).unwrap();
            let assembly = std::fs::read_to_string(&listing).unwrap();
            let functions = instructions(&assembly);
            assert_eq!(functions.len(), 15, "functions in the listing of {build:?}");
            for (name, wanted) in [
                ("op_add", "vaddp"),
                ("op_fma", "vfmadd"),
                ("op_sqrt", "vsqrtp"),
                ("op_rint", "v"),
                ("op_floor", "v"),
                ("op_min", "vminp"),
            ] {
                let body = &functions[name];
                assert!(body.iter().any(|i| i.starts_with(wanted)), "{name} of {build:?} has no {wanted}: {body:?}");
                assert!(body.len() <= 6, "{name} of {build:?} is {body:?}");
            }
            for (name, body) in &functions {
                // The longest is a conversion of a mask to narrower integers.
                assert!(body.len() <= 20, "{name} of {build:?} is {body:?}");
                let forbidden =
                    |i: &&&str| i.starts_with('j') || i.starts_with("call") || i.ends_with("sd") || i.ends_with("ss");
                let scalar: Vec<_> = body.iter().filter(forbidden).filter(|i| !i.starts_with("vbroadcast")).collect();
                assert!(scalar.is_empty(), "{name} of {build:?} works lane by lane: {scalar:?} in {body:?}");
            }
        }
    }
}
