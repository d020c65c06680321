//! A plan: one config tree with the user's settings laid over it, registered and laid out.

mod mount;

use std::collections::HashSet;

use crate::config::update::{self, Checked};
use crate::config::{AllocatorSource, Buffers, ConfigError, FactoryNode, Updated};
use crate::layout::ResolvedLayout;
use crate::location::Location;
use crate::precision::Precision;
use crate::registry::{BufferRegistry, ParentId};
use crate::report::LayoutReport;
use crate::settings::{Settings, Unknown, Value};

/// Owns a config and everything that follows from it.
///
/// The config given to [`new`](Self::new) is the base. The plan remembers every setting the user ever made (the overlay) and each change starts again from the base: lay the
/// overlay over it, let the inputs flow to the children, evaluate lengths, check, register, lay out. A value the user set therefore survives the swap of an enum's variant, a
/// default that depends on others moves with them, and a change that fails leaves the plan as it was.
#[derive(Debug)]
pub struct Plan<C: Buffers> {
    base: C,
    overlay: Settings,
    precision: Precision,
    state: State<C>,
}

/// Everything that is derived: replaced as a whole.
#[derive(Debug)]
struct State<C> {
    config: C,
    tree: FactoryNode,
    /// Keys of the overlay that address something.
    applied: HashSet<String>,
    registry: BufferRegistry,
    root: ParentId,
    layout: ResolvedLayout,
}

impl<C: Buffers> Plan<C> {
    /// Registers and lays out a config whose `real` elements have this precision.
    ///
    /// # Errors
    /// What is wrong with the config: a value out of range, a failing check, a length, two declarations with one key.
    pub fn new(config: C, precision: Precision) -> Result<Self, ConfigError> {
        let overlay = Settings::new();
        let state = State::of(update::resolve(&config, None, &overlay)?, precision)?;
        Ok(Self { base: config, overlay, precision, state })
    }

    /// Applies typed settings.
    ///
    /// # Errors
    /// As for [`update`](Self::update); a typed setting cannot be unknown.
    pub fn apply(&mut self, settings: C::Settings) -> Result<Updated, ConfigError> {
        self.update(&update::written(&settings), Unknown::Error)
    }

    /// Applies settings by name: flat keys (`newton_delta_location`) or dotted paths (`step.error.delta_location`).
    ///
    /// # Errors
    /// A value of the wrong type or out of range, an invalid location, a failing check or length, and with [`Unknown::Error`] any key that no
    /// factory has. The plan is then unchanged.
    pub fn update(&mut self, settings: &Settings, unknown: Unknown) -> Result<Updated, ConfigError> {
        let mut overlay = self.overlay.clone();
        overlay.merge(settings);
        let checked = update::resolve(&self.base, None, &overlay)?;
        let mut updated = update::compare::<C>(&self.state.tree, &checked, settings, unknown)?;
        updated.kept.extend(self.no_longer_applied(&checked));
        for key in &updated.ignored {
            overlay.remove(key);
        }
        self.state = State::of(checked, self.precision)?;
        self.overlay = overlay;
        Ok(updated)
    }

    /// Gives the root new inputs; the user's settings stay.
    ///
    /// # Errors
    /// As for [`new`](Self::new). The plan is then unchanged.
    pub fn set_inputs(&mut self, inputs: C::Inputs) -> Result<Updated, ConfigError> {
        let base = update::resolve(&self.base, Some(inputs), &Settings::new())?.config;
        let checked = update::resolve(&base, None, &self.overlay)?;
        let mut updated = update::compare::<C>(&self.state.tree, &checked, &Settings::new(), Unknown::Error)?;
        updated.kept.extend(self.no_longer_applied(&checked));
        self.state = State::of(checked, self.precision)?;
        self.base = base;
        Ok(updated)
    }

    /// Keys set before that address something now, but not in `after`.
    fn no_longer_applied(&self, after: &Checked<C>) -> impl Iterator<Item = String> {
        let applied = |key: &&String| self.state.applied.contains(*key) && !after.applied.contains_key(*key);
        self.overlay.iter().map(|(key, _)| key).filter(applied).cloned()
    }

    /// Changes the precision of `real` elements and lays out anew.
    ///
    /// # Errors
    /// When a size overflows. The plan is then unchanged.
    pub fn set_precision(&mut self, precision: Precision) -> Result<(), ConfigError> {
        self.state = State::of(update::resolve(&self.base, None, &self.overlay)?, precision)?;
        self.precision = precision;
        Ok(())
    }

    /// The config in effect.
    pub fn config(&self) -> &C {
        &self.state.config
    }

    /// Every setting the user made, oldest first, those kept for other variants included.
    pub fn settings(&self) -> &Settings {
        &self.overlay
    }

    /// The value in effect at a dotted path: a setting, or `<buffer>_location`.
    pub fn value(&self, path: &str) -> Option<Value> {
        self.state.tree.value(path)
    }

    /// Where the buffer at a dotted path is asked to live, as [`Buffers::location`]: `plan.location("step.newton.delta")`, or the end of the path that only one
    /// buffer has, `plan.location("newton.delta")`.
    pub fn location(&self, path: &str) -> Option<Location> {
        self.state.tree.location(path)
    }

    /// The precision of `real` elements.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// The config written out: every instance with its constants, settings and lengths.
    pub fn tree(&self) -> &FactoryNode {
        &self.state.tree
    }

    /// The registered groups. The root's is [`root`](Self::root).
    pub fn registry(&self) -> &BufferRegistry {
        &self.state.registry
    }

    /// The root's group.
    pub fn root(&self) -> ParentId {
        self.state.root
    }

    /// Where every buffer lies.
    pub fn layout(&self) -> &ResolvedLayout {
        &self.state.layout
    }

    /// One typed allocator per buffer, children nested.
    ///
    /// # Errors
    /// [`ConfigError::NotLaidOut`] only if a hand-written `Buffers` registers other buffers than it asks for.
    pub fn allocators(&self) -> Result<C::Allocators, ConfigError> {
        self.state.config.allocators(&AllocatorSource::new(&self.state.layout))
    }

    /// A readable account of the layout.
    pub fn report(&self) -> LayoutReport {
        LayoutReport::new(self.state.tree.spec.name, self.state.layout.clone())
    }
}

impl<C> State<C> {
    fn of(checked: Checked<C>, precision: Precision) -> Result<Self, ConfigError> {
        let Checked { config, tree, applied } = checked;
        let applied = applied.into_keys().collect();
        let mut registry = BufferRegistry::new();
        let root = mount::mount(&mut registry, &tree, precision)?;
        let layout = registry.resolve(root)?;
        Ok(Self { config, tree, applied, registry, root, layout })
    }
}
