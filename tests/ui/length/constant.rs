use buffer_runtime::{Buffer, Buffers};

const STAGES: usize = 1 << 30;

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = 300_000_000)]
    literal: Buffer,
    #[buffer(len = 2 * STAGES)]
    constant: Buffer,
    #[buffer(len = 1 - 2)]
    below_zero: Buffer,
    #[buffer(len = STAGES / (3 - 3))]
    divided_by_zero: Buffer,
    #[buffer(len = STAGES as usize * 0 + 8)]
    small: Buffer,
}

fn main() {}
