//! What every name of a system means.

use indexmap::IndexMap;
use indexmap::map::Entry;
use std::collections::HashSet;

use crate::system::arena::Symbol;
use crate::system::builder::Declarations;
use crate::system::error::{NameKind, SystemError};
use crate::system::function::{NUMBERS, TIME};
use crate::system::names::{check_identifier, check_name, nearest};
use crate::system::parse::{Equation, Target};

/// What a name in an expression stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meaning {
    Number(f64),
    Symbol(Symbol),
    /// The derivative of a state, by the state's index.
    Derivative(usize),
    /// An auxiliary, by the index of its definition.
    Auxiliary(usize),
}

/// What a name belongs to.
#[derive(Clone, Copy)]
enum Named {
    Value(Meaning),
    /// A function, by the index of its definition.
    Function(usize),
}

/// What an equation defines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Defined<'a> {
    Derivative(usize),
    Auxiliary,
    Function { arguments: &'a [String] },
}

/// An equation and what it defines.
pub(super) struct Definition<'a> {
    pub(super) name: &'a str,
    pub(super) defined: Defined<'a>,
    pub(super) equation: &'a Equation,
}

/// All names of a system. Each name has one meaning: a function may not have the name of a quantity.
pub(super) struct Definitions<'a> {
    pub(super) declarations: &'a Declarations,
    names: IndexMap<&'a str, (NameKind, Named)>,
    pub(super) definitions: Vec<Definition<'a>>,
    /// The definition of each state's derivative.
    pub(super) derivatives: Vec<Option<usize>>,
}

impl<'a> Definitions<'a> {
    pub(super) fn collect(
        declarations: &'a Declarations,
        equations: &'a [Equation],
        errors: &mut Vec<SystemError>,
    ) -> Self {
        let derivatives = vec![None; declarations.states.len()];
        let mut all = Self { declarations, names: IndexMap::new(), definitions: Vec::new(), derivatives };
        check(&declarations.name, NameKind::System, None, errors);
        if declarations.states.is_empty() {
            errors.push(SystemError::NoStates);
        }
        all.declare_quantities(errors);
        for equation in equations {
            all.define(equation, errors);
        }
        let mut seen = HashSet::new();
        for name in declarations.observables.iter().filter(|name| !seen.insert(name.as_str())) {
            let (first, second) = (NameKind::Observable, NameKind::Observable);
            errors.push(SystemError::DuplicateName { name: name.clone(), first, second, location: None });
        }
        all
    }

    fn declare_quantities(&mut self, errors: &mut Vec<SystemError>) {
        let mut counts = [0; 3];
        for (kind, quantity) in self.declarations.quantities() {
            let (count, symbol): (_, fn(usize) -> Symbol) = match kind {
                NameKind::State => (&mut counts[0], Symbol::State),
                NameKind::Parameter => (&mut counts[1], Symbol::Parameter),
                _ => (&mut counts[2], Symbol::Constant),
            };
            let meaning = Named::Value(Meaning::Symbol(symbol(*count)));
            *count += 1;
            check(&quantity.name, kind, None, errors);
            if !quantity.value.is_finite() {
                let (name, value) = (quantity.name.clone(), quantity.value);
                errors.push(SystemError::NonFiniteValue { kind, name, value });
            }
            self.insert(&quantity.name, kind, meaning, None, errors);
        }
        for (index, name) in self.declarations.drivers.iter().enumerate() {
            check(name, NameKind::Driver, None, errors);
            let meaning = Named::Value(Meaning::Symbol(Symbol::Driver(index)));
            self.insert(name, NameKind::Driver, meaning, None, errors);
        }
    }

    fn define(&mut self, equation: &'a Equation, errors: &mut Vec<SystemError>) {
        let index = self.definitions.len();
        let (name, defined) = match &equation.target {
            Target::Derivative(state) => match self.state(state) {
                Some(state) => (self.declarations.states[state].name.as_str(), Defined::Derivative(state)),
                None => {
                    errors.push(self.unknown_state(&format!("d{state}"), state, equation));
                    return;
                }
            },
            Target::Name(name) => match self.derivative(name) {
                Some(state) => (self.declarations.states[state].name.as_str(), Defined::Derivative(state)),
                None => {
                    check(name, NameKind::Auxiliary, Some(equation), errors);
                    self.insert(
                        name,
                        NameKind::Auxiliary,
                        Named::Value(Meaning::Auxiliary(index)),
                        Some(equation),
                        errors,
                    );
                    (name.as_str(), Defined::Auxiliary)
                }
            },
            Target::Function { name, arguments } => {
                check(name, NameKind::Function, Some(equation), errors);
                for (position, argument) in arguments.iter().enumerate() {
                    check(argument, NameKind::Argument, Some(equation), errors);
                    if arguments.iter().take(position).any(|earlier| earlier == argument) {
                        let (name, kind) = (argument.clone(), NameKind::Argument);
                        let location = Some(equation.location());
                        errors.push(SystemError::DuplicateName { name, first: kind, second: kind, location });
                    }
                }
                self.insert(name, NameKind::Function, Named::Function(index), Some(equation), errors);
                (name.as_str(), Defined::Function { arguments })
            }
        };
        if let Defined::Derivative(state) = defined {
            if self.derivatives[state].is_some() {
                let (target, location) = (format!("d{name}"), equation.location());
                errors.push(SystemError::DuplicateEquation { target, location });
            }
            self.derivatives[state] = Some(index);
        }
        self.definitions.push(Definition { name, defined, equation });
    }

    fn insert(
        &mut self,
        name: &'a str,
        kind: NameKind,
        named: Named,
        equation: Option<&Equation>,
        errors: &mut Vec<SystemError>,
    ) {
        match self.names.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert((kind, named));
            }
            Entry::Occupied(entry) => errors.push(match (entry.get().0, equation.map(Equation::location)) {
                (first, Some(location)) if first == kind => {
                    SystemError::DuplicateEquation { target: name.to_owned(), location }
                }
                (first, location) => {
                    SystemError::DuplicateName { name: name.to_owned(), first, second: kind, location }
                }
            }),
        }
    }

    /// What a name stands for in an expression.
    pub(super) fn meaning(&self, name: &str) -> Option<Meaning> {
        match self.names.get(name) {
            Some(&(_, Named::Value(meaning))) => return Some(meaning),
            Some((_, Named::Function(_))) => return None,
            None => {}
        }
        if name == TIME {
            return Some(Meaning::Symbol(Symbol::Time));
        }
        let number = NUMBERS.iter().find(|(number, _)| *number == name).map(|&(_, value)| Meaning::Number(value));
        number.or_else(|| self.derivative(name).map(Meaning::Derivative))
    }

    /// The index of a state.
    pub(super) fn state(&self, name: &str) -> Option<usize> {
        match self.names.get(name)? {
            (_, Named::Value(Meaning::Symbol(Symbol::State(index)))) => Some(*index),
            _ => None,
        }
    }

    /// The state of which `name` is the derivative, as `dx` is of `x`; none if `name` is declared as something else.
    fn derivative(&self, name: &str) -> Option<usize> {
        if self.names.contains_key(name) { None } else { self.state(name.strip_prefix('d')?) }
    }

    /// The definition of a function and its arguments.
    pub(super) fn function(&self, name: &str) -> Option<(usize, &'a [String])> {
        let &(_, Named::Function(index)) = self.names.get(name)? else { return None };
        match self.definitions.get(index)?.defined {
            Defined::Function { arguments } => Some((index, arguments)),
            Defined::Derivative(_) | Defined::Auxiliary => None,
        }
    }

    /// The names of all functions that equations define.
    pub(super) fn function_names(&self) -> impl Iterator<Item = &'a str> {
        self.names.iter().filter(|(_, (_, named))| matches!(named, Named::Function(_))).map(|(&name, _)| name)
    }

    /// All names with a value, for suggestions.
    pub(super) fn value_names(&self) -> impl Iterator<Item = &'a str> {
        let declared =
            self.names.iter().filter(|(_, (_, named))| matches!(named, Named::Value(_))).map(|(&name, _)| name);
        declared.chain(NUMBERS.iter().map(|&(name, _)| name)).chain([TIME])
    }

    pub(super) fn unknown_state(&self, target: &str, state: &str, equation: &Equation) -> SystemError {
        let states = self.declarations.states.iter().map(|state| state.name.as_str());
        SystemError::EquationForUnknownState {
            target: target.to_owned(),
            state: state.to_owned(),
            suggestion: nearest(state, states),
            location: equation.location(),
        }
    }
}

impl Definition<'_> {
    /// The left-hand side, for messages.
    pub(super) fn target(&self) -> String {
        match self.defined {
            Defined::Derivative(_) => format!("d{}", self.name),
            Defined::Auxiliary | Defined::Function { .. } => self.name.to_owned(),
        }
    }

    /// The position of an argument of the function defined.
    pub(super) fn argument(&self, name: &str) -> Option<usize> {
        match self.defined {
            Defined::Function { arguments } => arguments.iter().position(|argument| argument == name),
            Defined::Derivative(_) | Defined::Auxiliary => None,
        }
    }
}

fn check(name: &str, kind: NameKind, equation: Option<&Equation>, errors: &mut Vec<SystemError>) {
    // The emitted code appends a suffix to the system's name, so that it may be any identifier.
    let checked = if kind == NameKind::System { check_identifier(name) } else { check_name(name) };
    if let Err(problem) = checked {
        let location = equation.map(Equation::location);
        errors.push(SystemError::InvalidName { name: name.to_owned(), kind, problem, location });
    }
}
