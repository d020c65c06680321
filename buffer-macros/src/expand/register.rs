//! `Buffers::register`: constants, then buffers and children in declaration order.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use super::expr::{self, Fields as Place};
use crate::model::{Fields, Group, Member, generated};

pub(super) fn register(group: &Group<'_>, fields: &Fields<'_>) -> TokenStream {
    let krate = &group.krate;
    let inputs = fields.inputs.iter().enumerate().filter(|(_, input)| input.device).map(|(index, input)| {
        let (ident, ty) = (input.field.ident, input.field.ty);
        let method = quote_spanned!(generated(ty.span())=> input::<#ty>);
        quote!(__registrar.#method(&Self::__SPEC.inputs[#index], &self.#ident);)
    });
    let settings = fields.settings.iter().enumerate().map(|(index, setting)| {
        let (ident, ty) = (setting.field.ident, setting.field.ty);
        let method = quote_spanned!(generated(ty.span())=> setting::<#ty>);
        quote!(__registrar.#method(&Self::__SPEC.settings[#index], &self.#ident);)
    });
    let lengths: Vec<&Expr> = fields.buffers.iter().map(|buffer| &buffer.len).collect();
    let bindings = expr::bindings(&lengths, fields.visible(), Place::OfSelf);
    let members = fields.order.iter().map(|member| match *member {
        Member::Buffer(index) => {
            let buffer = &fields.buffers[index];
            let ident = buffer.field.ident;
            let len = expr::length(&buffer.len, krate, fields.visible());
            quote!(__registrar.buffer(&Self::__SPEC.buffers[#index], &self.#ident, |__e| #len)?;)
        }
        Member::Child(index) => {
            let child = &fields.children[index];
            let ident = child.field.ident;
            let config = child.config;
            let span = generated(config.span());
            let value = if child.optional {
                quote_spanned!(span=> ::core::option::Option::as_ref(&self.#ident))
            } else {
                quote_spanned!(span=> ::core::option::Option::Some(&self.#ident))
            };
            quote_spanned!(span=> __registrar.child::<#config>(&Self::__SPEC.children[#index], #value)?;)
        }
    });
    quote! {
        #[allow(unused_variables)]
        fn register(&self, __registrar: &mut #krate::Registrar<'_>) -> ::core::result::Result<(), #krate::ConfigError> {
            #(#inputs)*
            #(#settings)*
            #bindings
            #(#members)*
            ::core::result::Result::Ok(())
        }
    }
}
