use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct NewtonConfig {
    #[input]
    n: usize,
    #[setting(default = 8)]
    max_iters: usize,
    #[buffer(len = n)]
    scratch: Buffer,
}

#[derive(Clone, Buffers)]
struct KrylovConfig {
    #[input]
    n: usize,
    #[setting(default = 30)]
    max_iters: usize,
}

#[derive(Clone, Buffers)]
enum SolverConfig {
    Newton(NewtonConfig),
    Krylov(KrylovConfig),
}

/// Nothing of its own: the names clash one level down.
#[derive(Clone, Buffers)]
struct WrapperConfig {
    #[input]
    n: usize,
    #[child(prefix = "newton", with(n))]
    inner: NewtonConfig,
}

#[derive(Clone, Buffers)]
struct StepConfig {
    #[input]
    n: usize,
    #[setting(default = 3)]
    max_iters: usize,
    #[setting(default = 4)]
    newton_max_iters: usize,
    #[buffer(len = n)]
    scratch: Buffer,
    #[child(with(n))]
    inherits: NewtonConfig,
    #[child(prefix = "newton", with(n))]
    prefixed: NewtonConfig,
    #[child(prefix = "linear", with(n))]
    first: NewtonConfig,
    #[child(prefix = "linear", with(n))]
    second: Option<KrylovConfig>,
    #[child(inputs = SolverInputs::Krylov(KrylovInputs { n }))]
    chosen: SolverConfig,
    #[child(prefix = "wrapper", with(n))]
    wrapper: WrapperConfig,
}

fn main() {}
