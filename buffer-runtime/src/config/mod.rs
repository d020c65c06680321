//! Configs: what `#[derive(Buffers)]` declares, and how settings are laid over a tree of them.
//!
//! A config is plain data. Every change goes the same way: clone, merge the settings parents first, evaluate the lengths, check, and only then replace the original.

mod allocator;
mod arithmetic;
mod buffer;
mod constant;
mod constraint;
mod error;
mod key_tree;
mod keys;
mod merge;
mod register;
mod scope;
mod spec;
mod traits;
mod tree;
pub(crate) mod update;
mod writer;

pub use allocator::{Allocator, AllocatorSource};
pub use arithmetic::MAX_ELEMENTS;
pub use buffer::Buffer;
pub use constant::{DeviceConstant, DeviceText, real_literal};
pub use error::{ConfigError, UnknownKey};
pub use merge::Merger;
pub use register::Registrar;
pub(crate) use scope::Scope;
pub use spec::{BufferSpec, ChildSpec, GroupSpec, InputSpec, Member, SettingSpec, VariantSpec};
pub use traits::{Buffers, PartialSettings};
pub use tree::{BufferNode, ChildNode, FactoryNode, MemberNode, SettingNode};
pub use update::Updated;
pub use writer::{Choice, SettingsWriter};

/// What generated code calls; no API.
pub mod private {
    pub use super::arithmetic::{Arithmetic, Operand, add, check_alias, check_length, div, mul, rem, sub};
    pub use super::constraint::{Violation, gt, lt, max, min, one_of, one_of_text, range, with};
    pub use super::key_tree::{KeyTree, Undeclared, check_child_keys};
    pub use super::update::{apply, construct, set_inputs, update};
}
