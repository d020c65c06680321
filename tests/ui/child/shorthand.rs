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
    #[setting(default = 0.5)]
    tolerence: f64,
    #[buffer(len = n)]
    scratch: Buffer,
    #[child(prefix = "a", with(n, tolerance))]
    a: ChildConfig,
    #[child(prefix = "b", with(n, scratch))]
    b: ChildConfig,
    #[child(prefix = "c", with(n, a))]
    c: ChildConfig,
    #[child(prefix = "d", with(n, width))]
    d: ChildConfig,
}

fn main() {}
