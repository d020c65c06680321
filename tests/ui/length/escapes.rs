use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[input]
    n: usize,
    #[buffer(len = n.checked_sub(1)?)]
    a: Buffer,
    #[buffer(len = if n > 2 { return 3 } else { n })]
    b: Buffer,
    #[setting(default = "3".parse()?)]
    c: usize,
}

fn main() {}
