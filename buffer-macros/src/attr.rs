//! Reading attributes. Each attribute is read to its end whatever is wrong in it; combinations of keys are judged later,
//! in [`mod@crate::validate`].

mod buffer;
mod child;
mod group;
mod input;
mod setting;
mod value;

pub(crate) use buffer::{BufferAttr, Location};
pub(crate) use child::{ChildAttr, GivenInput};
pub(crate) use group::GroupAttr;
pub(crate) use input::InputAttr;
pub(crate) use setting::SettingAttr;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Error, Ident, Meta, Token, parenthesized};

use crate::ast::Kind;
use crate::ctxt::Ctxt;
use crate::{suggest, symbol, ty};

/// A key with its value: the key's span serves messages about combinations.
#[derive(Debug)]
pub(crate) struct Given<T> {
    pub(crate) key: Ident,
    pub(crate) value: T,
}

/// A key that may be given once.
#[derive(Debug)]
pub(crate) struct Slot<T>(Option<Given<T>>);

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Slot<T> {
    fn set(&mut self, ctxt: &Ctxt, key: &Ident, value: T) {
        if self.0.is_some() {
            ctxt.error(key, format!("`{key}` is given twice: keep one"));
        } else {
            self.0 = Some(Given { key: key.clone(), value });
        }
    }

    pub(crate) fn get(&self) -> Option<&Given<T>> {
        self.0.as_ref()
    }

    pub(crate) fn key(&self) -> Option<&Ident> {
        self.0.as_ref().map(|given| &given.key)
    }

    pub(crate) fn value(&self) -> Option<&T> {
        self.0.as_ref().map(|given| &given.value)
    }

    pub(crate) fn is_given(&self) -> bool {
        self.0.is_some()
    }
}

/// The `#[buffers(…)]` attributes of the type.
pub(crate) fn group(ctxt: &Ctxt, attrs: &[Attribute]) -> GroupAttr {
    let mut group = GroupAttr::default();
    for attr in attrs {
        if attr.path().is_ident(symbol::BUFFERS) {
            group.read(ctxt, attr);
        } else if let Some(name) = field_attribute(attr) {
            ctxt.error(
                attr,
                format!(
                    "`#[{name}]` belongs on a field; on the type write `#[buffers(…)]` with {}",
                    suggest::list(symbol::BUFFERS_KEYS)
                ),
            );
        }
    }
    group
}

/// What the attributes of a field say it is. A field with several is read as the first says.
pub(crate) fn field(ctxt: &Ctxt, ident: &Ident, field: &syn::Field) -> Option<Kind> {
    let mut kind: Option<(&str, Kind)> = None;
    for attr in &field.attrs {
        if attr.path().is_ident(symbol::BUFFERS) {
            ctxt.error(attr, "`#[buffers(…)]` belongs on the type: move it above `struct`");
        }
        let Some(name) = field_attribute(attr) else { continue };
        match &kind {
            Some((first, _)) if *first == name => {
                ctxt.error(
                    attr,
                    format!("`#[{name}]` is given twice on `{ident}`: put all keys in one `#[{name}(…)]`"),
                );
            }
            Some((first, _)) => {
                ctxt.error(attr, format!("`{ident}` cannot be both `#[{first}]` and `#[{name}]`: keep one"));
            }
            None => {
                let read = match name {
                    symbol::INPUT => Kind::Input(InputAttr::read(ctxt, attr)),
                    symbol::SETTING => Kind::Setting(Box::new(SettingAttr::read(ctxt, attr))),
                    symbol::BUFFER => Kind::Buffer(BufferAttr::read(ctxt, attr)),
                    _ => Kind::Child(ChildAttr::read(ctxt, attr)),
                };
                kind = Some((name, read));
            }
        }
    }
    if kind.is_none() {
        let hint = match ty::name(&field.ty) {
            Some(name) if name == "Buffer" => "a `Buffer` takes `#[buffer(len = …)]`".to_owned(),
            _ => {
                "write `#[input]`, `#[setting(default = …)]`, `#[buffer(len = …)]` or `#[child(…)]` above it".to_owned()
            }
        };
        ctxt.error(ident, format!("`{ident}` carries none of the four attributes: {hint}"));
    }
    kind.map(|(_, kind)| kind)
}

/// Variants take doc comments only.
pub(crate) fn refuse_on_variant(ctxt: &Ctxt, variant: &syn::Variant) {
    let on_fields = variant.fields.iter().flat_map(|field| &field.attrs);
    for attr in variant.attrs.iter().chain(on_fields) {
        if attr.path().is_ident(symbol::BUFFERS) || field_attribute(attr).is_some() {
            ctxt.error(
                attr,
                format!(
                    "a variant takes no attribute of the derive: its config declares the fields (`{}`)",
                    variant.ident
                ),
            );
        }
    }
}

fn field_attribute(attr: &Attribute) -> Option<&'static str> {
    symbol::FIELD_ATTRIBUTES.into_iter().find(|name| attr.path().is_ident(name))
}

/// What an attribute gives or seems to mean to give: a required key that is there but cannot be read is not missing.
#[derive(Debug, Default)]
pub(crate) struct Tried {
    keys: Vec<String>,
    /// Something in the attribute is no key at all.
    unclear: bool,
}

impl Tried {
    /// Whether `key` is given, however wrongly.
    pub(crate) fn to_give(&self, key: &str) -> bool {
        self.unclear || self.keys.iter().any(|tried| tried == key)
    }
}

/// Calls `read` for each key in `attr` with the input behind the key. An error in a value is recorded and reading goes
/// on at the next key.
fn each_key(
    ctxt: &Ctxt,
    attr: &Attribute,
    keys: &[&str],
    mut read: impl FnMut(&Ident, &str, ParseStream<'_>) -> syn::Result<()>,
) -> Tried {
    let mut tried = Tried::default();
    let name = attr.path().to_token_stream().to_string();
    let list = match &attr.meta {
        Meta::Path(_) => return tried,
        Meta::List(list) => list,
        Meta::NameValue(meta) => {
            let example = match name.as_str() {
                symbol::INPUT => "#[input(device)]",
                symbol::SETTING => "#[setting(default = …)]",
                symbol::BUFFER => "#[buffer(len = …)]",
                symbol::CHILD => "#[child(with(…))]",
                _ => "#[buffers(name = \"…\")]",
            };
            ctxt.error(meta, format!("`#[{name}]` takes its keys in parentheses: write `{example}`"));
            tried.unclear = true;
            return tried;
        }
    };
    let outcome = list.parse_args_with(|input: ParseStream<'_>| {
        while !input.is_empty() {
            let ahead = input.fork();
            if let Err(error) = one_key(&ahead, &name, keys, &mut tried, &mut read) {
                ctxt.push(error);
                skip_to_key(&ahead)?;
            }
            input.advance_to(&ahead);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    });
    if let Err(error) = outcome {
        ctxt.push(error);
    }
    tried
}

fn one_key(
    input: ParseStream<'_>,
    attribute: &str,
    keys: &[&str],
    tried: &mut Tried,
    read: &mut impl FnMut(&Ident, &str, ParseStream<'_>) -> syn::Result<()>,
) -> syn::Result<()> {
    if !input.peek(Ident::peek_any) {
        tried.unclear = true;
        return Err(input.error(format!("expected a key of `#[{attribute}(…)]`: {}", suggest::list(keys))));
    }
    let key = input.call(Ident::parse_any)?;
    let name = key.unraw().to_string();
    if !keys.contains(&name.as_str()) {
        tried.keys.extend(suggest::nearest(&name, keys.iter().copied()).map(str::to_owned));
        let hint = suggest::nearest_or(&name, keys.iter().copied(), || format!("; it takes {}", suggest::list(keys)));
        return Err(Error::new(key.span(), format!("`#[{attribute}(…)]` has no key `{name}`{hint}")));
    }
    tried.keys.push(name.clone());
    read(&key, &name, input)?;
    if !input.is_empty() && !input.peek(Token![,]) {
        return Err(input.error(format!("expected `,` after the value of `{name}`")));
    }
    Ok(())
}

/// Skips the rest of a value that could not be read, up to the comma before what looks like the next key: a comma inside
/// generics or between a closure's parameters is not one.
fn skip_to_key(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() {
        if input.peek(Token![,]) {
            let ahead = input.fork();
            ahead.parse::<Token![,]>()?;
            let key = ahead.is_empty() || ahead.call(Ident::parse_any).is_ok();
            if key
                && (ahead.is_empty() || ahead.peek(Token![=]) || ahead.peek(Token![,]) || ahead.peek(syn::token::Paren))
            {
                return Ok(());
            }
        }
        input.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}

/// Parses the whole value of `key`.
fn complete<T: Parse>(key: &Ident, input: ParseStream<'_>) -> syn::Result<T> {
    let ahead = input.fork();
    let parsed = ahead.parse::<T>()?;
    if !ahead.is_empty() && !ahead.peek(Token![,]) {
        return Err(ahead.error(format!("unexpected token in the value of `{key}`")));
    }
    input.advance_to(&ahead);
    Ok(parsed)
}

/// Parses a comma-separated list in parentheses. On error the parentheses are consumed all the same: syn reports what is
/// left in them once more.
fn list<T>(input: ParseStream<'_>, element: fn(ParseStream<'_>) -> syn::Result<T>) -> syn::Result<Vec<T>> {
    let content;
    parenthesized!(content in input);
    let parsed = Punctuated::<T, Token![,]>::parse_terminated_with(&content, element);
    if parsed.is_err() {
        content.parse::<TokenStream>()?;
    }
    Ok(parsed?.into_iter().collect())
}
