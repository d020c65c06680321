use buffer_runtime::Buffers;

#[derive(Clone, Buffers)]
struct LeafConfig {
    #[input]
    n: usize,
}

#[derive(Clone, Buffers)]
enum AConfig {
    RK(LeafConfig),
    Rk(LeafConfig),
    Default(LeafConfig),
    Clone(LeafConfig),
    Super(LeafConfig),
    Crate(LeafConfig),
}

fn main() {}
