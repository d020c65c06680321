use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
struct LeafConfig {
    #[input]
    n: usize,
}

#[derive(Clone, Buffers)]
enum AConfig {
    Unit,
    Two(LeafConfig, LeafConfig),
    Named { leaf: LeafConfig },
    Leaf(LeafConfig),
}

#[derive(Clone, Buffers)]
enum EmptyConfig {}

fn main() {}
