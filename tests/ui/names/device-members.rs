use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct LeafConfig {
    #[input]
    n: usize,
    #[buffer(len = n)]
    scratch: Buffer,
}

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[setting(default = 2, rename = "n")]
    factor: usize,
    #[setting(default = 2, rename = "scratch")]
    width: usize,
    #[buffer(len = n)]
    scratch: Buffer,
    #[child(prefix = "leaf", with(n))]
    leaf: LeafConfig,
    #[buffer(len = n)]
    leaf_shared: Buffer,
    #[child(prefix = "other", with(n))]
    leaf_persistent: LeafConfig,
}

fn main() {}
