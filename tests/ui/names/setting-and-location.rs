use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[setting(default = 1)]
    scratch_location: usize,
    #[buffer(len = n)]
    scratch: Buffer,
    #[setting(default = 1, rename = "width")]
    first: usize,
    #[setting(default = 1)]
    width: usize,
}

fn main() {}
