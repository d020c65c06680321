//! Names: unique where users look them up, and possible in the emitted C++.

use std::collections::HashMap;
use std::fmt::Display;

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{Ident, LitStr};

use crate::ast::{Declaration, Field, Kind, Variant};
use crate::attr::{ChildAttr, SettingAttr};
use crate::ctxt::Ctxt;
use crate::{ast, cpp, model};

/// Methods that every settings struct has.
const SETTINGS_METHODS: [&str; 2] = ["clone", "default"];

/// The group's and the template's name, and the three generated types.
pub(super) fn check_group_names(ctxt: &Ctxt, declaration: &Declaration<'_>) {
    let attr = &declaration.attr;
    match attr.name.value() {
        Some(name) => check_cpp(ctxt, name.span(), &name.value(), || "choose another `name`".to_owned()),
        None => {
            let name = ast::snake_case(&model::stem(&declaration.original.ident));
            check_cpp(ctxt, declaration.original.ident.span(), &name, || {
                format!("the group is named after the type; write `#[buffers(name = \"{name}_group\")]`")
            });
        }
    }
    if let Some(template) = attr.template.value() {
        for part in template.value().split("::") {
            check_cpp(ctxt, template.span(), part, || {
                "write the name of the device template, as in `template = \"dirk_step\"`".to_owned()
            });
        }
    }
    let generated: [Option<&Ident>; 3] = [attr.inputs.value(), attr.settings.value(), attr.allocators.value()];
    let mut seen: Vec<String> = vec![declaration.original.ident.unraw().to_string()];
    for ident in generated.into_iter().flatten() {
        let name = ident.unraw().to_string();
        if seen.contains(&name) {
            ctxt.error(ident, format!("two types would be named `{name}`: choose another name"));
        }
        seen.push(name);
    }
}

fn check_cpp(ctxt: &Ctxt, span: Span, name: &str, remedy: impl FnOnce() -> String) {
    refuse(ctxt, span, name, cpp::problem(name), remedy);
}

fn check_member(ctxt: &Ctxt, span: Span, name: &str, remedy: impl FnOnce() -> String) {
    refuse(ctxt, span, name, cpp::member_problem(name), remedy);
}

fn refuse(ctxt: &Ctxt, span: Span, name: &str, problem: Option<&str>, remedy: impl FnOnce() -> String) {
    if let Some(problem) = problem {
        ctxt.error_at(span, format!("`{name}` {problem}, and the device source carries this name: {}", remedy()));
    }
}

/// Every field's name appears in the device source: buffers and children as members, device inputs and settings as
/// constants.
pub(super) fn check_emitted_names(ctxt: &Ctxt, fields: &[Field<'_>]) {
    for field in fields {
        match &field.kind {
            // A renamed setting appears under its other name, which is checked with the attribute.
            Some(Kind::Setting(attr)) if attr.rename.is_given() => {}
            Some(Kind::Setting(_)) => check_member(ctxt, field.ident.span(), &field.name, || {
                format!("rename the field, or write `rename = \"{}_value\"`", field.name)
            }),
            Some(_) => check_member(ctxt, field.ident.span(), &field.name, || "rename the field".to_owned()),
            None => {}
        }
    }
}

/// A settings key is written in TOML and after a label and `_`: snake case.
fn check_key(ctxt: &Ctxt, text: &LitStr, what: impl Display) -> bool {
    let value = text.value();
    let well_formed = value.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !well_formed {
        let suggestion = ast::snake_case(&value.replace([' ', '-', '.'], "_"));
        let hint = if suggestion.is_empty() || suggestion == value {
            String::new()
        } else {
            format!(", as in \"{suggestion}\"")
        };
        ctxt.error_at(text.span(), format!("{what} is written in lower-case letters, digits and `_`{hint}"));
    }
    well_formed
}

pub(super) fn check_rename(ctxt: &Ctxt, attr: &SettingAttr) {
    if let Some(name) = attr.rename.value()
        && check_key(ctxt, name, "the name of a setting")
    {
        check_member(ctxt, name.span(), &name.value(), || "choose another name".to_owned());
    }
}

pub(super) fn check_prefix(ctxt: &Ctxt, attr: &ChildAttr) {
    if let Some(prefix) = attr.prefix.value() {
        check_key(ctxt, prefix, "a prefix");
    }
}

/// Settings, placements and children share the names by which users reach them, and the methods of the settings struct.
pub(super) fn check_settings_are_distinct(ctxt: &Ctxt, fields: &[Field<'_>]) {
    let mut keys = Names::default();
    let mut methods = Names::default();
    for field in fields {
        let span = field.ident.span();
        match &field.kind {
            Some(Kind::Setting(attr)) => {
                let key = attr.rename.value().map_or_else(|| field.name.clone(), LitStr::value);
                let key_span = attr.rename.value().map_or(span, LitStr::span);
                let source = format!("the setting `{}`", field.name);
                if keys.add(ctxt, key_span, key, source.clone(), "the key") {
                    methods.add(ctxt, span, field.name.clone(), source, "the settings method");
                }
            }
            Some(Kind::Buffer(_)) => {
                let key = model::location_key(&field.name);
                let source = format!("the placement of the buffer `{}`", field.name);
                if keys.add(ctxt, span, key.clone(), source.clone(), "the key") {
                    methods.add(ctxt, span, key, source, "the settings method");
                }
            }
            Some(Kind::Child(_)) => {
                let source = format!("the child `{}`", field.name);
                if keys.add(ctxt, span, field.name.clone(), source.clone(), "the key") {
                    methods.add(ctxt, span, field.name.clone(), source, "the settings method");
                }
            }
            _ => continue,
        }
        if SETTINGS_METHODS.contains(&field.name.as_str()) && !matches!(field.kind, Some(Kind::Buffer(_))) {
            // `default` is refused as a word of C++ where it is emitted under its own name.
            let reported = cpp::member_problem(&field.name).is_some()
                && !matches!(&field.kind, Some(Kind::Setting(attr)) if attr.rename.is_given());
            if !reported {
                ctxt.error(
                    field.ident,
                    format!("every settings struct has a method `{0}` already: rename the field `{0}`", field.name),
                );
            }
        }
    }
}

/// The device source has inputs, settings and buffers of a factory side by side, a setting under the name it may have been given; and the layout has a window for what a
/// child has in shared memory and for what survives of it.
pub(super) fn check_members_are_distinct(ctxt: &Ctxt, fields: &[Field<'_>]) {
    let word = |field: &Field<'_>| match field.kind {
        Some(Kind::Input(_)) => Some("input"),
        Some(Kind::Buffer(_)) => Some("buffer"),
        Some(Kind::Child(_)) => Some("child"),
        _ => None,
    };
    for field in fields {
        if let Some(Kind::Setting(attr)) = &field.kind
            && let Some(name) = attr.rename.value()
            && let Some(other) = fields.iter().find(|other| other.name == name.value())
            && let Some(kind @ ("input" | "buffer")) = word(other)
        {
            let taken = format!(
                "the name `{0}` of the setting `{1}` is already that of the {kind} `{0}`",
                other.name, field.name
            );
            ctxt.error_at(name.span(), format!("{taken}: choose another name"));
        }
        let parent = ["_shared", "_persistent"].iter().find_map(|suffix| field.name.strip_suffix(suffix));
        if let Some(kind @ ("buffer" | "child")) = word(field)
            && let Some(parent) = parent
            && fields.iter().any(|other| other.name == parent && word(other) == Some("child"))
        {
            let taken = format!("the layout calls a window of the child `{parent}` like the {kind} `{}`", field.name);
            ctxt.error_at(field.ident.span(), format!("{taken}: rename one of them"));
        }
    }
}

/// Names taken so far, each with what took it.
#[derive(Default)]
struct Names(HashMap<String, String>);

impl Names {
    /// Takes `name`; records an error and gives `false` where it is taken.
    fn add(&mut self, ctxt: &Ctxt, span: Span, name: String, source: String, what: &str) -> bool {
        match self.0.get(&name) {
            Some(first) => {
                ctxt.error_at(
                    span,
                    format!("{what} `{name}` of {source} is already that of {first}: rename one of them"),
                );
                false
            }
            None => {
                self.0.insert(name, source);
                true
            }
        }
    }
}

/// Variants are known by their names in snake case, which are methods too. The device source knows configs only, so that
/// a word of C++ is a name like any other.
pub(super) fn check_variants_are_distinct(ctxt: &Ctxt, variants: &[Variant<'_>]) {
    let mut names = Names::default();
    for variant in variants {
        let Variant { ident, name, .. } = variant;
        if !names.add(ctxt, ident.span(), name.clone(), format!("the variant `{ident}`"), "the name") {
            continue;
        }
        if SETTINGS_METHODS.contains(&name.as_str()) {
            ctxt.error(ident, format!("every settings struct has a method `{name}` already: rename the variant"));
        } else if ast::is_path_word(name) {
            ctxt.error(ident, format!("`{name}` is a word of Rust that cannot name a method: rename the variant"));
        }
    }
}
