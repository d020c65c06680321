use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(3)]
    a: Buffer,
    #[buffer("shared", len = n)]
    b: Buffer,
    #[setting(= 3)]
    c: usize,
}

fn main() {}
