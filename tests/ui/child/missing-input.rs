use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
struct ChildConfig {
    #[input]
    n: usize,
    #[input]
    tolerance: f64,
}

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[child(prefix = "a", with(n))]
    a: ChildConfig,
    #[child]
    b: ChildConfig,
    #[child(prefix = "c", with(tolerance = 0.5))]
    c: Option<ChildConfig>,
}

fn main() {}
