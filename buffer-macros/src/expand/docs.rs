//! The table of buffers, as documentation and as a constant, from the same declaration as the code.

use proc_macro2::TokenStream;
use quote::quote;

use crate::attr::Location;
use crate::doc;
use crate::model::{Buffer, Fields, Group, Member};
use crate::text;

const HEADER: &str =
    "| buffer | elements | type | location | lifetime | overlays | contents |\n|---|---|---|---|---|---|---|";

/// `pub const BUFFERS`, with the table as its documentation too.
pub(super) fn buffers_const(group: &Group<'_>, fields: &Fields<'_>) -> TokenStream {
    let vis = group.vis();
    let table = table(fields, &group.phases);
    let doc = doc::attribute(&["The buffers of this config, as a Markdown table.".to_owned(), table.clone()]);
    quote! {
        #doc
        #vis const BUFFERS: &'static ::core::primitive::str = #table;
    }
}

/// One row a buffer or child, in registration order.
pub(super) fn table(fields: &Fields<'_>, phases: &[String]) -> String {
    let mut rows = vec![HEADER.to_owned()];
    rows.extend(fields.order.iter().map(|member| match *member {
        Member::Buffer(index) => buffer_row(&fields.buffers[index], phases),
        Member::Child(index) => {
            let child = &fields.children[index];
            let kind = if child.optional { "optional child" } else { "child" };
            let aliases = child.aliases.as_ref().map_or_else(String::new, |name| format!("`{name}`"));
            let lifetime =
                child.at.and_then(|at| phases.get(at)).map_or_else(String::new, |phase| format!("at `{phase}`"));
            row(&[
                &code(&child.field.name),
                "",
                &code(&text::of(child.config)),
                kind,
                &lifetime,
                &aliases,
                &cell(&doc::summary(&child.field.doc)),
            ])
        }
    }));
    rows.join("\n")
}

fn buffer_row(buffer: &Buffer<'_>, phases: &[String]) -> String {
    let location = match buffer.location {
        Location::Local => "local",
        Location::Shared => "shared",
    };
    let mut lifetime = vec![if buffer.persistent { "persistent".to_owned() } else { "call".to_owned() }];
    if buffer.zeroed {
        lifetime.push("zeroed".to_owned());
    }
    if let Some((first, last)) = buffer.live
        && let (Some(first), Some(last)) = (phases.get(first), phases.get(last))
    {
        lifetime.push(if first == last { format!("live in `{first}`") } else { format!("live `{first}` to `{last}`") });
    }
    let element = buffer.element.map_or_else(|| "Real".to_owned(), text::of);
    let aliases = buffer.aliases.as_ref().map_or_else(String::new, |name| format!("`{name}`"));
    row(&[
        &code(&buffer.field.name),
        &code(&text::of(&buffer.len)),
        &code(&element),
        location,
        &lifetime.join(", "),
        &aliases,
        &cell(&doc::summary(&buffer.field.doc)),
    ])
}

fn row(cells: &[&str]) -> String {
    format!("| {} |", cells.join(" | "))
}

/// A code span; a bar inside would end the cell.
fn code(text: &str) -> String {
    format!("`{}`", cell(text))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
