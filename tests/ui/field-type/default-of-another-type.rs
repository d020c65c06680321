use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[setting(default = "8")]
    a: usize,
    #[setting(default = 8, min = 0.5)]
    b: usize,
    #[setting(default = 8, with = check)]
    c: usize,
}

fn check(value: &f64) -> Result<(), String> {
    if *value > 0.0 { Ok(()) } else { Err("not positive".into()) }
}

fn main() {}
