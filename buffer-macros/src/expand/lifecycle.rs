//! A config's life: created from inputs, changed by overlays. The methods of the type itself delegate to the runtime;
//! `create` and `merge` name the fields for it.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Expr, GenericParam};

use super::companion::Parameters;
use super::expr::{self, Fields as Place};
use crate::free;
use crate::model::{Check, Child, ChildInputs, Field, Fields, Group, Setting, generated, of_config};

/// What stands in the bodies of generated methods.
pub(crate) enum Bodies {
    /// Calls of the runtime.
    Runtime,
    /// Nothing that could run: the declaration has errors.
    Unreachable,
}

impl Bodies {
    pub(super) fn or_unreachable(&self, body: TokenStream) -> TokenStream {
        match self {
            Self::Runtime => body,
            Self::Unreachable => quote!(::core::unreachable!()),
        }
    }
}

/// `new`, `set_inputs`, `update`, `apply`, and the given associated constants.
pub(crate) fn inherent_methods(group: &Group<'_>, bodies: &Bodies, constants: TokenStream) -> TokenStream {
    let Group { ident, krate, inputs, settings, .. } = group;
    let vis = group.vis();
    let [input_arguments, setting_arguments, _] = Parameters::of_types(group).map(|parameters| parameters.arguments);
    let (generics, arguments, clause) = group.generics.split_for_impl();
    let error = quote!(#krate::ConfigError);
    let new = bodies.or_unreachable(quote!(#krate::__private::construct(inputs)));
    let set_inputs = bodies.or_unreachable(quote!(#krate::__private::set_inputs(self, inputs)));
    let update = bodies.or_unreachable(quote!(#krate::__private::update(self, settings, unknown)));
    let apply = bodies.or_unreachable(quote!(#krate::__private::apply(self, &settings)));
    quote! {
        #[automatically_derived]
        #[allow(unused_variables)]
        impl #generics #ident #arguments #clause {
            /// A config with its defaults and its children, validated.
            ///
            /// # Errors
            /// A default outside its range, a failed check across fields, or a length that overflows, here or in a child.
            #vis fn new(inputs: #inputs #input_arguments) -> ::core::result::Result<Self, #error> { #new }

            /// Replaces the inputs; derived defaults and children follow. On error nothing changes.
            ///
            /// # Errors
            /// As for [`new`](Self::new).
            #vis fn set_inputs(&mut self, inputs: #inputs #input_arguments) -> ::core::result::Result<(), #error> { #set_inputs }

            /// Sets settings by name, here and in children. On error nothing changes.
            ///
            /// # Errors
            /// A value of the wrong kind or outside its range, a name nobody knows where `unknown` asks for an error, or
            /// what [`new`](Self::new) reports.
            #vis fn update(&mut self, settings: &#krate::Settings, unknown: #krate::Unknown) -> ::core::result::Result<#krate::Updated, #error> { #update }

            /// Sets the given settings, here and in children. On error nothing changes.
            ///
            /// # Errors
            /// A value outside its range, or what [`new`](Self::new) reports.
            #vis fn apply(&mut self, settings: #settings #setting_arguments) -> ::core::result::Result<#krate::Updated, #error> { #apply }

            #constants
        }
    }
}

/// `Buffers::create`.
pub(super) fn create(group: &Group<'_>, fields: &Fields<'_>) -> TokenStream {
    let krate = &group.krate;
    let inputs = fields.inputs.iter().map(|input| {
        let ident = input.field.ident;
        quote!(let #ident = __inputs.#ident;)
    });
    let settings = fields.settings.iter().map(|setting| {
        let (ident, ty) = (setting.field.ident, setting.field.ty);
        let default = default(setting, fields, Place::Locals);
        quote!(let #ident: #ty = #default;)
    });
    let children = fields.children.iter().map(|child| {
        let (ident, config) = (child.field.ident, child.config);
        let create = |inputs: TokenStream| {
            let create = of_config(krate, config, "create");
            quote_spanned!(generated(config.span())=> #create(#inputs)?)
        };
        if !child.optional {
            let (bindings, inputs) = child_inputs(group, fields, child, &[], Place::Locals);
            let created = create(if bindings.is_empty() { inputs } else { quote!({ #bindings #inputs }) });
            return quote_spanned!(generated(config.span())=> let #ident = #created;);
        }
        let Some(when) = child.when else {
            return quote!(let #ident = ::core::option::Option::None;);
        };
        let (bindings, inputs) = child_inputs(group, fields, child, &[when], Place::Locals);
        let condition = expr::plain(when, fields.visible());
        let created = create(inputs);
        quote! {
            let #ident = {
                #bindings
                let __present: ::core::primitive::bool = #condition;
                if __present { ::core::option::Option::Some(#created) } else { ::core::option::Option::None }
            };
        }
    });
    let given = fields.visible().map(|field| field.ident);
    let buffers = fields.buffers.iter().map(|buffer| buffer.field.ident);
    quote! {
        #[allow(unused_variables)]
        fn create(__inputs: Self::Inputs) -> ::core::result::Result<Self, #krate::ConfigError> {
            #(#inputs)*
            #(#settings)*
            #(#children)*
            ::core::result::Result::Ok(Self { #(#given: #given,)* #(#buffers: ::core::default::Default::default(),)* })
        }
    }
}

/// `Buffers::merge`.
pub(super) fn merge(group: &Group<'_>, fields: &Fields<'_>) -> TokenStream {
    let krate = &group.krate;
    // Whether a derived default was in force is asked before anything moves.
    let was_default = fields.settings.iter().enumerate().filter(|(_, setting)| is_derived(setting, fields)).map(
        |(index, setting)| {
            let (ident, ty) = (setting.field.ident, setting.field.ty);
            let (flag, default) = (was_default(index), default(setting, fields, Place::OfSelf));
            quote!(let #flag = { let __default: #ty = #default; self.#ident == __default };)
        },
    );
    let set_inputs = fields.inputs.iter().map(|input| {
        let ident = input.field.ident;
        quote!(self.#ident = __inputs.#ident;)
    });
    let settings =
        fields.settings.iter().enumerate().map(|(index, setting)| merge_setting(group, fields, index, setting));
    let locations = fields.buffers.iter().enumerate().map(|(index, buffer)| {
        let (ident, element) = (buffer.field.ident, buffer.element(krate));
        let method = quote_spanned!(generated(buffer.field.ty.span())=> location::<#element>);
        quote!(__merger.#method(&Self::__SPEC.buffers[#index], &mut self.#ident)?;)
    });
    let children = fields.children.iter().enumerate().map(|(index, child)| merge_child(group, fields, index, child));
    let outcome = match &group.validate {
        Some(check) => quote_spanned!(generated(check.span())=> __merger.check(#check(&*self))),
        None => quote!(::core::result::Result::Ok(())),
    };
    quote! {
        #[allow(unused_variables)]
        fn merge(&mut self, __inputs: ::core::option::Option<Self::Inputs>, __merger: &mut #krate::Merger<'_>) -> ::core::result::Result<(), #krate::ConfigError> {
            #(#was_default)*
            if let ::core::option::Option::Some(__inputs) = __inputs { #(#set_inputs)* }
            #(#settings)*
            #(#locations)*
            #(#children)*
            #outcome
        }
    }
}

fn merge_setting(group: &Group<'_>, fields: &Fields<'_>, index: usize, setting: &Setting<'_>) -> TokenStream {
    let krate = &group.krate;
    let (ident, ty) = (setting.field.ident, setting.field.ty);
    let mut exprs = vec![&setting.default];
    for check in &setting.checks {
        match check {
            Check::Min(bound) | Check::Max(bound) | Check::Gt(bound) | Check::Lt(bound) => exprs.push(bound),
            Check::Range(low, high) => exprs.extend([low, high]),
            Check::OneOf(values) => exprs.extend(*values),
            Check::With(_) => {}
        }
    }
    let bindings = expr::bindings(&exprs, fields.visible(), Place::OfSelf);
    let default = expr::plain(&setting.default, fields.visible());
    let flag = if is_derived(setting, fields) {
        let flag = was_default(index);
        quote!(#flag)
    } else {
        quote!(false)
    };
    let check = checks(krate, fields, setting);
    let method = quote_spanned!(generated(ty.span())=> setting::<#ty>);
    let call = quote!(__merger.#method(&Self::__SPEC.settings[#index], &mut self.#ident, || #default, #flag, #check)?;);
    if bindings.is_empty() { call } else { quote!({ #bindings #call }) }
}

/// The closure that judges a value.
fn checks(krate: &TokenStream, fields: &Fields<'_>, setting: &Setting<'_>) -> TokenStream {
    // A bound of another type than the setting is reported at the bound.
    let bound = |expr: &Expr| {
        let value = expr::plain(expr, fields.visible());
        quote_spanned!(generated(expr.span())=> &(#value))
    };
    let call = |function: &str, arguments: &[TokenStream]| {
        let function = quote::format_ident!("{function}");
        quote!(#krate::__private::#function(__value, #(#arguments),*))
    };
    let calls: Vec<TokenStream> = setting
        .checks
        .iter()
        .map(|check| match check {
            Check::Min(low) => call("min", &[bound(low)]),
            Check::Max(high) => call("max", &[bound(high)]),
            Check::Gt(low) => call("gt", &[bound(low)]),
            Check::Lt(high) => call("lt", &[bound(high)]),
            Check::Range(low, high) => call("range", &[bound(low), bound(high)]),
            Check::OneOf(values) => {
                let values = values.iter().map(|value| expr::plain(value, fields.visible()));
                call("one_of", &[quote!(&[#(#values),*])])
            }
            Check::With(path) => {
                let outcome = quote_spanned!(generated(path.span())=> #path(__value));
                quote!(#krate::__private::with(#outcome))
            }
        })
        .collect();
    match calls.split_last() {
        None => quote!(|_| ::core::result::Result::Ok(())),
        Some((last, [])) => quote!(|__value| #last),
        Some((last, first)) => quote!(|__value| { #(#first?;)* #last }),
    }
}

fn merge_child(group: &Group<'_>, fields: &Fields<'_>, index: usize, child: &Child<'_>) -> TokenStream {
    let (ident, config) = (child.field.ident, child.config);
    let spec = quote!(&Self::__SPEC.children[#index]);
    let span = generated(config.span());
    if !child.optional {
        let (bindings, inputs) = child_inputs(group, fields, child, &[], Place::OfSelf);
        return quote_spanned! {span=> {
            #bindings
            let __given = #inputs;
            __merger.child::<#config>(#spec, &mut self.#ident, ::core::option::Option::Some(__given))?;
        }};
    }
    let when: Vec<&Expr> = child.when.into_iter().collect();
    let (bindings, inputs) = child_inputs(group, fields, child, &when, Place::OfSelf);
    let (condition, present) = match child.when {
        Some(when) => {
            let condition = expr::plain(when, fields.visible());
            (
                quote!(let __present: ::core::primitive::bool = #condition;),
                quote!(::core::option::Option::Some(__present)),
            )
        }
        None => (TokenStream::new(), quote!(::core::option::Option::None)),
    };
    quote_spanned! {span=> {
        #bindings
        #condition
        __merger.optional_child::<#config>(#spec, &mut self.#ident, #present, || #inputs)?;
    }}
}

/// The value of a child's inputs, and the bindings it and the expressions in `more` read.
fn child_inputs(
    group: &Group<'_>,
    fields: &Fields<'_>,
    child: &Child<'_>,
    more: &[&Expr],
    place: Place,
) -> (TokenStream, TokenStream) {
    let krate = &group.krate;
    let config = child.config;
    let (key, given) = match &child.inputs {
        ChildInputs::Whole(whole) => {
            let exprs: Vec<&Expr> = more.iter().copied().chain([*whole]).collect();
            let (ty, value) = (of_config(krate, config, "Inputs"), expr::plain(whole, fields.visible()));
            let value = quote!({ let __given: #ty = #value; __given });
            return (expr::bindings(&exprs, fields.visible(), place), value);
        }
        ChildInputs::With { key, given } => (*key, *given),
    };
    let exprs: Vec<&Expr> = more.iter().copied().chain(given.iter().filter_map(|input| input.value.as_ref())).collect();
    let names: Vec<free::Names> = exprs.iter().map(|expr| free::names(expr)).collect();
    let shorthand =
        |field: &Field<'_>| given.iter().any(|input| input.value.is_none() && input.name.unraw() == field.name);
    let bound: Vec<&Field<'_>> = fields
        .visible()
        .filter(|field| shorthand(field) || names.iter().any(|names| names.mentions(&field.name)))
        .collect();
    let entries = given.iter().map(|input| {
        let name = &input.name;
        match &input.value {
            Some(value) => {
                let value = expr::plain(value, fields.visible());
                quote!(#name: #value)
            }
            None => {
                let field = bound.iter().find(|field| name.unraw() == field.name);
                let ident = field.map_or(name, |field| field.ident);
                // A primitive is bound by value, anything else by reference.
                let reference =
                    if field.is_some_and(|field| field.by_value) { quote!(&#ident) } else { quote!(#ident) };
                quote!(#name: ::core::clone::Clone::clone(#reference))
            }
        }
    });
    // A struct literal cannot be written on a projection, and an alias inside a function sees no outer generics.
    let Parameters { arguments, .. } = Parameters::mentioned(group.generics, [config]);
    let (declared, inputs) = (alias_parameters(group, config), of_config(krate, config, "Inputs"));
    let turbofish = (!arguments.is_empty()).then(|| quote!(::#arguments));
    let alias = proc_macro2::Ident::new("__Inputs", generated(key.span()));
    let value = quote_spanned!(generated(config.span())=> {
        type #alias #declared = #inputs;
        #alias #turbofish { #(#entries),* }
    });
    (expr::bind(&bound, place), value)
}

/// The parameters of an alias for something of `config`, without bounds, which an alias does not check.
fn alias_parameters(group: &Group<'_>, config: &syn::Type) -> TokenStream {
    let mut generics = group.generics.clone();
    generics.where_clause = None;
    for param in &mut generics.params {
        if let GenericParam::Type(param) = param {
            param.bounds.clear();
        }
    }
    Parameters::mentioned(&generics, [config]).declared
}

/// Whether the default follows from other fields, so that it may move.
fn is_derived(setting: &Setting<'_>, fields: &Fields<'_>) -> bool {
    let names = free::names(&setting.default);
    fields.visible().any(|field| names.mentions(&field.name))
}

fn was_default(index: usize) -> proc_macro2::Ident {
    quote::format_ident!("__was_default_{index}")
}

/// The default of a setting, with what it mentions bound.
fn default(setting: &Setting<'_>, fields: &Fields<'_>, place: Place) -> TokenStream {
    let bindings = expr::bindings(&[&setting.default], fields.visible(), place);
    let value = expr::plain(&setting.default, fields.visible());
    if bindings.is_empty() { value } else { quote!({ #bindings #value }) }
}
