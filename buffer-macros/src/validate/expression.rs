//! What expressions may mention: a value that exists when they are evaluated.

use syn::ext::IdentExt;
use syn::{Expr, Ident};

use crate::ast::{Field, Kind};
use crate::attr::SettingAttr;
use crate::ctxt::Ctxt;
use crate::{free, suggest};

/// Where an expression stands, for what it may read.
#[derive(Clone, Copy)]
enum Place<'a> {
    /// `default` and bounds of a setting: inputs and earlier settings.
    Setting { key: &'a Ident },
    /// `with`, `inputs` and `when` of a child: inputs, settings and earlier children.
    Child { key: &'a Ident },
    /// `len`: inputs, settings and children.
    Len { key: &'a Ident },
}

pub(super) fn check_expressions(ctxt: &Ctxt, fields: &[Field<'_>]) {
    for (position, field) in fields.iter().enumerate() {
        match &field.kind {
            Some(Kind::Setting(attr)) => {
                for (key, expr) in setting_expressions(attr) {
                    check_expression(ctxt, fields, position, Place::Setting { key }, expr);
                }
            }
            Some(Kind::Buffer(attr)) => {
                if let Some(len) = attr.len.get() {
                    check_expression(ctxt, fields, position, Place::Len { key: &len.key }, &len.value);
                }
            }
            Some(Kind::Child(attr)) => {
                for slot in [&attr.inputs, &attr.when] {
                    if let Some(given) = slot.get() {
                        check_expression(ctxt, fields, position, Place::Child { key: &given.key }, &given.value);
                    }
                }
                if let Some(with) = attr.with.get() {
                    for input in &with.value {
                        match &input.value {
                            Some(expr) => {
                                check_expression(ctxt, fields, position, Place::Child { key: &with.key }, expr)
                            }
                            None => check_shorthand(ctxt, fields, &input.name),
                        }
                    }
                }
            }
            Some(Kind::Input(_)) | None => {}
        }
    }
}

/// Every expression of a setting, with its key.
fn setting_expressions(attr: &SettingAttr) -> Vec<(&Ident, &Expr)> {
    let mut all = Vec::new();
    for slot in [&attr.default, &attr.min, &attr.max, &attr.gt, &attr.lt] {
        all.extend(slot.get().map(|given| (&given.key, &given.value)));
    }
    if let Some(range) = attr.range.get() {
        all.extend([(&range.key, &range.value.0), (&range.key, &range.value.1)]);
    }
    if let Some(one_of) = attr.one_of.get() {
        all.extend(one_of.value.iter().map(|value| (&one_of.key, value)));
    }
    all
}

fn check_expression(ctxt: &Ctxt, fields: &[Field<'_>], position: usize, place: Place<'_>, expr: &Expr) {
    let names = free::names(expr);
    let (Place::Setting { key } | Place::Child { key } | Place::Len { key }) = place;
    for (span, what) in names.escapes {
        ctxt.error_at(
            span,
            format!("{what} has no place in `{key}`: it is evaluated inside generated code; write a value"),
        );
    }
    for ident in &names.free {
        if ident == "self" {
            ctxt.error(ident, format!("`{key}` sees the fields by their names: write `n`, not `self.n`"));
            continue;
        }
        let Some(found) = fields.iter().position(|field| ident.unraw() == field.name) else { continue };
        if let Some(problem) = problem(place, &fields[found], found, position) {
            ctxt.error(ident, format!("`{key}` cannot depend on `{}`: {problem}", fields[found].name));
        }
    }
}

/// Why the field at `found` has no value where the expression of the field at `position` is evaluated.
fn problem(place: Place<'_>, field: &Field<'_>, found: usize, position: usize) -> Option<&'static str> {
    match (field.kind.as_ref()?, place) {
        (Kind::Input(_), _)
        | (Kind::Setting(_), Place::Child { .. } | Place::Len { .. })
        | (Kind::Child(_), Place::Len { .. }) => None,
        (Kind::Buffer(_), _) => Some("it is a buffer, which has no value here; mention inputs and settings"),
        (Kind::Setting(_), Place::Setting { .. }) if found == position => Some("it is the setting itself"),
        (Kind::Setting(_), Place::Setting { .. }) if found > position => Some("it is declared later; move it up"),
        (Kind::Setting(_), Place::Setting { .. }) => None,
        (Kind::Child(_), Place::Setting { .. }) => {
            Some("it is a child, whose inputs may depend on settings; mention inputs and earlier settings")
        }
        (Kind::Child(_), Place::Child { .. }) if found == position => Some("it is the child itself"),
        (Kind::Child(_), Place::Child { .. }) if found > position => Some("it is declared later; move it up"),
        (Kind::Child(_), Place::Child { .. }) => None,
    }
}

/// `with(n)` gives the field of that name.
fn check_shorthand(ctxt: &Ctxt, fields: &[Field<'_>], name: &Ident) {
    let text = name.unraw().to_string();
    match fields.iter().find(|field| field.name == text) {
        Some(field) => match &field.kind {
            Some(kind @ (Kind::Buffer(_) | Kind::Child(_))) => {
                ctxt.error(name, format!("`{text}` is {}: `with({text})` gives an input or a setting; write `{text} = …` for another value", kind.described()));
            }
            Some(Kind::Input(_) | Kind::Setting(_)) | None => {}
        },
        None => {
            let candidates =
                fields.iter().filter(|field| matches!(field.kind, Some(Kind::Input(_) | Kind::Setting(_))));
            let hint = suggest::nearest_or(&text, candidates.map(|field| field.name.as_str()), || {
                format!("; declare `#[input] {text}: …`, or give the value: `with({text} = …)`")
            });
            ctxt.error(name, format!("no input or setting `{text}` here{hint}"));
        }
    }
}
