//! What the derive says to a wrong declaration, and that right ones compile.
//!
//! The expected messages are those of the toolchain in `rust-toolchain.toml`. `TRYBUILD=overwrite` rewrites them.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
    for class in [
        "alias",
        "bad-value",
        "child",
        "conflict",
        "duplicate",
        "enum",
        "fallback",
        "field-type",
        "length",
        "names",
        "phases",
        "shape",
        "unknown-key",
    ] {
        cases.compile_fail(format!("ui/{class}/*.rs"));
    }
}
