//! What is worth saying of a solve before it begins: results that are as asked for and easily not as meant.

use std::ops::Range;

use batch_solver::{Batch, LoopConfig, Model};
use buffer_runtime::Device;

/// That the compiler the user chose is not the one in use.
pub(crate) fn of_device(device: &Device) -> Option<String> {
    let Device::Cpu(cpu) = device else { return None };
    let chosen = std::env::var("CXX").ok().filter(|command| !command.is_empty())?;
    let rejection = cpu.compiler().passed_over().first().filter(|rejection| rejection.command == chosen)?;
    Some(format!("CXX = {rejection}; {} is used instead", cpu.compiler().path().display()))
}

/// A note for each, without its beginning.
pub(crate) fn of(model: &Model, batch: &Batch, config: &LoopConfig, span: &Range<f64>) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(drivers) = model.drivers().filter(|drivers| !drivers.wraps()) {
        let (from, to) = (drivers.t0(), drivers.end());
        if !(drivers.covers(span.start) && drivers.covers(span.end)) {
            notes.push(format!(
                "drivers have samples from {from} to {to} and are 0 outside, in a solve from {} to {}; `wrap = true` repeats them",
                span.start, span.end
            ));
        }
    }
    if !config.summaries.is_empty() {
        let length = span.end - span.start;
        let window = config.settling_time + config.summarise_every.unwrap_or(length - config.settling_time);
        // Durations are meant as they are written, and times far from zero are rounded.
        let rounding = 4.0 * f64::EPSILON * span.start.abs().max(span.end.abs());
        let short = batch.run_durations().iter().filter(|duration| **duration < window - rounding).count();
        if short > 0 {
            notes.push(format!(
                "{short} of {} runs end before the first window of summaries does, at {window} from the start: theirs are NaN; `--set summarise_every=TIME` makes windows shorter",
                batch.run_durations().len()
            ));
        }
    }
    notes
}
