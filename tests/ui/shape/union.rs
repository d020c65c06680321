use buffer_runtime::{Buffers};

#[derive(Clone, Copy, Buffers)]
union AConfig {
    n: usize,
    x: f64,
}

fn main() {}
