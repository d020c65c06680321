use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
#[buffers(validate = |config| Ok(()), settings = "Knobs", inputs = some::Path)]
struct AConfig {
    #[input]
    n: usize,
    #[setting(default = 3, with = check(3))]
    a: usize,
    #[setting(default = 3, with = "check")]
    b: usize,
}

fn main() {}
