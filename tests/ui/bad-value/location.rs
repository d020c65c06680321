use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n, location = "shared")]
    a: Buffer,
    #[buffer(len = n, location = Shared)]
    b: Buffer,
    #[buffer(len = n, location = gpu)]
    c: Buffer,
    #[buffer(len = n, location = persistent)]
    d: Buffer,
    #[buffer(len = n, location)]
    e: Buffer,
    #[buffer(len = n, location = shard)]
    f: Buffer,
}

fn main() {}
