//! The elementary functions of the device source: their error, and the equality of their bits over all ways to build a kernel.

#[path = "../device/host.rs"]
mod host;

use host::{Build, Compiler, has_avx512};

/// The widest vectors of this machine.
fn native_bytes() -> u32 {
    if has_avx512() {
        64
    } else if cfg!(target_arch = "x86_64") {
        32
    } else {
        16
    }
}

#[test]
fn errors_stay_below_four_ulp() {
    let Some(compiler) = Compiler::find() else { return };
    for real in ["double", "float"] {
        print!(
            "{}",
            compiler.run("math_ulp.cpp", Build { real, vector_bytes: native_bytes(), pack: 1, flags: &["-O2"] })
        );
    }
}

#[test]
fn bits_do_not_depend_on_the_build() {
    let Some(compiler) = Compiler::find() else { return };
    let narrow: &[&str] = if has_avx512() { &["-O2", "-mno-avx512f"] } else { &["-O2"] };
    let trapping: &[&str] = &["-O1", "-fno-trapping-math"];
    for (real, other) in [("double", "-DALSO=float"), ("float", "-DALSO=double")] {
        let build = |vector_bytes, pack, flags| Build { real, vector_bytes, pack, flags };
        let both = ["-O2", other];
        let one_lane = compiler.run("bits.cpp", build(0, 1, &both));
        assert_eq!(one_lane.lines().count(), 47, "23 functions in two precisions and a kernel:\n{one_lane}");
        for other_build in [
            build(native_bytes(), 1, &both),
            build(native_bytes(), 2, trapping),
            build(native_bytes(), 3, &["-O3"]),
            build(32, 1, narrow),
            build(16, 3, &["-O1"]),
        ] {
            for line in compiler.run("bits.cpp", other_build).lines() {
                assert!(
                    one_lane.lines().any(|expected| expected == line),
                    "`{line}` of {other_build:?} is not in\n{one_lane}"
                );
            }
        }
    }
}

#[test]
fn the_vendors_functions_are_close() {
    let Some(compiler) = Compiler::find() else { return };
    if !cfg!(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu")) {
        eprintln!("skipped: the vector library is glibc's for x86-64");
        return;
    }
    for real in ["double", "float"] {
        let flags = &["-O2", "-DBR_MATH_NATIVE=1", "-lmvec", "-lm"];
        compiler.run("math_native.cpp", Build { real, vector_bytes: native_bytes(), pack: 1, flags });
    }
}
