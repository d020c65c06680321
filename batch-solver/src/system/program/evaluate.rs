//! Evaluating programs on the host.

use super::{Inputs, Operation, Program, ValueId};
use crate::system::error::SystemError;
use crate::system::real::Real;

impl Program {
    /// The results for one set of inputs, operation by operation as in device code.
    ///
    /// Literals are rounded to `F` once, like those of device code.
    ///
    /// # Errors
    ///
    /// [`SystemError::WrongLength`] if a slice does not have one value per state, parameter or constant,
    /// [`SystemError::MissingDrivers`] if the system has drivers: see [`Program::evaluate_driven`].
    pub fn evaluate<F: Real>(&self, t: F, y: &[F], p: &[F], c: &[F]) -> Result<Vec<F>, SystemError> {
        match self.inputs.drivers {
            0 => self.evaluate_driven(t, y, p, c, &[]),
            count => Err(SystemError::MissingDrivers { count, with: "Program::evaluate_driven" }),
        }
    }

    /// The results for one set of inputs with the values of the drivers at the time `t`.
    ///
    /// # Errors
    ///
    /// [`SystemError::WrongLength`] if a slice does not have one value per state, parameter, constant or driver.
    pub fn evaluate_driven<F: Real>(&self, t: F, y: &[F], p: &[F], c: &[F], d: &[F]) -> Result<Vec<F>, SystemError> {
        self.evaluate_with(&Inputs::new(t, y, p, c).drivers(d))
    }

    /// The results for one set of inputs.
    ///
    /// # Errors
    ///
    /// [`SystemError::WrongLength`] if there is not one value per state, parameter, constant or driver, or, where the
    /// program reads them, not one rate per driver or one component of the direction per state.
    pub fn evaluate_with<F: Real>(&self, inputs: &Inputs<'_, F>) -> Result<Vec<F>, SystemError> {
        inputs.check(&self.inputs)?;
        let mut numbers = vec![F::from_f64(0.0); self.operations.len()];
        let mut conditions = vec![false; self.operations.len()];
        for (index, operation) in self.operations.iter().enumerate() {
            let number = |value: ValueId| numbers[value.0];
            let condition = |value: ValueId| conditions[value.0];
            match *operation {
                Operation::Literal(value) => numbers[index] = F::from_f64(value),
                Operation::Input(symbol) => numbers[index] = inputs.value(symbol),
                Operation::Unary(op, a) => numbers[index] = number(a).unary(op),
                Operation::Binary(op, a, b) => numbers[index] = number(a).binary(op, number(b)),
                Operation::Fma { a, b, c, minus_product, minus_addend } => {
                    let factor = number(a).negated_if(minus_product);
                    numbers[index] = factor.fused_multiply_add(number(b), number(c).negated_if(minus_addend));
                }
                Operation::Select(c, a, b) => numbers[index] = number(if condition(c) { a } else { b }),
                Operation::Compare(op, a, b) => conditions[index] = number(a).compare(op, number(b)),
                Operation::Not(a) => conditions[index] = !condition(a),
                Operation::And(a, b) => conditions[index] = condition(a) && condition(b),
                Operation::Or(a, b) => conditions[index] = condition(a) || condition(b),
            }
        }
        Ok(self.outputs.iter().map(|output| numbers[output.value.0]).collect())
    }
}
