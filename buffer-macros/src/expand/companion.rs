//! What the generated types have in common: generics, `Clone` and `Debug`.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{GenericParam, Generics, Type, WherePredicate};

use crate::model::{Group, Shape};

/// Generic parameters of a generated type: those of the config that its fields mention.
pub(crate) struct Parameters {
    /// `<T: Bound, const N: usize>`, or nothing.
    pub(crate) declared: TokenStream,
    /// `<T, N>`, or nothing.
    pub(crate) arguments: TokenStream,
    names: HashSet<String>,
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
        let dropped: HashSet<String> =
            generics.params.iter().filter(|param| !kept(param)).map(parameter_name).collect();
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
                    let (ident, bounds) =
                        (&param.ident, param.bounds.iter().filter(|bound| !uses_dropped(bound.to_token_stream())));
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
            let (declared, arguments) = (TokenStream::new(), TokenStream::new());
            return Self { declared, arguments, names: HashSet::new(), predicates: Vec::new() };
        }
        let names = all.difference(&dropped).cloned().collect();
        Self { declared: quote!(<#(#declared),*>), arguments: quote!(<#(#arguments),*>), names, predicates }
    }

    /// Whether a type is generic in one of these.
    fn are_mentioned_in(&self, ty: &TokenStream) -> bool {
        let mut used = HashSet::new();
        collect_idents(ty.clone(), &mut used);
        !used.is_disjoint(&self.names)
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

/// `Clone` and `Debug`. Parts whose types are generic bound the implementations. `undebuggable` are types that may lack
/// `Debug`: there the implementation is to be absent, not an error.
pub(super) fn clone_and_debug(
    ident: &Ident,
    parameters: &Parameters,
    parts: &Parts<'_>,
    types: &[TokenStream],
    undebuggable: &[&Type],
) -> TokenStream {
    let generic = |bound: TokenStream| {
        let mut seen = HashSet::new();
        let generic = types.iter().filter(|ty| parameters.are_mentioned_in(ty) && seen.insert(ty.to_string()));
        generic.map(|ty| quote!(#ty: #bound)).collect::<Vec<_>>()
    };
    let clone_bounds = generic(quote!(::core::clone::Clone));
    let mut debug_bounds = generic(quote!(::core::fmt::Debug));
    let concrete = undebuggable.iter().map(|ty| ty.to_token_stream()).filter(|ty| !parameters.are_mentioned_in(ty));
    // With a binder, rustc does not insist that the bound on a concrete type holds.
    debug_bounds.extend(concrete.map(|ty| quote!(for<'__a> #ty: ::core::fmt::Debug)));
    let name = ident.to_string();
    let (clone, debug) = match parts {
        Parts::Struct(fields) => {
            let clones = fields
                .iter()
                .map(|field| quote_spanned!(field.span()=> #field: ::core::clone::Clone::clone(&self.#field),));
            let shown = fields.iter().map(|field| {
                let name = field.unraw().to_string();
                quote_spanned!(field.span()=> __debug.field(#name, &self.#field);)
            });
            (quote!(Self { #(#clones)* }), quote!(let mut __debug = f.debug_struct(#name); #(#shown)* __debug.finish()))
        }
        Parts::Enum(variants) => {
            let names = variants.iter().map(|variant| variant.unraw().to_string());
            (
                quote!(match self { #(Self::#variants(inner) => Self::#variants(::core::clone::Clone::clone(inner)),)* }),
                quote!(match self { #(Self::#variants(inner) => f.debug_tuple(#names).field(inner).finish(),)* }),
            )
        }
    };
    let Parameters { declared, arguments, .. } = parameters;
    let (clone_clause, debug_clause) = (parameters.clause_with(&clone_bounds), parameters.clause_with(&debug_bounds));
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
    let [input_arguments, setting_arguments, allocator_arguments] =
        Parameters::of_types(group).map(|parameters| parameters.arguments);
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
