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
    #[child(with(n, n))]
    a: ChildConfig,
    #[child(prefix = "b", with(n = 1, n = 2))]
    b: ChildConfig,
    #[child(prefix = "c", prefix = "d", with(n))]
    c: ChildConfig,
}

fn main() {}
