//! Which buffers and children may stand for the space of which others.

use proc_macro2::Ident;
use syn::ext::IdentExt;

use crate::ast::{Field, Kind};
use crate::ctxt::Ctxt;
use crate::suggest;

/// An alias names a buffer that is not persistent, or a child, declared before it.
pub(super) fn check_aliases(ctxt: &Ctxt, fields: &[Field<'_>]) {
    for (position, field) in fields.iter().enumerate() {
        let target = match &field.kind {
            Some(Kind::Buffer(attr)) => attr.aliases.value(),
            Some(Kind::Child(attr)) => attr.aliases.value(),
            _ => None,
        };
        if let Some(target) = target {
            check_alias(ctxt, fields, position, target);
        }
    }
}

fn check_alias(ctxt: &Ctxt, fields: &[Field<'_>], position: usize, target: &Ident) {
    let name = target.unraw().to_string();
    if name == fields[position].name {
        ctxt.error(target, format!("`{name}` cannot alias itself: name a buffer or child declared before it"));
        return;
    }
    let Some(found) = fields.iter().position(|field| field.name == name) else {
        let candidates: Vec<&str> =
            fields[..position].iter().filter(|field| is_target(field)).map(|field| field.name.as_str()).collect();
        let hint = suggest::nearest_or(&name, candidates.iter().copied(), || {
            if candidates.is_empty() {
                "; nothing is declared before it that it could alias".to_owned()
            } else {
                format!("; declared before it are {}", suggest::list(&candidates))
            }
        });
        ctxt.error(target, format!("no buffer or child `{name}` to alias{hint}"));
        return;
    };
    match &fields[found].kind {
        Some(kind @ (Kind::Input(_) | Kind::Setting(_))) => {
            ctxt.error(target, format!("`{name}` is {}: an alias names a buffer or a child", kind.described()));
        }
        Some(Kind::Buffer(attr)) if attr.persistent.is_given() => ctxt.error(
            target,
            format!("`{name}` is persistent: nothing may share its space, since its contents survive between calls; alias another buffer or remove `persistent` from `{name}`"),
        ),
        Some(Kind::Buffer(_) | Kind::Child(_)) if found > position => ctxt.error(
            target,
            format!("`{name}` is declared after `{}`: an alias names a buffer or child declared before it; move `{name}` up", fields[position].name),
        ),
        Some(Kind::Buffer(_) | Kind::Child(_)) | None => {}
    }
}

fn is_target(field: &Field<'_>) -> bool {
    match &field.kind {
        Some(Kind::Buffer(attr)) => !attr.persistent.is_given(),
        Some(Kind::Child(_)) => true,
        _ => false,
    }
}
