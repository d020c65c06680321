use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
#[buffers(nam = "a", temlate = "b", phase(one, two), validation = Self::check, colour)]
struct AConfig {
    #[input]
    n: usize,
}

#[derive(Clone, Buffers)]
#[buffers(krate = ::buffer_runtime)]
struct BConfig {
    #[input]
    n: usize,
}

fn main() {}
