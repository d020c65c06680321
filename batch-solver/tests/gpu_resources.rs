//! What NVRTC makes of the kernels for sm_90: registers, spills, instructions per step, and no stray double precision.

#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use batch_solver::Solver;
use buffer_runtime::nvrtc::Architecture;
use buffer_runtime::{GpuBinary, GpuOptions, Unknown, settings};
use integration_tests::gpu::{compiler, disassemble, instructions, loops, opcode};
use support::{lorenz, narrow_cpu};

/// Floating-point instructions of one classical Runge–Kutta step of the Lorenz system: 26 fma, 8 multiplications, 11 additions.
const ARITHMETIC: usize = 45;

/// The machine code of the Lorenz kernel, or `None` after saying why.
fn kernel(test: &str, algorithm: &str, precision: &str) -> Option<(GpuBinary, String)> {
    let compiler = compiler(test, GpuOptions::default())?;
    let mut solver = Solver::on(lorenz(), narrow_cpu()).unwrap();
    solver
        .update(&settings! { algorithm: algorithm, precision: precision, step_controller: "fixed" }, Unknown::Error)
        .unwrap();
    let binary = compiler.compile(solver.plan(), &solver.entry(), Architecture(90)).unwrap();
    let text = disassemble(test, binary.image())?;
    Some((binary, text))
}

/// The step loop, which has most of the arithmetic, as instructions per step.
fn instructions_per_step(text: &str, arithmetic: &[&str]) -> f64 {
    let count = |body: &Vec<&str>| {
        body.iter().filter(|line| opcode(line).is_some_and(|name| arithmetic.contains(&name))).count()
    };
    let body = loops(text).into_iter().max_by_key(count).expect("the kernel has a loop");
    let steps = (count(&body) as f64 / ARITHMETIC as f64).round();
    assert!(steps >= 1.0, "{} arithmetic instructions are no step:\n{}", count(&body), body.join("\n"));
    body.len() as f64 / steps
}

#[test]
fn the_classical_step_fits_its_registers_and_its_instructions() {
    let test = "the_classical_step_fits_its_registers_and_its_instructions";
    println!("Lorenz, classical-rk4, sm_90: precision, registers, stack and spill bytes, instructions per step");
    for (precision, registers, arithmetic, per_step) in
        [("f32", 40, ["FFMA", "FMUL", "FADD"], 52.0), ("f64", 56, ["DFMA", "DMUL", "DADD"], f64::INFINITY)]
    {
        let Some((binary, text)) = kernel(test, "classical-rk4", precision) else { return };
        let (used, instructions) = (binary.resources(), instructions_per_step(&text, &arithmetic));
        println!("{precision} {} {} {} {instructions:.2}", used.registers, used.stack_bytes, used.total_spill_bytes());
        assert!(used.registers <= registers, "{precision}: {used:?}");
        assert!(instructions <= per_step, "{precision}: {instructions:.2} instructions per step");
        assert_eq!((used.stack_bytes, used.total_spill_bytes()), (0, 0), "{precision}: {used:?}");
    }
}

#[test]
fn single_precision_kernels_have_no_double_precision_instruction() {
    let test = "single_precision_kernels_have_no_double_precision_instruction";
    for algorithm in ["euler", "classical-rk4", "dormand-prince-54"] {
        let Some((binary, text)) = kernel(test, algorithm, "f32") else { return };
        let found = instructions(&text, &["DFMA", "DADD", "DMUL", "DSETP", "DMNMX", "F2F", "I2F.F64", "F2I.F64"]);
        assert!(found.is_empty(), "{algorithm}: {found:#?}");
        assert_eq!((binary.resources().stack_bytes, binary.resources().total_spill_bytes()), (0, 0), "{algorithm}");
    }
}
