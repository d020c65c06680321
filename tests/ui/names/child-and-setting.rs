use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
struct ChildConfig {
    #[input]
    n: usize,
}

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[setting(default = 1, rename = "solver")]
    kind: usize,
    #[child(prefix = "solver", with(n))]
    solver: ChildConfig,
    #[child(prefix = "other", with(n))]
    clone: ChildConfig,
    #[setting(default = 1, rename = "fallback")]
    default: usize,
}

fn main() {}
