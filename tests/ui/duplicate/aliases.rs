use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n)]
    a: Buffer,
    #[buffer(len = n)]
    b: Buffer,
    #[buffer(len = n, aliases = a, aliases = b)]
    c: Buffer,
    #[buffer(len = n, aliases = a, aliases = a)]
    d: Buffer,
}

fn main() {}
