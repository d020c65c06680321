use buffer_runtime::{Buffers};

#[derive(Clone, PartialEq, Debug)]
struct Tableau;

#[derive(Clone, Buffers)]
struct AConfig {
    #[setting(default = Tableau)]
    tableau: Tableau,
}

fn main() {}
