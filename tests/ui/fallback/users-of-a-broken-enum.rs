use buffer_runtime::{Buffers, ConfigError};

#[derive(Clone, Debug, Buffers)]
struct LeafConfig {
    #[input]
    n: usize,
    #[setting(default = 3)]
    width: usize,
}

#[derive(Clone, Debug, Buffers)]
#[buffers(template = "step")]
enum StepConfig {
    Leaf(LeafConfig),
    Wrong,
}

fn uses() -> Result<(), ConfigError> {
    let mut step = StepConfig::new(StepInputs::Leaf(LeafInputs { n: 3 }))?;
    step.apply(StepSettings::default().leaf(|leaf| leaf.width(2usize)))?;
    let other = StepConfig::from(LeafConfig::new(LeafInputs { n: 3 })?);
    println!("{:?}", other.active_spec());
    Ok(())
}

fn main() {
    uses().unwrap();
}
