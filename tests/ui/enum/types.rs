use buffer_runtime::{Buffer, Buffers};

#[derive(Clone)]
struct Plain;

#[derive(Clone, Buffers)]
enum AConfig {
    Buffer(Buffer),
    Maybe(Option<Plain>),
}

fn main() {}
