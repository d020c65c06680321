//! A child's missing input, said in words of this crate. The literal of the child's inputs would fail too, but speaks of
//! a type the user never wrote; rustc reports this constant first because it stands first.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::companion::Parameters;
use crate::model::{ChildInputs, Fields, Group, Shape, generated};

/// `const __INPUTS` of a config: the name of each input, and what to say to an owner who does not give it.
pub(crate) fn required(group: &Group<'_>) -> TokenStream {
    let (ident, vis) = (group.ident.unraw().to_string(), group.vis());
    let entries: Vec<TokenStream> = match &group.shape {
        Shape::Struct(fields) => fields
            .inputs
            .iter()
            .map(|input| {
                let name = &input.field.name;
                let message = format!("`{ident}` needs the input `{name}`: write `with({name})` to pass on a field of that name, or `with({name} = …)`");
                quote!((#name, #message))
            })
            .collect(),
        Shape::Enum(variants) => variants
            .first()
            .map(|variant| {
                let (inputs, variant) = (&group.inputs, variant.ident);
                let message = format!("`{ident}` is an enum: choose the variant and its inputs with `inputs = {inputs}::{variant}(…)`");
                // No input has this name, so that `with(…)` never gives it.
                quote!(("", #message))
            })
            .into_iter()
            .collect(),
    };
    quote!(#[doc(hidden)] #vis const __INPUTS: &'static [(&'static ::core::primitive::str, &'static ::core::primitive::str)] = &[#(#entries),*];)
}

/// One assertion for each child whose inputs are given one by one.
pub(super) fn assertions(group: &Group<'_>, fields: &Fields<'_>) -> TokenStream {
    let mut checks = Vec::new();
    for child in &fields.children {
        let ChildInputs::With { key, given } = &child.inputs else { continue };
        // A constant cannot depend on the parameters of the config; the literal is checked all the same.
        if !Parameters::mentioned(group.generics, [child.config]).arguments.is_empty() {
            continue;
        }
        let config = child.config;
        let names = given.iter().map(|input| input.name.unraw().to_string());
        checks.push(
            quote_spanned!(generated(key.span())=> const _: () = __require(<#config>::__INPUTS, &[#(#names),*]);),
        );
    }
    if checks.is_empty() {
        return TokenStream::new();
    }
    quote! {
        const _: () = {
            // A type without the derive requires nothing here: that it is no config is said elsewhere.
            trait __NotAConfig {
                const __INPUTS: &'static [(&'static ::core::primitive::str, &'static ::core::primitive::str)] = &[];
            }
            impl<T: ?::core::marker::Sized> __NotAConfig for T {}

            const fn __equal(a: &[::core::primitive::u8], b: &[::core::primitive::u8]) -> ::core::primitive::bool {
                if a.len() != b.len() {
                    return false;
                }
                let mut i = 0;
                while i < a.len() {
                    if a[i] != b[i] {
                        return false;
                    }
                    i += 1;
                }
                true
            }

            #[track_caller]
            const fn __require(required: &[(&::core::primitive::str, &::core::primitive::str)], given: &[&::core::primitive::str]) {
                let mut i = 0;
                while i < required.len() {
                    let mut k = 0;
                    while k < given.len() && !__equal(required[i].0.as_bytes(), given[k].as_bytes()) {
                        k += 1;
                    }
                    if k == given.len() {
                        ::core::panic!("{}", required[i].1);
                    }
                    i += 1;
                }
            }

            #(#checks)*
        };
    }
}
