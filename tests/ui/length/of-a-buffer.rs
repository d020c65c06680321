use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n)]
    a: Buffer,
    #[buffer(len = 2 * a)]
    b: Buffer,
    #[buffer(len = if n > 2 { c } else { a.len() })]
    c: Buffer,
}

fn main() {}
