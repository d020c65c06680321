use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
#[buffers(phases(predict, solve, finish))]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n, live = solve..=predict)]
    a: Buffer,
    #[buffer(len = n, live = finish..=predict)]
    b: Buffer,
}

fn main() {}
