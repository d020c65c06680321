use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[buffer]
    a: Buffer,
    #[buffer()]
    b: Buffer,
    #[buffer(location = shared)]
    c: Buffer,
}

fn main() {}
