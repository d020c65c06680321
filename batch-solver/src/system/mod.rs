//! Systems of first-order ordinary differential equations.
//!
//! A [`System`] holds the equations `dy/dt = f(t, y, p, c)` of the states `y` with parameters `p` (one value per run)
//! and constants `c` (one value shared by all runs), and observables `o(t, y, p, c)` that can be recorded. Drivers are
//! functions of time given as samples ([`crate::drivers`]). A system is made by a [`SystemBuilder`] from text or from Rust expressions, is evaluated on the host ([`System::evaluate`],
//! [`Program`]) and emitted as device code ([`System::emit`]).
//!
//! # The equation language
//!
//! ```
//! use batch_solver::System;
//!
//! let pendulum = System::builder("pendulum")
//!     .equations(
//!         "damping(v) = if(abs(v) < v0, d0*v, d1*v*abs(v))   # a function, expanded where it is called
//!          dphi   = omega                                    # or d(phi, t) = omega, or dphi/dt = omega
//!          domega = -g/l*sin(phi) - damping(omega) + drive
//!          drive  = (a*cos(w*t) if t > 1 else 0)             # an auxiliary, in any order
//!          energy = l*omega^2/2 - g*cos(phi)",
//!     )
//!     .states([("phi", 0.1), ("omega", 0.0)])
//!     .parameters([("a", 0.5), ("w", 2.0)])
//!     .constants([("g", 9.81), ("l", 1.0), ("v0", 0.01), ("d0", 0.1), ("d1", 0.2)])
//!     .observable("energy")
//!     .build()?;
//! let slope = pendulum.evaluate(0.0, &[0.1, 0.0], &[0.5, 2.0], &[9.81, 1.0, 0.01, 0.1, 0.2])?;
//! assert_eq!(slope, [0.0, -9.81 * 0.1_f64.sin()]);
//! # Ok::<(), batch_solver::SystemErrors>(())
//! ```
//!
//! * One equation per line or between semicolons; `#` begins a comment; lines continue inside brackets.
//! * Operators, weakest first: `or ||`, `and &&`, `not`, comparisons `< <= > >= == !=` (which do not chain), `+ -`,
//!   `* /`, signs and `!`, and `^ **`, which associate to the right: `-x^2` is `-(x^2)`.
//! * Conditionals: `a if condition else b`, `if(condition, a, b)` or `select(condition, a, b)`,
//!   `piecewise(a, condition, b, condition, …, otherwise)`. All branches are evaluated; only the chosen one counts.
//! * Functions: `exp exp2 expm1 log ln log2 log10 log1p sqrt cbrt pow hypot sin cos tan asin acos atan atan2 sinh cosh
//!   tanh abs sign floor ceil min max`; numbers `pi` and `e`; the time `t`. In `a < b ? a : b`, which is `min(a, b)`,
//!   a NaN yields the second operand, and likewise for `max`.
//! * An auxiliary may be used before or after its equation; the derivative of a state may be used as `dx` or `d(x, t)`.
//!
//! # Derivatives
//!
//! Right-hand sides are differentiated symbolically, by the states ([`System::jacobian_program`]) and by the time
//! ([`System::time_derivative_program`]). Where a function chooses, its derivative is that of what it chose, at kinks and
//! jumps too: `abs(x)` is `-x if x < 0 else x`, `min(a, b)` is `a if a < b else b`, `max(a, b)` is `a if a > b else b`,
//! and a conditional is differentiated in its branches. Conditions, `sign`, `floor` and `ceil` have derivative zero
//! everywhere. The derivative of a power by its exponent is zero where the base is zero. Other derivatives that do not
//! exist, as that of `sqrt(x)` at zero, are infinite or NaN.
//!
//! The time acts on a right-hand side itself and through drivers: its derivative by the time takes both together, so it
//! needs the rates of drivers.
//!
//! # Simplification
//!
//! Equations are simplified where this leaves the value the same or nearly so; the rules and what they do to rounding,
//! signed zeros and NaN are listed in the source of the arena (`system/arena/simplify.rs`).

mod arena;
mod builder;
mod derivatives;
mod emit;
mod error;
mod expr;
mod function;
mod location;
mod names;
mod parse;
mod program;
mod real;
mod resolve;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use arena::{Arena, ExprId, Symbol};

pub use builder::SystemBuilder;
pub use derivatives::Sparsity;
pub use emit::{EmitOptions, EmittedSystem};
pub use error::{Location, NameKind, NameProblem, SystemError, SystemErrors};
pub use expr::{Condition, Expr, select};
pub use program::{Inputs, OperationCounts, Program};
pub use real::Real;

/// A name with a value: the initial value of a state, the default of a parameter, the value of a constant.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Quantity {
    /// The name in the equations.
    pub name: String,
    /// The value, finite.
    pub value: f64,
}

impl<N: Into<String>> From<(N, f64)> for Quantity {
    fn from((name, value): (N, f64)) -> Self {
        Self { name: name.into(), value }
    }
}

/// A quantity that can be recorded.
#[derive(Clone, Debug, PartialEq)]
struct Observable {
    name: String,
    value: ExprId,
}

/// A system of first-order ordinary differential equations.
///
/// Equal systems have equal names, declarations and simplified equations, whether they were written as text or in Rust.
#[derive(Clone, Debug, PartialEq)]
pub struct System {
    name: String,
    states: Vec<Quantity>,
    parameters: Vec<Quantity>,
    constants: Vec<Quantity>,
    drivers: Vec<String>,
    observables: Vec<Observable>,
    /// The right-hand side of each state, then what the observables are, and nothing else.
    arena: Arena,
    derivatives: Vec<ExprId>,
}

impl System {
    /// Begins the declaration of a system; the name becomes part of the emitted code's.
    pub fn builder(name: impl Into<String>) -> SystemBuilder {
        SystemBuilder::new(name.into())
    }

    /// The system's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The states with their initial values, in the order of their indices.
    #[must_use]
    pub fn states(&self) -> &[Quantity] {
        &self.states
    }

    /// The parameters with their defaults, in the order of their indices.
    #[must_use]
    pub fn parameters(&self) -> &[Quantity] {
        &self.parameters
    }

    /// The constants with their values, in the order of their indices.
    #[must_use]
    pub fn constants(&self) -> &[Quantity] {
        &self.constants
    }

    /// The names of the drivers, in the order of their indices.
    #[must_use]
    pub fn drivers(&self) -> &[String] {
        &self.drivers
    }

    /// The names of the observables, in the order of their indices.
    pub fn observables(&self) -> impl ExactSizeIterator<Item = &str> {
        self.observables.iter().map(|observable| observable.name.as_str())
    }

    /// The simplified right-hand side of a state, by its index, with functions and auxiliaries expanded.
    #[must_use]
    pub fn right_hand_side(&self, state: usize) -> Option<Expr> {
        let &derivative = self.derivatives.get(state)?;
        Some(self.arena.to_expr(derivative, |symbol| self.symbol_name(symbol)))
    }

    /// The derivatives of all states, computed in binary64 as written: simplified, not fused.
    ///
    /// Lowers the equations first; for many evaluations make a [`Program`] once.
    ///
    /// # Errors
    ///
    /// [`SystemError::WrongLength`] if a slice does not have one value per state, parameter or constant,
    /// [`SystemError::MissingDrivers`] if the system has drivers: see [`System::evaluate_driven`].
    pub fn evaluate(&self, t: f64, y: &[f64], p: &[f64], c: &[f64]) -> Result<Vec<f64>, SystemError> {
        self.require_no_drivers("System::evaluate_driven")?;
        self.evaluate_driven(t, y, p, c, &[])
    }

    /// The derivatives of all states, with the values of the drivers at the time `t`.
    ///
    /// # Errors
    ///
    /// [`SystemError::WrongLength`] if a slice does not have one value per state, parameter, constant or driver.
    pub fn evaluate_driven(&self, t: f64, y: &[f64], p: &[f64], c: &[f64], d: &[f64]) -> Result<Vec<f64>, SystemError> {
        self.derivative_program(UNFUSED).evaluate_driven(t, y, p, c, d)
    }

    /// The values of all observables, computed as by [`System::evaluate`].
    ///
    /// # Errors
    ///
    /// As [`System::evaluate`].
    pub fn observe(&self, t: f64, y: &[f64], p: &[f64], c: &[f64]) -> Result<Vec<f64>, SystemError> {
        self.require_no_drivers("System::observe_driven")?;
        self.observe_driven(t, y, p, c, &[])
    }

    /// The values of all observables, with the values of the drivers at the time `t`.
    ///
    /// # Errors
    ///
    /// As [`System::evaluate_driven`].
    pub fn observe_driven(&self, t: f64, y: &[f64], p: &[f64], c: &[f64], d: &[f64]) -> Result<Vec<f64>, SystemError> {
        self.observable_program(UNFUSED).evaluate_driven(t, y, p, c, d)
    }

    fn require_no_drivers(&self, with: &'static str) -> Result<(), SystemError> {
        match self.drivers.len() {
            0 => Ok(()),
            count => Err(SystemError::MissingDrivers { count, with }),
        }
    }

    /// The operations that compute the derivatives of all states, exactly as they would be emitted.
    #[must_use]
    pub fn derivative_program(&self, options: EmitOptions) -> Program {
        Program::new(self, &self.arena, &self.derivatives, options)
    }

    /// The operations that compute all observables, exactly as they would be emitted.
    #[must_use]
    pub fn observable_program(&self, options: EmitOptions) -> Program {
        let values: Vec<ExprId> = self.observables.iter().map(|observable| observable.value).collect();
        Program::new(self, &self.arena, &values, options)
    }

    /// The system as C++ for the device.
    #[must_use]
    pub fn emit(&self, options: EmitOptions) -> EmittedSystem {
        emit::emit(self, options)
    }

    /// The same equations with other values of the constants, in order of declaration; values beyond the number of constants are ignored.
    #[must_use]
    pub fn with_constants(&self, values: &[f64]) -> Self {
        let mut system = self.clone();
        for (constant, value) in system.constants.iter_mut().zip(values) {
            constant.value = *value;
        }
        system
    }

    fn symbol_name(&self, symbol: Symbol) -> &str {
        let (quantities, index) = match symbol {
            Symbol::Time => return function::TIME,
            Symbol::State(index) => (&self.states, index),
            Symbol::Parameter(index) => (&self.parameters, index),
            Symbol::Constant(index) => (&self.constants, index),
            Symbol::Driver(index) => return self.drivers.get(index).map_or("?", String::as_str),
            // Right-hand sides and observables do not contain these.
            Symbol::DriverRate(_) | Symbol::Direction(_) => return "?",
        };
        quantities.get(index).map_or("?", |quantity| &quantity.name)
    }
}

const UNFUSED: EmitOptions = EmitOptions {
    bake_constants: false,
    fuse: false,
    linearisation: false,
    jacobian_vector: false,
    jacobian_diagonal: false,
    outline: false,
};
