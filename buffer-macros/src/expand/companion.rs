//! What the generated types have in common: generics, `Clone` and `Debug`.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{GenericParam, Generics, Type, WherePredicate};

use crate::model::{Group, Shape};
use crate::ty;

/// Generic parameters of a generated type: those of the config that its fields mention.
pub(crate) struct Parameters {
    /// `<T: Bound, const N: usize>`, or nothing.
    pub(crate) declared: TokenStream,
    /// `<T, N>`, or nothing.
    pub(crate) arguments: TokenStream,
    /// Predicates of the where clause that mention these parameters only.
    predicates: Vec<WherePredicate>,
}

impl Parameters {
    /// The parameters that `types` mention.
    pub(crate) fn mentioned<'t>(generics: &Generics, types: impl IntoIterator<Item = &'t Type>) -> Self {
        let mut idents = HashSet::new();
        for ty in types {
            collect_idents(ty.to_token_stream(), &mut idents);
        }
        let all: HashSet<String> = generics.params.iter().map(parameter_name).collect();
        let kept = |param: &GenericParam| idents.contains(&parameter_name(param));
        let dropped: HashSet<String> = generics.params.iter().filter(|param| !kept(param)).map(parameter_name).collect();
        let uses_dropped = |tokens: TokenStream| {
            let mut used = HashSet::new();
            collect_idents(tokens, &mut used);
            !used.is_disjoint(&dropped)
        };
        let mut declared = Vec::new();
        let mut arguments = Vec::new();
        for param in generics.params.iter().filter(|param| kept(param)) {
            match param {
                GenericParam::Type(param) => {
                    let (ident, bounds) = (&param.ident, param.bounds.iter().filter(|bound| !uses_dropped(bound.to_token_stream())));
                    declared.push(quote!(#ident: #(#bounds)+*));
                    arguments.push(quote!(#ident));
                }
                GenericParam::Const(param) => {
                    let (ident, ty) = (&param.ident, &param.ty);
                    declared.push(quote!(const #ident: #ty));
                    arguments.push(quote!(#ident));
                }
                GenericParam::Lifetime(param) => {
                    let lifetime = &param.lifetime;
                    declared.push(quote!(#lifetime));
                    arguments.push(quote!(#lifetime));
                }
            }
        }
        let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
        let predicates = predicates
            .filter(|predicate| {
                let mut used = HashSet::new();
                collect_idents(predicate.to_token_stream(), &mut used);
                !used.is_disjoint(&all) && used.is_disjoint(&dropped)
            })
            .cloned()
            .collect();
        if declared.is_empty() {
            return Self { declared: TokenStream::new(), arguments: TokenStream::new(), predicates: Vec::new() };
        }
        Self { declared: quote!(<#(#declared),*>), arguments: quote!(<#(#arguments),*>), predicates }
    }

    /// The where clause of the type itself.
    pub(crate) fn clause(&self) -> TokenStream {
        self.clause_with(&[])
    }

    /// The where clause with more predicates.
    pub(crate) fn clause_with(&self, more: &[TokenStream]) -> TokenStream {
        let own = &self.predicates;
        if own.is_empty() && more.is_empty() { TokenStream::new() } else { quote!(where #(#own,)* #(#more,)*) }
    }
}

fn parameter_name(param: &GenericParam) -> String {
    match param {
        GenericParam::Type(param) => param.ident.to_string(),
        GenericParam::Const(param) => param.ident.to_string(),
        GenericParam::Lifetime(param) => param.lifetime.ident.to_string(),
    }
}

fn collect_idents(tokens: TokenStream, into: &mut HashSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => {
                into.insert(ident.to_string());
            }
            TokenTree::Group(group) => collect_idents(group.stream(), into),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// A generated type, as its implementations of `Clone` and `Debug` see it.
pub(super) enum Parts<'a> {
    /// Named fields.
    Struct(&'a [Ident]),
    /// Variants of one field.
    Enum(&'a [&'a Ident]),
}

/// `Clone` and `Debug`, each where the parts have it.
pub(super) fn clone_and_debug<'t>(
    ident: &Ident,
    parameters: &Parameters,
    parts: &Parts<'_>,
    types: impl IntoIterator<Item = &'t TokenStream>,
) -> TokenStream {
    let types: Vec<&TokenStream> = types.into_iter().filter(|ty| !syn::parse2(ty.to_token_stream()).is_ok_and(|ty: Type| ty::is_by_value(&ty))).collect();
    // The binder makes the bound one that rustc does not insist on: where a part's type lacks the trait, the
    // implementation is absent instead of an error. Equal types are bounded once.
    let bounds = |bound: &TokenStream| {
        let mut seen = HashSet::new();
        let distinct: Vec<TokenStream> =
            types.iter().filter(|ty| seen.insert(ty.to_string())).map(|ty| quote!(for<'__a> #ty: #bound)).collect();
        parameters.clause_with(&distinct)
    };
    let name = ident.to_string();
    let (clone, debug) = match parts {
        Parts::Struct(fields) => {
            let names = fields.iter().map(|field| syn::ext::IdentExt::unraw(field).to_string());
            (
                quote!(Self { #(#fields: ::core::clone::Clone::clone(&self.#fields),)* }),
                quote!(f.debug_struct(#name)#(.field(#names, &self.#fields))*.finish()),
            )
        }
        Parts::Enum(variants) => {
            let names = variants.iter().map(|variant| syn::ext::IdentExt::unraw(*variant).to_string());
            (
                quote!(match self { #(Self::#variants(inner) => Self::#variants(::core::clone::Clone::clone(inner)),)* }),
                quote!(match self { #(Self::#variants(inner) => f.debug_tuple(#names).field(inner).finish(),)* }),
            )
        }
    };
    let Parameters { declared, arguments, .. } = parameters;
    let clone_clause = bounds(&quote!(::core::clone::Clone));
    let debug_clause = bounds(&quote!(::core::fmt::Debug));
    quote! {
        #[automatically_derived]
        impl #declared ::core::clone::Clone for #ident #arguments #clone_clause {
            fn clone(&self) -> Self { #clone }
        }
        #[automatically_derived]
        impl #declared ::core::fmt::Debug for #ident #arguments #debug_clause {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result { #debug }
        }
    }
}

impl Parameters {
    /// The parameters of the inputs, the settings and the allocators type.
    pub(crate) fn of_types(group: &Group<'_>) -> [Self; 3] {
        let generics = group.generics;
        match &group.shape {
            Shape::Struct(fields) => {
                let children = || fields.children.iter().map(|child| child.config);
                let inputs = fields.inputs.iter().map(|input| input.field.ty);
                let settings = fields.settings.iter().map(|setting| setting.field.ty);
                let elements = fields.buffers.iter().filter_map(|buffer| buffer.element);
                [
                    Self::mentioned(generics, inputs),
                    Self::mentioned(generics, settings.chain(children())),
                    Self::mentioned(generics, elements.chain(children())),
                ]
            }
            Shape::Enum(variants) => {
                let all = || Self::mentioned(generics, variants.iter().map(|variant| variant.ty));
                [all(), all(), all()]
            }
        }
    }
}

/// `impl Buffers for X` with the associated types, `spec`, and `methods`.
pub(super) fn implement(group: &Group<'_>, methods: TokenStream) -> TokenStream {
    let Group { ident, krate, inputs, settings, allocators, .. } = group;
    let [input_arguments, setting_arguments, allocator_arguments] = Parameters::of_types(group).map(|parameters| parameters.arguments);
    let (generics, arguments, clause) = group.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #generics #krate::Buffers for #ident #arguments #clause {
            type Inputs = #inputs #input_arguments;
            type Settings = #settings #setting_arguments;
            type Allocators = #allocators #allocator_arguments;
            fn spec() -> &'static #krate::GroupSpec { Self::__SPEC }
            #methods
        }
    }
}
