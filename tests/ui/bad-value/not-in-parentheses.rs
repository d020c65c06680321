use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
#[buffers = "dirk"]
struct AConfig {
    #[input = 3]
    n: usize,
    #[setting = 3]
    a: usize,
    #[buffer = n]
    b: Buffer,
}

fn main() {}
