//! An enum of configs: the algorithm is a variant, and everything goes to the variant at hand.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::lifecycle::Bodies;
use crate::model::{Group, Variant, generated, of_config};
use crate::{ast, ty};

/// The variant's name in snake case, as a method: raw where it is a word of Rust.
pub(super) fn snake_ident(variant: &Variant<'_>) -> Ident {
    let span = generated(variant.ident.span());
    match syn::parse_str::<Ident>(&variant.name) {
        Ok(_) => Ident::new(&variant.name, span),
        // Refused; the fallback needs some name.
        Err(_) if ast::is_path_word(&variant.name) => format_ident!("{}_", variant.name, span = span),
        Err(_) => format_ident!("r#{}", variant.name, span = span),
    }
}

/// The methods of `Buffers`, each a match. An arm stands where the user wrote the config's type: see [`of_config`].
pub(super) fn delegate(group: &Group<'_>, variants: &[Variant<'_>]) -> TokenStream {
    let Group { krate, inputs, allocators, .. } = group;
    let arms = |method: &str, arm: &dyn Fn(&Variant<'_>, Span, TokenStream) -> TokenStream| -> TokenStream {
        variants
            .iter()
            .map(|variant| arm(variant, generated(variant.ty.span()), of_config(krate, variant.ty, method)))
            .collect()
    };
    let active_spec = arms(
        "active_spec",
        &|Variant { ident, .. }, span, method| quote_spanned!(span=> Self::#ident(__config) => #method(__config),),
    );
    let create = arms(
        "create",
        &|Variant { ident, .. }, span, method| quote_spanned!(span=> #inputs::#ident(__inputs) => Self::#ident(#method(__inputs)?),),
    );
    let merge_same = arms("merge", &|Variant { ident, .. }, span, method| {
        quote_spanned! {span=>
            (Self::#ident(__config), ::core::option::Option::Some(#inputs::#ident(__inputs))) => {
                #method(__config, ::core::option::Option::Some(__inputs), __merger)
            }
            (Self::#ident(__config), ::core::option::Option::None) => {
                #method(__config, ::core::option::Option::None, __merger)
            }
        }
    });
    let merge_new = arms(
        "merge",
        &|Variant { ident, .. }, span, method| quote_spanned!(span=> Self::#ident(__config) => #method(__config, ::core::option::Option::None, __merger),),
    );
    let register = arms(
        "register",
        &|Variant { ident, .. }, span, method| quote_spanned!(span=> Self::#ident(__config) => #method(__config, __registrar),),
    );
    let allocate = arms(
        "allocators",
        &|Variant { ident, .. }, span, method| quote_spanned!(span=> Self::#ident(__config) => #allocators::#ident(#method(__config, __source)?),),
    );
    let result = |ok: TokenStream| quote!(::core::result::Result<#ok, #krate::ConfigError>);
    let (created, unit, allocated) = (result(quote!(Self)), result(quote!(())), result(quote!(Self::Allocators)));
    let check = group
        .validate
        .as_ref()
        .map(|check| quote_spanned!(generated(check.span())=> .and_then(|()| __merger.check(#check(&*self)))));
    quote! {
        fn active_spec(&self) -> &'static #krate::GroupSpec {
            match self { #active_spec }
        }

        fn create(__inputs: Self::Inputs) -> #created {
            ::core::result::Result::Ok(match __inputs { #create })
        }

        fn merge(&mut self, __inputs: ::core::option::Option<Self::Inputs>, __merger: &mut #krate::Merger<'_>) -> #unit {
            // Inputs of another variant replace the config by a new one of that variant.
            let __merged = match (&mut *self, __inputs) {
                #merge_same
                #[allow(unreachable_patterns)]
                (__config, ::core::option::Option::Some(__inputs)) => {
                    *__config = <Self as #krate::Buffers>::create(__inputs)?;
                    match __config { #merge_new }
                }
            };
            __merged #check
        }

        fn register(&self, __registrar: &mut #krate::Registrar<'_>) -> #unit {
            match self { #register }
        }

        fn allocators(&self, __source: &#krate::AllocatorSource<'_>) -> #allocated {
            ::core::result::Result::Ok(match self { #allocate })
        }
    }
}

/// `From<C>` for each config that one variant alone holds. A bare type parameter could be the enum itself.
pub(crate) fn from_variants(group: &Group<'_>, variants: &[Variant<'_>], bodies: &Bodies) -> TokenStream {
    let ident = group.ident;
    let (generics, arguments, clause) = group.generics.split_for_impl();
    let text = |variant: &Variant<'_>| ty::peel(variant.ty).to_token_stream().to_string();
    let is_parameter = |variant: &Variant<'_>| group.generics.type_params().any(|param| param.ident == text(variant));
    let unique = variants.iter().filter(|variant| {
        !is_parameter(variant) && variants.iter().filter(|other| text(other) == text(variant)).count() == 1
    });
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
