//! Every key a config type can ever have, absent children and other variants included.

use indexmap::IndexMap;

use super::error::{ConfigError, UnknownKey};
use super::merge::{location_name, read_location};
use super::scope::Scope;
use super::spec::GroupSpec;
use crate::settings::Value;

/// What a key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Setting,
    Location,
}

impl Meaning {
    /// Refuses a value that this could not have in any tree, as far as its declaration tells.
    pub(crate) fn check(self, key: &str, value: &Value) -> Result<(), ConfigError> {
        match self {
            Self::Location => read_location(key, value).map(drop),
            Self::Setting => Ok(()),
        }
    }
}

/// Flat keys and dotted paths of a tree of declarations.
pub(crate) fn all_keys(spec: &'static GroupSpec) -> IndexMap<String, Meaning> {
    let mut keys = IndexMap::new();
    collect(spec, &mut Scope::default(), &mut keys);
    keys
}

fn collect(spec: &'static GroupSpec, scope: &mut Scope, keys: &mut IndexMap<String, Meaning>) {
    for variant in spec.variants {
        collect((variant.spec)(), scope, keys);
    }
    let locations = spec.buffers.iter().map(|buffer| (location_name(buffer), Meaning::Location));
    let settings = spec.settings.iter().map(|setting| (setting.name.to_owned(), Meaning::Setting));
    // Of two variants one may name a setting as the other does a location: settings come last, so that their values pass.
    for (name, meaning) in locations.chain(settings) {
        for key in [scope.key(&name), scope.member(&name)] {
            let known = keys.entry(key).or_insert(meaning);
            if meaning == Meaning::Setting {
                *known = meaning;
            }
        }
    }
    for child in spec.children {
        let mark = scope.enter(child.name, child.prefix);
        collect((child.spec)(), scope, keys);
        scope.leave(mark);
    }
}

/// The unknown key with the nearest of the known ones.
pub(crate) fn unknown(key: &str, known: &IndexMap<String, Meaning>) -> UnknownKey {
    UnknownKey {
        key: key.to_owned(),
        suggestion: crate::names::nearest(key, known.keys().map(String::as_str)).map(str::to_owned),
    }
}
