use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize = 3,
}

fn main() {}
