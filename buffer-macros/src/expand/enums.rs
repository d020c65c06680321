//! An enum of configs: the algorithm is a variant, and everything goes to the variant at hand.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::lifecycle::Bodies;
use crate::model::{Group, Variant, generated};
use crate::ty;

/// The variant's name in snake case, as a method: raw where it is a word of Rust.
pub(super) fn snake_ident(variant: &Variant<'_>) -> Ident {
    let span = generated(variant.ident.span());
    match syn::parse_str::<Ident>(&variant.name) {
        Ok(_) => Ident::new(&variant.name, span),
        Err(_) => format_ident!("r#{}", variant.name, span = span),
    }
}

/// The methods of `Buffers`, each a match.
pub(super) fn delegate(group: &Group<'_>, variants: &[Variant<'_>]) -> TokenStream {
    let Group { krate, inputs, allocators, .. } = group;
    let idents: Vec<&Ident> = variants.iter().map(|variant| variant.ident).collect();
    let configs: Vec<TokenStream> = variants
        .iter()
        .map(|variant| {
            let ty = variant.ty;
            quote_spanned!(generated(ty.span())=> <#ty as #krate::Buffers>)
        })
        .collect();
    let result = |ok: TokenStream| quote!(::core::result::Result<#ok, #krate::ConfigError>);
    let (created, unit, allocated) = (result(quote!(Self)), result(quote!(())), result(quote!(Self::Allocators)));
    let merge_into_same = quote!(::core::option::Option::Some(__inputs));
    let merge = match &group.validate {
        Some(check) => quote_spanned!(generated(check.span())=> __merged?; __merger.check(#check(&*self))),
        None => quote!(__merged),
    };
    quote! {
        fn active_spec(&self) -> &'static #krate::GroupSpec {
            match self { #(Self::#idents(__config) => #configs::active_spec(__config),)* }
        }

        fn create(__inputs: Self::Inputs) -> #created {
            ::core::result::Result::Ok(match __inputs { #(#inputs::#idents(__inputs) => Self::#idents(#configs::create(__inputs)?),)* })
        }

        fn merge(&mut self, __inputs: ::core::option::Option<Self::Inputs>, __merger: &mut #krate::Merger<'_>) -> #unit {
            // Inputs of another variant replace the config by a new one of that variant.
            let __merged = match (&mut *self, __inputs) {
                #((Self::#idents(__config), ::core::option::Option::Some(#inputs::#idents(__inputs))) => #configs::merge(__config, #merge_into_same, __merger),)*
                #((Self::#idents(__config), ::core::option::Option::None) => #configs::merge(__config, ::core::option::Option::None, __merger),)*
                #[allow(unreachable_patterns)]
                (__config, ::core::option::Option::Some(__inputs)) => {
                    *__config = <Self as #krate::Buffers>::create(__inputs)?;
                    match __config { #(Self::#idents(__config) => #configs::merge(__config, ::core::option::Option::None, __merger),)* }
                }
            };
            #merge
        }

        fn register(&self, __registrar: &mut #krate::Registrar<'_>) -> #unit {
            match self { #(Self::#idents(__config) => #configs::register(__config, __registrar),)* }
        }

        fn allocators(&self, __source: &#krate::AllocatorSource<'_>) -> #allocated {
            ::core::result::Result::Ok(match self { #(Self::#idents(__config) => #allocators::#idents(#configs::allocators(__config, __source)?),)* })
        }
    }
}

/// `From<C>` for each config that one variant alone holds. A bare type parameter could be the enum itself.
pub(crate) fn from_variants(group: &Group<'_>, variants: &[Variant<'_>], bodies: &Bodies) -> TokenStream {
    let ident = group.ident;
    let (generics, arguments, clause) = group.generics.split_for_impl();
    let text = |variant: &Variant<'_>| ty::peel(variant.ty).to_token_stream().to_string();
    let is_parameter = |variant: &Variant<'_>| group.generics.type_params().any(|param| text(variant) == param.ident.to_string());
    let unique = variants.iter().filter(|variant| !is_parameter(variant) && variants.iter().filter(|other| text(other) == text(variant)).count() == 1);
    unique
        .map(|variant| {
            let Variant { ident: name, ty, .. } = variant;
            let body = bodies.or_unreachable(quote!(Self::#name(config)));
            quote! {
                #[automatically_derived]
                impl #generics ::core::convert::From<#ty> for #ident #arguments #clause {
                    fn from(config: #ty) -> Self { #body }
                }
            }
        })
        .collect()
}
