//! Launch-time settings: one plain struct that a launch fills and the kernel reads.

use std::fmt::{self, Write};

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
            let _ = writeln!(out, "    {} {}{dimension};", ty.cpp_name(), names.argument(node, setting));
        }
    }
    if !any {
        out.push_str("    int none;\n");
    }
    out.push_str("};\n\n");
}

/// A launch-time setting that a plan has otherwise than the kernel was compiled for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArgumentMismatch {
    /// The plan computes in another precision.
    #[error("the kernel computes in {kernel}, the plan in {plan}: compile the plan")]
    OtherPrecision {
        /// The kernel's.
        kernel: Precision,
        /// The plan's.
        plan: Precision,
    },
    /// The first launch-time setting that differs.
    #[error("the kernel was compiled with {}, the plan has {}: compile the plan", setting(kernel), setting(plan))]
    Setting {
        /// Path and shape in the kernel; none if it has fewer.
        kernel: Option<ArgumentShape>,
        /// Path and shape in the plan.
        plan: Option<ArgumentShape>,
    },
}

fn setting(shape: &Option<ArgumentShape>) -> String {
    match shape {
        Some(shape) => format!("the launch-time setting {shape}"),
        None => "no further launch-time setting".to_owned(),
    }
}

/// A launch-time setting without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentShape {
    /// Path from the root: `filter.taps`.
    pub path: String,
    /// Its type in device source.
    pub ty: ArgumentType,
    /// How many of them, for a list.
    pub count: Option<usize>,
}

impl fmt::Display for ArgumentShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ty = match self.ty {
            ArgumentType::Boolean => "bool",
            ArgumentType::Integer => "integer",
            ArgumentType::Real => "real",
        };
        match self.count {
            None => write!(f, "`{}` ({ty})", self.path),
            Some(count) => write!(f, "`{}` ({count} × {ty})", self.path),
        }
    }
}

/// A `kernel_arguments` with its shape, laid out as C++ does: members in order, each aligned to its size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ArgumentBlock {
    precision: Precision,
    shapes: Vec<ArgumentShape>,
    /// The bytes in memory order, in words for the alignment of any member.
    words: Vec<u64>,
}

impl ArgumentBlock {
    /// The values of a tree's launch-time settings.
    pub(crate) fn of(tree: &FactoryNode, precision: Precision) -> Self {
        let (mut shapes, mut bytes) = (Vec::new(), Packed::default());
        for node in tree.walk() {
            for Argument { setting, ty, count } in of(node) {
                shapes.push(ArgumentShape { path: node.member_path(setting.spec.name), ty, count });
                match &setting.value {
                    Value::List(items) => items.iter().for_each(|item| bytes.push(ty, item, precision)),
                    value => bytes.push(ty, value, precision),
                }
            }
        }
        Self { precision, shapes, words: bytes.into_words() }
    }

    /// Takes another tree's values if they have the same shape; nothing is changed otherwise.
    pub(crate) fn replace(&mut self, tree: &FactoryNode, precision: Precision) -> Result<(), ArgumentMismatch> {
        if precision != self.precision {
            return Err(ArgumentMismatch::OtherPrecision { kernel: self.precision, plan: precision });
        }
        let new = Self::of(tree, precision);
        let most = self.shapes.len().max(new.shapes.len());
        if let Some(at) = (0..most).find(|at| self.shapes.get(*at) != new.shapes.get(*at)) {
            let [kernel, plan] = [&self.shapes, &new.shapes].map(|shapes| shapes.get(at).cloned());
            return Err(ArgumentMismatch::Setting { kernel, plan });
        }
        *self = new;
        Ok(())
    }

    /// The bytes, aligned to 8; the struct's size may be up to 7 less.
    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }
}

/// The struct's bytes in the making.
#[derive(Default)]
struct Packed(Vec<u8>);

impl Packed {
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
        self.0.resize(self.0.len().next_multiple_of(bytes.len()), 0);
        self.0.extend_from_slice(bytes);
    }

    /// At least one word: a struct without settings has an `int`.
    fn into_words(self) -> Vec<u64> {
        let word = |chunk: &[u8]| {
            let mut bytes = [0; 8];
            bytes[..chunk.len()].copy_from_slice(chunk);
            u64::from_ne_bytes(bytes)
        };
        let words: Vec<u64> = self.0.chunks(8).map(word).collect();
        if words.is_empty() { vec![0] } else { words }
    }
}
