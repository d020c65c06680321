use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    n: usize,
    #[input]
    m: usize,
    a: Buffer,
    /// Documented, but what is it?
    tolerance: f64,
}

fn main() {}
