use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[setting(default = 3)]
    width: usize,
    #[buffer(len = n, aliases = n)]
    a: Buffer,
    #[buffer(len = n, aliases = width)]
    b: Buffer,
}

fn main() {}
