//! Launch-time settings: one plain struct that a launch fills and the kernel reads.

use std::fmt::Write;

use super::names::FactoryNames;
use crate::config::{FactoryNode, SettingNode};
use crate::precision::Precision;
use crate::settings::{ArgumentType, Value};

/// The launch-time settings of one instance that device source can see.
pub(super) fn of(node: &FactoryNode) -> impl Iterator<Item = Argument<'_>> {
    node.settings.iter().filter_map(|setting| {
        let ty = setting.argument?;
        let count = match &setting.value {
            Value::List(items) => Some(items.len()),
            _ => None,
        };
        Some(Argument { setting, ty, count })
    })
}

/// A launch-time setting as a member of the struct: a value, or an array of `count`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Argument<'a> {
    pub(super) setting: &'a SettingNode,
    pub(super) ty: ArgumentType,
    pub(super) count: Option<usize>,
}

/// `struct kernel_arguments`, one member per launch-time setting of the tree.
pub(super) fn write_struct(out: &mut String, tree: &FactoryNode, names: &FactoryNames) {
    out.push_str("/// Settings given at launch.\nstruct kernel_arguments {\n");
    let mut any = false;
    for node in tree.walk() {
        for Argument { setting, ty, count } in of(node) {
            any = true;
            let dimension = count.map_or_else(String::new, |count| format!("[{count}]"));
            // Writing to a String cannot fail.
            let _ = writeln!(out, "    {} {}_{}{dimension};", ty.cpp_name(), names.stem(node), setting.spec.name);
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
            for Argument { setting, ty, .. } in of(node) {
                match &setting.value {
                    Value::List(items) => items.iter().for_each(|item| block.push(ty, item, precision)),
                    value => block.push(ty, value, precision),
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

    fn push(&mut self, ty: ArgumentType, value: &Value, precision: Precision) {
        let number = match value {
            Value::Integer(value) => *value as f64,
            Value::Float(value) => *value,
            _ => 0.0,
        };
        match (ty, value, precision) {
            (ArgumentType::Boolean, value, _) => self.put(&i32::from(*value == Value::Bool(true)).to_ne_bytes()),
            (ArgumentType::Integer, Value::Integer(value), _) => self.put(&value.to_ne_bytes()),
            (ArgumentType::Integer, _, _) => self.put(&(number as i64).to_ne_bytes()),
            (ArgumentType::Real, _, Precision::F32) => self.put(&(number as f32).to_ne_bytes()),
            (ArgumentType::Real, _, Precision::F64) => self.put(&number.to_ne_bytes()),
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
