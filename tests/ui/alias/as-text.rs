use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n)]
    a: Buffer,
    #[buffer(len = n, aliases = "a")]
    b: Buffer,
    #[buffer(len = n, aliases = self.a)]
    c: Buffer,
    #[buffer(len = n, aliases = 3)]
    d: Buffer,
}

fn main() {}
