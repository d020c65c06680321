use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct ChildConfig {
    #[input]
    n: usize,
}

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[child(prefix = "a", aliases = b, with(n))]
    a: ChildConfig,
    #[child(prefix = "b", aliases = b, with(n))]
    b: ChildConfig,
    #[child(prefix = "c", aliases = n, with(n))]
    c: ChildConfig,
    #[buffer(len = n, aliases = child)]
    d: Buffer,
}

fn main() {}
