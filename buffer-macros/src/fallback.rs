//! What a declaration with errors expands to: the errors, and every name that could be read with bodies that cannot
//! run, so that the code that uses the config has nothing of its own to complain about.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Error;

use crate::expand::{
    Bodies, Parameters, allocators_type, from_variants, inherent_methods, inputs_type, required, settings_type,
};
use crate::model::{Group, Shape};

/// The errors, the generated types, and an implementation of `Buffers` in name only.
pub(crate) fn expand(group: &Group<'_>, error: &Error) -> TokenStream {
    let Group { ident, krate, inputs, settings, allocators, .. } = group;
    let errors = error.to_compile_error();
    let (inputs_type, settings_type, allocators_type) =
        (inputs_type(group), settings_type(group), allocators_type(group));
    let constants = match &group.shape {
        Shape::Struct(_) => {
            let vis = group.vis();
            quote!(#[doc(hidden)] #vis const BUFFERS: &'static ::core::primitive::str = "";)
        }
        Shape::Enum(_) => TokenStream::new(),
    };
    let required = required(group);
    let inherent = inherent_methods(group, &Bodies::Unreachable, quote!(#constants #required));
    let from = match &group.shape {
        Shape::Struct(_) => TokenStream::new(),
        Shape::Enum(variants) => from_variants(group, variants, &Bodies::Unreachable),
    };
    let [input_arguments, setting_arguments, allocator_arguments] =
        Parameters::of_types(group).map(|parameters| parameters.arguments);
    let (generics, arguments, clause) = group.generics.split_for_impl();
    let result = |ok: TokenStream| quote!(::core::result::Result<#ok, #krate::ConfigError>);
    let (created, unit, allocated) = (result(quote!(Self)), result(quote!(())), result(quote!(Self::Allocators)));
    quote! {
        #errors
        #inputs_type
        #inherent
        #[automatically_derived]
        impl #generics #krate::Buffers for #ident #arguments #clause {
            type Inputs = #inputs #input_arguments;
            type Settings = #settings #setting_arguments;
            type Allocators = #allocators #allocator_arguments;
            fn spec() -> &'static #krate::GroupSpec { ::core::unreachable!() }
            fn active_spec(&self) -> &'static #krate::GroupSpec { ::core::unreachable!() }
            fn create(_: Self::Inputs) -> #created { ::core::unreachable!() }
            fn merge(&mut self, _: ::core::option::Option<Self::Inputs>, _: &mut #krate::Merger<'_>) -> #unit { ::core::unreachable!() }
            fn register(&self, _: &mut #krate::Registrar<'_>) -> #unit { ::core::unreachable!() }
            fn allocators(&self, _: &#krate::AllocatorSource<'_>) -> #allocated { ::core::unreachable!() }
        }
        #from
        #settings_type
        #allocators_type
    }
}
