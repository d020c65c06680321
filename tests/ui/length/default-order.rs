use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct ChildConfig {
    #[input]
    n: usize,
}

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[setting(default = later + n)]
    early: usize,
    #[setting(default = later)]
    later: usize,
    #[setting(default = child.n, min = scratch)]
    of_child: usize,
    #[setting(default = 3, max = of_child_later)]
    bounded: usize,
    #[setting(default = 3)]
    of_child_later: usize,
    #[child(with(n))]
    child: ChildConfig,
    #[buffer(len = n)]
    scratch: Buffer,
}

fn main() {}
