use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
#[buffers(name, phases, validate =)]
struct AConfig {
    #[input]
    n: usize,
    #[setting(default)]
    a: usize,
    #[setting(default = , min = 1)]
    b: usize,
    #[buffer(len)]
    c: Buffer,
    #[buffer(len =)]
    d: Buffer,
    #[buffer(len = n, aliases)]
    e: Buffer,
}

fn main() {}
