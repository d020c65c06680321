use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n)]
    a: Buffer,
    #[buffer(len = n, aliases = a, persistent)]
    b: Buffer,
    #[buffer(len = n, zeroed, aliases = a)]
    c: Buffer,
    #[buffer(len = n, aliases = a, persistent, zeroed)]
    d: Buffer,
}

fn main() {}
