//! `XInputs`: what the owner of a config gives.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::companion::{self, Parameters, Parts};
use crate::model::{Group, Shape, of_config};
use crate::{doc, ty};

/// The inputs type.
pub(crate) fn inputs_type(group: &Group<'_>) -> TokenStream {
    let Group { ident, inputs, krate, .. } = group;
    let vis = group.vis();
    let [parameters, _, _] = Parameters::of_types(group);
    let (declared, clause) = (&parameters.declared, parameters.clause());
    match &group.shape {
        Shape::Struct(fields) => {
            let doc = doc::attribute(&[format!("Inputs of [`{ident}`]: what its owner gives.")]);
            let names: Vec<Ident> = fields.inputs.iter().map(|input| input.field.item()).collect();
            let types: Vec<TokenStream> = fields.inputs.iter().map(|input| input.field.ty.to_token_stream()).collect();
            let docs = fields.inputs.iter().map(|input| {
                let fallback = format!("The input `{}`.", input.field.name);
                doc::attribute(&[if input.field.doc.is_empty() { &fallback } else { &input.field.doc }])
            });
            let undebuggable: Vec<&syn::Type> =
                fields.inputs.iter().map(|input| input.field.ty).filter(|ty| !ty::is_by_value(ty)).collect();
            let traits = companion::clone_and_debug(inputs, &parameters, &Parts::Struct(&names), &types, &undebuggable);
            quote! {
                #doc
                #vis struct #inputs #declared #clause { #(#docs #vis #names: #types,)* }
                #traits
            }
        }
        Shape::Enum(variants) => {
            let doc = doc::attribute(&[format!(
                "Inputs of [`{ident}`]: the choice of a variant, and what its config needs."
            )]);
            let names: Vec<&Ident> = variants.iter().map(|variant| variant.ident).collect();
            let types: Vec<TokenStream> =
                variants.iter().map(|variant| of_config(krate, variant.ty, "Inputs")).collect();
            let docs =
                variants.iter().map(|variant| doc::attribute(&[format!("Inputs of the variant `{}`.", variant.ident)]));
            let traits = companion::clone_and_debug(inputs, &parameters, &Parts::Enum(&names), &types, &[]);
            quote! {
                #doc
                // The type of a tuple field is the user's token, at which rustc would report a variant nobody reads.
                #[allow(dead_code)]
                #vis enum #inputs #declared #clause { #(#docs #names(#types),)* }
                #traits
            }
        }
    }
}
