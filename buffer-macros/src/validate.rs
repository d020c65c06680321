//! What is wrong with a declaration beyond the single attribute: one named check for each rule.

mod alias;
mod expression;
mod name;

use syn::ext::IdentExt;
use syn::{Ident, Type};

use crate::ast::{Data, Declaration, Field, Kind, Variant};
use crate::attr::{BufferAttr, ChildAttr, SettingAttr};
use crate::ctxt::Ctxt;
use crate::{suggest, symbol, ty};

/// Records every error of the declaration.
pub(crate) fn check(ctxt: &Ctxt, declaration: &Declaration<'_>) {
    name::check_group_names(ctxt, declaration);
    check_phases_are_distinct(ctxt, declaration);
    match &declaration.data {
        Data::Struct(fields) => {
            name::check_emitted_names(ctxt, fields);
            name::check_settings_are_distinct(ctxt, fields);
            name::check_members_are_distinct(ctxt, fields);
            let phases: &[Ident] = declaration.attr.phases.value().map_or(&[], Vec::as_slice);
            for field in fields {
                match &field.kind {
                    Some(Kind::Setting(attr)) => {
                        check_is_not_a_buffer(ctxt, field);
                        check_setting(ctxt, attr);
                    }
                    Some(Kind::Buffer(attr)) => check_buffer(ctxt, field, attr, phases),
                    Some(Kind::Child(attr)) => check_child(ctxt, field, attr, phases),
                    Some(Kind::Input(_)) => check_is_not_a_buffer(ctxt, field),
                    None => {}
                }
            }
            alias::check_aliases(ctxt, fields);
            expression::check_expressions(ctxt, fields);
        }
        Data::Enum(variants) => {
            check_enum_attributes(ctxt, declaration);
            name::check_variants_are_distinct(ctxt, variants);
            check_variant_types(ctxt, variants);
        }
        Data::Refused => {}
    }
}

fn check_phases_are_distinct(ctxt: &Ctxt, declaration: &Declaration<'_>) {
    let phases: &[Ident] = declaration.attr.phases.value().map_or(&[], Vec::as_slice);
    for (i, phase) in phases.iter().enumerate() {
        if phases[..i].iter().any(|earlier| earlier.unraw() == phase.unraw()) {
            ctxt.error(phase, format!("the phase `{phase}` is declared twice: keep one"));
        }
    }
}

/// Keys that describe fields say nothing about an enum, whose fields are its variants' configs.
fn check_enum_attributes(ctxt: &Ctxt, declaration: &Declaration<'_>) {
    let keys = [declaration.attr.template.key(), declaration.attr.phases.key()];
    for key in keys.into_iter().flatten() {
        ctxt.error(key, format!("an enum of configs takes no `{key}`: write it on the configs of its variants"));
    }
}

fn check_variant_types(ctxt: &Ctxt, variants: &[Variant<'_>]) {
    for variant in variants {
        if ty::option_inner(variant.ty).is_some() {
            ctxt.error(variant.ty, "a variant holds a config itself: make the child optional where the enum is a field, as in `Option<StepConfig>`");
        }
        if ty::buffer_element(variant.ty).is_some() {
            ctxt.error(variant.ty, "a variant holds a config, not a buffer: declare the buffer in a config of its own");
        }
    }
}

fn check_setting(ctxt: &Ctxt, attr: &SettingAttr) {
    if !attr.tried.to_give(symbol::DEFAULT) {
        ctxt.error(
            &attr.meta,
            "a setting needs a default: write `#[setting(default = …)]`; it may mention inputs and earlier settings",
        );
    }
    let pairs = [
        (attr.range.key(), attr.min.key()),
        (attr.range.key(), attr.max.key()),
        (attr.range.key(), attr.gt.key()),
        (attr.range.key(), attr.lt.key()),
        (attr.min.key(), attr.gt.key()),
        (attr.max.key(), attr.lt.key()),
        (attr.one_of.key(), attr.range.key()),
        (attr.one_of.key(), attr.min.key()),
        (attr.one_of.key(), attr.max.key()),
        (attr.one_of.key(), attr.gt.key()),
        (attr.one_of.key(), attr.lt.key()),
    ];
    for (stronger, weaker) in pairs {
        if let (Some(stronger), Some(weaker)) = (stronger, weaker) {
            ctxt.error(weaker, format!("`{stronger}` and `{weaker}` bound the same side: keep one"));
        }
    }
    name::check_rename(ctxt, attr);
}

fn check_buffer(ctxt: &Ctxt, field: &Field<'_>, attr: &BufferAttr, phases: &[Ident]) {
    if !attr.tried.to_give(symbol::LEN) {
        ctxt.error(&attr.meta, "a buffer needs a length: write `#[buffer(len = …)]`, in elements; it may mention inputs, settings and children");
    }
    check_buffer_type(ctxt, &field.original.ty);
    if let Some(key) = attr.aliases.key() {
        for (flag, why) in [
            (attr.persistent.key(), "what survives between calls cannot share its space"),
            (attr.zeroed.key(), "zeroing it would wipe its target"),
        ] {
            if let Some(flag) = flag {
                ctxt.error(flag, format!("`{flag}` and `{key}` exclude each other: {why}; remove one"));
            }
        }
    }
    if let Some(live) = attr.live.get() {
        let (first, last) = &live.value;
        let found =
            (check_phase(ctxt, first, phases), if first == last { None } else { check_phase(ctxt, last, phases) });
        if let (Some(begin), Some(end)) = found
            && begin > end
        {
            ctxt.error_at(
                first.span(),
                format!("`{first}` comes after `{last}` in `phases`: write `live = {last}..={first}`"),
            );
        }
    }
}

fn check_buffer_type(ctxt: &Ctxt, ty: &Type) {
    match ty::buffer_element(ty) {
        None => {
            let hint = match ty::name(ty) {
                Some(name) if name == "Vec" => "`Buffer<T>` says what a `Vec` would hold",
                _ => "write `Buffer`, or `Buffer<i32>` for elements that do not follow the precision",
            };
            ctxt.error(ty, format!("a `#[buffer]` field has the type `Buffer<T>`: {hint}"));
        }
        Some(Some(element)) => {
            if let Some(name) = ty::unfit_element(element) {
                ctxt.error(
                    element,
                    format!(
                        "`{name}` cannot be the element of a buffer: write `Buffer` for the precision of the run, or one of `f32`, `f64`, `i32` and `i64`; flags and counters are `i32`"
                    ),
                );
            }
        }
        Some(None) => {}
    }
}

fn check_is_not_a_buffer(ctxt: &Ctxt, field: &Field<'_>) {
    if ty::buffer_element(&field.original.ty).is_some() {
        ctxt.error(field.ident, format!("`{}` is a `Buffer`: declare it with `#[buffer(len = …)]`", field.name));
    }
}

fn check_child(ctxt: &Ctxt, field: &Field<'_>, attr: &ChildAttr, phases: &[Ident]) {
    let ty = &field.original.ty;
    if ty::buffer_element(ty).is_some() {
        ctxt.error(ty, format!("`{}` is a `Buffer`: declare it with `#[buffer(len = …)]`", field.name));
    }
    if let (Some(with), Some(inputs)) = (attr.with.key(), attr.inputs.key()) {
        ctxt.error(inputs, format!("`{with}` and `{inputs}` both give the child's inputs: keep one"));
    }
    if let Some(when) = attr.when.key()
        && ty::option_inner(ty).is_none()
    {
        ctxt.error(
            when,
            format!(
                "`when` decides whether an optional child is there: write `{}: Option<…>`, or remove `when`",
                field.name
            ),
        );
    }
    if let Some(given) = attr.with.value() {
        for (i, input) in given.iter().enumerate() {
            if given[..i].iter().any(|earlier| earlier.name.unraw() == input.name.unraw()) {
                ctxt.error(&input.name, format!("the input `{}` is given twice: keep one", input.name));
            }
        }
    }
    name::check_prefix(ctxt, attr);
    if let Some(at) = attr.at.value() {
        check_phase(ctxt, at, phases);
    }
}

/// The index of the phase, or `None` after recording what is wrong with it.
fn check_phase(ctxt: &Ctxt, name: &Ident, phases: &[Ident]) -> Option<usize> {
    let found = phases.iter().position(|phase| phase.unraw() == name.unraw());
    if found.is_none() {
        let names: Vec<String> = phases.iter().map(|phase| phase.unraw().to_string()).collect();
        if names.is_empty() {
            ctxt.error(
                name,
                format!(
                    "no phase `{name}`: declare the phases in order on the type, as in `#[buffers(phases({name}, …))]`"
                ),
            );
        } else {
            let hint = suggest::nearest_or(&name.unraw().to_string(), names.iter().map(String::as_str), || {
                format!("; the phases are {}", suggest::list(&names))
            });
            ctxt.error(name, format!("no phase `{name}`{hint}"));
        }
    }
    found
}
