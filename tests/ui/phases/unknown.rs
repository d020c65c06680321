use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct ChildConfig {
    #[input]
    n: usize,
}

#[derive(Clone, Buffers)]
#[buffers(phases(predict, solve, finish))]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n, live = predct..=solve)]
    a: Buffer,
    #[buffer(len = n, live = start..=end)]
    b: Buffer,
    #[buffer(len = n, live = solv)]
    c: Buffer,
    #[child(with(n), at = finsh)]
    d: ChildConfig,
}

fn main() {}
