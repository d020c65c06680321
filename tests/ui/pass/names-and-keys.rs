//! Names that look taken and are not.

use buffer_runtime::{Buffer, Buffers};

#[derive(Clone, Buffers)]
struct LeafConfig {
    #[input]
    n: usize,
    #[setting(default = 1)]
    order: usize,
    #[buffer(len = n)]
    scratch: Buffer,
}

#[derive(Clone, Buffers)]
struct OtherConfig {
    #[input]
    n: usize,
    #[setting(default = 1)]
    order: usize,
}

/// Variants with words of C++ and of Rust.
#[derive(Clone, Buffers)]
enum MethodConfig {
    Explicit(LeafConfig),
    Union(OtherConfig),
    Match(LeafConfig),
}

#[derive(Clone, Buffers)]
struct OwnerConfig {
    #[input]
    sizes: Vec<usize>,
    #[child(prefix = "method", inputs = MethodInputs::Explicit(LeafInputs { n: sizes.len() }))]
    method: MethodConfig,
    /// One type and one label: a key addresses both.
    #[child(prefix = "leaf", with(n = sizes.len()))]
    first: LeafConfig,
    #[child(prefix = "leaf", with(n = sizes.len()))]
    second: LeafConfig,
    /// One or the other.
    #[child(prefix = "tail", when = sizes.len() > 3, with(n = 3))]
    deep: Option<LeafConfig>,
    #[child(prefix = "tail", when = sizes.len() <= 3, with(n = 3))]
    flat: Option<OtherConfig>,
    /// References are operands.
    #[buffer(len = sizes.iter().map(|size| size * 2 + 1).sum::<usize>() + sizes[0])]
    scratch: Buffer,
}

fn main() {
    let mut config = OwnerConfig::new(OwnerInputs { sizes: vec![1, 2] }).unwrap();
    config.apply(OwnerSettings::default().method(|method| method.explicit(|leaf| leaf.order(2usize)))).unwrap();
    assert!(config.flat.is_some() && config.deep.is_none());
}
