use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n)]
    a: Buffer<u8>,
    #[buffer(len = n)]
    b: Buffer<bool>,
    #[buffer(len = n)]
    c: Buffer<usize>,
}

fn main() {}
