use buffer_runtime::{Buffers};

#[derive(Clone)]
struct Tableau;

#[derive(Clone, Buffers)]
struct AConfig {
    #[input(device)]
    tableau: Tableau,
    #[input]
    plain: Tableau,
}

fn main() {}
