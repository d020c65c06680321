use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input(devise)]
    n: usize,
    #[input(default = 3)]
    m: usize,
}

fn main() {}
