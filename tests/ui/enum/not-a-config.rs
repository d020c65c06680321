use buffer_runtime::{Buffers};

#[derive(Clone)]
struct Plain;

#[derive(Clone, Buffers)]
enum AConfig {
    Plain(Plain),
}

fn main() {}
