use std::sync::Arc;

use buffer_runtime::{DeviceConstant, DeviceText};

/// The names of a system's variables: its states, then its observables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variables {
    states: Arc<[String]>,
    observables: Arc<[String]>,
}

impl Variables {
    /// Variables of these names.
    pub fn new(states: impl IntoIterator<Item = String>, observables: impl IntoIterator<Item = String>) -> Self {
        Self { states: states.into_iter().collect(), observables: observables.into_iter().collect() }
    }

    /// All names, states first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.states.iter().chain(self.observables.iter()).map(String::as_str)
    }

    /// The names of the states.
    pub(crate) fn states(&self) -> &[String] {
        &self.states
    }

    /// What is wrong with a list of names, if anything: the first that is no variable, with the nearest that is, or that comes twice.
    pub(crate) fn check(&self, setting: &str, names: Option<&[String]>) -> Result<(), String> {
        let names = names.unwrap_or_default();
        for (at, name) in names.iter().enumerate() {
            if !self.names().any(|known| known == name) {
                let hint = match buffer_runtime::names::nearest(name, self.names()) {
                    Some(nearest) => format!("did you mean `{nearest}`?"),
                    None => format!("there are {}", self.names().collect::<Vec<_>>().join(", ")),
                };
                return Err(format!("{setting} names `{name}`, which is neither a state nor an observable: {hint}"));
            }
            if names[..at].contains(name) {
                return Err(format!("{setting} names `{name}` twice: give each variable once"));
            }
        }
        Ok(())
    }
}

/// Some of a system's variables, in the system's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    states: Vec<usize>,
    observables: Vec<usize>,
}

impl Selection {
    /// The variables of these names; all of them without names.
    pub fn of(variables: &Variables, names: Option<&[String]>) -> Self {
        let chosen = |list: &[String]| {
            list.iter()
                .enumerate()
                .filter(|(_, name)| names.is_none_or(|names| names.contains(name)))
                .map(|(index, _)| index)
                .collect()
        };
        Self { states: chosen(&variables.states), observables: chosen(&variables.observables) }
    }

    /// No variables.
    pub fn none() -> Self {
        Self::default()
    }

    /// Number of states.
    pub fn states(&self) -> usize {
        self.states.len()
    }

    /// Number of observables.
    pub fn observables(&self) -> usize {
        self.observables.len()
    }

    /// Number of variables.
    pub fn len(&self) -> usize {
        self.states() + self.observables()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names of the states.
    pub(crate) fn state_names(&self, variables: &Variables) -> Vec<String> {
        self.states.iter().map(|index| variables.states[*index].clone()).collect()
    }

    /// The names of the observables.
    pub(crate) fn observable_names(&self, variables: &Variables) -> Vec<String> {
        self.observables.iter().map(|index| variables.observables[*index].clone()).collect()
    }

    /// All names, states first.
    pub(crate) fn names(&self, variables: &Variables) -> Vec<String> {
        [self.state_names(variables), self.observable_names(variables)].concat()
    }
}

impl DeviceConstant for Selection {
    /// Functions of constants rather than arrays, which device code cannot use.
    fn device_constant(&self, name: &str, out: &mut DeviceText) {
        for (kind, indices) in [("state", &self.states), ("observable", &self.observables)] {
            out.integer(&format!("{name}_{kind}s"), indices.len() as i128);
            super::plan::table(out, &format!("{name}_{kind}"), indices.iter().copied());
        }
    }
}
