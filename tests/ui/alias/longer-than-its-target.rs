use buffer_runtime::{Buffer, Buffers};

const STAGES: usize = 3;

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = 4)]
    base: Buffer,
    #[buffer(len = 2 * STAGES, aliases = base)]
    stage: Buffer,
    #[buffer(len = 8, aliases = base)]
    flags: Buffer<i32>,
    #[buffer(len = STAGES + 1, aliases = base)]
    fits: Buffer,
}

fn main() {}
