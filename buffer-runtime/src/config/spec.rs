//! What a factory declares, as static data the derive writes down.

use crate::element::ElementSpec;
use crate::location::Location;

/// Everything one config type declares.
///
/// A struct fills the member lists; an enum only `variants`.
#[derive(Debug)]
pub struct GroupSpec {
    /// Name of the group, a C++ identifier: `dirk`.
    pub name: &'static str,
    /// Name of the Rust type: `DirkConfig`.
    pub type_name: &'static str,
    /// The type's doc comment.
    pub doc: &'static str,
    /// The device template (`dirk_step`) instantiated for this factory, if it has one.
    pub template: Option<&'static str>,
    /// Lifetime phases in order.
    pub phases: &'static [&'static str],
    /// Values the owner gives.
    pub inputs: &'static [InputSpec],
    /// Values the user may set.
    pub settings: &'static [SettingSpec],
    /// Arrays.
    pub buffers: &'static [BufferSpec],
    /// Factories this one owns.
    pub children: &'static [ChildSpec],
    /// Buffers and children in declaration order, which is registration order.
    pub order: &'static [Member],
    /// The alternatives of an enum.
    pub variants: &'static [VariantSpec],
}

/// A value the owner gives; users cannot set it.
#[derive(Debug)]
pub struct InputSpec {
    /// Field name.
    pub name: &'static str,
    /// Doc comment.
    pub doc: &'static str,
    /// The Rust type as written.
    pub type_text: &'static str,
    /// Whether the device source sees it as a constant.
    pub device: bool,
}

/// A value the user may set.
#[derive(Debug)]
pub struct SettingSpec {
    /// The key, without label: the field name unless renamed.
    pub name: &'static str,
    /// Field name.
    pub field: &'static str,
    /// Doc comment.
    pub doc: &'static str,
    /// The Rust type as written.
    pub type_text: &'static str,
    /// The default as written.
    pub default_text: &'static str,
    /// The valid range as text: `1..=50`, `> 0`.
    pub range_text: Option<&'static str>,
    /// Passed at launch; changing it compiles nothing.
    pub argument: bool,
}

/// An array of the factory.
#[derive(Debug)]
pub struct BufferSpec {
    /// Field name.
    pub name: &'static str,
    /// Doc comment.
    pub doc: &'static str,
    /// Type of one element.
    pub element: ElementSpec,
    /// The length expression as written, in elements.
    pub len_text: &'static str,
    /// Where it lives unless the user says otherwise.
    pub location: Location,
    /// Whether the contents survive between calls of the factory.
    pub persistent: bool,
    /// Whether it starts as zeros: at the start of a run if persistent, else at each call.
    pub zeroed: bool,
    /// The buffer or child whose shared space it may reuse.
    pub aliases: Option<&'static str>,
    /// First and last phase in which the contents matter; all phases when absent.
    pub live: Option<(usize, usize)>,
}

/// A factory owned by another.
#[derive(Debug)]
pub struct ChildSpec {
    /// Field name: the instance's path component.
    pub name: &'static str,
    /// Doc comment.
    pub doc: &'static str,
    /// The label of its flat keys; absent: the parent's label.
    pub prefix: Option<&'static str>,
    /// Whether the instance may be absent.
    pub optional: bool,
    /// The buffer or child whose shared space the child's shared space may reuse.
    pub aliases: Option<&'static str>,
    /// The phase in which it runs.
    pub at: Option<usize>,
    /// What the child's type declares.
    pub spec: fn() -> &'static GroupSpec,
}

/// One alternative of an enum config.
#[derive(Debug)]
pub struct VariantSpec {
    /// The variant in snake case.
    pub name: &'static str,
    /// Doc comment.
    pub doc: &'static str,
    /// What the variant's config declares.
    pub spec: fn() -> &'static GroupSpec,
}

/// A buffer or a child, by index into the lists of its [`GroupSpec`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// Index into [`GroupSpec::buffers`].
    Buffer(usize),
    /// Index into [`GroupSpec::children`].
    Child(usize),
}
