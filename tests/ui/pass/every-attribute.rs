use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Debug)]
struct Tableau(Vec<usize>);

#[derive(Clone, Debug, Buffers)]
#[buffers(name = "newton_solver", template = "solvers::newton", settings = Knobs, inputs = Given, allocators = Places)]
struct NewtonConfig {
    #[input]
    n: usize,
    #[setting(default = 8, range = 1..=50)]
    max_iters: usize,
    #[setting(default = 0.1 / max_iters as f64, gt = 0.0, lt = 1.0, argument)]
    tolerance: f64,
    #[setting(default = 2, one_of = [1, 2, 4], rename = "unroll")]
    factor: u32,
    #[setting(default = 3, min = 1, max = n + 3, with = odd)]
    width: usize,
    #[buffer(len = n)]
    delta: Buffer,
}

fn odd(value: &usize) -> Result<(), String> {
    if value % 2 == 1 { Ok(()) } else { Err(format!("{value} is even")) }
}

#[derive(Clone, Debug, Buffers)]
enum SolverConfig {
    Newton(NewtonConfig),
}

#[derive(Clone, Debug, Buffers)]
#[buffers(phases(predict, solve, finish), validate = Self::check)]
struct StepConfig {
    #[input]
    n: usize,
    #[input]
    tableau: Tableau,
    #[setting(default = true)]
    smooth: bool,
    #[child(prefix = "newton", with(n), at = solve)]
    newton: NewtonConfig,
    #[child(prefix = "solver", inputs = SolverInputs::Newton(Given { n: newton.n }))]
    solver: SolverConfig,
    #[child(prefix = "error", aliases = newton, when = smooth && n > 1, with(n = n - 1))]
    error: Option<NewtonConfig>,
    #[child(prefix = "spare", with(n))]
    spare: Option<NewtonConfig>,
    #[buffer(len = tableau.0.iter().map(|&size| size * n + 1).sum::<usize>(), live = predict..=solve)]
    stages: Buffer,
    #[buffer(len = { let mut sum = 0; for &size in &tableau.0 { sum += size - 1; } sum }, location = local, live = finish)]
    rest: Buffer<f64>,
    #[buffer(len = match n { 0 => 1, n => n / 2 + n % 2 }, aliases = stages)]
    base: Buffer,
    #[buffer(len = newton.max_iters, persistent, zeroed, location = shared)]
    counters: Buffer<i32>,
}

impl StepConfig {
    fn check(&self) -> Result<(), String> {
        if self.n > 0 { Ok(()) } else { Err("nothing to solve".into()) }
    }
}

fn main() {
    let config = StepConfig::new(StepInputs { n: 4, tableau: Tableau(vec![1, 2]) }).unwrap();
    assert!(config.error.is_some() && config.spare.is_none());
    assert_eq!(config.error.unwrap().n, 3);
    assert_eq!((config.newton.factor, config.newton.width, config.newton.tolerance), (2, 3, 0.1 / 8.0));
    assert!(StepConfig::new(StepInputs { n: 0, tableau: Tableau(vec![1]) }).is_err());
}
