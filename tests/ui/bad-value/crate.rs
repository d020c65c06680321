use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
#[buffers(crate = "buffer_runtime")]
struct AConfig {
    #[input]
    n: usize,
}

#[derive(Clone, Buffers)]
#[buffers(crate = buffer_runtime)]
struct BConfig {
    #[input]
    n: usize,
}

#[derive(Clone, Buffers)]
#[buffers(crate)]
struct CConfig {
    #[input]
    n: usize,
}

fn main() {}
