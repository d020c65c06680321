//! The reference page of a factory, from its declaration.

use std::fmt::Write;

use super::instances::{Instance, instances};
use crate::config::{BufferSpec, ChildSpec, GroupSpec, Member};

/// A factory's settings, buffers and children as a Markdown page.
///
/// Everything on it comes from the declaration, so it cannot be out of date. Settings and buffers have their own names; what a key has before them depends on where
/// the factory is mounted, which [`within`](Self::within) tells.
#[derive(Clone, Copy, Debug)]
pub struct FactoryReference {
    spec: &'static GroupSpec,
    root: Option<&'static GroupSpec>,
}

impl FactoryReference {
    /// The page of a declaration.
    pub fn new(spec: &'static GroupSpec) -> Self {
        Self { spec, root: None }
    }

    /// The same with the keys that its settings and buffers have in a tree of factories below `root`.
    #[must_use]
    pub fn within(self, root: &'static GroupSpec) -> Self {
        Self { root: Some(root), ..self }
    }

    /// Name of the page's file: `dirk.md`.
    pub fn file_name(&self) -> String {
        format!("{}.md", self.spec.name)
    }

    /// The page.
    pub fn to_markdown(&self) -> String {
        let spec = self.spec;
        let mut page = String::new();
        // Writing to a String cannot fail.
        let mut line = |text: &str| {
            let _ = writeln!(page, "{text}");
        };
        line(&format!("# `{}`\n", spec.type_name));
        if !spec.doc.is_empty() {
            line(&format!("{}\n", spec.doc.trim()));
        }
        if let Some(template) = spec.template {
            line(&format!("Device template: `{template}`.\n"));
        }
        if !spec.variants.is_empty() {
            let rows = spec.variants.iter().map(|variant| {
                let config = (variant.spec)();
                vec![code(variant.name), page_link(config), one_line(variant.doc)]
            });
            line("One of these, each with its own settings and buffers:\n");
            table(&mut line, &["variant", "factory", "what it is"], rows);
        }
        self.keys(&mut line);
        if !spec.inputs.is_empty() {
            line("## Inputs\n\nGiven by the owner; users cannot set them.\n");
            let rows =
                spec.inputs.iter().map(|input| vec![code(input.name), code(input.type_text), one_line(input.doc)]);
            table(&mut line, &["input", "type", "what it is"], rows);
        }
        if !spec.settings.is_empty() {
            line("## Settings\n");
            let rows = spec.settings.iter().map(|setting| {
                let when = if setting.argument { "at launch" } else { "compile" };
                vec![
                    code(setting.name),
                    code(setting.type_text),
                    code(setting.default_text),
                    setting.range_text.map_or_else(String::new, escape),
                    when.to_owned(),
                    one_line(setting.doc),
                ]
            });
            table(&mut line, &["setting", "type", "default", "range", "takes effect", "what it does"], rows);
        }
        if !spec.buffers.is_empty() {
            line(
                "## Buffers\n\nEach is moved by the setting `<buffer>_location`: `\"shared\"`, `\"local\"`, or `auto` for the default.\n",
            );
            let rows = spec.buffers.iter().map(|buffer| {
                vec![
                    code(buffer.name),
                    buffer.element.to_string(),
                    code(buffer.len_text),
                    buffer.location.to_string(),
                    lifetime(buffer, spec),
                    buffer.aliases.map_or_else(String::new, code),
                    one_line(buffer.doc),
                ]
            });
            table(
                &mut line,
                &["buffer", "element", "length", "location", "contents", "may reuse", "what it holds"],
                rows,
            );
        }
        if !spec.children.is_empty() {
            line("## Children\n");
            let rows = spec.children.iter().map(|child| {
                vec![
                    code(child.name),
                    page_link((child.spec)()),
                    child.prefix.map_or_else(|| "the owner's".to_owned(), code),
                    if child.optional { "optional" } else { "always" }.to_owned(),
                    child.aliases.map_or_else(String::new, code),
                    one_line(child.doc),
                ]
            });
            table(&mut line, &["child", "factory", "label of its keys", "present", "may reuse", "what it does"], rows);
        }
        if !spec.order.is_empty() {
            line(
                "## Memory map\n\nOrder of registration, which is the order of the layout: shared buffers first, then persistent, then local; aliases last, into their target's shared space while they fit.\n",
            );
            line("```text");
            for member in spec.order {
                match member {
                    Member::Buffer(index) => spec.buffers.get(*index).into_iter().for_each(|b| line(&map_buffer(b))),
                    Member::Child(index) => spec.children.get(*index).into_iter().for_each(|c| line(&map_child(c))),
                }
            }
            line("```");
        }
        page
    }

    /// What stands before the names of settings in their keys.
    fn keys(&self, line: &mut impl FnMut(&str)) {
        if self.spec.settings.is_empty() && self.spec.buffers.is_empty() {
            return;
        }
        let Some(root) = self.root else {
            line(
                "The key of a setting is `<label>_<setting>` with the label that the owner gives in its table of children, and the setting's name alone where it gives none.\n",
            );
            return;
        };
        line("## Keys\n\nThe flat key sets all instances of its name, the dotted key one instance.\n");
        let rows = instances(root, self.spec).into_iter().map(|Instance { path, flat, dotted }| {
            let path = if path.is_empty() { "the root".to_owned() } else { code(&path) };
            vec![path, code(&flat), code(&dotted)]
        });
        table(line, &["instance", "flat key", "dotted key"], rows);
    }
}

fn map_buffer(buffer: &BufferSpec) -> String {
    let alias = buffer.aliases.map_or_else(String::new, |target| format!("  in {target} where that is shared"));
    let persistent = if buffer.persistent { " persistent" } else { "" };
    format!("{:<28} {} × {}  {}{persistent}{alias}", buffer.name, buffer.element, buffer.len_text, buffer.location)
}

fn map_child(child: &ChildSpec) -> String {
    let alias = child.aliases.map_or_else(String::new, |target| format!("  in {target} where that is shared"));
    format!("{:<28} child {}{alias}", child.name, (child.spec)().name)
}

fn lifetime(buffer: &BufferSpec, spec: &GroupSpec) -> String {
    let mut text = match (buffer.persistent, buffer.zeroed) {
        (true, true) => "survive calls, zero at the start of a run".to_owned(),
        (true, false) => "survive calls".to_owned(),
        (false, true) => "zero at each call".to_owned(),
        (false, false) => "undefined at each call".to_owned(),
    };
    if let Some((first, last)) = buffer.live {
        let phase = |index: usize| spec.phases.get(index).copied().unwrap_or("?");
        let _ = write!(text, ", live from {} to {}", phase(first), phase(last));
    }
    text
}

fn page_link(spec: &GroupSpec) -> String {
    format!("[`{}`]({}.md)", spec.type_name, spec.name)
}

fn code(text: &str) -> String {
    format!("`{}`", escape(text))
}

fn one_line(text: &str) -> String {
    escape(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A pipe would end the cell.
fn escape(text: &str) -> String {
    text.replace('|', "\\|")
}

fn table(line: &mut impl FnMut(&str), header: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    line(&format!("| {} |", header.join(" | ")));
    line(&format!("|{}", " --- |".repeat(header.len())));
    for row in rows {
        line(&format!("| {} |", row.join(" | ")));
    }
    line("");
}
