//! The declaration as it is written: what the user gave, with the spans of the keys, and nothing decided yet.

use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{DataEnum, DeriveInput, Fields, Ident, Type};

use crate::attr::{self, BufferAttr, ChildAttr, GroupAttr, InputAttr, SettingAttr};
use crate::ctxt::Ctxt;
use crate::doc;

/// A type that derives `Buffers`.
pub(crate) struct Declaration<'a> {
    pub(crate) original: &'a DeriveInput,
    pub(crate) attr: GroupAttr,
    pub(crate) doc: String,
    pub(crate) data: Data<'a>,
}

/// The shapes a declaration may have.
pub(crate) enum Data<'a> {
    Struct(Vec<Field<'a>>),
    Enum(Vec<Variant<'a>>),
    /// A union, a tuple struct or a unit struct; the error is recorded.
    Refused,
}

/// A named field.
pub(crate) struct Field<'a> {
    pub(crate) original: &'a syn::Field,
    pub(crate) ident: &'a Ident,
    /// The name without `r#`.
    pub(crate) name: String,
    pub(crate) doc: String,
    /// `None` where no attribute says what the field is; the error is recorded.
    pub(crate) kind: Option<Kind>,
}

/// What a field is.
pub(crate) enum Kind {
    Input(InputAttr),
    Setting(Box<SettingAttr>),
    Buffer(BufferAttr),
    Child(ChildAttr),
}

impl Kind {
    /// The kind with its article, for messages.
    pub(crate) fn described(&self) -> &'static str {
        match self {
            Self::Input(_) => "an input",
            Self::Setting(_) => "a setting",
            Self::Buffer(_) => "a buffer",
            Self::Child(_) => "a child",
        }
    }
}

/// A variant that holds one config.
pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    /// The name in snake case, by which settings and reports know the variant.
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) ty: &'a Type,
}

/// Reads the declaration, recording every error on the way.
pub(crate) fn parse<'a>(ctxt: &Ctxt, input: &'a DeriveInput) -> Declaration<'a> {
    let group = attr::group(ctxt, &input.attrs);
    let data = match &input.data {
        syn::Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => {
                Data::Struct(fields.named.iter().filter_map(|field| parse_field(ctxt, field)).collect())
            }
            Fields::Unnamed(fields) => {
                ctxt.error(fields, "a config needs named fields: write `struct Config { field: Type, … }`");
                Data::Refused
            }
            Fields::Unit => {
                ctxt.error(
                    &input.ident,
                    format!("a config needs named fields: write `struct {} {{ … }}`", input.ident),
                );
                Data::Refused
            }
        },
        syn::Data::Enum(data) => Data::Enum(parse_variants(ctxt, &input.ident, data)),
        syn::Data::Union(data) => {
            ctxt.error_at(
                data.union_token.span(),
                "`Buffers` is derived for a struct with named fields or an enum of configs, not for a union",
            );
            Data::Refused
        }
    };
    Declaration { original: input, attr: group, doc: doc::text(&input.attrs), data }
}

fn parse_field<'a>(ctxt: &Ctxt, field: &'a syn::Field) -> Option<Field<'a>> {
    if let Err(error) = field.modifiers.require_empty() {
        ctxt.push(error);
    }
    if let Some((_, value)) = &field.default {
        ctxt.error(
            value,
            "a field of a config has no default value here: write `#[setting(default = …)]` on the field",
        );
    }
    let ident = field.ident.as_ref()?;
    Some(Field {
        original: field,
        ident,
        name: ident.unraw().to_string(),
        doc: doc::text(&field.attrs),
        kind: attr::field(ctxt, ident, field),
    })
}

fn parse_variants<'a>(ctxt: &Ctxt, name: &Ident, data: &'a DataEnum) -> Vec<Variant<'a>> {
    if data.variants.is_empty() {
        ctxt.error(
            name,
            format!("`{name}` has no variants: write at least one that holds a config, as in `Erk(ErkConfig)`"),
        );
    }
    let mut variants = Vec::new();
    for variant in &data.variants {
        attr::refuse_on_variant(ctxt, variant);
        if let Some((_, value)) = &variant.discriminant {
            ctxt.error(value, "a variant of configs has no discriminant: remove it");
        }
        match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => variants.push(Variant {
                ident: &variant.ident,
                name: snake_case(&variant.ident.unraw().to_string()),
                doc: doc::text(&variant.attrs),
                ty: &fields.unnamed[0].ty,
            }),
            _ => ctxt.error(
                variant,
                format!("each variant holds exactly one config: write `{ident}({ident}Config)`", ident = variant.ident),
            ),
        }
    }
    variants
}

/// `DirkStep` as `dirk_step`; a run of capitals is one word (`BDFStep` as `bdf_step`).
pub(crate) fn snake_case(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (i, &c) in chars.iter().enumerate() {
        if c.is_uppercase() && i > 0 {
            let after_lower = chars[i - 1].is_lowercase() || chars[i - 1].is_ascii_digit();
            let ends_run = chars[i - 1].is_uppercase() && chars.get(i + 1).is_some_and(|next| next.is_lowercase());
            if (after_lower || ends_run) && !out.ends_with('_') {
                out.push('_');
            }
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// Whether `name` is one of the words of Rust that no identifier can be, not even with `r#`.
pub(crate) fn is_path_word(name: &str) -> bool {
    ["crate", "self", "super", "Self", "_"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_snake_case() {
        for (name, expected) in [
            ("Dirk", "dirk"),
            ("DirkStep", "dirk_step"),
            ("BDFStep", "bdf_step"),
            ("Rk4", "rk4"),
            ("Rk4Step", "rk4_step"),
            ("ERK", "erk"),
            ("already_snake", "already_snake"),
        ] {
            assert_eq!(snake_case(name), expected);
        }
    }
}
