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
    #[child(with(n, tolerance = 0.5, width = 3))]
    a: ChildConfig,
}

fn main() {}
