//! `XSettings`: what a user of the config may set, each value optional, with a method for each.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::companion::{self, Parameters, Parts};
use crate::attr::Location;
use crate::doc;
use crate::model::{Buffer, Child, Fields, Group, Setting, Shape, Variant, generated, of_config};
use crate::text;

/// One field of the settings struct.
struct Entry {
    ident: Ident,
    ty: TokenStream,
    /// The method that sets it.
    method: TokenStream,
    /// The statement that hands it to the writer.
    write: TokenStream,
}

/// The settings type.
pub(crate) fn settings_type(group: &Group<'_>) -> TokenStream {
    let Group { ident, krate, settings, .. } = group;
    let vis = group.vis();
    let mut entries = match &group.shape {
        Shape::Struct(fields) => struct_entries(group, fields),
        Shape::Enum(variants) => variants.iter().map(|variant| variant_entry(group, variant)).collect(),
    };
    // Of names that collide, which is an error, the first stands in the fallback.
    let mut seen = HashSet::new();
    entries.retain(|entry| seen.insert(entry.ident.to_string()));
    let [_, parameters, _] = Parameters::of_types(group);
    let idents: Vec<Ident> = entries.iter().map(|entry| entry.ident.clone()).collect();
    let types: Vec<TokenStream> = entries.iter().map(|entry| entry.ty.clone()).collect();
    let unset = idents.iter().map(|ident| quote_spanned!(ident.span()=> #ident: ::core::option::Option::None,));
    let methods = entries.iter().map(|entry| &entry.method);
    let writes = entries.iter().map(|entry| &entry.write);
    let traits = companion::clone_and_debug(settings, &parameters, &Parts::Struct(&idents), &types, &[]);
    let (declared, arguments, clause) = (&parameters.declared, &parameters.arguments, parameters.clause());
    let doc = doc::attribute(&[format!("Settings of [`{ident}`] to change: what is not set stays as it is.")]);
    quote! {
        #doc
        #vis struct #settings #declared #clause { #(#idents: #types,)* }
        #traits
        #[automatically_derived]
        impl #declared ::core::default::Default for #settings #arguments #clause {
            fn default() -> Self { Self { #(#unset)* } }
        }
        #[automatically_derived]
        impl #declared #settings #arguments #clause { #(#methods)* }
        #[automatically_derived]
        impl #declared #krate::PartialSettings for #settings #arguments #clause {
            #[allow(unused_variables)]
            fn write(&self, __writer: &mut #krate::SettingsWriter<'_>) { #(#writes)* }
        }
    }
}

fn struct_entries(group: &Group<'_>, fields: &Fields<'_>) -> Vec<Entry> {
    let settings = fields.settings.iter().map(|setting| setting_entry(group, setting));
    let locations = fields.buffers.iter().map(|buffer| location_entry(group, buffer));
    settings.chain(locations).chain(fields.children.iter().map(|child| child_entry(group, child))).collect()
}

fn setting_entry(group: &Group<'_>, setting: &Setting<'_>) -> Entry {
    let krate = &group.krate;
    let vis = group.vis_at(setting.field.ident.span());
    let Setting { key, field, .. } = setting;
    let (ident, ty) = (field.item(), field.ty);
    let mut facts = format!("Default: `{}`.", text::of(&setting.default));
    if let Some(range) = setting.range_text() {
        facts.push_str(&format!(" Allowed: `{range}`."));
    }
    if *key != field.name {
        facts.push_str(&format!(" Name: `{key}`."));
    }
    let summary = if field.doc.is_empty() { format!("Sets `{key}`.") } else { field.doc.clone() };
    let doc = doc::attribute(&[summary, facts]);
    let method = quote_spanned!(generated(ty.span())=> setting::<#ty>);
    Entry {
        ty: quote!(::core::option::Option<#krate::Choice<#ty>>),
        method: quote! {
            #doc
            #[must_use]
            #vis fn #ident(mut self, value: impl ::core::convert::Into<#krate::Choice<#ty>>) -> Self {
                self.#ident = ::core::option::Option::Some(::core::convert::Into::into(value));
                self
            }
        },
        write: quote!(__writer.#method(#key, &self.#ident);),
        ident,
    }
}

fn location_entry(group: &Group<'_>, buffer: &Buffer<'_>) -> Entry {
    let krate = &group.krate;
    let vis = group.vis_at(buffer.field.ident.span());
    let key = buffer.location_key();
    let ident = format_ident!("{key}", span = generated(buffer.field.ident.span()));
    let default = match buffer.location {
        Location::Local => "local",
        Location::Shared => "shared",
    };
    let doc = doc::attribute(&[
        format!("Places the buffer `{}`. Default: `{default}`.", buffer.field.name),
        buffer.field.doc.clone(),
    ]);
    Entry {
        ty: quote!(::core::option::Option<#krate::Choice<#krate::Location>>),
        method: quote! {
            #doc
            #[must_use]
            #vis fn #ident(mut self, location: impl ::core::convert::Into<#krate::Choice<#krate::Location>>) -> Self {
                self.#ident = ::core::option::Option::Some(::core::convert::Into::into(location));
                self
            }
        },
        write: quote!(__writer.setting(#key, &self.#ident);),
        ident,
    }
}

fn child_entry(group: &Group<'_>, child: &Child<'_>) -> Entry {
    let name = &child.field.name;
    let config = child.config;
    let (ident, ty) = (child.item(), nested(group, config));
    let doc = doc::attribute(&[format!("Sets settings of the child `{name}`."), child.field.doc.clone()]);
    Entry {
        method: nested_method(group, &ident, &ty, &doc),
        write: nested_write(&ident, &ty, quote!(child), &quote!(#name,)),
        ty: optional(&ty),
        ident,
    }
}

fn variant_entry(group: &Group<'_>, variant: &Variant<'_>) -> Entry {
    let ident = super::enums::snake_ident(variant);
    let ty = nested(group, variant.ty);
    let doc = doc::attribute(&[
        format!("Sets settings of the variant `{}`, which a plan keeps for when it is chosen.", variant.ident),
        variant.doc.clone(),
    ]);
    Entry {
        method: nested_method(group, &ident, &ty, &doc),
        write: nested_write(&ident, &ty, quote!(variant), &TokenStream::new()),
        ty: optional(&ty),
        ident,
    }
}

fn nested(group: &Group<'_>, config: &syn::Type) -> TokenStream {
    of_config(&group.krate, config, "Settings")
}

fn nested_method(group: &Group<'_>, ident: &Ident, ty: &TokenStream, doc: &TokenStream) -> TokenStream {
    let vis = group.vis_at(ident.span());
    quote_spanned! {generated(ty.span())=>
        #doc
        #[must_use]
        #vis fn #ident(mut self, configure: impl ::core::ops::FnOnce(#ty) -> #ty) -> Self {
            self.#ident = ::core::option::Option::Some(configure(::core::option::Option::unwrap_or_default(self.#ident)));
            self
        }
    }
}

/// The field of nested settings: absent while nothing is set.
fn optional(ty: &TokenStream) -> TokenStream {
    quote_spanned!(generated(ty.span())=> ::core::option::Option<#ty>)
}

fn nested_write(ident: &Ident, ty: &TokenStream, method: TokenStream, name: &TokenStream) -> TokenStream {
    let span = generated(ty.span());
    let call = quote_spanned!(span=> __writer.#method::<#ty>(#name __nested));
    quote_spanned! {span=>
        if let ::core::option::Option::Some(__nested) = &self.#ident {
            #call;
        }
    }
}
