use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n, persistent)]
    history: Buffer,
    #[buffer(len = n, location = shared, persistent)]
    kept: Buffer,
    #[buffer(len = n, aliases = history)]
    a: Buffer,
    #[buffer(len = n, aliases = kept, location = shared)]
    b: Buffer,
}

fn main() {}
