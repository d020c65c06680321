//! Device source: the text of one kernel, generated from a plan and an entry.
//!
//! The text is data laid around hand-written templates. For each factory instance there are two structs, named by its path: `<path>_state` holds what survives
//! between calls and the launch-time settings, with one member per child; `<path>_buffers` is built inside a call and gives every array, wherever it lives, the
//! same `b.name[i]`. The same plan, entry and target give the same text, byte for byte.

mod arguments;
mod entry_text;
mod error;
mod factory_text;
mod names;
mod prelude;
mod target;
#[cfg(test)]
mod tests;

use std::fmt::Write;

use crate::config::FactoryNode;
use crate::entry::Entry;
use crate::layout::ResolvedLayout;
use crate::precision::Precision;

pub(crate) use arguments::ArgumentBlock;
pub use arguments::{ArgumentMismatch, ArgumentShape};
pub use error::SourceError;
pub use target::{CpuTarget, GpuTarget, MathLibrary, Target};

/// What a kernel's text is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SourceRequest<'a> {
    pub(crate) tree: &'a FactoryNode,
    pub(crate) layout: &'a ResolvedLayout,
    pub(crate) precision: Precision,
    pub(crate) entry: &'a Entry,
    pub(crate) target: &'a Target,
}

/// The generated text of one kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceSource {
    text: String,
    /// Paths of the buffers a debug build records, in the order of its trace pointers.
    pub(crate) traced: Vec<String>,
}

impl DeviceSource {
    /// The whole translation unit.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Writes the translation unit of a kernel.
pub(crate) fn generate(request: SourceRequest<'_>) -> Result<DeviceSource, SourceError> {
    let SourceRequest { tree, layout, precision, entry, target } = request;
    names::check_entry(entry)?;
    let names = names::FactoryNames::of(tree)?;
    let mut out = String::new();
    target.write_defines(&mut out, precision, layout);
    if entry.calls_functions {
        out.push_str("#define BR_MATH_NOINLINE 1\n");
    }
    for file in prelude::FILES {
        file_text(&mut out, file.name, 1, file.text);
    }

    line_marker(&mut out, 1, "buffers");
    let mut traced = Vec::new();
    out.push_str("namespace lanes {\n\n");
    arguments::write_struct(&mut out, tree, &names);
    // Members of a struct need their types before it: children first.
    for node in tree.walk().into_iter().rev() {
        factory_text::write(&mut out, node, layout, &names, target.is_debug(), &mut traced)?;
    }
    out.push_str("}  // namespace lanes\n");

    for source in &entry.sources {
        out.push_str("namespace lanes {\n");
        file_text(&mut out, &source.name, source.line, &source.text);
        out.push_str("}\n");
    }

    line_marker(&mut out, 1, "entry");
    entry_text::write(&mut out, tree, precision, entry, target, &names)?;
    Ok(DeviceSource { text: out, traced })
}

fn file_text(out: &mut String, name: &str, line: u32, text: &str) {
    line_marker(out, line, name);
    out.push_str(text);
    if !text.ends_with('\n') {
        out.push('\n');
    }
}

/// Makes the compilers count lines as the user does.
fn line_marker(out: &mut String, line: u32, name: &str) {
    let escaped: String =
        name.chars().flat_map(|c| if matches!(c, '"' | '\\') { vec!['\\', c] } else { vec![c] }).collect();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "#line {line} \"{escaped}\"");
}
