//! From declarations and equations to a system.
//!
//! The stages: find out what each equation defines ([`definitions`]), look up every name ([`references`]), order the
//! definitions so that each comes after those it needs ([`order`]), build the expressions ([`lower`]). The first three
//! stages report all their errors together.

mod definitions;
mod lower;
mod order;
mod references;
#[cfg(test)]
mod tests;

use super::builder::SystemBuilder;
use super::error::{SystemError, SystemErrors};
use super::{Observable, System};
use definitions::{Definitions, Meaning};
use lower::Lowering;

pub(super) fn resolve(builder: &SystemBuilder) -> Result<System, SystemErrors> {
    let declarations = &builder.declarations;
    let mut errors = builder.errors.clone();
    // A failed equation would be reported once more as missing or as leaving names unused.
    let is_complete = errors.is_empty();
    let definitions = Definitions::collect(declarations, &builder.equations, &mut errors);
    let references = references::check(&definitions, &mut errors);
    let order = order::dependencies_first(&definitions, &references, &mut errors);
    if is_complete {
        references.report_missing_and_unused(&definitions, &mut errors);
    }
    SystemErrors::check(errors)?;

    let mut lowering = Lowering::new(&definitions);
    for &definition in &order {
        lowering.define(definition);
    }
    let derivatives: Vec<_> =
        (0..declarations.states.len()).filter_map(|state| lowering.number_of(Meaning::Derivative(state))).collect();
    let observables: Vec<_> =
        declarations.observables.iter().filter_map(|name| lowering.number_of(definitions.meaning(name)?)).collect();
    let (arena, errors) = lowering.finish();
    SystemErrors::check(errors)?;

    let roots: Vec<_> = derivatives.iter().chain(&observables).copied().collect();
    let (arena, mut derivatives) = arena.rebuild(&roots, |_| None);
    let observed = derivatives.split_off(declarations.states.len().min(derivatives.len()));
    let observables = declarations.observables.iter().cloned().zip(observed);
    Ok(System {
        name: declarations.name.clone(),
        states: declarations.states.clone(),
        parameters: declarations.parameters.clone(),
        constants: declarations.constants.clone(),
        drivers: declarations.drivers.clone(),
        observables: observables.map(|(name, value)| Observable { name, value }).collect(),
        derivatives,
        arena,
    })
}

/// Adds an error unless the same one is there already, as when a function with an error is called twice.
fn report(errors: &mut Vec<SystemError>, error: SystemError) {
    if !errors.contains(&error) {
        errors.push(error);
    }
}
