use buffer_runtime::{Buffer, Buffers};

#[derive(Clone)]
struct Plain;

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[child(with(n))]
    a: Plain,
    #[buffer(len = n)]
    b: Buffer,
}

fn main() {}
