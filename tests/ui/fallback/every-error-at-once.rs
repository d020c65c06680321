use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct ChildConfig {
    #[input]
    n: usize,
}

#[derive(Clone, Buffers)]
#[buffers(nam = "dirk", phases(solve, predict), phases(a))]
struct DirkConfig {
    #[input(devise)]
    n: usize,
    #[setting(min = 1)]
    width: usize,
    #[buffer(len = n, live = predict..=solve, loc = shared)]
    a: Buffer,
    #[buffer(len = self.n, aliases = aa)]
    b: Vec<f64>,
    c: Buffer,
    #[child(with(m), with(n), at = sovle)]
    double: ChildConfig,
}

fn main() {}
