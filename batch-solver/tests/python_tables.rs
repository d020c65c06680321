//! Files of results as NumPy, pandas and polars read them: every number with its bits.
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use batch_solver::table::{TableFormat, TableWriter};
use batch_solver::{Batch, Frame, Solution, Solver, System, Table};
use buffer_runtime::{Settings, settings};
use integration_tests::python;
use support::{narrow_cpu, set};

/// Growth that is slow, fast, and beyond all numbers.
fn batch() -> Batch {
    Batch::grid().vary("k", [0.0, 0.1, 1.0 / 3.0, 40.0])
}

fn solution(precision: &str, saved: &Settings) -> Solution {
    let system = System::builder("growth").equations("dx = k*x^2; twice = 2*x").state("x", 1.0).parameter("k", 1.0);
    let mut solver = Solver::on(system.observables(["twice"]).build().unwrap(), narrow_cpu()).unwrap();
    set(&mut solver, &settings! { algorithm: "rk4", dt: 0.125, precision: precision });
    set(&mut solver, saved);
    solver.solve(&batch(), 0.0..2.0).unwrap()
}

/// The table in all formats, and its columns as bare numbers.
fn write(folder: &Path, name: &str, table: &Table<'_>) {
    for extension in ["csv", "npz", "parquet"] {
        let path = folder.join(name).with_extension(extension);
        let Ok(format) = TableFormat::from_path(&path) else {
            assert!(
                !python::is_required(),
                "a build without the feature `parquet` where Python's packages are required"
            );
            eprintln!("SKIPPED .{extension}: a build without the feature");
            continue;
        };
        let mut writer = TableWriter::new(format, File::create(&path).unwrap());
        writer.push(table).unwrap();
        writer.finish().unwrap();
    }
    let mut frame = Frame::default();
    frame.push(table).unwrap();
    let columns = frame.names().flat_map(|name| frame.column(name).unwrap());
    let bytes: Vec<u8> = columns.flat_map(|value| value.to_le_bytes()).collect();
    fs::write(folder.join(name).with_extension("expected"), bytes).unwrap();
}

#[test]
fn numpy_pandas_and_polars_read_every_number_with_its_bits() {
    let test = "numpy_pandas_and_polars_read_every_number_with_its_bits";
    let Some(python) = python::interpreter(test, &["numpy", "pandas", "polars", "pyarrow"]) else { return };
    let folder = tempfile::tempdir().unwrap();
    let nothing = Vec::<String>::new();
    for precision in ["f32", "f64"] {
        let times = solution(precision, &settings! { save_every: 0.5 });
        assert!(times.states::<f64>().is_none_or(|states| states.iter().any(|x| !x.is_finite())));
        write(folder.path(), &format!("times-{precision}"), &Table::new(&batch(), &times).unwrap());
        let last = solution(precision, &settings! { save_every: "none", t_eval: "none" });
        write(folder.path(), &format!("last-{precision}"), &Table::new(&batch(), &last).unwrap());
        let summaries = settings! { summaries: ["mean", "max"], save_variables: nothing.clone(), summarise_every: 1.0 };
        let summaries = solution(precision, &summaries);
        write(folder.path(), &format!("summaries-{precision}"), &Table::summaries(&batch(), &summaries).unwrap());
    }
    read(&python, folder.path());
}

fn read(python: &Path, folder: &Path) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/read_tables.py");
    let output = Command::new(python).arg(script).arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[cfg(feature = "parquet")]
#[test]
fn whole_numbers_of_pandas_are_read_from_parquet() {
    let test = "whole_numbers_of_pandas_are_read_from_parquet";
    let Some(python) = python::interpreter(test, &["pandas", "pyarrow"]) else { return };
    let folder = tempfile::tempdir().unwrap();
    let script = "import numpy, pandas
values = {'u1': 255, 'u2': 65535, 'u4': 4294967295, 'u8': 18446744073709549568, 'i1': -128, 'i4': -2147483648, 'i8': -9007199254740991}
pandas.DataFrame({name: numpy.array([value], dtype=name) for name, value in values.items()}).to_parquet('whole.parquet')";
    let output = Command::new(python).args(["-c", script]).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let frame = Frame::read(folder.path().join("whole.parquet")).unwrap();
    for (name, value) in [
        ("u1", 255.0),
        ("u2", 65_535.0),
        ("u4", 4_294_967_295.0),
        ("u8", 18_446_744_073_709_549_568.0),
        ("i1", -128.0),
        ("i4", -2_147_483_648.0),
        ("i8", -9_007_199_254_740_991.0),
    ] {
        assert_eq!(frame.column(name).unwrap(), [value], "{name}");
    }
}
