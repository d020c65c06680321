use buffer_runtime::{Buffer, Buffers};

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
    #[child(prefix = "a", with(n = b.n, tolerance = 0.5))]
    a: ChildConfig,
    #[child(prefix = "b", with(n = b.n, tolerance = scratch))]
    b: ChildConfig,
    #[child(prefix = "c", when = self.n > 2, with(n, tolerance = 0.5))]
    c: Option<ChildConfig>,
    #[buffer(len = n)]
    scratch: Buffer,
}

fn main() {}
