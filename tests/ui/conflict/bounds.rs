use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[setting(default = 3, range = 1..=5, min = 2)]
    a: usize,
    #[setting(default = 3, min = 1, gt = 0)]
    b: usize,
    #[setting(default = 3, max = 5, lt = 6)]
    c: usize,
    #[setting(default = 3, one_of = [1, 3], max = 3)]
    d: usize,
}

fn main() {}
