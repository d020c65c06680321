use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = self.n)]
    a: Buffer,
    #[buffer(len = 2 * self.n + self.extra())]
    b: Buffer,
}

fn main() {}
