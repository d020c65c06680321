use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n, aliases = accumulator)]
    first: Buffer,
    #[buffer(len = n)]
    accumulator: Buffer,
    #[buffer(len = n, aliases = acumulator)]
    base: Buffer,
    #[buffer(len = n, aliases = history)]
    other: Buffer,
}

#[derive(Clone, Buffers)]
struct BConfig {
    #[input]
    n: usize,
    #[buffer(len = n, aliases = scratch)]
    a: Buffer,
}

fn main() {}
