//! Declaring a system step by step.

use super::error::{NameKind, SystemError, SystemErrors};
use super::expr::Expr;
use super::parse::{self, Equation, Target};
use super::{Quantity, System, resolve};

/// The declarations and equations of a system; [`SystemBuilder::build`] checks them and makes the [`System`].
///
/// Declarations chain; equations come as text. Alternatively the `add_…` methods declare a quantity and return it as
/// an [`Expr`], from which equations are built in Rust. Both ways mix freely and yield equal systems:
///
/// ```
/// use batch_solver::System;
///
/// let text = System::builder("decay").equations("dx = -k*x").state("x", 1.0).parameter("k", 0.5).build()?;
///
/// let mut builder = System::builder("decay");
/// let (x, k) = (builder.add_state("x", 1.0), builder.add_parameter("k", 0.5));
/// builder.derivative(&x, -&k * &x);
/// assert_eq!(builder.build()?, text);
/// # Ok::<(), batch_solver::SystemErrors>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct SystemBuilder {
    pub(super) declarations: Declarations,
    pub(super) equations: Vec<Equation>,
    /// Errors of the grammar, reported by `build` together with all others.
    pub(super) errors: Vec<SystemError>,
}

/// What a system declares besides its equations.
#[derive(Clone, Debug, Default)]
pub(super) struct Declarations {
    pub(super) name: String,
    pub(super) states: Vec<Quantity>,
    pub(super) parameters: Vec<Quantity>,
    pub(super) constants: Vec<Quantity>,
    pub(super) drivers: Vec<String>,
    pub(super) observables: Vec<String>,
}

impl SystemBuilder {
    pub(super) fn new(name: String) -> Self {
        let declarations = Declarations { name, ..Declarations::default() };
        Self { declarations, equations: Vec::new(), errors: Vec::new() }
    }

    /// Adds equations in the language described in [`crate::system`]; may be called several times.
    pub fn equations(mut self, text: &str) -> Self {
        let (equations, errors) = parse::equations(text);
        self.equations.extend(equations);
        self.errors.extend(errors);
        self
    }

    /// Declares a state variable with its initial value. States are numbered in the order of declaration.
    pub fn state(mut self, name: impl Into<String>, initial: f64) -> Self {
        self.add_state(name, initial);
        self
    }

    /// Declares several states with their initial values.
    pub fn states<N: Into<String>>(mut self, states: impl IntoIterator<Item = (N, f64)>) -> Self {
        self.declarations.states.extend(states.into_iter().map(Quantity::from));
        self
    }

    /// Declares a parameter, of which each run has its own value, with its default.
    pub fn parameter(mut self, name: impl Into<String>, default: f64) -> Self {
        self.add_parameter(name, default);
        self
    }

    /// Declares several parameters with their defaults.
    pub fn parameters<N: Into<String>>(mut self, parameters: impl IntoIterator<Item = (N, f64)>) -> Self {
        self.declarations.parameters.extend(parameters.into_iter().map(Quantity::from));
        self
    }

    /// Declares a constant, which all runs share, with its value.
    pub fn constant(mut self, name: impl Into<String>, value: f64) -> Self {
        self.add_constant(name, value);
        self
    }

    /// Declares several constants with their values.
    pub fn constants<N: Into<String>>(mut self, constants: impl IntoIterator<Item = (N, f64)>) -> Self {
        self.declarations.constants.extend(constants.into_iter().map(Quantity::from));
        self
    }

    /// Declares a driver, a function of time that all runs share and that is given as samples: in equations its name is
    /// its value at the time `t`. Drivers are numbered in the order of declaration.
    pub fn driver(mut self, name: impl Into<String>) -> Self {
        self.add_driver(name);
        self
    }

    /// Declares several drivers.
    pub fn drivers<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.declarations.drivers.extend(names.into_iter().map(N::into));
        self
    }

    /// Declares that a quantity, usually an auxiliary, can be recorded.
    pub fn observable(mut self, name: impl Into<String>) -> Self {
        self.declarations.observables.push(name.into());
        self
    }

    /// Declares several observables.
    pub fn observables<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.declarations.observables.extend(names.into_iter().map(N::into));
        self
    }

    /// Declares a state variable with its initial value and returns it.
    pub fn add_state(&mut self, name: impl Into<String>, initial: f64) -> Expr {
        declare(&mut self.declarations.states, name.into(), initial)
    }

    /// Declares a parameter with its default and returns it.
    pub fn add_parameter(&mut self, name: impl Into<String>, default: f64) -> Expr {
        declare(&mut self.declarations.parameters, name.into(), default)
    }

    /// Declares a constant with its value and returns it.
    pub fn add_constant(&mut self, name: impl Into<String>, value: f64) -> Expr {
        declare(&mut self.declarations.constants, name.into(), value)
    }

    /// Declares a driver and returns its value at the time `t`.
    pub fn add_driver(&mut self, name: impl Into<String>) -> Expr {
        let name = name.into();
        self.declarations.drivers.push(name.clone());
        Expr::symbol(name)
    }

    /// Defines an auxiliary quantity and returns it.
    pub fn add_auxiliary(&mut self, name: impl Into<String>, value: impl Into<Expr>) -> Expr {
        let name = name.into();
        self.equations.push(Equation { target: Target::Name(name.clone()), span: None, value: value.into() });
        Expr::symbol(name)
    }

    /// Defines an auxiliary quantity that can be recorded and returns it.
    pub fn add_observable(&mut self, name: impl Into<String>, value: impl Into<Expr>) -> Expr {
        let name = name.into();
        self.declarations.observables.push(name.clone());
        self.add_auxiliary(name, value)
    }

    /// Gives the time derivative of a state.
    pub fn derivative(&mut self, state: &Expr, value: impl Into<Expr>) -> &mut Self {
        match state.as_name() {
            Some(name) => {
                let target = Target::Derivative(name.to_owned());
                self.equations.push(Equation { target, span: None, value: value.into() });
            }
            None => self.errors.push(SystemError::NotAState { target: state.abbreviated() }),
        }
        self
    }

    /// Checks everything and makes the system.
    ///
    /// # Errors
    ///
    /// All errors that could be found, see [`SystemError`]. Errors that need every name to be known, such as numbers
    /// used as conditions, are looked for only where there are no others.
    pub fn build(&self) -> Result<System, SystemErrors> {
        resolve::resolve(self)
    }
}

fn declare(quantities: &mut Vec<Quantity>, name: String, value: f64) -> Expr {
    quantities.push(Quantity { name: name.clone(), value });
    Expr::symbol(name)
}

impl Declarations {
    /// The declared quantities with their kinds, in the order in which errors are reported.
    pub(super) fn quantities(&self) -> impl Iterator<Item = (NameKind, &Quantity)> {
        let states = self.states.iter().map(|state| (NameKind::State, state));
        let parameters = self.parameters.iter().map(|parameter| (NameKind::Parameter, parameter));
        let constants = self.constants.iter().map(|constant| (NameKind::Constant, constant));
        states.chain(parameters).chain(constants)
    }
}
