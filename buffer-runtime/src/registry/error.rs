//! What the registry refuses.

use super::store::ParentId;
use crate::element::ElementType;
use crate::layout::Elements;
use crate::names::UnknownName;

/// A registration, update or query that was refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The id is of a parent that was cleared, or of another registry.
    #[error(
        "parent {parent} has no registered group: it was cleared, or it belongs to another registry; add it with `add_parent`"
    )]
    UnknownParent {
        /// The id.
        parent: ParentId,
    },
    /// A buffer that the group does not have.
    #[error("group `{group}` has no such buffer: {unknown}")]
    UnknownBuffer {
        /// The group's label.
        group: String,
        /// The name, those there are, and the nearest.
        unknown: Box<UnknownName>,
    },
    /// A name that cannot be a member name in device source.
    #[error(
        "invalid name `{name}` in group `{group}`: a name is letters, digits and `_`, and does not begin with a digit"
    )]
    InvalidName {
        /// The group's label.
        group: String,
        /// The name.
        name: String,
    },
    /// A buffer that aliases itself.
    #[error("buffer `{buffer}` of group `{group}` aliases itself: name another buffer or child of the group, or none")]
    SelfAlias {
        /// The group's label.
        group: String,
        /// The buffer, or the child.
        buffer: String,
    },
    /// An alias to something not registered before it.
    #[error("`{buffer}` of group `{group}` aliases what is not registered: {unknown}; register the target first")]
    UnknownTarget {
        /// The group's label.
        group: String,
        /// The alias.
        buffer: String,
        /// The target, those there are, and the nearest.
        unknown: Box<UnknownName>,
    },
    /// Zeroing an alias would erase what shares its space.
    #[error(
        "buffer `{buffer}` of group `{group}` is zeroed and aliases `{target}`: zeroing it would erase `{target}`; drop one of the two"
    )]
    ZeroedAlias {
        /// The group's label.
        group: String,
        /// The alias.
        buffer: String,
        /// Its target.
        target: String,
    },
    /// A name that something else in the group has.
    #[error("`{name}` is taken in group `{group}` by {holder}: choose another name")]
    NameTaken {
        /// The group's label.
        group: String,
        /// The name.
        name: String,
        /// What has it, as a noun phrase.
        holder: String,
    },
    /// A single buffer whose bytes cannot be counted.
    #[error(
        "buffer `{buffer}` of group `{group}` has {elements} elements of {element}: its size in bytes overflows; check its length"
    )]
    TooLarge {
        /// The group's label.
        group: String,
        /// The buffer.
        buffer: String,
        /// Its length.
        elements: Elements,
        /// Its element type.
        element: ElementType,
    },
    /// Buffers whose bytes together cannot be counted.
    #[error("the layout of group `{group}` overflows at `{entry}`: check the lengths up to it")]
    LayoutOverflow {
        /// The group's label.
        group: String,
        /// The entry at which it happened.
        entry: String,
    },
    /// A child that is its parent or one of the parent's owners.
    #[error("`{child}` cannot be a child of `{parent}`: it is `{parent}` itself or owns it")]
    ChildCycle {
        /// Label of the group to mount in.
        parent: String,
        /// Label of the group to mount.
        child: String,
    },
    /// A child that is mounted elsewhere.
    #[error(
        "`{child}` cannot be mounted in `{parent}`: it is already the child `{mounted}` of `{owner}`, and a group has one owner"
    )]
    ChildOwned {
        /// Label of the group to mount in.
        parent: String,
        /// Label of the group to mount.
        child: String,
        /// Label of its owner.
        owner: String,
        /// Its name there.
        mounted: String,
    },
    /// A location that is neither of the two.
    #[error("`{key}` of group `{group}`: {unknown}")]
    InvalidLocation {
        /// The group's label.
        group: String,
        /// The key as given.
        key: String,
        /// The value and those allowed.
        unknown: Box<UnknownName>,
    },
    /// Keys that are no `<buffer>_location` of the group.
    #[error("group `{group}` does not know {}", list(.keys))]
    UnknownKeys {
        /// The group's label.
        group: String,
        /// Each key, those there are, and the nearest.
        keys: Vec<UnknownName>,
    },
    /// An update of a group that has no buffers yet.
    #[error("group `{group}` has no buffers registered yet, so it does not know {}: register them before updating", ticked(.keys))]
    NothingRegistered {
        /// The group's label.
        group: String,
        /// The keys as given.
        keys: Vec<String>,
    },
}

fn list(keys: &[UnknownName]) -> String {
    let keys: Vec<String> = keys
        .iter()
        .map(|key| match &key.suggestion {
            Some(name) => format!("`{}` (did you mean `{name}`?)", key.value),
            None => format!("`{}`", key.value),
        })
        .collect();
    keys.join(", ")
}

fn ticked(keys: &[String]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}
