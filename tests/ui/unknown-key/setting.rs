use buffer_runtime::{Buffers};

#[derive(Clone, Buffers)]
struct AConfig {
    #[setting(defualt = 8, min = 1)]
    width: usize,
    #[setting(default = 8, minimum = 1, maximum = 9)]
    height: usize,
    #[setting(default = 0.5, unit = "s", arguments)]
    dt: f64,
}

fn main() {}
