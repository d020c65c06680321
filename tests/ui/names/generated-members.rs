use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct LeafConfig {
    #[input]
    any_shared: usize,
}

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[setting(default = 1)]
    traced: usize,
    #[setting(default = 1, rename = "scalar")]
    factor: usize,
    #[buffer(len = n)]
    state_type: Buffer,
    #[buffer(len = n)]
    frame: Buffer,
    #[child(prefix = "leaf", with(any_shared = n))]
    reset: LeafConfig,
}

fn main() {}
