//! Matrix-free linear solvers on the device, for dense matrices given run by run, against elimination on the host.
#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

mod support;

use batch_solver::Status;
use batch_solver::linear::{BicgstabConfig, MinimalResidualConfig, SteepestDescentConfig};
use buffer_runtime::{
    Buffers, CpuOptions, Entry, GpuOptions, Location, Plan, Precision, Real, Settings, Unknown, args, settings,
};
use integration_tests::gpu::compiler;
use support::{Random, narrow, sharing_cpu};

/// A kernel that solves the system of each run by every solver.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "all", template = "solve_by_all")]
struct AllConfig {
    /// Unknowns.
    #[input]
    n: usize,
    /// Steepest descent.
    #[child(prefix = "sd", with(n))]
    sd: SteepestDescentConfig,
    /// Minimal residual.
    #[child(prefix = "mr", with(n))]
    mr: MinimalResidualConfig,
    /// BiCGSTAB.
    #[child(prefix = "bicgstab", with(n))]
    bicgstab: BicgstabConfig,
}

const SOLVERS: [&str; 3] = ["sd", "mr", "bicgstab"];

const SOLVE_BY_ALL: &str = r"
struct no_equations {};

template <int n> struct dense {
    const input_array<scalar>& entries;
    template <class V, class R> BR_DEVICE void apply(const V& v, R& out) const {
        UNROLL_STATES
        for (int i = 0; i < n; ++i) {
            real sum(0);
            UNROLL_STATES
            for (int j = 0; j < n; ++j) sum = fma(entries[i * n + j], real(v[j]), sum);
            out[i] = sum;
        }
    }
    template <class D> BR_DEVICE void diagonal(D& d) const {
        UNROLL_STATES
        for (int i = 0; i < n; ++i) d[i] = entries[i * n + i];
    }
};

template <class System, class Sd, class Mr, class Bicgstab, class Buffers> struct solve_by_all {
    static constexpr int n = Buffers::n;

    template <int k, class Solver, class State>
    BR_DEVICE static void one(const frame& f, State& s, const dense<n>& m, const input_array<scalar>& weights, const mask& wanted,
                              const input_array<scalar>& b, const output_array<scalar>& x, const output_array<int>& report) {
        static_assert(!Solver::direct);
        const auto norm = [&](const auto& v) {
            real sum(0);
            UNROLL_STATES
            for (int i = 0; i < n; ++i) {
                const real weighted = weights[i] * real(v[i]);
                sum = fma(weighted, weighted, sum);
            }
            return sum;
        };
        local_array<scalar, n> values;
        for (int i = 0; i < n; ++i) values[i] = b[i];
        Solver::prepare(f, s, m);
        const linear_report took = Solver::solve(f, s, m, norm, wanted, values);
        for (int i = 0; i < n; ++i) x.store(k * n + i, values[i]);
        report.store(2 * k, took.iterations);
        report.store(2 * k + 1, took.status);
    }

    BR_DEVICE static void run(const frame& f, typename Buffers::state_type& s, const input_array<scalar>& matrix,
                              const input_array<scalar>& weights, const input_array<scalar>& wanted, const input_array<scalar>& b,
                              const output_array<scalar>& x, const output_array<int>& report) {
        const dense<n> m{matrix};
        const mask lanes = wanted[0] > scalar(0);
        one<0, Sd>(f, s.sd, m, weights, lanes, b, x, report);
        one<1, Mr>(f, s.mr, m, weights, lanes, b, x, report);
        one<2, Bicgstab>(f, s.bicgstab, m, weights, lanes, b, x, report);
    }
};
";

/// A batch of linear systems, arrays by row and run.
#[derive(Clone)]
struct Problem {
    n: usize,
    runs: usize,
    matrix: Vec<f64>,
    weights: Vec<f64>,
    wanted: Vec<f64>,
    b: Vec<f64>,
}

/// What the device left: `x[run][solver][i]`.
#[derive(Clone, Debug, PartialEq)]
struct Solved {
    n: usize,
    runs: usize,
    x: Vec<f64>,
    report: Vec<i32>,
}

impl Solved {
    fn x(&self, solver: usize, run: usize) -> Vec<f64> {
        (0..self.n).map(|i| self.x[(solver * self.n + i) * self.runs + run]).collect()
    }

    fn iterations(&self, solver: usize, run: usize) -> i32 {
        self.report[2 * solver * self.runs + run]
    }

    fn status(&self, solver: usize, run: usize) -> Status {
        Status(self.report[(2 * solver + 1) * self.runs + run])
    }

    /// All of a run as bits, which make a NaN equal to itself.
    fn bits(&self, run: usize) -> Vec<u64> {
        let x = (0..3).flat_map(|solver| self.x(solver, run)).map(f64::to_bits);
        x.chain(self.report.chunks(self.runs).map(|row| row[run] as u64)).collect()
    }
}

impl Problem {
    fn entry(&self, i: usize, j: usize, run: usize) -> f64 {
        self.matrix[(i * self.n + j) * self.runs + run]
    }

    /// Off the diagonal numbers below 1, not symmetric; on it as much as a row has besides, and `more`.
    fn dominant(n: usize, runs: usize, more: f64, seed: u64) -> Self {
        let mut random = Random(seed);
        let mut numbers = |count: usize| -> Vec<f64> {
            (0..count * runs).map(|_| random.below(2000) as f64 / 1000.0 - 1.0).collect()
        };
        let (mut matrix, b) = (numbers(n * n), numbers(n));
        let weights = numbers(n).into_iter().map(|value| 1.5 + value).collect();
        for run in 0..runs {
            for i in 0..n {
                let at = |j: usize| (i * n + j) * runs + run;
                let row: f64 = (0..n).filter(|j| *j != i).map(|j| matrix[at(j)].abs()).sum();
                matrix[at(i)] = row + more;
            }
        }
        Self { n, runs, matrix, weights, wanted: vec![1.0; runs], b }
    }

    /// The same matrix in all runs.
    fn same(rows: &[&[f64]], b: &[f64], runs: usize) -> Self {
        let all = |values: Vec<f64>| values.into_iter().flat_map(|value| vec![value; runs]).collect();
        let n = b.len();
        Self {
            n,
            runs,
            matrix: all(rows.concat()),
            weights: vec![1.0; n * runs],
            wanted: vec![1.0; runs],
            b: all(b.to_vec()),
        }
    }

    fn add_to_diagonal(&mut self, more: f64) {
        let (n, runs) = (self.n, self.runs);
        self.matrix.chunks_mut(runs).step_by(n + 1).flatten().for_each(|entry| *entry += more);
    }

    /// One run alone.
    fn alone(&self, run: usize) -> Self {
        let of = |values: &[f64]| values.chunks(self.runs).map(|row| row[run]).collect();
        let n = self.n;
        Self {
            n,
            runs: 1,
            matrix: of(&self.matrix),
            weights: of(&self.weights),
            wanted: of(&self.wanted),
            b: of(&self.b),
        }
    }

    /// The solution of a run by elimination.
    fn eliminated(&self, run: usize) -> Vec<f64> {
        let n = self.n;
        let mut rows: Vec<Vec<f64>> = (0..n)
            .map(|i| (0..n).map(|j| self.entry(i, j, run)).chain([self.b[i * self.runs + run]]).collect())
            .collect();
        for k in 0..n {
            let pivot = (k..n).max_by(|a, b| rows[*a][k].abs().total_cmp(&rows[*b][k].abs())).unwrap();
            rows.swap(k, pivot);
            let pivot = rows[k].clone();
            for row in &mut rows[k + 1..] {
                let factor = row[k] / pivot[k];
                row.iter_mut().zip(&pivot).for_each(|(value, above)| *value -= factor * above);
            }
        }
        let mut x = vec![0.0; n];
        for k in (0..n).rev() {
            x[k] = (rows[k][n] - (k + 1..n).map(|j| rows[k][j] * x[j]).sum::<f64>()) / rows[k][k];
        }
        x
    }

    /// Weighted norms of the residual and of the right-hand side.
    fn norms(&self, x: &[f64], run: usize) -> (f64, f64) {
        let norm = |v: &dyn Fn(usize) -> f64| {
            (0..self.n).map(|i| (self.weights[i * self.runs + run] * v(i)).powi(2)).sum::<f64>().sqrt()
        };
        let b = |i: usize| self.b[i * self.runs + run];
        (norm(&|i| b(i) - (0..self.n).map(|j| self.entry(i, j, run) * x[j]).sum::<f64>()), norm(&b))
    }

    fn plan(&self, precision: Precision, given: &Settings) -> Plan<AllConfig> {
        let mut plan = Plan::new(AllConfig::new(AllInputs { n: self.n }).unwrap(), precision).unwrap();
        plan.update(given, Unknown::Error).unwrap();
        plan
    }

    fn solved(&self, precision: Precision, given: &Settings, options: CpuOptions) -> Solved {
        let (n, runs, plan) = (self.n, self.runs, self.plan(precision, given));
        let kernel = sharing_cpu(options).compile(&plan, &entry(n)).unwrap();
        let mut report = vec![0; 6 * runs];
        let Self { matrix, weights, wanted, b, .. } = self;
        let x = match precision {
            Precision::F64 => {
                let mut x = vec![0.0; 3 * n * runs];
                let args = args! { matrix, weights, wanted, b, x: &mut x, report: &mut report };
                kernel.launch(runs, args).unwrap();
                x
            }
            Precision::F32 => {
                let narrow = |values: &[f64]| values.iter().map(|value| *value as f32).collect::<Vec<f32>>();
                let [matrix, weights, wanted, b] = [matrix, weights, wanted, b].map(|values| narrow(values));
                let mut x = vec![0.0_f32; 3 * n * runs];
                let args = args! { matrix: &matrix, weights: &weights, wanted: &wanted, b: &b, x: &mut x, report: &mut report };
                kernel.launch(runs, args).unwrap();
                x.into_iter().map(f64::from).collect()
            }
        };
        Solved { n, runs, x, report }
    }
}

fn entry(n: usize) -> Entry {
    Entry::new("solve_by_all")
        .source("unrolling", "#define UNROLL_STATES BR_UNROLL_FULL\n")
        .source("complex.cuh", include_str!("../device/complex.cuh"))
        .source("ivp_status.cuh", include_str!("../device/ivp_status.cuh"))
        .source("sparse_lu.cuh", include_str!("../device/sparse_lu.cuh"))
        .source("krylov.cuh", include_str!("../device/krylov.cuh"))
        .source("steepest_descent.cuh", include_str!("../device/steepest_descent.cuh"))
        .source("minimal_residual.cuh", include_str!("../device/minimal_residual.cuh"))
        .source("bicgstab.cuh", include_str!("../device/bicgstab.cuh"))
        .source("solve_by_all", SOLVE_BY_ALL)
        .type_argument("no_equations")
        .input::<Real>("matrix", n * n)
        .input::<Real>("weights", n)
        .input::<Real>("wanted", 1)
        .input::<Real>("b", n)
        .output::<Real>("x", 3 * n)
        .output::<i32>("report", 6)
}

/// The same setting of every solver.
fn of_all(key: &str, value: impl Into<buffer_runtime::Value>) -> Settings {
    let value = value.into();
    SOLVERS.iter().map(|solver| (format!("{solver}_{key}"), value.clone())).collect()
}

fn all(settings: impl IntoIterator<Item = Settings>) -> Settings {
    settings.into_iter().fold(Settings::new(), |mut all, more| {
        all.merge(&more);
        all
    })
}

/// Every preconditioner of every order.
const PRECONDITIONERS: [(&str, i64); 6] =
    [("none", 0), ("jacobi", 0), ("jacobi", 1), ("jacobi", 2), ("neumann", 1), ("neumann", 2)];

fn preconditioned((preconditioner, order): (&str, i64)) -> Settings {
    let order = if preconditioner == "none" { Settings::new() } else { of_all("preconditioner_order", order) };
    all([of_all("preconditioner", preconditioner), order])
}

/// What each precision is asked for, and what its rounding may add to a residual.
const PRECISIONS: [(Precision, f64, f64); 2] = [(Precision::F64, 1e-10, 1e-14), (Precision::F32, 1e-4, 1e-6)];

#[test]
fn every_solver_meets_its_target_with_every_preconditioner() {
    for (case, preconditioner) in PRECONDITIONERS.into_iter().enumerate() {
        for (half, (precision, reduction, rounding)) in PRECISIONS.into_iter().enumerate() {
            let n = 1 + (2 * case + half) % 12;
            let mut problem = Problem::dominant(n, 13, 1.0, 0xabc + case as u64);
            if preconditioner.0 == "neumann" {
                // Its series wants a matrix near the identity.
                let size = 2.0 * n as f64 + 2.0;
                problem.matrix.iter_mut().for_each(|entry| *entry /= size);
                problem.add_to_diagonal(1.0);
            }
            let given = all([
                preconditioned(preconditioner),
                of_all("reduction", reduction),
                of_all("floor", 0.0),
                of_all("max_iterations", 400),
            ]);
            let solved = problem.solved(precision, &given, narrow(1));
            for run in 0..problem.runs {
                let exact = problem.eliminated(run);
                for (solver, name) in SOLVERS.into_iter().enumerate() {
                    let what = format!("{name} with {preconditioner:?}, {precision:?}, n = {n}, run {run}");
                    let (x, status) = (solved.x(solver, run), solved.status(solver, run));
                    assert!(status.is_success(), "{what}: {status} in {}", solved.iterations(solver, run));
                    let (left, of) = problem.norms(&x, run);
                    assert!(left <= (1.01 * reduction + 20.0 * rounding) * of, "{what}: {left:e} of {of:e}");
                    // The inverse of these matrices has a maximum norm of at most 1, weights are between a half and 2.5.
                    let error = x.iter().zip(&exact).map(|(x, exact)| (x - exact).abs()).fold(0.0, f64::max);
                    assert!(
                        error <= 2.0 * left + 100.0 * rounding * of,
                        "{what}: {error:e} with a residual of {left:e}"
                    );
                }
            }
        }
    }
}
