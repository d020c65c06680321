//! Registers, stack and spills of stiff models as one thread per run, kept in a table.
//!
//! `BLESS=1 cargo test -p batch-solver --test gpu_models` rewrites `tests/data/gpu_models.csv`.
#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use std::fmt::Write;
use std::time::Instant;

use batch_solver::Solver;
use buffer_runtime::nvrtc::Architecture;
use buffer_runtime::{GpuOptions, Unknown, settings};
use integration_tests::gpu::compiler;
use support::narrow_cpu;
use support::systems::{chain, model};
use support::table::assert_kept;

/// One of each family for stiff systems.
const METHODS: [&str; 3] = ["rodas4", "kvaerno5", "radau_iia_5"];

#[test]
fn the_table_of_stiff_models_is_current() {
    let options = GpuOptions { block: Some(64), ..GpuOptions::default() };
    let Some(compiler) = compiler("the_table_of_stiff_models_is_current", options) else { return };
    let mut table = format!(
        "# NVRTC {:?}, sm_90, block 64\nmodel,method,precision,registers,stack,spills\n",
        compiler.nvrtc().version()
    );
    let models = ["robertson", "orego", "hires", "pollution", "sinoatrial"];
    let systems = models.map(|name| (name, model(name))).into_iter().chain([("chain of 100", chain(100))]);
    for (name, system) in systems {
        let mut solver = Solver::on(system, narrow_cpu()).unwrap();
        for (method, precision) in METHODS.into_iter().flat_map(|method| [(method, "f32"), (method, "f64")]) {
            solver.update(&settings! { algorithm: method, precision: precision }, Unknown::Error).unwrap();
            let begin = Instant::now();
            let binary = compiler.compile(solver.plan(), &solver.entry(), Architecture(90)).unwrap();
            let used = binary.resources();
            println!(
                "{name}, {method}, {precision}: compiled in {:.2} s, {} bytes, {used:?}",
                begin.elapsed().as_secs_f64(),
                binary.image().len()
            );
            let (stack, spills) = (used.stack_bytes, used.total_spill_bytes());
            writeln!(table, "{name},{method},{precision},{},{stack},{spills}", used.registers).unwrap();
            assert!(
                spills == 0 || used.registers >= 64,
                "{name}, {method}, {precision}: spills with registers to spare: {used:?}"
            );
        }
    }
    assert_kept("gpu_models.csv", &table);
}
