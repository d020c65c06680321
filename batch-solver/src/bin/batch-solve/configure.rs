//! Solvers as the command line asks for them.

use batch_solver::{Model, Solver};
use buffer_runtime::{Device, DeviceError, Settings, Unknown, settings};

use crate::arguments::GivenSettings;
use crate::failure::Failure;
use crate::output::tell;

/// The solver of a model with the model's settings, those of `--set` over them, and those with an option of their own over all.
pub(crate) fn configured(model: &Model, device: Device, given: &GivenSettings) -> Result<Solver, Failure> {
    let mut solver = Solver::with_settings(model.system().clone(), device, model.settings())?;
    if let Some(drivers) = model.drivers() {
        solver.set_drivers(drivers)?;
    }
    apply(&mut solver, given)?;
    Ok(solver)
}

/// Lays the settings of the command line over those a solver has.
pub(crate) fn apply(solver: &mut Solver, given: &GivenSettings) -> Result<(), Failure> {
    update(solver, "--set", &set(given)?)?;
    match given.precision {
        Some(precision) => update(solver, "--precision", &settings! { precision: precision.name() }),
        None => Ok(()),
    }
}

/// The settings of `--set`, each given once.
pub(crate) fn set(given: &GivenSettings) -> Result<Settings, Failure> {
    let settings = Settings::from_pairs(&given.settings).map_err(Failure::Pair)?;
    let names = || given.settings.iter().filter_map(|pair| Some(pair.split_once('=')?.0.trim()));
    match names().enumerate().find(|(index, name)| names().take(*index).any(|earlier| earlier == *name)) {
        Some((_, name)) => Err(Failure::GivenTwice { name: name.to_owned(), first: "--set", second: "--set" }),
        None => Ok(settings),
    }
}

/// Changes the settings that an option is about. Those that have no effect with the method and controller there are now get a note, the model's too.
pub(crate) fn update(solver: &mut Solver, option: &'static str, settings: &Settings) -> Result<(), Failure> {
    match solver.update(settings, Unknown::Error) {
        Ok(updated) => {
            let (algorithm, controller) = (solver.config().algorithm, solver.config().step_controller);
            for key in &updated.kept {
                tell(&format!(
                    "note: {key} does not apply to {algorithm} with the step controller {controller}; it is kept"
                ));
            }
            Ok(())
        }
        Err(error) => Err(Failure::Setting { option, error: error.into() }),
    }
}

/// Any device there is, for a solver that will only be looked at: the CPU where it has a compiler, because opening it is quick.
pub(crate) fn any_device() -> Result<Device, DeviceError> {
    Device::cpu()
        .or_else(|cpu| Device::gpu(0).map_err(|gpu| DeviceError::NoDevice { gpu: Box::new(gpu), cpu: Box::new(cpu) }))
}
