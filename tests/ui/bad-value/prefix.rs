use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
struct ChildConfig {
    #[input]
    n: usize,
}

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[child(prefix = newton, with(n))]
    a: ChildConfig,
    #[child(prefix = "", with(n))]
    b: ChildConfig,
    #[child(prefix = "NewtonSolver", with(n))]
    c: ChildConfig,
    #[child(prefix = "newton.linear", with(n))]
    d: ChildConfig,
}

fn main() {}
