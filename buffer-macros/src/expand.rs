//! Writing the code, in reading order: the inputs, the inherent methods with the description, the trait, the settings,
//! the allocators. The code is calls and data; what they do is the runtime's.

mod allocators;
mod assertions;
mod companion;
mod docs;
mod enums;
mod expr;
mod given;
mod inputs;
mod lifecycle;
mod register;
mod settings;
mod spec;

#[cfg(test)]
mod tests;

pub(crate) use companion::Parameters;
pub(crate) use given::required;
pub(crate) use inputs::inputs_type;
pub(crate) use lifecycle::{Bodies, inherent_methods};
pub(crate) use {allocators::allocators_type, enums::from_variants, settings::settings_type};

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use crate::ctxt::Ctxt;
use crate::model::{Group, Shape};
use crate::{ast, fallback, model, validate};

/// The whole derive: what the type's tokens expand to, errors included.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let ctxt = Ctxt::new();
    let declaration = ast::parse(&ctxt, &input);
    validate::check(&ctxt, &declaration);
    let group = model::resolve(&declaration);
    match ctxt.check() {
        Ok(()) => expand(&group),
        Err(error) => fallback::expand(&group, &error),
    }
}

/// The code of a valid declaration.
fn expand(group: &Group<'_>) -> TokenStream {
    let krate = &group.krate;
    let inputs = inputs_type(group);
    let settings = settings_type(group);
    let allocators = allocators_type(group);
    let required = required(group);
    let keys = assertions::keys(group);
    let body = match &group.shape {
        Shape::Struct(fields) => {
            let spec = spec::of_struct(group, fields);
            let table = docs::buffers_const(group, fields);
            let inherent = inherent_methods(group, &Bodies::Runtime, quote!(#table #spec #keys #required));
            let create = lifecycle::create(group, fields);
            let merge = lifecycle::merge(group, fields);
            let register = register::register(group, fields);
            let allocate = allocators::allocate(group, fields);
            let implementation = companion::implement(
                group,
                quote! {
                    fn active_spec(&self) -> &'static #krate::GroupSpec { Self::__SPEC }
                    #create
                    #merge
                    #register
                    #allocate
                },
            );
            quote!(#inherent #implementation)
        }
        Shape::Enum(variants) => {
            let spec = spec::of_enum(group, variants);
            let inherent = inherent_methods(group, &Bodies::Runtime, quote!(#spec #keys #required));
            let implementation = companion::implement(group, enums::delegate(group, variants));
            let from = from_variants(group, variants, &Bodies::Runtime);
            quote!(#inherent #implementation #from)
        }
    };
    let assertions = match &group.shape {
        Shape::Struct(fields) => {
            let (given, assertions) = (given::assertions(group, fields), assertions::assertions(group, fields));
            quote!(#given #assertions)
        }
        Shape::Enum(_) => TokenStream::new(),
    };
    quote!(#assertions #inputs #body #settings #allocators)
}
