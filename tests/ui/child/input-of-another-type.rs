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
    #[child(with(n, tolerance = n))]
    a: ChildConfig,
    #[child(prefix = "b", inputs = n)]
    b: ChildConfig,
    #[child(prefix = "c", when = n, with(n, tolerance = 0.5))]
    c: Option<ChildConfig>,
}

fn main() {}
