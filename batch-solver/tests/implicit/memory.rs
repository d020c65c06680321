//! What a run keeps with factors and without, on equations of reaction and diffusion: as the layout predicts, and as the compiler for GPUs takes it.

use batch_solver::{Batch, Solver, System};
use buffer_runtime::nvrtc::Architecture;
use buffer_runtime::{GpuCompiler, GpuOptions, settings};
use integration_tests::gpu::compiler;

use crate::support::systems::brusselator;
use crate::support::{narrow, sharing_cpu};

/// Stack that a kernel has beside the arrays of its layout, at most.
const BESIDE: usize = 1_200;
/// Compilers lay arrays of different lifetimes over each other, up to one part in so many of all.
const OVERLAID: usize = 8;

fn solver(system: &System, method: &str, jacobian: &str, linear_solver: &str) -> Solver {
    let given = settings! { algorithm: method, newton_jacobian: jacobian, linear_solver: linear_solver, rtol: 1e-6, atol: 1e-8 };
    Solver::with_settings(system.clone(), sharing_cpu(narrow(1)), &given).unwrap()
}

/// Bytes per run of all arrays of a kernel, as predicted.
fn predicted(solver: &Solver) -> usize {
    let totals = solver.plan().layout().totals();
    [totals.shared, totals.persistent, totals.local].iter().map(|bytes| bytes.get()).sum()
}

/// The same as compiled, for arrays that are where they are by default: a thread's stack.
fn compiled(solver: &Solver, compiler: &GpuCompiler) -> usize {
    let binary = compiler.compile(solver.plan(), &solver.entry(), Architecture(90)).unwrap();
    binary.resources().stack_bytes as usize
}

fn end(solver: &mut Solver) -> Vec<f64> {
    let solution = solver.solve(&Batch::grid(), 0.0..1.0).unwrap();
    assert!(solution.status(0).unwrap().is_success(), "{}", solution.status(0).unwrap());
    solution.final_state(0).unwrap()
}

#[test]
fn kernels_without_factors_take_the_memory_that_the_layout_predicts_for_the_same_solution() {
    let options = GpuOptions { block: Some(64), ..GpuOptions::default() };
    let gpu = compiler("kernels_without_factors_take_the_memory_that_the_layout_predicts", options);
    let row = brusselator(32, 1);
    for method in ["kvaerno5", "radau_iia_5"] {
        let mut both = ["lu", "bicgstab"].map(|linear_solver| solver(&row, method, "frozen", linear_solver));
        let [with, without] = both.each_mut().map(end);
        let difference = with.iter().zip(&without).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(difference < 1e-6, "{method}: {difference:e}");
        let layouts = both.each_ref().map(predicted);
        let ratio = |of: [usize; 2]| of[0] as f64 / of[1] as f64;
        println!("{method}, row of 32 cells: {layouts:?} bytes with LU and BiCGSTAB, {:.2}", ratio(layouts));
        if let Some(gpu) = &gpu {
            let stacks = both.each_ref().map(|solver| compiled(solver, gpu));
            println!("    stack for sm_90: {stacks:?} bytes, {:.2}", ratio(stacks));
            for (stack, layout) in stacks.iter().zip(layouts) {
                assert!(
                    (layout - layout / OVERLAID..layout + BESIDE).contains(stack),
                    "{method}: {stack} for {layout}"
                );
            }
        }
    }
}

/// Factors of a narrow band are as small as what an iteration keeps; those of a grid are not, and those of the stages together never.
#[test]
fn factors_are_large_where_they_fill_in() {
    let systems = [("row of 32", brusselator(32, 1)), ("8 × 4", brusselator(8, 4)), ("8 × 8", brusselator(8, 8))];
    let mut factors = Vec::new();
    for (method, jacobian) in [("kvaerno5", "frozen"), ("radau_iia_5", "frozen"), ("radau_iia_5", "exact")] {
        for (cells, system) in &systems {
            let of = |linear_solver| predicted(&solver(system, method, jacobian, linear_solver));
            let [lu, bicgstab, minimal] = ["lu", "bicgstab", "minimal_residual"].map(of);
            let factor = lu as f64 / bicgstab as f64;
            println!(
                "{method}, {jacobian}, {cells} cells: LU {lu}, BiCGSTAB {bicgstab}, minimal residual {minimal}; {factor:.2}, {:.2}",
                lu as f64 / minimal as f64
            );
            assert!(minimal < bicgstab && minimal < lu);
            factors.push(factor);
        }
    }
    let [dirk, blocks, coupled] = [0, 3, 6].map(|first| &factors[first..first + 3]);
    for of_method in [dirk, blocks, coupled] {
        assert!(of_method.is_sorted() && of_method[1] > 1.3, "{factors:?}");
    }
    assert!(dirk[0] < 1.05 && blocks[0] < 1.05 && coupled[0] > 1.5, "{factors:?}");
}
