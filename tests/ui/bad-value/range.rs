use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[setting(default = 3, range = 5)]
    a: usize,
    #[setting(default = 3, range = 1..5)]
    b: usize,
    #[setting(default = 3, range = 1..)]
    c: usize,
    #[setting(default = 3, range = ..=5)]
    d: usize,
    #[setting(default = 3, range = (1, 5))]
    e: usize,
}

fn main() {}
