use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(length = n)]
    a: Buffer,
    #[buffer(len = n, loc = shared)]
    b: Buffer,
    #[buffer(len = n, persistant, zero, alias = a)]
    c: Buffer,
    #[buffer(len = n, alignment = 8)]
    d: Buffer,
}

fn main() {}
