use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct ChildConfig {
    #[input]
    n: usize,
}

#[derive(Clone, Buffers)]
#[buffers(name = "namespace", template = "class")]
struct AConfig {
    #[input]
    int: usize,
    #[setting(default = 1)]
    double: usize,
    #[setting(default = 1, rename = "register")]
    allowed: usize,
    #[buffer(len = int)]
    operator: Buffer,
    #[buffer(len = int)]
    real: Buffer,
    #[child(prefix = "a", with(n = int))]
    template: ChildConfig,
}

fn main() {}
