use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    #[input]
    n: usize,
    #[buffer(len = n)]
    #[buffer(persistent)]
    a: Buffer,
    #[setting(default = 1)]
    #[setting(min = 1)]
    width: usize,
}

fn main() {}
