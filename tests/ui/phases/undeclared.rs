use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct ChildConfig {
    #[input]
    n: usize,
}

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n, live = predict)]
    a: Buffer,
    #[child(with(n), at = solve)]
    b: ChildConfig,
}

fn main() {}
