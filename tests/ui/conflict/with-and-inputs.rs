use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
struct ChildConfig {
    #[input]
    n: usize,
}

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[child(with(n), inputs = ChildInputs { n })]
    a: ChildConfig,
    #[child(prefix = "b", with(n), when = n > 2)]
    b: ChildConfig,
}

fn main() {}
