//! `XAllocators`: where each buffer came to lie.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::companion::{self, Parameters, Parts};
use crate::doc;
use crate::model::{Fields, Group, Shape, generated};

/// The allocators type.
pub(crate) fn allocators_type(group: &Group<'_>) -> TokenStream {
    let Group { ident, vis, krate, allocators, .. } = group;
    let [_, _, parameters] = Parameters::of_types(group);
    let (declared, clause) = (&parameters.declared, parameters.clause());
    match &group.shape {
        Shape::Struct(fields) => {
            let mut names: Vec<Ident> = Vec::new();
            let mut types: Vec<TokenStream> = Vec::new();
            let mut docs: Vec<TokenStream> = Vec::new();
            for buffer in &fields.buffers {
                let element = buffer.element(krate);
                names.push(buffer.field.item());
                types.push(quote_spanned!(generated(buffer.field.ty.span())=> #krate::Allocator<#element>));
                docs.push(describe(&buffer.field.doc, || format!("The buffer `{}`.", buffer.field.name)));
            }
            for child in &fields.children {
                let config = child.config;
                let nested = quote_spanned!(generated(config.span())=> <#config as #krate::Buffers>::Allocators);
                names.push(child.field.item());
                types.push(if child.optional { quote!(::core::option::Option<#nested>) } else { nested });
                docs.push(describe(&child.field.doc, || format!("The buffers of the child `{}`.", child.field.name)));
            }
            let traits = companion::clone_and_debug(allocators, &parameters, &Parts::Struct(&names), &types);
            let doc = doc::attribute(&[format!("Where the buffers of [`{ident}`] lie in a plan's layout.")]);
            quote! {
                #doc
                #vis struct #allocators #declared #clause { #(#docs #vis #names: #types,)* }
                #traits
            }
        }
        Shape::Enum(variants) => {
            let names: Vec<&Ident> = variants.iter().map(|variant| variant.ident).collect();
            let types: Vec<TokenStream> = variants
                .iter()
                .map(|variant| {
                    let ty = variant.ty;
                    quote_spanned!(generated(ty.span())=> <#ty as #krate::Buffers>::Allocators)
                })
                .collect();
            let docs = variants.iter().map(|variant| describe(&variant.doc, || format!("The buffers of the variant `{}`.", variant.ident)));
            let traits = companion::clone_and_debug(allocators, &parameters, &Parts::Enum(&names), &types);
            let doc = doc::attribute(&[format!("Where the buffers of the chosen variant of [`{ident}`] lie in a plan's layout.")]);
            quote! {
                #doc
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
        let (ident, item) = (child.field.ident, child.field.item());
        if child.optional {
            quote!(#item: __source.optional_child(&Self::__SPEC.children[#index], ::core::option::Option::as_ref(&self.#ident))?,)
        } else {
            quote!(#item: __source.child(&Self::__SPEC.children[#index], &self.#ident)?,)
        }
    });
    quote! {
        #[allow(unused_variables)]
        fn allocators(&self, __source: &#krate::AllocatorSource<'_>) -> ::core::result::Result<Self::Allocators, #krate::ConfigError> {
            ::core::result::Result::Ok(#allocators { #(#buffers)* #(#children)* })
        }
    }
}
