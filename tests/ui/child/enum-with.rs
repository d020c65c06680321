use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
struct ChildConfig {
    #[input]
    n: usize,
    #[input]
    tolerance: f64,
}

#[derive(Clone, Buffers)]
enum ChoiceConfig {
    Child(ChildConfig),
}

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[child(with(n, tolerance = 0.5))]
    a: ChoiceConfig,
}

fn main() {}
