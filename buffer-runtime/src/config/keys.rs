//! Every key a config type can ever have, absent children and other variants included.

use indexmap::IndexSet;

use super::error::UnknownKey;
use super::merge::location_name;
use super::scope::Scope;
use super::spec::GroupSpec;

/// Flat keys and dotted paths of a tree of declarations.
pub(crate) fn all_keys(spec: &'static GroupSpec) -> IndexSet<String> {
    let mut keys = IndexSet::new();
    collect(spec, &mut Scope::default(), &mut keys);
    keys
}

fn collect(spec: &'static GroupSpec, scope: &mut Scope, keys: &mut IndexSet<String>) {
    for variant in spec.variants {
        collect((variant.spec)(), scope, keys);
    }
    let names =
        spec.settings.iter().map(|setting| setting.name.to_owned()).chain(spec.buffers.iter().map(location_name));
    for name in names {
        keys.insert(scope.key(&name));
        keys.insert(scope.member(&name));
    }
    for child in spec.children {
        let mark = scope.enter(child.name, child.prefix);
        collect((child.spec)(), scope, keys);
        scope.leave(mark);
    }
}

/// The unknown key with the nearest of the known ones.
pub(crate) fn unknown(key: &str, known: &IndexSet<String>) -> UnknownKey {
    UnknownKey {
        key: key.to_owned(),
        suggestion: crate::names::nearest(key, known.iter().map(String::as_str)).map(str::to_owned),
    }
}
