//! Derivatives of the right-hand sides.

mod sparsity;
#[cfg(test)]
mod tests;

use super::arena::{Arena, ExprId, Rate, Symbol};
use super::emit::EmitOptions;
use super::error::SystemError;
use super::program::{Inputs, Lowered, Program};
use super::{System, UNFUSED};

pub use sparsity::Sparsity;

impl System {
    /// The entries of the Jacobian `∂f/∂y` that differentiation finds; the others are zero.
    #[must_use]
    pub fn jacobian_sparsity(&self) -> Sparsity {
        Sparsity::new(&self.arena.gradient_pattern(&self.derivatives, &self.state_symbols()))
    }

    /// Whether no right-hand side mentions the time or a driver.
    #[must_use]
    pub fn is_autonomous(&self) -> bool {
        !self.arena.mentions(&self.derivatives, |symbol| matches!(symbol, Symbol::Time | Symbol::Driver(_)))
    }

    /// The entries of the Jacobian `∂f/∂y` in the order of [`Sparsity::positions`].
    #[must_use]
    pub fn jacobian_program(&self, options: EmitOptions) -> Program {
        let mut arena = self.arena.clone();
        let outputs: Vec<ExprId> = self.jacobian_rows(&mut arena).concat();
        Lowered::new(self, &arena, &outputs, options).program()
    }

    /// The partial derivatives `∂f/∂t` of all states: by the time itself, and by the drivers times their rates.
    #[must_use]
    pub fn time_derivative_program(&self, options: EmitOptions) -> Program {
        let mut arena = self.arena.clone();
        let outputs = self.time_derivatives(&mut arena);
        Lowered::new(self, &arena, &outputs, options).program()
    }

    /// The derivatives `f` of all states, then the entries of the Jacobian in the order of [`Sparsity::positions`],
    /// then, unless the system is autonomous, `∂f/∂t` of each state.
    ///
    /// All share what they have in common. A product that `f` alone would fuse with a sum may be used by a derivative
    /// too and is not fused then, so the last bits of `f` may differ from those of [`System::derivative_program`].
    #[must_use]
    pub fn linearisation_program(&self, options: EmitOptions) -> Program {
        self.lowered_linearisation(options).program()
    }

    /// The product of the Jacobian with a vector, which the program takes as [`Inputs::direction`].
    #[must_use]
    pub fn jacobian_vector_program(&self, options: EmitOptions) -> Program {
        self.lowered_jacobian_vector(options).program()
    }

    /// The entries of the Jacobian in the order of [`Sparsity::positions`], computed as by [`System::evaluate`].
    ///
    /// # Errors
    ///
    /// As [`System::evaluate`].
    pub fn jacobian(&self, t: f64, y: &[f64], p: &[f64], c: &[f64]) -> Result<Vec<f64>, SystemError> {
        self.require_no_drivers("System::jacobian_driven")?;
        self.jacobian_driven(t, y, p, c, &[])
    }

    /// The entries of the Jacobian, with the values of the drivers at the time `t`.
    ///
    /// # Errors
    ///
    /// As [`System::evaluate_driven`].
    pub fn jacobian_driven(&self, t: f64, y: &[f64], p: &[f64], c: &[f64], d: &[f64]) -> Result<Vec<f64>, SystemError> {
        self.jacobian_program(UNFUSED).evaluate_driven(t, y, p, c, d)
    }

    /// The partial derivatives `∂f/∂t` of all states, computed as by [`System::evaluate`].
    ///
    /// # Errors
    ///
    /// As [`System::evaluate`].
    pub fn time_derivative(&self, t: f64, y: &[f64], p: &[f64], c: &[f64]) -> Result<Vec<f64>, SystemError> {
        self.require_no_drivers("System::time_derivative_driven")?;
        self.time_derivative_driven(&Inputs::new(t, y, p, c))
    }

    /// The partial derivatives `∂f/∂t` of all states, with the values of the drivers and their rates.
    ///
    /// # Errors
    ///
    /// As [`Program::evaluate_with`].
    pub fn time_derivative_driven(&self, inputs: &Inputs<'_, f64>) -> Result<Vec<f64>, SystemError> {
        self.time_derivative_program(UNFUSED).evaluate_with(inputs)
    }

    /// The operations of [`System::linearisation_program`]: computed state by state, its derivative, its row of the
    /// Jacobian and its derivative by time. These have most in common, so fewer values wait for their last use than if
    /// all of `f` were computed first.
    pub(super) fn lowered_linearisation(&self, options: EmitOptions) -> Lowered {
        let mut arena = self.arena.clone();
        let rows = self.jacobian_rows(&mut arena);
        let by_time = if self.is_autonomous() { Vec::new() } else { self.time_derivatives(&mut arena) };
        let n = self.derivatives.len();
        let mut outputs = self.derivatives.clone();
        outputs.extend(rows.iter().flatten());
        let first_by_time = outputs.len();
        outputs.extend(&by_time);
        let mut order = Vec::with_capacity(outputs.len());
        let mut next_entry = n;
        for (state, row) in rows.iter().enumerate() {
            order.push(state);
            order.extend(next_entry..next_entry + row.len());
            order.extend((!by_time.is_empty()).then_some(first_by_time + state));
            next_entry += row.len();
        }
        Lowered::new(self, &arena, &outputs, options).in_order(order)
    }

    pub(super) fn lowered_jacobian_vector(&self, options: EmitOptions) -> Lowered {
        let mut arena = self.arena.clone();
        let along = |symbol| match symbol {
            Symbol::State(index) => Some(Rate::Symbol(Symbol::Direction(index))),
            _ => None,
        };
        let outputs = self.directional(&mut arena, along);
        Lowered::new(self, &arena, &outputs, options)
    }

    fn state_symbols(&self) -> Vec<Symbol> {
        (0..self.states.len()).map(Symbol::State).collect()
    }

    fn jacobian_rows(&self, arena: &mut Arena) -> Vec<Vec<ExprId>> {
        let rows = arena.gradients(&self.derivatives, &self.state_symbols());
        rows.into_iter().map(|row| row.into_iter().map(|(_, derivative)| derivative).collect()).collect()
    }

    fn time_derivatives(&self, arena: &mut Arena) -> Vec<ExprId> {
        self.directional(arena, |symbol| match symbol {
            Symbol::Time => Some(Rate::One),
            Symbol::Driver(index) => Some(Rate::Symbol(Symbol::DriverRate(index))),
            _ => None,
        })
    }

    fn directional(&self, arena: &mut Arena, rate: impl Fn(Symbol) -> Option<Rate>) -> Vec<ExprId> {
        let zero = arena.literal(0.0);
        let derivatives = arena.directional(&self.derivatives, rate);
        derivatives.into_iter().map(|derivative| derivative.unwrap_or(zero)).collect()
    }
}
