//! Changing a config: everything happens on a copy, which replaces the original only when all of it is valid.

use indexmap::{IndexMap, IndexSet};

use super::error::ConfigError;
use super::keys;
use super::merge::Merger;
use super::register::Registrar;
use super::traits::{Buffers, PartialSettings};
use super::tree::FactoryNode;
use super::writer::SettingsWriter;
use crate::settings::{Settings, Unknown};

/// What an update did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Updated {
    /// Keys of the update that addressed a setting, as given.
    pub recognised: IndexSet<String>,
    /// Those of them that changed a value.
    pub changed: IndexSet<String>,
    /// Keys that belong to a variant or child which is not there now. A [`Plan`](crate::Plan) keeps them, applies them when it is, and also lists those set before
    /// that applied until this update; a config alone has no place for them.
    pub kept: IndexSet<String>,
    /// Keys nobody knows ([`Unknown::Ignore`] only).
    pub ignored: IndexSet<String>,
    /// Paths of all settings and locations whose value is another now, those that follow from the update included.
    pub affected: IndexSet<String>,
}

impl Updated {
    /// Whether any value is another now.
    pub fn any(&self) -> bool {
        !self.affected.is_empty()
    }
}

/// A checked config with its tree.
pub(crate) struct Checked<C> {
    pub(crate) config: C,
    pub(crate) tree: FactoryNode,
    /// Overlay keys that addressed something, with the paths they addressed.
    pub(crate) applied: IndexMap<String, Vec<String>>,
}

/// `base` with `inputs` and `overlay` laid over it, valid throughout.
pub(crate) fn resolve<C: Buffers>(
    base: &C,
    inputs: Option<C::Inputs>,
    overlay: &Settings,
) -> Result<Checked<C>, ConfigError> {
    let mut config = base.clone();
    let mut merger = Merger::new(overlay, base.active_spec().type_name);
    config.merge(inputs, &mut merger)?;
    let applied = merger.into_applied();
    let tree = Registrar::tree(&config)?;
    Ok(Checked { config, tree, applied })
}

/// Sorts the keys of `changes` and compares the trees before and after.
pub(crate) fn compare<C: Buffers>(
    before: &FactoryNode,
    after: &Checked<C>,
    changes: &Settings,
    unknown: Unknown,
) -> Result<Updated, ConfigError> {
    let mut updated = Updated { affected: before.differences(&after.tree), ..Updated::default() };

    let mut known = None;
    let mut refused = Vec::new();
    for (key, value) in changes {
        if let Some(paths) = after.applied.get(key) {
            updated.recognised.insert(key.clone());
            if paths.iter().any(|path| updated.affected.contains(path)) {
                updated.changed.insert(key.clone());
            }
            continue;
        }
        let known = known.get_or_insert_with(|| keys::all_keys(C::spec()));
        if let Some(meaning) = known.get(key) {
            meaning.check(key, value)?;
            updated.kept.insert(key.clone());
        } else if unknown == Unknown::Ignore {
            updated.ignored.insert(key.clone());
        } else {
            refused.push(keys::unknown(key, known));
        }
    }
    if refused.is_empty() { Ok(updated) } else { Err(ConfigError::UnknownSettings { keys: refused }) }
}

/// The settings a generated struct holds, as paths and values.
pub(crate) fn written<S: PartialSettings>(settings: &S) -> Settings {
    let mut out = Settings::new();
    settings.write(&mut SettingsWriter::new(&mut out));
    out
}

/// `X::new`.
pub fn construct<C: Buffers>(inputs: C::Inputs) -> Result<C, ConfigError> {
    Ok(resolve(&C::create(inputs)?, None, &Settings::new())?.config)
}

/// `X::set_inputs`.
pub fn set_inputs<C: Buffers>(config: &mut C, inputs: C::Inputs) -> Result<(), ConfigError> {
    *config = resolve(config, Some(inputs), &Settings::new())?.config;
    Ok(())
}

/// `X::update`.
pub fn update<C: Buffers>(config: &mut C, changes: &Settings, unknown: Unknown) -> Result<Updated, ConfigError> {
    let before = Registrar::tree(config)?;
    let after = resolve(config, None, changes)?;
    let updated = compare(&before, &after, changes, unknown)?;
    *config = after.config;
    Ok(updated)
}

/// `X::apply`.
pub fn apply<C: Buffers>(config: &mut C, settings: &C::Settings) -> Result<Updated, ConfigError> {
    update(config, &written(settings), Unknown::Error)
}
