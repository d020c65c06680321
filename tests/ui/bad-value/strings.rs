use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
#[buffers(name = dirk, template = 3)]
struct AConfig {
    #[input]
    n: usize,
    #[setting(default = 3, rename = other)]
    a: usize,
    #[setting(default = 3, rename = "Other Name")]
    b: usize,
    #[setting(default = 3, rename = "")]
    c: usize,
}

fn main() {}
