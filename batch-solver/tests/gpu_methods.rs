//! Registers, stack and spills of every method on the Lorenz system, kept in a table: a change of the templates shows here first.
//!
//! `BLESS=1 cargo test -p batch-solver --test gpu_methods` rewrites `tests/data/gpu_resources.csv`.

#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use std::fmt::Write;

use batch_solver::{Algorithm, Solver};
use buffer_runtime::nvrtc::Architecture;
use buffer_runtime::{GpuOptions, Unknown, settings};
use integration_tests::gpu::{compiler, disassemble, instructions, loops, opcode};
use support::table::assert_kept;
use support::{lorenz, narrow_cpu};

#[test]
fn the_table_of_all_methods_is_current() {
    let options = GpuOptions { block: Some(64), ..GpuOptions::default() };
    let Some(compiler) = compiler("the_table_of_all_methods_is_current", options) else { return };
    let mut table = format!(
        "# NVRTC {:?}, sm_90, block 64\nmethod,controller,precision,registers,stack,spills\n",
        compiler.nvrtc().version()
    );
    let mut solver = Solver::on(lorenz(), narrow_cpu()).unwrap();
    for method in Algorithm::all() {
        for precision in ["f32", "f64"] {
            let settings = settings! { algorithm: method.name(), precision: precision };
            solver.update(&settings, Unknown::Error).unwrap();
            let binary = compiler.compile(solver.plan(), &solver.entry(), Architecture(90)).unwrap();
            let used = binary.resources();
            let controller = solver.plan().config().step_controller;
            let (stack, spills) = (used.stack_bytes, used.total_spill_bytes());
            writeln!(table, "{method},{controller},{precision},{},{stack},{spills}", used.registers).unwrap();
            if precision == "f32" {
                // Loops over the stages of a fully implicit step index its arrays: they are on the stack.
                let indexed = matches!(method, Algorithm::Firk(_));
                assert_eq!((if indexed { 0 } else { stack }, spills), (0, 0), "{method}: {used:?}");
            }
        }
    }
    assert_kept("gpu_resources.csv", &table);
}

#[test]
fn the_adaptive_loop_is_short_and_calls_nothing() {
    let test = "the_adaptive_loop_is_short_and_calls_nothing";
    let Some(compiler) = compiler(test, GpuOptions::default()) else { return };
    let mut solver = Solver::on(lorenz(), narrow_cpu()).unwrap();
    solver.update(&settings! { algorithm: "tsit5", precision: "f32" }, Unknown::Error).unwrap();
    let binary = compiler.compile(solver.plan(), &solver.entry(), Architecture(90)).unwrap();
    let Some(text) = disassemble(test, binary.image()) else { return };
    let double = ["DFMA", "DADD", "DMUL", "DSETP", "DMNMX", "F2F"];
    let found = instructions(&text, &double);
    assert!(found.is_empty(), "{found:#?}");
    let arithmetic = |body: &Vec<&str>| {
        body.iter().filter(|line| opcode(line).is_some_and(|name| ["FFMA", "FMUL", "FADD"].contains(&name))).count()
    };
    // Of the innermost loops, the attempts of steps have nearly all of the arithmetic.
    let body = loops(&text).into_iter().max_by_key(arithmetic).unwrap();
    println!(
        "Lorenz, tsit5 with counters, f32, sm_90: {} instructions an attempt, {} of them arithmetic",
        body.len(),
        arithmetic(&body)
    );
    let calls: Vec<_> =
        body.iter().filter(|line| opcode(line).is_some_and(|name| ["CALL", "MUFU"].contains(&name))).collect();
    assert!(calls.is_empty(), "{calls:#?}");
    assert!((150..=240).contains(&body.len()), "{}", body.join("\n"));
}
