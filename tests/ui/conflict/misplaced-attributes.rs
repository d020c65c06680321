use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
#[buffer(len = 3)]
#[setting(default = 1)]
struct AConfig {
    #[buffers(name = "n")]
    #[input]
    n: usize,
}

fn main() {}
