//! `XAllocators`: where each buffer came to lie.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::companion::{self, Parameters, Parts};
use crate::doc;
use crate::model::{Fields, Group, Shape, generated, of_config};

/// The allocators type.
pub(crate) fn allocators_type(group: &Group<'_>) -> TokenStream {
    let Group { ident, krate, allocators, .. } = group;
    let vis = group.vis();
    let [_, _, parameters] = Parameters::of_types(group);
    let (declared, clause) = (&parameters.declared, parameters.clause());
    match &group.shape {
        Shape::Struct(fields) => {
            let mut names: Vec<Ident> = Vec::new();
            let mut types: Vec<TokenStream> = Vec::new();
            let mut declarations: Vec<TokenStream> = Vec::new();
            let mut declare = |name: Ident, ty: TokenStream, doc: TokenStream| {
                let vis = group.vis_at(ty.span());
                declarations.push(quote!(#doc #vis #name: #ty,));
                names.push(name);
                types.push(ty);
            };
            // Buffers last: the size of a struct is known by its last field, so that a child without the derive is not
            // reported once more for every function that returns the struct.
            for child in &fields.children {
                let config = child.config;
                let nested = of_config(krate, config, "Allocators");
                let ty = if child.optional {
                    quote_spanned!(nested.span()=> ::core::option::Option<#nested>)
                } else {
                    nested
                };
                let doc = describe(&child.field.doc, || format!("The buffers of the child `{}`.", child.field.name));
                declare(child.item(), ty, doc);
            }
            for buffer in &fields.buffers {
                let element = buffer.element(krate);
                let ty = quote_spanned!(generated(buffer.field.ty.span())=> #krate::Allocator<#element>);
                let doc = describe(&buffer.field.doc, || format!("The buffer `{}`.", buffer.field.name));
                declare(buffer.field.item(), ty, doc);
            }
            let traits = companion::clone_and_debug(allocators, &parameters, &Parts::Struct(&names), &types, &[]);
            let doc = doc::attribute(&[format!("Where the buffers of [`{ident}`] lie in a plan's layout.")]);
            quote! {
                #doc
                #vis struct #allocators #declared #clause { #(#declarations)* }
                #traits
            }
        }
        Shape::Enum(variants) => {
            let names: Vec<&Ident> = variants.iter().map(|variant| variant.ident).collect();
            let types: Vec<TokenStream> =
                variants.iter().map(|variant| of_config(krate, variant.ty, "Allocators")).collect();
            let docs = variants
                .iter()
                .map(|variant| describe(&variant.doc, || format!("The buffers of the variant `{}`.", variant.ident)));
            let traits = companion::clone_and_debug(allocators, &parameters, &Parts::Enum(&names), &types, &[]);
            let doc = doc::attribute(&[format!(
                "Where the buffers of the chosen variant of [`{ident}`] lie in a plan's layout."
            )]);
            quote! {
                #doc
                // The type of a tuple field is the user's token, at which rustc would report a variant nobody reads.
                #[allow(dead_code)]
                #vis enum #allocators #declared #clause { #(#docs #names(#types),)* }
                #traits
            }
        }
    }
}

fn describe(text: &str, otherwise: impl FnOnce() -> String) -> TokenStream {
    doc::attribute(&[if text.is_empty() { otherwise() } else { text.to_owned() }])
}

/// `Buffers::allocators`.
pub(super) fn allocate(group: &Group<'_>, fields: &Fields<'_>) -> TokenStream {
    let Group { krate, allocators, .. } = group;
    let buffers = fields.buffers.iter().enumerate().map(|(index, buffer)| {
        let ident = buffer.field.item();
        quote!(#ident: __source.buffer(&Self::__SPEC.buffers[#index])?,)
    });
    let children = fields.children.iter().enumerate().map(|(index, child)| {
        let (ident, item) = (child.field.ident, child.item());
        let (config, span) = (child.config, generated(child.config.span()));
        if child.optional {
            let value = quote_spanned!(span=> ::core::option::Option::as_ref(&self.#ident));
            quote_spanned!(span=> #item: __source.optional_child::<#config>(&Self::__SPEC.children[#index], #value)?,)
        } else {
            quote_spanned!(span=> #item: __source.child::<#config>(&Self::__SPEC.children[#index], &self.#ident)?,)
        }
    });
    quote! {
        #[allow(unused_variables)]
        fn allocators(&self, __source: &#krate::AllocatorSource<'_>) -> ::core::result::Result<Self::Allocators, #krate::ConfigError> {
            ::core::result::Result::Ok(#allocators { #(#buffers)* #(#children)* })
        }
    }
}
