//! Where a factory is mounted in a tree of factories, and the keys of its settings there.

use crate::config::{GroupSpec, Scope};

/// What stands for the name of a setting in a key.
const SETTING: &str = "<setting>";

/// One place of a factory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Instance {
    /// Dotted path; empty at the root.
    pub(super) path: String,
    /// Flat key of a setting: `newton_<setting>`.
    pub(super) flat: String,
    /// Dotted key of a setting: `step.newton.<setting>`.
    pub(super) dotted: String,
}

/// Every place of `factory` below `root`, over all alternatives, in the order of declaration.
pub(super) fn instances(root: &GroupSpec, factory: &GroupSpec) -> Vec<Instance> {
    let mut found = Vec::new();
    collect(root, factory, &mut Scope::default(), &mut found);
    found
}

fn collect(spec: &GroupSpec, factory: &GroupSpec, scope: &mut Scope, found: &mut Vec<Instance>) {
    // Declarations are constants, which may have several addresses.
    if (spec.name, spec.type_name) == (factory.name, factory.type_name) {
        let instance =
            Instance { path: scope.path().to_owned(), flat: scope.key(SETTING), dotted: scope.member(SETTING) };
        // Alternatives may have a child of the same name.
        if !found.contains(&instance) {
            found.push(instance);
        }
    }
    for variant in spec.variants {
        collect((variant.spec)(), factory, scope, found);
    }
    for child in spec.children {
        let mark = scope.enter(child.name, child.prefix);
        collect((child.spec)(), factory, scope, found);
        scope.leave(mark);
    }
}
