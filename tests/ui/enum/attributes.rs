use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
struct LeafConfig {
    #[input]
    n: usize,
}

#[derive(Clone, Buffers)]
#[buffers(template = "step", phases(a, b), name = "choice")]
enum AConfig {
    #[buffers(name = "leaf")]
    Leaf(LeafConfig),
    Other(#[child(with(n))] LeafConfig),
}

fn main() {}
