//! A kernel that solves dense systems by every solver, and batches of such systems.

use batch_solver::Status;
use batch_solver::linear::{BicgstabConfig, MinimalResidualConfig, SteepestDescentConfig};
use buffer_runtime::{Buffers, CpuOptions, Entry, Plan, Precision, Real, Settings, Unknown, args};

use super::support::{Random, sharing_cpu};

/// A kernel that solves the system of each run by every solver.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "all", template = "solve_by_all")]
pub(super) struct AllConfig {
    /// Unknowns.
    #[input]
    pub(super) n: usize,
    /// Steepest descent.
    #[child(prefix = "sd", with(n))]
    pub(super) sd: SteepestDescentConfig,
    /// Minimal residual.
    #[child(prefix = "mr", with(n))]
    pub(super) mr: MinimalResidualConfig,
    /// BiCGSTAB.
    #[child(prefix = "bicgstab", with(n))]
    pub(super) bicgstab: BicgstabConfig,
}

pub(super) const SOLVERS: [&str; 3] = ["sd", "mr", "bicgstab"];

pub(super) const SOLVE_BY_ALL: &str = r"
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
pub(super) struct Problem {
    pub(super) n: usize,
    pub(super) runs: usize,
    pub(super) matrix: Vec<f64>,
    pub(super) weights: Vec<f64>,
    pub(super) wanted: Vec<f64>,
    pub(super) b: Vec<f64>,
}

/// What the device left: `x[run][solver][i]`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Solved {
    pub(super) n: usize,
    pub(super) runs: usize,
    pub(super) x: Vec<f64>,
    pub(super) report: Vec<i32>,
}

impl Solved {
    pub(super) fn x(&self, solver: usize, run: usize) -> Vec<f64> {
        (0..self.n).map(|i| self.x[(solver * self.n + i) * self.runs + run]).collect()
    }

    pub(super) fn iterations(&self, solver: usize, run: usize) -> i32 {
        self.report[2 * solver * self.runs + run]
    }

    pub(super) fn status(&self, solver: usize, run: usize) -> Status {
        Status(self.report[(2 * solver + 1) * self.runs + run])
    }

    /// All of a run as bits, which make a NaN equal to itself.
    pub(super) fn bits(&self, run: usize) -> Vec<u64> {
        let x = (0..3).flat_map(|solver| self.x(solver, run)).map(f64::to_bits);
        x.chain(self.report.chunks(self.runs).map(|row| row[run] as u64)).collect()
    }
}

impl Problem {
    pub(super) fn entry(&self, i: usize, j: usize, run: usize) -> f64 {
        self.matrix[(i * self.n + j) * self.runs + run]
    }

    /// Off the diagonal numbers below 1, not symmetric; on it as much as a row has besides, and `more`.
    pub(super) fn dominant(n: usize, runs: usize, more: f64, seed: u64) -> Self {
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
    pub(super) fn same(rows: &[&[f64]], b: &[f64], runs: usize) -> Self {
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

    pub(super) fn add_to_diagonal(&mut self, more: f64) {
        let (n, runs) = (self.n, self.runs);
        self.matrix.chunks_mut(runs).step_by(n + 1).flatten().for_each(|entry| *entry += more);
    }

    /// One run alone.
    pub(super) fn alone(&self, run: usize) -> Self {
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
    pub(super) fn eliminated(&self, run: usize) -> Vec<f64> {
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
    pub(super) fn norms(&self, x: &[f64], run: usize) -> (f64, f64) {
        let norm = |v: &dyn Fn(usize) -> f64| {
            (0..self.n).map(|i| (self.weights[i * self.runs + run] * v(i)).powi(2)).sum::<f64>().sqrt()
        };
        let b = |i: usize| self.b[i * self.runs + run];
        (norm(&|i| b(i) - (0..self.n).map(|j| self.entry(i, j, run) * x[j]).sum::<f64>()), norm(&b))
    }

    pub(super) fn plan(&self, precision: Precision, given: &Settings) -> Plan<AllConfig> {
        let mut plan = Plan::new(AllConfig::new(AllInputs { n: self.n }).unwrap(), precision).unwrap();
        plan.update(given, Unknown::Error).unwrap();
        plan
    }

    pub(super) fn solved(&self, precision: Precision, given: &Settings, options: CpuOptions) -> Solved {
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

pub(super) fn entry(n: usize) -> Entry {
    Entry::new("solve_by_all")
        .source("unrolling", "#define UNROLL_STATES BR_UNROLL_FULL\n")
        .source("complex.cuh", include_str!("../../device/complex.cuh"))
        .source("ivp_status.cuh", include_str!("../../device/ivp_status.cuh"))
        .source("sparse_lu.cuh", include_str!("../../device/sparse_lu.cuh"))
        .source("linear_report.cuh", include_str!("../../device/linear_report.cuh"))
        .source("krylov.cuh", include_str!("../../device/krylov.cuh"))
        .source("steepest_descent.cuh", include_str!("../../device/steepest_descent.cuh"))
        .source("minimal_residual.cuh", include_str!("../../device/minimal_residual.cuh"))
        .source("bicgstab.cuh", include_str!("../../device/bicgstab.cuh"))
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
pub(super) fn of_all(key: &str, value: impl Into<buffer_runtime::Value>) -> Settings {
    let value = value.into();
    SOLVERS.iter().map(|solver| (format!("{solver}_{key}"), value.clone())).collect()
}

pub(super) fn all(settings: impl IntoIterator<Item = Settings>) -> Settings {
    settings.into_iter().fold(Settings::new(), |mut all, more| {
        all.merge(&more);
        all
    })
}

/// Every preconditioner of every order.
pub(super) const PRECONDITIONERS: [(&str, i64); 6] =
    [("none", 0), ("jacobi", 0), ("jacobi", 1), ("jacobi", 2), ("neumann", 1), ("neumann", 2)];

pub(super) fn preconditioned((preconditioner, order): (&str, i64)) -> Settings {
    let order = if preconditioner == "none" { Settings::new() } else { of_all("preconditioner_order", order) };
    all([of_all("preconditioner", preconditioner), order])
}
