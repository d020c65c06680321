//! Looking up every name that the equations mention.

use std::collections::HashSet;

use super::definitions::{Defined, Definition, Definitions, Meaning};
use super::report;
use crate::system::Quantity;
use crate::system::arena::Symbol;
use crate::system::error::{NameKind, SystemError};
use crate::system::expr::{Expr, Head};
use crate::system::function::{FUNCTIONS, Function};
use crate::system::names::nearest;

/// What the definitions mention.
pub(super) struct References {
    /// For each definition, those it mentions, in the order of first mention.
    pub(super) dependencies: Vec<Vec<usize>>,
    symbols: HashSet<Symbol>,
    definitions: HashSet<usize>,
}

/// Looks up all names; reports those that mean nothing and calls with a wrong number of arguments.
pub(super) fn check(definitions: &Definitions<'_>, errors: &mut Vec<SystemError>) -> References {
    let mut references = References { dependencies: Vec::new(), symbols: HashSet::new(), definitions: HashSet::new() };
    for definition in &definitions.definitions {
        let dependencies = references.of_definition(definitions, definition, errors);
        references.definitions.extend(&dependencies);
        references.dependencies.push(dependencies);
    }
    for name in &definitions.declarations.observables {
        match definitions.meaning(name) {
            Some(meaning) => {
                let dependency = references.of_meaning(definitions, meaning);
                references.definitions.extend(dependency);
            }
            None => {
                let suggestion = nearest(name, definitions.value_names());
                errors.push(SystemError::UndefinedObservable { name: name.clone(), suggestion });
            }
        }
    }
    references
}

impl References {
    /// The definitions that `definition` mentions.
    fn of_definition(
        &mut self,
        definitions: &Definitions<'_>,
        definition: &Definition<'_>,
        errors: &mut Vec<SystemError>,
    ) -> Vec<usize> {
        let mut dependencies = Vec::new();
        let mut visited = HashSet::new();
        let mut pending = vec![&definition.equation.value];
        while let Some(expr) = pending.pop() {
            if !visited.insert(expr.address()) {
                continue;
            }
            match self.of_node(definitions, definition, expr) {
                Ok(Some(dependency)) if !dependencies.contains(&dependency) => dependencies.push(dependency),
                Ok(_) => {}
                Err(error) => report(errors, error),
            }
            pending.extend(expr.syntax().operands.iter().rev());
        }
        dependencies
    }

    /// The definition that one node mentions, if it mentions one.
    fn of_node(
        &mut self,
        definitions: &Definitions<'_>,
        definition: &Definition<'_>,
        expr: &Expr,
    ) -> Result<Option<usize>, SystemError> {
        match &expr.syntax().head {
            Head::Number(value) if !value.is_finite() => {
                Err(SystemError::NumberOutOfRange { literal: value.to_string(), location: expr.location() })
            }
            Head::Name(name) if definition.argument(name).is_some() => Ok(None),
            Head::Name(name) => match definitions.meaning(name) {
                Some(meaning) => Ok(self.of_meaning(definitions, meaning)),
                None => {
                    let arguments = match definition.defined {
                        Defined::Function { arguments } => arguments,
                        Defined::Derivative(_) | Defined::Auxiliary => &[],
                    };
                    let candidates = arguments.iter().map(String::as_str).chain(definitions.value_names());
                    let suggestion = nearest(name, candidates);
                    // What was probably meant is not reported as unused on top.
                    if let Some(Meaning::Symbol(symbol)) =
                        suggestion.as_deref().and_then(|name| definitions.meaning(name))
                    {
                        self.symbols.insert(symbol);
                    }
                    Err(SystemError::UnknownName { name: name.clone(), suggestion, location: expr.location() })
                }
            },
            Head::Derivative(state) => match definitions.state(state) {
                Some(state) => Ok(self.of_meaning(definitions, Meaning::Derivative(state))),
                None => {
                    let states = definitions.declarations.states.iter().map(|state| state.name.as_str());
                    let suggestion = nearest(state, states);
                    Err(SystemError::UnknownName { name: state.clone(), suggestion, location: expr.location() })
                }
            },
            Head::Call(name) => check_call(definitions, name, expr),
            Head::Number(_) | Head::Negate | Head::Not | Head::Infix(_) => Ok(None),
        }
    }

    fn of_meaning(&mut self, definitions: &Definitions<'_>, meaning: Meaning) -> Option<usize> {
        match meaning {
            Meaning::Number(_) => None,
            Meaning::Symbol(symbol) => {
                self.symbols.insert(symbol);
                None
            }
            Meaning::Derivative(state) => definitions.derivatives.get(state).copied().flatten(),
            Meaning::Auxiliary(index) => Some(index),
        }
    }

    /// Reports states without equation and quantities without influence.
    pub(super) fn report_missing_and_unused<'a>(&self, definitions: &Definitions<'a>, errors: &mut Vec<SystemError>) {
        let declarations = definitions.declarations;
        for (state, derivative) in declarations.states.iter().zip(&definitions.derivatives) {
            if derivative.is_none() {
                errors.push(SystemError::MissingEquation { state: state.name.clone() });
            }
        }
        let names = |quantities: &'a [Quantity]| quantities.iter().map(|quantity| quantity.name.as_str()).enumerate();
        let parameters =
            names(&declarations.parameters).map(|(i, name)| (NameKind::Parameter, Symbol::Parameter(i), name));
        let constants = names(&declarations.constants).map(|(i, name)| (NameKind::Constant, Symbol::Constant(i), name));
        let drivers = declarations.drivers.iter().map(String::as_str).enumerate();
        let drivers = drivers.map(|(i, name)| (NameKind::Driver, Symbol::Driver(i), name));
        for (kind, symbol, name) in parameters.chain(constants).chain(drivers) {
            // Of a name that is declared twice, which has been reported, only the first meaning counts.
            let is_known = definitions.meaning(name) == Some(Meaning::Symbol(symbol));
            if is_known && !self.symbols.contains(&symbol) {
                errors.push(SystemError::Unused { kind, name: name.to_owned() });
            }
        }
        for (index, definition) in definitions.definitions.iter().enumerate() {
            let is_known = definitions.meaning(definition.name) == Some(Meaning::Auxiliary(index));
            if is_known && !self.definitions.contains(&index) {
                errors.push(unused(definitions, definition));
            }
        }
    }
}

/// Checks the function and the number of arguments of a call.
fn check_call(definitions: &Definitions<'_>, name: &str, expr: &Expr) -> Result<Option<usize>, SystemError> {
    let found = expr.syntax().operands.len();
    let wrong_count = |expected| {
        Err(SystemError::WrongArgumentCount { function: name.to_owned(), expected, found, location: expr.location() })
    };
    if let Some((index, arguments)) = definitions.function(name) {
        return match arguments.len() {
            expected if expected == found => Ok(Some(index)),
            1 => wrong_count("1 argument".to_owned()),
            expected => wrong_count(format!("{expected} arguments")),
        };
    }
    match Function::named(name) {
        Some(function) if function.arity().accepts(found) => Ok(None),
        Some(function) => wrong_count(function.arity().describe()),
        None => {
            let candidates = definitions.function_names().chain(FUNCTIONS.iter().map(|&(name, _)| name));
            let suggestion = nearest(name, candidates);
            Err(SystemError::UnknownFunction { name: name.to_owned(), suggestion, location: expr.location() })
        }
    }
}

/// The error for an auxiliary nobody uses: if its name reads like the derivative of a misspelt state, that is said.
fn unused(definitions: &Definitions<'_>, definition: &Definition<'_>) -> SystemError {
    let without_equation = definitions.declarations.states.iter().zip(&definitions.derivatives);
    let mut missing = without_equation.filter(|(_, derivative)| derivative.is_none()).map(|(state, _)| &*state.name);
    match definition.name.strip_prefix('d') {
        Some(state) if matches!(state.len(), 1..=2) || missing.any(|name| nearest(state, [name]).is_some()) => {
            definitions.unknown_state(definition.name, state, definition.equation)
        }
        _ => {
            SystemError::UnusedAuxiliary { name: definition.name.to_owned(), location: definition.equation.location() }
        }
    }
}
