use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input(device = true)]
    n: usize,
    #[buffer(len = n, persistent = true)]
    a: Buffer,
    #[buffer(len = n, zeroed(true))]
    b: Buffer,
    #[setting(default = 3, argument = "dt")]
    c: usize,
}

fn main() {}
