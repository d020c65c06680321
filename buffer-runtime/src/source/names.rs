//! C++ names of the generated structs.

use std::collections::{HashMap, HashSet};

use super::arguments::{self, Argument};
use super::error::SourceError;
use crate::config::{FactoryNode, SettingNode};
use crate::entry::Entry;

/// The stem of each instance's struct names, by path, and the members of the struct of launch-time settings.
#[derive(Debug)]
pub(super) struct FactoryNames {
    stems: HashMap<String, String>,
    /// By the path of the setting.
    arguments: HashMap<String, String>,
}

impl FactoryNames {
    /// Stems are the root's name and the path, joined by `_`; the rare path that collides (`a.b_c` and `a_b.c`) gets a number.
    pub(super) fn of(tree: &FactoryNode) -> Result<Self, SourceError> {
        check_identifier(tree.spec.name, "group name")?;
        let mut taken = HashSet::new();
        let mut stems = HashMap::new();
        for node in tree.walk() {
            let plain = if node.path.is_empty() {
                tree.spec.name.to_owned()
            } else {
                format!("{}_{}", tree.spec.name, node.path.replace('.', "_"))
            };
            stems.insert(node.path.clone(), unique(plain, &mut taken));
        }
        let mut names = Self { stems, arguments: HashMap::new() };
        let mut taken = HashSet::new();
        for node in tree.walk() {
            for Argument { setting, .. } in arguments::of(node) {
                let name = unique(format!("{}_{}", names.stem(node), setting.spec.name), &mut taken);
                names.arguments.insert(node.member_path(setting.spec.name), name);
            }
        }
        Ok(names)
    }

    /// The member of `kernel_arguments` for a setting of an instance: stem and name, which may collide as stems may (`tol` of `newton`, `newton_tol` of its owner).
    pub(super) fn argument(&self, node: &FactoryNode, setting: &SettingNode) -> &str {
        self.arguments.get(&node.member_path(setting.spec.name)).map_or(setting.spec.name, String::as_str)
    }

    /// The stem of an instance of the tree the names were made from.
    pub(super) fn stem(&self, node: &FactoryNode) -> &str {
        self.stems.get(&node.path).map_or(node.spec.name, String::as_str)
    }
}

/// The name itself, or with the first number that makes it unique.
fn unique(plain: String, taken: &mut HashSet<String>) -> String {
    let mut name = plain.clone();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{plain}_{number}");
        number += 1;
    }
    name
}

/// Checks the names an entry puts into the text.
pub(super) fn check_entry(entry: &Entry) -> Result<(), SourceError> {
    check_identifier(&entry.name, "kernel name")?;
    check_identifier(&entry.function, "function name")?;
    let mut seen = HashSet::new();
    for parameter in &entry.parameters {
        // Part of a longer name in the text, so that any word will do.
        check_word(&parameter.name, "array name")?;
        if !seen.insert(parameter.name.as_str()) {
            return Err(SourceError::DuplicateParameter { name: parameter.name.clone() });
        }
    }
    Ok(())
}

fn check_identifier(name: &str, what: &'static str) -> Result<(), SourceError> {
    if RESERVED.contains(&name) {
        return Err(SourceError::NotAnIdentifier { what, name: name.to_owned() });
    }
    check_word(name, what)
}

fn check_word(name: &str, what: &'static str) -> Result<(), SourceError> {
    let mut chars = name.chars();
    let starts = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if starts && chars.all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.starts_with("__") {
        Ok(())
    } else {
        Err(SourceError::NotAnIdentifier { what, name: name.to_owned() })
    }
}

/// C++ keywords, and names of the generated text itself.
const RESERVED: &[&str] = &[
    "alignas",
    "alignof",
    "and",
    "asm",
    "auto",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "class",
    "const",
    "constexpr",
    "continue",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "else",
    "enum",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "for",
    "friend",
    "goto",
    "if",
    "inline",
    "int",
    "long",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "nullptr",
    "operator",
    "or",
    "private",
    "protected",
    "public",
    "register",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "struct",
    "switch",
    "template",
    "this",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "union",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "while",
    "xor",
    "lanes",
    "main",
    "arrays",
    "arguments",
    "runs",
    "pass",
];
