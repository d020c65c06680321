use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n)]
    a: Vec<f64>,
    #[buffer(len = n)]
    b: Option<Buffer>,
    #[buffer(len = n)]
    c: [f64; 3],
    #[buffer(len = n)]
    d: Buffer<f32, f64>,
    #[buffer(len = n)]
    e: &'static Buffer,
}

fn main() {}
