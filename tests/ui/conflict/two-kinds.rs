use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    #[setting(default = 3)]
    n: usize,
    #[buffer(len = n)]
    #[child(with(n))]
    a: Buffer,
}

fn main() {}
