//! Derivatives of the right-hand sides.

mod sparsity;
#[cfg(test)]
mod tests;

use super::arena::{Arena, ExprId, Rate, Symbol};
use super::emit::EmitOptions;
use super::error::SystemError;
use super::program::{Inputs, Program};
use super::{System, UNFUSED};

pub use sparsity::Sparsity;

impl System {
    /// The entries of the Jacobian `∂f/∂y` that differentiation finds; the others are zero.
    #[must_use]
    pub fn jacobian_sparsity(&self) -> Sparsity {
        Sparsity::new(&self.arena.gradient_pattern(&self.derivatives, &self.state_symbols()))
    }

    /// Whether the equations are linear in the states; their coefficients may depend on time, drivers and parameters.
    #[must_use]
    pub fn is_linear(&self) -> bool {
        let (mut arena, states) = (self.arena.clone(), self.state_symbols());
        let rows = self.jacobian_rows(&mut arena);
        let by_states = |roots: &[ExprId]| arena.mentions(roots, |symbol| states.contains(&symbol));
        !by_states(&rows.concat()) && !by_states(&self.arena.jumps(&self.derivatives))
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
        Program::new(self, &arena, &outputs, options)
    }

    /// The partial derivatives `∂f/∂t` of all states: by the time itself, and by the drivers times their rates.
    #[must_use]
    pub fn time_derivative_program(&self, options: EmitOptions) -> Program {
        let mut arena = self.arena.clone();
        let outputs = self.time_derivatives(&mut arena);
        Program::new(self, &arena, &outputs, options)
    }

    /// The derivatives `f` of all states, then the entries of the Jacobian in the order of [`Sparsity::positions`],
    /// then, unless the system is autonomous, `∂f/∂t` of each state.
    ///
    /// All share what they have in common. A product that `f` alone would fuse with a sum may be used by a derivative
    /// too and is not fused then, so the last bits of `f` may differ from those of [`System::derivative_program`].
    ///
    /// They are computed in the order that keeps fewer values alive: state by state, its derivative, its row of the
    /// Jacobian and its derivative by time, or all derivatives first, which is better where states share the terms of
    /// their derivatives, as in networks of reactions.
    #[must_use]
    pub fn linearisation_program(&self, options: EmitOptions) -> Program {
        let mut arena = self.arena.clone();
        let rows = self.jacobian_rows(&mut arena);
        let by_time = if self.is_autonomous() { Vec::new() } else { self.time_derivatives(&mut arena) };
        let outputs = [self.derivatives.clone(), rows.concat(), by_time.clone()].concat();
        let first_by_time = outputs.len() - by_time.len();
        let mut by_state = Vec::with_capacity(outputs.len());
        let mut entries = self.derivatives.len()..;
        for (state, row) in rows.iter().enumerate() {
            by_state.push(state);
            by_state.extend(entries.by_ref().take(row.len()));
            by_state.extend((!by_time.is_empty()).then_some(first_by_time + state));
        }
        let by_state = Program::in_order(self, &arena, &outputs, &by_state, options);
        let derivatives_first = Program::new(self, &arena, &outputs, options);
        if by_state.live_values() <= derivatives_first.live_values() { by_state } else { derivatives_first }
    }

    /// The product of the Jacobian with a vector, which the program takes as [`Inputs::direction`].
    #[must_use]
    pub fn jacobian_vector_program(&self, options: EmitOptions) -> Program {
        let mut arena = self.arena.clone();
        let outputs = self.directional(&mut arena, |symbol| match symbol {
            Symbol::State(index) => Some(Rate::Symbol(Symbol::Direction(index))),
            _ => None,
        });
        Program::new(self, &arena, &outputs, options)
    }

    /// The diagonal of the Jacobian: of each state, the derivative of its right-hand side by the state itself; zero where the pattern has no such entry.
    #[must_use]
    pub fn jacobian_diagonal_program(&self, options: EmitOptions) -> Program {
        let mut arena = self.arena.clone();
        let zero = arena.literal(0.0);
        let rows = arena.gradients(&self.derivatives, &self.state_symbols());
        let diagonal = rows.into_iter().enumerate().map(|(state, row)| {
            row.into_iter().find(|(column, _)| *column == state).map_or(zero, |(_, derivative)| derivative)
        });
        let outputs: Vec<ExprId> = diagonal.collect();
        Program::new(self, &arena, &outputs, options)
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
