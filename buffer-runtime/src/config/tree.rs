//! A config written out: what every instance declares, with values and lengths. Layouts, reports and device source are made from it.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use indexmap::{IndexMap, IndexSet};

use super::constant::DeviceText;
use super::error::ConfigError;
use super::merge::LOCATION;
use super::scope::Scope;
use super::spec::{BufferSpec, ChildSpec, GroupSpec, Member, SettingSpec};
use crate::Location;
use crate::settings::{ArgumentType, Value};

/// One factory instance.
#[derive(Debug)]
pub struct FactoryNode {
    /// What its type declares.
    pub spec: &'static GroupSpec,
    /// Dotted path; empty at the root.
    pub path: String,
    /// Label of its flat keys; empty at the root.
    pub label: &'static str,
    /// Compile-time constants: inputs, then settings.
    pub constants: DeviceText,
    /// Settings with their values.
    pub settings: Vec<SettingNode>,
    /// Buffers, in the order of [`GroupSpec::buffers`].
    pub buffers: Vec<BufferNode>,
    /// Children, in the order of [`GroupSpec::children`].
    pub children: Vec<ChildNode>,
}

/// A setting and its value.
#[derive(Debug)]
pub struct SettingNode {
    /// The declaration.
    pub spec: &'static SettingSpec,
    /// The value.
    pub value: Value,
    /// How it reaches device source at launch, for a launch-time setting that does.
    pub argument: Option<ArgumentType>,
}

/// A buffer, its length and its place.
#[derive(Debug)]
pub struct BufferNode {
    /// The declaration.
    pub spec: &'static BufferSpec,
    /// Length in elements.
    pub elements: usize,
    /// Where it is asked to live.
    pub location: Location,
}

/// A child, if present.
#[derive(Debug)]
pub struct ChildNode {
    /// The declaration.
    pub spec: &'static ChildSpec,
    /// The instance.
    pub node: Option<FactoryNode>,
}

impl FactoryNode {
    pub(crate) fn new(spec: &'static GroupSpec, scope: &Scope) -> Self {
        Self {
            spec,
            path: scope.path().to_owned(),
            label: scope.label(),
            constants: DeviceText::default(),
            settings: Vec::with_capacity(spec.settings.len()),
            buffers: Vec::with_capacity(spec.buffers.len()),
            children: Vec::with_capacity(spec.children.len()),
        }
    }

    /// Buffers and children in declaration order.
    pub fn members(&self) -> impl Iterator<Item = MemberNode<'_>> {
        self.spec.order.iter().filter_map(|member| match member {
            Member::Buffer(index) => self.buffers.get(*index).map(MemberNode::Buffer),
            Member::Child(index) => self.children.get(*index).map(MemberNode::Child),
        })
    }

    /// This instance and all below it, owners before what they own.
    pub fn walk(&self) -> Vec<&Self> {
        let mut nodes = vec![self];
        let mut next = 0;
        while let Some(node) = nodes.get(next).copied() {
            nodes.extend(node.children.iter().filter_map(|child| child.node.as_ref()));
            next += 1;
        }
        nodes
    }

    /// Path of a member of this instance.
    pub fn member_path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Flat key of a setting of this instance.
    pub fn key(&self, name: &str) -> String {
        if self.label.is_empty() { name.to_owned() } else { format!("{}_{name}", self.label) }
    }

    /// The value in effect at a dotted path: a setting, or `<buffer>_location`.
    pub fn value(&self, path: &str) -> Option<Value> {
        let (owner, name) = path.rsplit_once('.').unwrap_or(("", path));
        let node = self.walk().into_iter().find(|node| node.path == owner)?;
        let setting = node.settings.iter().find(|setting| setting.spec.name == name);
        setting.map(|setting| setting.value.clone()).or_else(|| {
            let buffer = name.strip_suffix(LOCATION)?;
            let buffer = node.buffers.iter().find(|other| other.spec.name == buffer)?;
            Some(Value::from(buffer.location))
        })
    }

    /// Where the buffer at a dotted path is asked to live. The beginning of the path may be left out where only one buffer has its end.
    pub fn location(&self, path: &str) -> Option<Location> {
        let mut ending = Vec::new();
        for node in self.walk() {
            for buffer in &node.buffers {
                let whole = node.member_path(buffer.spec.name);
                match whole.strip_suffix(path) {
                    Some("") => return Some(buffer.location),
                    Some(before) if before.ends_with('.') => ending.push(buffer.location),
                    _ => {}
                }
            }
        }
        match ending.as_slice() {
            [location] => Some(*location),
            _ => None,
        }
    }

    /// Paths of the settings and locations that differ from those of another tree of the same root, or that only one of the two has.
    pub(crate) fn differences(&self, other: &Self) -> IndexSet<String> {
        let mut paths = IndexSet::new();
        self.collect_differences(other, &mut paths);
        paths
    }

    fn collect_differences(&self, other: &Self, paths: &mut IndexSet<String>) {
        if !std::ptr::eq(self.spec, other.spec) {
            // Another variant: what both have under one name is compared by name.
            let (before, after) = (self.values(), other.values());
            paths.extend(
                after.iter().filter(|(path, value)| before.get(*path) != Some(value)).map(|(path, _)| path.clone()),
            );
            paths.extend(before.into_keys().filter(|path| !after.contains_key(path)));
            return;
        }
        for (before, after) in self.settings.iter().zip(&other.settings) {
            if before.value != after.value {
                paths.insert(self.member_path(before.spec.name));
            }
        }
        for (before, after) in self.buffers.iter().zip(&other.buffers) {
            if before.location != after.location {
                paths.insert(self.member_path(before.spec.name) + LOCATION);
            }
        }
        for (before, after) in self.children.iter().zip(&other.children) {
            match (&before.node, &after.node) {
                (Some(before), Some(after)) => before.collect_differences(after, paths),
                (Some(only), None) | (None, Some(only)) => paths.extend(only.values().into_keys()),
                (None, None) => {}
            }
        }
    }

    /// Every setting and location in effect, by path.
    fn values(&self) -> IndexMap<String, Value> {
        let mut values = IndexMap::new();
        for node in self.walk() {
            for setting in &node.settings {
                values.insert(node.member_path(setting.spec.name), setting.value.clone());
            }
            for buffer in &node.buffers {
                values.insert(node.member_path(buffer.spec.name) + LOCATION, Value::from(buffer.location));
            }
        }
        values
    }

    /// Refuses a tree in which one flat key means two different declarations.
    pub(crate) fn check_keys(&self) -> Result<(), ConfigError> {
        // Keys are hashed in pieces: composing each would cost more than everything else an update does.
        let mut owners: HashMap<u64, (&Self, &'static str, &'static str)> = HashMap::new();
        let state = RandomState::new();
        for node in self.walk() {
            let settings = node.spec.settings.iter().map(|setting| (setting.name, ""));
            for (name, suffix) in settings.chain(node.spec.buffers.iter().map(|buffer| (buffer.name, LOCATION))) {
                let mut hasher = state.build_hasher();
                let separator = if node.label.is_empty() { "" } else { "_" };
                [node.label, separator, name, suffix].iter().for_each(|piece| hasher.write(piece.as_bytes()));
                let first = *owners.entry(hasher.finish()).or_insert((node, name, suffix));
                let same_declaration =
                    std::ptr::eq(first.0.spec, node.spec) || first.0.spec.type_name == node.spec.type_name;
                if (first.1, first.2) == (name, suffix) && same_declaration {
                    continue;
                }
                let key = node.key(name) + suffix;
                if first.0.key(first.1) + first.2 == key {
                    let declared = |node: &Self, name, suffix| format!("`{name}{suffix}` of {}", node.spec.type_name);
                    let (first, second) = (declared(first.0, first.1, first.2), declared(node, name, suffix));
                    return Err(ConfigError::AmbiguousKey { key, first, second });
                }
            }
        }
        Ok(())
    }
}

/// A member of an instance.
#[derive(Clone, Copy, Debug)]
pub enum MemberNode<'a> {
    /// A buffer.
    Buffer(&'a BufferNode),
    /// A child, present or not.
    Child(&'a ChildNode),
}
