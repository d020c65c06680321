//! C++ names of the generated structs.

use std::collections::{HashMap, HashSet};

use super::error::SourceError;
use crate::config::FactoryNode;
use crate::entry::Entry;

/// The stem of each instance's struct names, by path.
#[derive(Debug)]
pub(super) struct FactoryNames {
    stems: HashMap<String, String>,
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
            let mut stem = plain.clone();
            let mut number = 2;
            while !taken.insert(stem.clone()) {
                stem = format!("{plain}_{number}");
                number += 1;
            }
            stems.insert(node.path.clone(), stem);
        }
        Ok(Self { stems })
    }

    /// The stem of an instance of the tree the names were made from.
    pub(super) fn stem(&self, node: &FactoryNode) -> &str {
        self.stems.get(&node.path).map_or(node.spec.name, String::as_str)
    }
}

/// Checks the names an entry puts into the text.
pub(super) fn check_entry(entry: &Entry) -> Result<(), SourceError> {
    check_identifier(&entry.name, "kernel name")?;
    check_identifier(&entry.function, "function name")?;
    let mut seen = HashSet::new();
    for parameter in &entry.parameters {
        check_identifier(&parameter.name, "array name")?;
        if !seen.insert(parameter.name.as_str()) {
            return Err(SourceError::DuplicateParameter { name: parameter.name.clone() });
        }
    }
    Ok(())
}

fn check_identifier(name: &str, what: &'static str) -> Result<(), SourceError> {
    let mut chars = name.chars();
    let starts = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    let reserved = name.starts_with("__") || RESERVED.contains(&name);
    if starts && chars.all(|c| c.is_ascii_alphanumeric() || c == '_') && !reserved {
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
