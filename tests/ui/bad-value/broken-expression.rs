use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n +, location = shared)]
    a: Buffer,
    #[buffer(len = n n)]
    b: Buffer,
    #[buffer(len = |a, b|, location = shared, persistent)]
    c: Buffer,
    #[setting(default = 3 5, min = 1)]
    d: usize,
    #[buffer(len = n; location = shared)]
    e: Buffer,
}

fn main() {}
