use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
#[buffers(phases(predict, solve, predict))]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n, live = predict..solve)]
    a: Buffer,
    #[buffer(len = n, live = "predict")]
    b: Buffer,
    #[buffer(len = n, live = predict..=)]
    c: Buffer,
    #[buffer(len = n, live(predict))]
    d: Buffer,
}

#[derive(Clone, Buffers)]
#[buffers(phases())]
struct BConfig {
    #[input]
    n: usize,
}

#[derive(Clone, Buffers)]
#[buffers(phases = "a, b")]
struct CConfig {
    #[input]
    n: usize,
}

fn main() {}
