//! The direct linear solver on the device: every form of its code, real and complex, against the host.
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use batch_solver::System;
use batch_solver::linear::{LuCode, LuConfig, SystemStructure};
use buffer_runtime::{Buffers, CpuOptions, Entry, Plan, Precision, Real, Settings, Unknown, args, settings};
use support::{Random, narrow, sharing_cpu};

/// A kernel that factorises and solves once per run.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "linear", template = "solve_once")]
struct SolveConfig {
    /// Unknowns.
    #[input]
    n: usize,
    /// The factorisation.
    #[input]
    code: LuCode,
    /// Whether shifts are complex.
    #[input]
    complex: bool,
    /// The solver.
    #[child(prefix = "lu", with(n, factorisation = code.clone(), complex, given_jacobian = false, own_solution = false))]
    lu: LuConfig,
}

const SOLVE_ONCE: &str = r"
struct no_equations {};

template <class System, class Lu, class Buffers> struct solve_once {
    using state_t = typename Buffers::state_type;
    using entry = typename Lu::entry;

    BR_DEVICE static void run(const frame& f, state_t& s, const input_array<scalar>& shift, const input_array<scalar>& jacobian,
                              const input_array<scalar>& b, const output_array<scalar>& x) {
        constexpr int n = Buffers::n;
        const real alpha(scalar(0.75));
        Lu::assemble(f, s.lu, [&](auto& entries) {
            for (int i = 0; i < Lu::jacobian_nonzeros; ++i) entries[i] = jacobian[i];
        });
        if constexpr (Buffers::complex) {
            const cplx of_run(shift[0], shift[1]);
            local_array<scalar, 2 * n> values;
            complex_array<real, decltype(values)> vector{values};
            for (int i = 0; i < n; ++i) vector[i] = cplx(b[i], b[n + i]);
            Lu::factor(f, s.lu, of_run, alpha);
            Lu::solve(f, s.lu, of_run, alpha, vector);
            for (int i = 0; i < 2 * n; ++i) x.store(i, values[i]);
        } else {
            local_array<scalar, n> values;
            for (int i = 0; i < n; ++i) values[i] = b[i];
            Lu::factor(f, s.lu, shift[0], alpha);
            Lu::solve(f, s.lu, shift[0], alpha, values);
            for (int i = 0; i < n; ++i) x.store(i, values[i]);
        }
    }
};
";

/// Runs of a batch: not a multiple of the lanes.
const RUNS: usize = 11;

/// A system whose Jacobian has a pattern that fills in: neighbours on a ring of `n`, and a hub.
fn ring(n: usize) -> System {
    let equations: Vec<String> = (0..n)
        .map(|i| {
            let hub = if i == 0 { (1..n).map(|j| format!(" + x{j}")).collect::<String>() } else { " + x0".to_owned() };
            format!("dx{i} = x{}*x{i} - x{}{hub}", (i + 1) % n, (i + n - 1) % n)
        })
        .collect();
    System::builder("ring")
        .equations(&equations.join("\n"))
        .states((0..n).map(|i| (format!("x{i}"), 0.0)))
        .build()
        .unwrap()
}

/// One linear system per run, arrays by row and run.
struct Problem {
    shift: Vec<f64>,
    jacobian: Vec<f64>,
    b: Vec<f64>,
}

/// Solutions of all runs by the device.
fn solutions(
    n: usize,
    complex: bool,
    inlined: bool,
    given: &Settings,
    problem: &Problem,
    options: CpuOptions,
) -> Vec<f64> {
    let structure = SystemStructure::of(&ring(n));
    let code = structure.lu_code(inlined);
    let nonzeros = code.structure.jacobian_nonzeros();
    let width = if complex { 2 } else { 1 };
    let mut plan = Plan::new(SolveConfig::new(SolveInputs { n, code, complex }).unwrap(), Precision::F64).unwrap();
    plan.update(given, Unknown::Error).unwrap();
    let entry = Entry::new("solve_once")
        .source("unrolling", "#define UNROLL_STATES BR_UNROLL_FULL\n")
        .source("complex.cuh", include_str!("../device/complex.cuh"))
        .source("sparse_lu.cuh", include_str!("../device/sparse_lu.cuh"))
        .source("solve_once", SOLVE_ONCE)
        .type_argument("no_equations")
        .input::<Real>("shift", width)
        .input::<Real>("jacobian", nonzeros)
        .input::<Real>("b", width * n)
        .output::<Real>("x", width * n);
    let mut x = vec![0.0; width * n * RUNS];
    let kernel = sharing_cpu(options).compile(&plan, &entry).unwrap();
    let Problem { shift, jacobian, b } = problem;
    kernel.launch(RUNS, args! { shift: shift, jacobian: jacobian, b: b, x: &mut x }).unwrap();
    x
}

fn problem(n: usize, complex: bool, seed: u64) -> Problem {
    let mut random = Random(seed);
    let mut numbers =
        |count: usize| -> Vec<f64> { (0..count).map(|_| random.below(2000) as f64 / 1000.0 - 1.0).collect() };
    let nonzeros = SystemStructure::of(&ring(n)).sparsity().nonzeros();
    let width = if complex { 2 } else { 1 };
    let (jacobian, b) = (numbers(nonzeros * RUNS), numbers(width * n * RUNS));
    // The hub's row has n entries of at most 1.
    let shift = numbers(width * RUNS).into_iter().map(|value| value + n as f64 + 2.0).collect();
    Problem { shift, jacobian, b }
}

/// Multiple of the Jacobian in the matrix, as in the kernel.
const ALPHA: f64 = 0.75;

/// Largest |b − (shift·I − α·J) x| of any run.
fn residual(n: usize, complex: bool, problem: &Problem, x: &[f64]) -> f64 {
    let structure = SystemStructure::of(&ring(n));
    let at = |values: &[f64], row: usize, run: usize| values[row * RUNS + run];
    let mut largest: f64 = 0.0;
    for run in 0..RUNS {
        let entry = |values: &[f64], i: usize| (at(values, i, run), if complex { at(values, n + i, run) } else { 0.0 });
        let shift = (at(&problem.shift, 0, run), if complex { at(&problem.shift, 1, run) } else { 0.0 });
        let mut left: Vec<(f64, f64)> = (0..n)
            .map(|i| {
                let (b, x) = (entry(&problem.b, i), entry(x, i));
                (b.0 - (shift.0 * x.0 - shift.1 * x.1), b.1 - (shift.0 * x.1 + shift.1 * x.0))
            })
            .collect();
        for (k, (row, column)) in structure.sparsity().positions().enumerate() {
            let (value, x) = (at(&problem.jacobian, k, run), entry(x, column));
            left[row].0 += ALPHA * value * x.0;
            left[row].1 += ALPHA * value * x.1;
        }
        largest = left.iter().flat_map(|(re, im)| [re.abs(), im.abs()]).fold(largest, f64::max);
    }
    largest
}

#[test]
fn every_form_of_the_code_solves_the_same_systems() {
    for (n, complex) in [(1, false), (5, false), (12, false), (1, true), (7, true)] {
        let problem = problem(n, complex, 0x5eed + n as u64);
        let straight = solutions(n, complex, true, &Settings::new(), &problem, narrow(1));
        assert!(residual(n, complex, &problem, &straight) < 1e-13, "n = {n}, complex: {complex}");
        let tables = settings! { lu_table_driven: true };
        let moved = settings! { lu_factors_location: "shared", lu_jacobian_location: "shared" };
        for (what, x) in [
            ("called", solutions(n, complex, false, &Settings::new(), &problem, narrow(1))),
            ("by tables", solutions(n, complex, true, &tables, &problem, narrow(1))),
            ("in shared memory", solutions(n, complex, true, &moved, &problem, narrow(2))),
            ("three per pack", solutions(n, complex, true, &Settings::new(), &problem, narrow(3))),
        ] {
            assert_eq!(x, straight, "n = {n}, complex: {complex}, {what}");
        }
    }
}

#[test]
fn refinement_reduces_what_rounding_left() {
    for complex in [false, true] {
        let n = 12;
        let mut problem = problem(n, complex, 77);
        // Badly scaled without pivoting: the first pivots are small beside what is subtracted by them.
        problem.shift.iter_mut().for_each(|shift| *shift = 1e-5);
        let of = |times: i64, tables: bool| {
            let given = settings! { lu_refinement: times, lu_table_driven: tables };
            solutions(n, complex, true, &given, &problem, narrow(1))
        };
        let [once, refined] = [0, 2].map(|times| residual(n, complex, &problem, &of(times, false)));
        assert!(refined < 0.3 * once, "complex: {complex}, {once:e} became {refined:e}");
        assert_eq!(of(2, false), of(2, true));
    }
}

#[test]
fn a_vanishing_pivot_stays_in_its_lane() {
    let n = 5;
    let whole = problem(n, false, 3);
    let expected = solutions(n, false, true, &Settings::new(), &whole, narrow(2));
    let mut broken = problem(n, false, 3);
    broken.shift[4] = 0.0;
    broken.jacobian.iter_mut().skip(4).step_by(RUNS).for_each(|value| *value = 0.0);
    let x = solutions(n, false, true, &Settings::new(), &broken, narrow(2));
    for run in (0..RUNS).filter(|run| *run != 4) {
        assert!((0..n).all(|i| x[i * RUNS + run] == expected[i * RUNS + run]), "run {run}");
    }
    assert!((0..n).any(|i| x[i * RUNS + 4].abs() > 1e190), "a floored pivot makes the solution useless");
}
