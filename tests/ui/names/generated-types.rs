use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
#[buffers(inputs = Same, settings = Same, allocators = AConfig)]
struct AConfig {
    #[input]
    n: usize,
}

fn main() {}
