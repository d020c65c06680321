//! The static description of a config: names, texts and indices.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::attr::Location;
use crate::model::{Buffer, Child, Fields, Group, Input, Member, Setting, Variant, generated, of_config};
use crate::text;

/// `const __SPEC` of a struct.
pub(super) fn of_struct(group: &Group<'_>, fields: &Fields<'_>) -> TokenStream {
    let krate = &group.krate;
    let inputs = fields.inputs.iter().map(|input| input_spec(krate, input));
    let settings = fields.settings.iter().map(|setting| setting_spec(krate, setting));
    let buffers = fields.buffers.iter().map(|buffer| buffer_spec(krate, buffer));
    let children = fields.children.iter().map(|child| child_spec(krate, child));
    let order = fields.order.iter().map(|member| match member {
        Member::Buffer(index) => quote!(#krate::Member::Buffer(#index)),
        Member::Child(index) => quote!(#krate::Member::Child(#index)),
    });
    constant(
        group,
        quote! {
            inputs: &[#(#inputs),*],
            settings: &[#(#settings),*],
            buffers: &[#(#buffers),*],
            children: &[#(#children),*],
            order: &[#(#order),*],
            variants: &[],
        },
    )
}

/// `const __SPEC` of an enum.
pub(super) fn of_enum(group: &Group<'_>, variants: &[Variant<'_>]) -> TokenStream {
    let krate = &group.krate;
    let variants = variants.iter().map(|variant| {
        let Variant { name, doc, ty, .. } = variant;
        let spec = of_config(krate, ty, "spec");
        quote!(#krate::VariantSpec { name: #name, doc: #doc, spec: #spec })
    });
    constant(
        group,
        quote!(inputs: &[], settings: &[], buffers: &[], children: &[], order: &[], variants: &[#(#variants),*],),
    )
}

fn constant(group: &Group<'_>, lists: TokenStream) -> TokenStream {
    let Group { krate, name, doc, phases, .. } = group;
    let type_name = group.ident.to_string();
    let template = option(group.template.as_ref());
    quote! {
        #[doc(hidden)]
        const __SPEC: &'static #krate::GroupSpec = &#krate::GroupSpec {
            name: #name,
            type_name: #type_name,
            doc: #doc,
            template: #template,
            phases: &[#(#phases),*],
            #lists
        };
    }
}

fn input_spec(krate: &TokenStream, input: &Input<'_>) -> TokenStream {
    let (name, doc, type_text, device) = (&input.field.name, &input.field.doc, text::of(input.field.ty), input.device);
    quote!(#krate::InputSpec { name: #name, doc: #doc, type_text: #type_text, device: #device })
}

fn setting_spec(krate: &TokenStream, setting: &Setting<'_>) -> TokenStream {
    let Setting { key, argument, .. } = setting;
    let (field, doc, type_text) = (&setting.field.name, &setting.field.doc, text::of(setting.field.ty));
    let (default_text, range_text) = (text::of(&setting.default), option(setting.range_text()));
    quote! {
        #krate::SettingSpec {
            name: #key, field: #field, doc: #doc, type_text: #type_text, default_text: #default_text,
            range_text: #range_text, argument: #argument,
        }
    }
}

fn buffer_spec(krate: &TokenStream, buffer: &Buffer<'_>) -> TokenStream {
    let Buffer { persistent, zeroed, .. } = buffer;
    let (name, doc, len_text) = (&buffer.field.name, &buffer.field.doc, text::of(&buffer.len));
    let element = buffer.element(krate);
    let element = quote_spanned!(generated(buffer.field.ty.span())=> <#element as #krate::Element>::SPEC);
    let location = location(krate, buffer.location);
    let aliases = option(buffer.aliases.as_ref());
    let live = option(buffer.live.map(|(first, last)| quote!((#first, #last))));
    quote! {
        #krate::BufferSpec {
            name: #name, doc: #doc, element: #element, len_text: #len_text, location: #location,
            persistent: #persistent, zeroed: #zeroed, aliases: #aliases, live: #live,
        }
    }
}

fn child_spec(krate: &TokenStream, child: &Child<'_>) -> TokenStream {
    let Child { config, optional, .. } = child;
    let (name, doc, spec) = (&child.field.name, &child.field.doc, of_config(krate, config, "spec"));
    let (prefix, aliases, at) = (option(child.prefix.as_ref()), option(child.aliases.as_ref()), option(child.at));
    quote! {
        #krate::ChildSpec {
            name: #name, doc: #doc, prefix: #prefix, optional: #optional, aliases: #aliases, at: #at,
            spec: #spec,
        }
    }
}

/// The runtime's name of a placement.
fn location(krate: &TokenStream, location: Location) -> TokenStream {
    match location {
        Location::Local => quote!(#krate::Location::Local),
        Location::Shared => quote!(#krate::Location::Shared),
    }
}

fn option(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}
