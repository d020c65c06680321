//! The declaration with names and defaults resolved: what the expansion reads. On a declaration that passed validation
//! every part is as the user meant it; on a refused one, parts that could not be read hold harmless stand-ins, of which
//! the fallback uses names and types only.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Expr, ExprPath, Generics, Type, Visibility, parse_quote};

use crate::ast::{self, Data, Declaration, Kind};
use crate::attr::{BufferAttr, ChildAttr, GivenInput, Location, SettingAttr, Slot};
use crate::{text, ty};

/// One type that derives `Buffers`.
pub(crate) struct Group<'a> {
    pub(crate) ident: &'a Ident,
    vis: &'a Visibility,
    pub(crate) generics: &'a Generics,
    pub(crate) name: String,
    pub(crate) doc: String,
    /// The path of the runtime.
    pub(crate) krate: TokenStream,
    /// Names of the generated types.
    pub(crate) inputs: Ident,
    pub(crate) settings: Ident,
    pub(crate) allocators: Ident,
    pub(crate) template: Option<String>,
    pub(crate) phases: Vec<String>,
    pub(crate) validate: Option<ExprPath>,
    pub(crate) shape: Shape<'a>,
}

impl Group<'_> {
    /// The visibility of the config for an item of this expansion that belongs at `span`: it counts as generated, so that
    /// lints about a `pub` that the user wrote once are reported once.
    pub(crate) fn vis_at(&self, span: Span) -> TokenStream {
        let tokens = self.vis.to_token_stream().into_iter();
        tokens
            .map(|mut token| {
                let hygiene = match &token {
                    // The path of `pub(in path)` resolves where it was written.
                    TokenTree::Group(_) => token.span(),
                    _ => Span::call_site(),
                };
                token.set_span(span.resolved_at(hygiene));
                token
            })
            .collect()
    }

    /// The visibility for an item that belongs to the type as a whole.
    pub(crate) fn vis(&self) -> TokenStream {
        self.vis_at(self.ident.span())
    }
}

pub(crate) enum Shape<'a> {
    Struct(Fields<'a>),
    Enum(Vec<Variant<'a>>),
}

/// The fields of a struct, by what they are, each list in declaration order.
#[derive(Default)]
pub(crate) struct Fields<'a> {
    pub(crate) inputs: Vec<Input<'a>>,
    pub(crate) settings: Vec<Setting<'a>>,
    pub(crate) buffers: Vec<Buffer<'a>>,
    pub(crate) children: Vec<Child<'a>>,
    /// Buffers and children in declaration order: the order of registration.
    pub(crate) order: Vec<Member>,
}

impl<'a> Fields<'a> {
    /// The fields that expressions may mention.
    pub(crate) fn visible(&self) -> impl Iterator<Item = &Field<'a>> {
        let inputs = self.inputs.iter().map(|input| &input.field);
        let settings = self.settings.iter().map(|setting| &setting.field);
        inputs.chain(settings).chain(self.children.iter().map(|child| &child.field))
    }
}

/// An index into the buffers or the children.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Member {
    Buffer(usize),
    Child(usize),
}

pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    /// The name without `r#`.
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) ty: &'a Type,
    /// Whether expressions see a copy rather than a reference.
    pub(crate) by_value: bool,
}

impl Field<'_> {
    /// The field's name as the name of a generated item: it points at the field, and counts as generated for lints.
    pub(crate) fn item(&self) -> Ident {
        let mut ident = self.ident.clone();
        ident.set_span(generated(self.ident.span()));
        ident
    }
}

pub(crate) struct Input<'a> {
    pub(crate) field: Field<'a>,
    pub(crate) device: bool,
}

pub(crate) struct Setting<'a> {
    pub(crate) field: Field<'a>,
    /// The name by which users set it.
    pub(crate) key: String,
    pub(crate) default: Expr,
    pub(crate) checks: Vec<Check<'a>>,
    pub(crate) argument: bool,
}

/// One condition on a setting's value.
pub(crate) enum Check<'a> {
    Min(&'a Expr),
    Max(&'a Expr),
    Gt(&'a Expr),
    Lt(&'a Expr),
    Range(&'a Expr, &'a Expr),
    OneOf(&'a [Expr]),
    With(&'a ExprPath),
}

impl Setting<'_> {
    /// The allowed values as a person writes them: `1..=50`, `> 0, < 1`, `one of 1, 2, 4`.
    pub(crate) fn range_text(&self) -> Option<String> {
        let parts: Vec<String> = self.checks.iter().filter_map(Check::text).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

impl Check<'_> {
    fn text(&self) -> Option<String> {
        match self {
            Self::Min(bound) => Some(format!(">= {}", text::of(bound))),
            Self::Max(bound) => Some(format!("<= {}", text::of(bound))),
            Self::Gt(bound) => Some(format!("> {}", text::of(bound))),
            Self::Lt(bound) => Some(format!("< {}", text::of(bound))),
            Self::Range(low, high) => Some(format!("{}..={}", text::of(low), text::of(high))),
            Self::OneOf(values) => {
                Some(format!("one of {}", values.iter().map(text::of).collect::<Vec<_>>().join(", ")))
            }
            Self::With(_) => None,
        }
    }
}

pub(crate) struct Buffer<'a> {
    pub(crate) field: Field<'a>,
    /// `None`: the precision of the run (`Real`).
    pub(crate) element: Option<&'a Type>,
    pub(crate) len: Expr,
    pub(crate) location: Location,
    pub(crate) persistent: bool,
    pub(crate) zeroed: bool,
    pub(crate) aliases: Option<String>,
    /// First and last phase.
    pub(crate) live: Option<(usize, usize)>,
}

impl Buffer<'_> {
    /// The key under which users place the buffer.
    pub(crate) fn location_key(&self) -> String {
        location_key(&self.field.name)
    }

    /// The element type, spanned where the user wrote the field's type.
    pub(crate) fn element(&self, krate: &TokenStream) -> TokenStream {
        self.element.map_or_else(|| quote!(#krate::Real), |element| element.to_token_stream())
    }
}

pub(crate) struct Child<'a> {
    pub(crate) field: Field<'a>,
    /// The config type: the field's, without `Option`.
    pub(crate) config: &'a Type,
    pub(crate) optional: bool,
    pub(crate) prefix: Option<String>,
    pub(crate) inputs: ChildInputs<'a>,
    pub(crate) when: Option<&'a Expr>,
    pub(crate) aliases: Option<String>,
    pub(crate) at: Option<usize>,
}

impl Child<'_> {
    /// The field's name as the name of a generated item. It points at the config type, for the reason given at
    /// [`of_config`].
    pub(crate) fn item(&self) -> Ident {
        let mut ident = self.field.ident.clone();
        ident.set_span(generated(self.config.span()));
        ident
    }
}

pub(crate) enum ChildInputs<'a> {
    /// One by one; `key` is where `with` stands, or the field's name where it is left out.
    With { key: &'a Ident, given: &'a [GivenInput] },
    /// The whole value.
    Whole(&'a Expr),
}

pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    /// The name in snake case.
    pub(crate) name: String,
    pub(crate) doc: String,
    pub(crate) ty: &'a Type,
}

/// `<C as Buffers>::member`. Every mention stands where the user wrote the type, so that rustc, which reports a missing
/// derive for each mention, merges the reports into few.
pub(crate) fn of_config(krate: &TokenStream, config: &Type, member: &str) -> TokenStream {
    let span = config.span();
    let krate = located(krate, span);
    let member = Ident::new(member, span);
    quote_spanned!(span=> <#config as #krate::Buffers>::#member)
}

/// The settings key of a buffer's placement.
pub(crate) fn location_key(buffer: &str) -> String {
    format!("{buffer}_location")
}

/// The position of `span` in the user's file, marked as generated so that lints for hand-written code leave it alone.
pub(crate) fn generated(span: Span) -> Span {
    span.resolved_at(Span::call_site())
}

/// `tokens` at the position of `span`, resolved as before.
pub(crate) fn located(tokens: &TokenStream, span: Span) -> TokenStream {
    let tokens = tokens.clone().into_iter();
    tokens
        .map(|mut token| {
            token.set_span(token.span().located_at(span));
            token
        })
        .collect()
}

/// Resolves a declaration. Nothing is judged here.
pub(crate) fn resolve<'a>(declaration: &'a Declaration<'a>) -> Group<'a> {
    let original = declaration.original;
    let attr = &declaration.attr;
    let stem = stem(&original.ident);
    let phases: Vec<String> =
        attr.phases.value().into_iter().flatten().map(|phase| phase.unraw().to_string()).collect();
    // Of names that collide, which is an error, the fallback uses none.
    let given = [&attr.inputs, &attr.settings, &attr.allocators].map(Slot::value);
    let named = |slot: &Slot<Ident>, suffix: &str| {
        let unique = slot.value().filter(|name| {
            **name != original.ident && given.iter().flatten().filter(|other| other == &name).count() == 1
        });
        unique.cloned().unwrap_or_else(|| format_ident!("{stem}{suffix}", span = generated(original.ident.span())))
    };
    let shape = match &declaration.data {
        Data::Struct(fields) => Shape::Struct(resolve_fields(fields, &phases)),
        Data::Enum(variants) if variants.iter().any(holds_config) => {
            Shape::Enum(variants.iter().filter(|variant| holds_config(variant)).map(resolve_variant).collect())
        }
        Data::Enum(_) | Data::Refused => Shape::Struct(Fields::default()),
    };
    Group {
        ident: &original.ident,
        vis: &original.vis,
        generics: &original.generics,
        name: attr.name.value().map_or_else(|| ast::snake_case(&stem), syn::LitStr::value),
        doc: declaration.doc.clone(),
        krate: attr.krate.value().map_or_else(|| quote!(::buffer_runtime), |path| path.to_token_stream()),
        inputs: named(&attr.inputs, "Inputs"),
        settings: named(&attr.settings, "Settings"),
        allocators: named(&attr.allocators, "Allocators"),
        template: attr.template.value().map(syn::LitStr::value),
        phases,
        validate: attr.validate.value().cloned(),
        shape,
    }
}

/// The type's name less `Config`.
pub(crate) fn stem(ident: &Ident) -> String {
    let name = ident.unraw().to_string();
    match name.strip_suffix("Config") {
        Some(stem) if !stem.is_empty() => stem.to_owned(),
        _ => name,
    }
}

/// Whether the type can be a config, as far as its name tells.
fn holds_config(variant: &ast::Variant<'_>) -> bool {
    ty::option_inner(variant.ty).is_none() && ty::buffer_element(variant.ty).is_none()
}

fn resolve_variant<'a>(variant: &'a ast::Variant<'a>) -> Variant<'a> {
    Variant { ident: variant.ident, name: variant.name.clone(), doc: variant.doc.clone(), ty: variant.ty }
}

fn resolve_fields<'a>(fields: &'a [ast::Field<'a>], phases: &[String]) -> Fields<'a> {
    let mut resolved = Fields::default();
    for field in fields {
        let ty = &field.original.ty;
        let common = Field {
            ident: field.ident,
            name: field.name.clone(),
            doc: field.doc.clone(),
            ty,
            by_value: ty::is_by_value(ty),
        };
        match &field.kind {
            // Declared as something else; the error is recorded.
            Some(Kind::Setting(_) | Kind::Child(_)) if ty::buffer_element(ty).is_some() => {}
            Some(Kind::Input(attr)) => {
                let device = attr.device.is_given() || ty::is_device_primitive(ty);
                resolved.inputs.push(Input { field: common, device });
            }
            Some(Kind::Setting(attr)) => resolved.settings.push(resolve_setting(common, attr)),
            Some(Kind::Buffer(attr)) => {
                resolved.order.push(Member::Buffer(resolved.buffers.len()));
                resolved.buffers.push(resolve_buffer(common, attr, phases));
            }
            Some(Kind::Child(attr)) => {
                resolved.order.push(Member::Child(resolved.children.len()));
                resolved.children.push(resolve_child(common, attr, phases));
            }
            None => {}
        }
    }
    resolved
}

fn resolve_setting<'a>(field: Field<'a>, attr: &'a SettingAttr) -> Setting<'a> {
    let mut checks = Vec::new();
    checks.extend(attr.min.value().map(Check::Min));
    checks.extend(attr.gt.value().map(Check::Gt));
    checks.extend(attr.max.value().map(Check::Max));
    checks.extend(attr.lt.value().map(Check::Lt));
    checks.extend(attr.range.value().map(|(low, high)| Check::Range(low, high)));
    checks.extend(attr.one_of.value().map(|values| Check::OneOf(values)));
    checks.extend(attr.with.value().map(Check::With));
    Setting {
        key: attr.rename.value().map_or_else(|| field.name.clone(), syn::LitStr::value),
        field,
        default: attr.default.value().cloned().unwrap_or_else(|| parse_quote!(::core::unreachable!())),
        checks,
        argument: attr.argument.is_given(),
    }
}

fn resolve_buffer<'a>(field: Field<'a>, attr: &BufferAttr, phases: &[String]) -> Buffer<'a> {
    Buffer {
        element: ty::buffer_element(field.ty).flatten().filter(|element| ty::unfit_element(element).is_none()),
        field,
        len: attr.len.value().cloned().unwrap_or_else(|| parse_quote!(0)),
        location: attr.location.value().copied().unwrap_or_default(),
        persistent: attr.persistent.is_given(),
        zeroed: attr.zeroed.is_given(),
        aliases: attr.aliases.value().map(|target| target.unraw().to_string()),
        live: attr.live.value().and_then(|(first, last)| Some((phase(phases, first)?, phase(phases, last)?))),
    }
}

fn resolve_child<'a>(field: Field<'a>, attr: &'a ChildAttr, phases: &[String]) -> Child<'a> {
    let inner = ty::option_inner(field.ty);
    let inputs = match (attr.inputs.value(), attr.with.get()) {
        (Some(whole), _) => ChildInputs::Whole(whole),
        (None, Some(with)) => ChildInputs::With { key: &with.key, given: &with.value },
        (None, None) => ChildInputs::With { key: field.ident, given: &[] },
    };
    Child {
        config: inner.unwrap_or(field.ty),
        optional: inner.is_some(),
        field,
        prefix: attr.prefix.value().map(syn::LitStr::value),
        inputs,
        when: attr.when.value(),
        aliases: attr.aliases.value().map(|target| target.unraw().to_string()),
        at: attr.at.value().and_then(|name| phase(phases, name)),
    }
}

/// The index of a phase.
pub(crate) fn phase(phases: &[String], name: &Ident) -> Option<usize> {
    phases.iter().position(|phase| name.unraw() == phase)
}
