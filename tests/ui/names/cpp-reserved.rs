use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
#[buffers(name = "two words", template = "solvers::3d")]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n)]
    stage__base: Buffer,
    #[buffer(len = n)]
    #[allow(non_snake_case)]
    _Tmp: Buffer,
    #[buffer(len = n)]
    größe: Buffer,
    #[buffer(len = n)]
    threadIdx: Buffer,
}

#[derive(Clone, Buffers)]
struct UnionConfig {
    #[input]
    n: usize,
}

fn main() {}
