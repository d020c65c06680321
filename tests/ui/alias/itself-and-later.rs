use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n, aliases = a)]
    a: Buffer,
    #[buffer(len = n, aliases = c)]
    b: Buffer,
    #[buffer(len = n)]
    c: Buffer,
}

fn main() {}
