//! Tables of what kernels take on a GPU, kept in files.

use std::path::Path;

/// Compares a table with the one kept under `tests/data`, or replaces that where `BLESS` is set. The first line names the compiler: the tables of two are not compared.
pub(crate) fn assert_kept(name: &str, table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, table).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    if kept.lines().next() != table.lines().next() {
        println!("another NVRTC than the table's: compared for spills only\n{table}");
        return;
    }
    assert_eq!(kept, table, "registers, stack or spills changed: look why, then BLESS=1");
}
