use buffer_runtime::{Buffer, Buffers, ConfigError, Location, Plan, Precision, Unknown, settings};

#[derive(Clone, Debug, Buffers)]
struct ChildConfig {
    #[input]
    n: usize,
    #[setting(default = 3)]
    width: usize,
}

#[derive(Clone, Debug, Buffers)]
struct BrokenConfig {
    #[input]
    n: usize,
    #[setting(min = 1)]
    width: usize,
    #[buffer(len = n, aliases = missing)]
    scratch: Buffer,
    #[child(wiht(n))]
    child: ChildConfig,
}

#[derive(Clone, Debug, Buffers)]
struct OwnerConfig {
    #[input]
    n: usize,
    #[child(prefix = "broken", with(n))]
    broken: BrokenConfig,
}

// None of this is to be complained about: the names are all there.
fn uses() -> Result<(), ConfigError> {
    let inputs = BrokenInputs { n: 3 };
    let mut config = BrokenConfig::new(inputs.clone())?;
    config.set_inputs(inputs)?;
    config.update(&settings! { width: 3 }, Unknown::Error)?;
    config.apply(BrokenSettings::default().width(3usize).scratch_location(Location::Shared).child(|child| child.width(2usize)))?;
    println!("{} {:?}", BrokenConfig::BUFFERS, BrokenConfig::spec());
    let plan = Plan::new(config, Precision::F64)?;
    let BrokenAllocators { scratch, child, .. } = plan.allocators()?;
    println!("{scratch:?} {child:?}");
    OwnerConfig::new(OwnerInputs { n: 3 })?.apply(OwnerSettings::default().broken(|broken| broken.width(3usize)))?;
    Ok(())
}

fn main() {
    uses().unwrap();
}
