use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: Buffer,
    #[child(with(n))]
    b: Buffer<i32>,
}

#[derive(Clone, Buffers)]
struct BConfig {
    #[setting(default = Buffer::default())]
    c: Buffer,
}

fn main() {}
