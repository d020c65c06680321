use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[input]
    scale: f64,
    #[buffer(len = n as f64 * scale)]
    a: Buffer,
    #[buffer(len = "n")]
    b: Buffer,
    #[buffer(len = n as i32)]
    c: Buffer,
    #[buffer(len = m)]
    d: Buffer,
}

fn main() {}
