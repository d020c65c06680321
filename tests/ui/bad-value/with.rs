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
    #[child(with = n)]
    a: ChildConfig,
    #[child(with)]
    b: ChildConfig,
    #[child(with(3))]
    c: ChildConfig,
    #[child(with(n: 3))]
    d: ChildConfig,
    #[child(inputs(n = 3))]
    e: ChildConfig,
}

fn main() {}
