use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[setting(default = 3, one_of = [])]
    a: usize,
    #[setting(default = 3, one_of = 3)]
    b: usize,
    #[setting(default = 3, one_of(1, 3))]
    c: usize,
}

fn main() {}
