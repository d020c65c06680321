use buffer_runtime::{Buffers};

#[derive(Clone)]
struct Tableau;

#[derive(Buffers)]
struct AConfig {
    #[input]
    tableau: Tableau,
}

fn main() {}
