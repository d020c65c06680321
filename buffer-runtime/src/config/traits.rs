use super::allocator::AllocatorSource;
use super::error::ConfigError;
use super::merge::Merger;
use super::register::Registrar;
use super::spec::GroupSpec;
use super::writer::SettingsWriter;
use crate::location::Location;

/// A factory's config: its inputs, settings, arrays and children. Implemented by `#[derive(Buffers)]`.
///
/// The methods are the derive's side of the contract with [`Plan`](crate::Plan); user code calls the generated `new`, `set_inputs`, `update` and `apply`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is used as a factory's config but does not derive `Buffers`",
    label = "not a config: `#[derive(Buffers)]` is missing",
    note = "a `#[child]` field needs a struct or enum with `#[derive(Buffers)]`, or an `Option` of one"
)]
pub trait Buffers: Clone + 'static {
    /// What the owner gives.
    type Inputs;
    /// Partial settings: every setting, every `<buffer>_location`, children nested.
    type Settings: PartialSettings;
    /// One typed allocator per buffer, children nested.
    type Allocators;

    /// What the type declares.
    fn spec() -> &'static GroupSpec;

    /// What the value declares: an enum's current variant, otherwise [`spec`](Self::spec).
    fn active_spec(&self) -> &'static GroupSpec;

    /// The config with defaults for everything but the inputs, unchecked.
    ///
    /// # Errors
    /// When a child cannot be created.
    fn create(inputs: Self::Inputs) -> Result<Self, ConfigError>;

    /// Takes new inputs if given, applies the merger's settings, then does the same for the children with the inputs that follow.
    ///
    /// # Errors
    /// The first value of the wrong type or out of range, or what the factory's own check refuses.
    fn merge(&mut self, inputs: Option<Self::Inputs>, merger: &mut Merger<'_>) -> Result<(), ConfigError>;

    /// Reports constants, setting values and buffers with their lengths, in declaration order.
    ///
    /// # Errors
    /// When a length overflows or is beyond [`MAX_ELEMENTS`](crate::MAX_ELEMENTS).
    fn register(&self, registrar: &mut Registrar<'_>) -> Result<(), ConfigError>;

    /// Typed handles of the buffers in a finished layout.
    ///
    /// # Errors
    /// When the layout was made from another tree.
    fn allocators(&self, source: &AllocatorSource<'_>) -> Result<Self::Allocators, ConfigError>;

    /// Where the buffer at a dotted path is asked to live, by the user's setting or else by its declaration: `config.location("step.newton.delta")`. The
    /// beginning of the path may be left out where only one buffer has its end: `config.location("newton.delta")`.
    ///
    /// `None` if there is no such buffer, or fields set by hand give a buffer an impossible length.
    fn location(&self, path: &str) -> Option<Location> {
        Registrar::tree(self).ok()?.location(path)
    }
}

/// A generated partial-settings struct.
pub trait PartialSettings: Default {
    /// Writes what is set, as paths relative to the factory.
    fn write(&self, writer: &mut SettingsWriter<'_>);
}
