use buffer_runtime::{Buffers, ConfigError};

#[derive(Clone, Debug, Buffers)]
struct TupleConfig(usize);

#[derive(Clone, Debug, Buffers)]
struct GenericConfig<T: Clone + 'static>(T);

fn uses() -> Result<(), ConfigError> {
    let mut config = TupleConfig::new(TupleInputs {})?;
    config.apply(TupleSettings::default())?;
    GenericConfig::<usize>::new(GenericInputs {})?;
    Ok(())
}

fn main() {
    uses().unwrap();
}
