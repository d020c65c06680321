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
    #[child(prefx = "a", wiht(n))]
    a: ChildConfig,
    #[child(with(n), if = n > 2)]
    b: Option<ChildConfig>,
}

fn main() {}
