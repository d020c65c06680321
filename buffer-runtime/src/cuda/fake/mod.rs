//! The host side against a driver that pretends: what a machine without a card can still test.

use std::{
    env,
    path::Path,
    process::{Command, Output},
};

use super::CudaDevice;
use crate::compiler::{HostCompiler, HostOptions};

/// A folder with the fake as `libcuda.so`.
fn driver(source: &str) -> tempfile::TempDir {
    let compiler = HostCompiler::find().unwrap();
    let folder = tempfile::tempdir().unwrap();
    compiler.compile_shared_object(source, &HostOptions::default(), &folder.path().join("libcuda.so")).unwrap();
    folder
}

/// Runs this test binary where the loader finds the fake first.
fn run_with(driver: &Path, start: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(arguments).arg("--nocapture").env("LD_LIBRARY_PATH", driver).env("FAKE_DRIVER", start);
    command.output().unwrap()
}

/// The module of these tests, as the test binary names it.
fn module() -> &'static str {
    module_path!().split_once("::").unwrap().1
}

#[test]
#[ignore = "run by the other tests as a child process"]
fn child_opens() {
    match CudaDevice::open(0) {
        Ok(device) => println!("opened {}", device.name()),
        Err(error) => println!("refused: {error}"),
    }
}

#[test]
fn a_driver_that_cannot_be_used_is_a_typed_error() {
    let complete = driver(include_str!("driver.cpp"));
    let empty = driver("int nothing;");
    for (driver, start, expected) in [
        (&complete, "", "opened Fake"),
        (&complete, "no card", "refused: the NVIDIA driver finds no card"),
        (&complete, "old", "refused: the NVIDIA driver supports CUDA 11.2; 11.4 or newer is needed"),
        (&empty, "", "refused: no usable NVIDIA driver: libcuda.so lacks functions"),
    ] {
        let name = format!("{}::child_opens", module());
        let output = run_with(driver.path(), start, &["--exact", &name, "--ignored"]);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains(expected), "{start}: {text}");
    }
}

/// The tests of a card, run on the fake one.
#[test]
fn the_host_side_works() {
    let driver = driver(include_str!("driver.cpp"));
    let tests = module().replace("::fake", "::tests::");
    // The fake has no occupancy of its own.
    let output = run_with(driver.path(), "", &[&tests, "--skip", "the_model_agrees_with_the_driver"]);
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}");
    assert!(!text.contains("skipped: no usable NVIDIA driver"), "{text}");
}
