//! Launch-time settings: one plain struct that a launch fills and the kernel reads.

use std::fmt::Write;

use super::names::FactoryNames;
use crate::config::{FactoryNode, SettingNode};
use crate::precision::Precision;
use crate::settings::Value;

/// The C++ type of a launch-time setting, and how many of it.
fn member(setting: &SettingNode) -> Option<(&'static str, Option<usize>)> {
    fn scalar(value: &Value) -> Option<&'static str> {
        match value {
            Value::Bool(_) => Some("int"),
            Value::Integer(_) => Some("long long"),
            Value::Float(_) => Some("scalar"),
            _ => None,
        }
    }
    match &setting.value {
        Value::List(items) => {
            let first = items.first()?;
            let ty = scalar(first)?;
            items.iter().all(|item| scalar(item) == Some(ty)).then_some((ty, Some(items.len())))
        }
        value => scalar(value).map(|ty| (ty, None)),
    }
}

/// The launch-time settings of one instance that device source can see.
pub(super) fn of(node: &FactoryNode) -> impl Iterator<Item = (&SettingNode, &'static str, Option<usize>)> {
    node.settings
        .iter()
        .filter(|setting| setting.spec.argument)
        .filter_map(|setting| member(setting).map(|(ty, count)| (setting, ty, count)))
}

/// `struct kernel_arguments`, one member per launch-time setting of the tree.
pub(super) fn write_struct(out: &mut String, tree: &FactoryNode, names: &FactoryNames) {
    out.push_str("/// Settings given at launch.\nstruct kernel_arguments {\n");
    let mut any = false;
    for node in tree.walk() {
        for (setting, ty, count) in of(node) {
            any = true;
            let dimension = count.map_or_else(String::new, |count| format!("[{count}]"));
            // Writing to a String cannot fail.
            let _ = writeln!(out, "    {ty} {}_{}{dimension};", names.stem(node), setting.spec.name);
        }
    }
    if !any {
        out.push_str("    int none;\n");
    }
    out.push_str("};\n\n");
}

/// The bytes of a `kernel_arguments`, laid out as C++ does: members in order, each aligned to its size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ArgumentBlock {
    bytes: Vec<u8>,
}

impl ArgumentBlock {
    /// The values of a tree's launch-time settings.
    pub(crate) fn of(tree: &FactoryNode, precision: Precision) -> Self {
        let mut block = Self::default();
        for node in tree.walk() {
            for (setting, _, _) in of(node) {
                match &setting.value {
                    Value::List(items) => items.iter().for_each(|item| block.push(item, precision)),
                    value => block.push(value, precision),
                }
            }
        }
        if block.bytes.is_empty() {
            block.put(&0_i32.to_ne_bytes());
        }
        block.align(8);
        block
    }

    /// The bytes; the struct's size may be up to 7 less.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn push(&mut self, value: &Value, precision: Precision) {
        match (value, precision) {
            (Value::Bool(value), _) => self.put(&i32::from(*value).to_ne_bytes()),
            (Value::Integer(value), _) => self.put(&value.to_ne_bytes()),
            (Value::Float(value), Precision::F32) => self.put(&(*value as f32).to_ne_bytes()),
            (Value::Float(value), Precision::F64) => self.put(&value.to_ne_bytes()),
            _ => {}
        }
    }

    fn put(&mut self, bytes: &[u8]) {
        self.align(bytes.len());
        self.bytes.extend_from_slice(bytes);
    }

    fn align(&mut self, to: usize) {
        self.bytes.resize(self.bytes.len().next_multiple_of(to), 0);
    }
}
