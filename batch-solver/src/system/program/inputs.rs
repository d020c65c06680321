//! What programs are evaluated with.

use super::{InputLengths, Operation};
use crate::system::System;
use crate::system::arena::Symbol;
use crate::system::error::{NameKind, SystemError};
use crate::system::real::Real;

/// The inputs of a program.
///
/// ```
/// use batch_solver::System;
/// use batch_solver::system::Inputs;
///
/// let forced = System::builder("forced").equations("dx = t*u - x").state("x", 1.0).driver("u").build()?;
/// let inputs = Inputs::new(2.0, &[1.0], &[], &[]).drivers(&[3.0]).driver_rates(&[0.5]);
/// assert_eq!(forced.time_derivative_driven(&inputs)?, [3.0 + 2.0*0.5]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[must_use]
pub struct Inputs<'a, F> {
    t: F,
    y: &'a [F],
    p: &'a [F],
    c: &'a [F],
    drivers: &'a [F],
    driver_rates: &'a [F],
    direction: &'a [F],
}

impl<'a, F> Inputs<'a, F> {
    /// The time, states, parameters and constants; nothing else yet.
    pub const fn new(t: F, y: &'a [F], p: &'a [F], c: &'a [F]) -> Self {
        Self { t, y, p, c, drivers: &[], driver_rates: &[], direction: &[] }
    }

    /// Gives the values of the drivers at the time.
    pub fn drivers(mut self, values: &'a [F]) -> Self {
        self.drivers = values;
        self
    }

    /// Gives the time derivatives of the drivers at the time. Only derivatives by time need them.
    pub fn driver_rates(mut self, values: &'a [F]) -> Self {
        self.driver_rates = values;
        self
    }

    /// Gives the vector that the Jacobian is multiplied by, with one component per state.
    pub fn direction(mut self, values: &'a [F]) -> Self {
        self.direction = values;
        self
    }
}

impl<F: Real> Inputs<'_, F> {
    pub(super) fn check(&self, lengths: &InputLengths) -> Result<(), SystemError> {
        let direction = if lengths.directions == 0 { 0 } else { self.direction.len() };
        let rates = if lengths.driver_rates == 0 { 0 } else { self.driver_rates.len() };
        for (kind, expected, found) in [
            (NameKind::State, lengths.states, self.y.len()),
            (NameKind::Parameter, lengths.parameters, self.p.len()),
            (NameKind::Constant, lengths.constants, self.c.len()),
            (NameKind::Driver, lengths.drivers, self.drivers.len()),
            (NameKind::Driver, lengths.driver_rates, rates),
            (NameKind::State, lengths.directions, direction),
        ] {
            if expected != found {
                return Err(SystemError::WrongLength { kind, expected, found });
            }
        }
        Ok(())
    }

    /// The value of a symbol; the lengths have been checked.
    pub(super) fn value(&self, symbol: Symbol) -> F {
        let (values, index) = match symbol {
            Symbol::Time => return self.t,
            Symbol::State(index) => (self.y, index),
            Symbol::Parameter(index) => (self.p, index),
            Symbol::Constant(index) => (self.c, index),
            Symbol::Driver(index) => (self.drivers, index),
            Symbol::DriverRate(index) => (self.driver_rates, index),
            Symbol::Direction(index) => (self.direction, index),
        };
        values[index]
    }
}

impl InputLengths {
    /// All that a program of the system may read.
    pub(super) fn of(system: &System) -> Self {
        let (states, drivers) = (system.states.len(), system.drivers.len());
        Self {
            states,
            parameters: system.parameters.len(),
            constants: system.constants.len(),
            drivers,
            driver_rates: drivers,
            directions: states,
        }
    }

    /// The same without directions and rates of drivers if no operation reads any: few programs do.
    pub(super) fn read_by<V>(self, operations: &[Operation<V>]) -> Self {
        let reads = |wanted: fn(Symbol) -> bool| {
            operations.iter().any(|operation| matches!(operation, Operation::Input(symbol) if wanted(*symbol)))
        };
        let rates = reads(|symbol| matches!(symbol, Symbol::DriverRate(_)));
        let directions = reads(|symbol| matches!(symbol, Symbol::Direction(_)));
        Self {
            driver_rates: if rates { self.driver_rates } else { 0 },
            directions: if directions { self.directions } else { 0 },
            ..self
        }
    }
}
