use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
#[buffers(name = "a", name = "b", validate = Self::check)]
#[buffers(validate = Self::check)]
struct AConfig {
    #[input(device, device)]
    n: usize,
    #[setting(default = 1, default = 2, argument, argument)]
    width: usize,
    #[buffer(len = n, len = 2 * n, persistent, persistent)]
    a: Buffer,
    #[buffer(len = n, location = shared, location = local)]
    b: Buffer,
}

impl AConfig {
    fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

fn main() {}
