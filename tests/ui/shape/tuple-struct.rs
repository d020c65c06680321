use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig(#[input] usize, Buffer);

#[derive(Clone, Buffers)]
struct BConfig;

fn main() {}
