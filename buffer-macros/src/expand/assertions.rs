//! What can be known while the declaring crate compiles, asserted there: keys with two meanings and constant lengths that
//! are impossible. The runtime makes the same checks of keys and lengths on every tree, whatever is known before.

use proc_macro2::{Delimiter, Group as TokenGroup, Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, GenericParam, Lit, Type};

use crate::model::{Fields, Group, Shape, generated, located};
use crate::{text, ty};

/// `const __KEYS`: the description of the config with those of its members, which constants can reach.
pub(super) fn keys(group: &Group<'_>) -> TokenStream {
    let krate = &group.krate;
    let vis = group.vis();
    let members: Vec<&Type> = match &group.shape {
        Shape::Struct(fields) => fields.children.iter().map(|child| child.config).collect(),
        Shape::Enum(variants) => variants.iter().map(|variant| variant.ty).collect(),
    };
    // What has no constant of its own, a type parameter say, has the empty one of the trait.
    let import = (!members.is_empty()).then(|| {
        quote! {
            #[allow(unused_imports)]
            use #krate::__private::Undeclared as _;
        }
    });
    quote! {
        #[doc(hidden)]
        #vis const __KEYS: &'static #krate::__private::KeyTree = {
            #import
            &#krate::__private::KeyTree { spec: Self::__SPEC, members: &[#(<#members>::__KEYS),*] }
        };
    }
}

/// One assertion for each child, and for each buffer of constant length.
pub(super) fn assertions(group: &Group<'_>, fields: &Fields<'_>) -> TokenStream {
    let mut checks = lengths(group, fields);
    // A constant cannot depend on the parameters of the config.
    if group.generics.params.is_empty() {
        let (krate, config) = (&group.krate, group.ident);
        checks.extend(fields.children.iter().enumerate().map(|(index, child)| {
            let span = generated(child.field.ident.span());
            let krate = located(krate, span);
            quote_spanned!(span=> const _: () = #krate::__private::check_child_keys(#config::__KEYS, #index);)
        }));
    }
    checks
}

fn lengths(group: &Group<'_>, fields: &Fields<'_>) -> TokenStream {
    let constant = |len: &Expr| is_constant(len, group);
    let mut checks = TokenStream::new();
    for buffer in fields.buffers.iter().filter(|buffer| constant(&buffer.len)) {
        let (name, len) = (&buffer.field.name, &buffer.len);
        let message = format!(
            "the buffer `{name}` has more elements than `buffer_runtime::MAX_ELEMENTS`: a thread's scratch is small, shorten `len = {}`",
            text::of(len)
        );
        checks.extend(assertion(group, "check_length", len, quote!(#len, #message)));
        let target = fields
            .buffers
            .iter()
            .find(|target| buffer.aliases.as_ref() == Some(&target.field.name) && constant(&target.len));
        let element = |element: Option<&Type>| element.map(|element| ty::peel(element).to_token_stream().to_string());
        if let Some(target) = target.filter(|target| element(target.element) == element(buffer.element)) {
            let (whole, part) = (text::of(&target.len), text::of(len));
            let space = &target.field.name;
            let message = format!(
                "`{name}` is longer than `{space}`, whose space it aliases: `{part}` elements do not fit into `{whole}`; make `{space}` longer, or remove `aliases = {space}`"
            );
            let target = &target.len;
            checks.extend(assertion(group, "check_alias", len, quote!(#len, #target, #message)));
        }
    }
    checks
}

/// `const _: () = function(arguments);`, reported at the whole of `at`.
fn assertion(group: &Group<'_>, function: &str, at: &Expr, arguments: TokenStream) -> TokenStream {
    let tokens: Vec<_> = at.to_token_stream().into_iter().collect();
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return TokenStream::new() };
    let (start, end) = (generated(first.span()), generated(last.span()));
    let krate = located(&group.krate, start);
    let function = Ident::new(function, start);
    let mut arguments = TokenGroup::new(Delimiter::Parenthesis, arguments);
    arguments.set_span(end);
    quote_spanned!(start=> const _: () = #krate::__private::#function #arguments;)
}

/// Whether `expr` is put together from numbers and constants, as far as names tell: those of constants are in capitals.
fn is_constant(expr: &Expr, group: &Group<'_>) -> bool {
    match expr {
        Expr::Lit(literal) => matches!(&literal.lit, Lit::Int(int) if ["", "usize"].contains(&int.suffix())),
        Expr::Path(path) if path.qself.is_none() => {
            let capitals = path.path.segments.last().is_some_and(|last| {
                let name = last.ident.to_string();
                name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains(|c: char| c.is_ascii_lowercase())
            });
            capitals && path.path.segments.iter().all(|segment| !depends(&segment.ident, group))
        }
        Expr::Binary(binary) => {
            let arithmetic = matches!(
                binary.op,
                syn::BinOp::Add(_) | syn::BinOp::Sub(_) | syn::BinOp::Mul(_) | syn::BinOp::Div(_) | syn::BinOp::Rem(_)
            );
            arithmetic && is_constant(&binary.left, group) && is_constant(&binary.right, group)
        }
        Expr::Cast(cast) => ty::name(&cast.ty).is_some_and(|name| name == "usize") && is_constant(&cast.expr, group),
        Expr::Paren(paren) => is_constant(&paren.expr, group),
        Expr::Group(inner) => is_constant(&inner.expr, group),
        _ => false,
    }
}

/// Whether a name has a value inside the config only: its parameters, its fields, and `Self`.
fn depends(name: &Ident, group: &Group<'_>) -> bool {
    let parameter = group.generics.params.iter().any(|param| match param {
        GenericParam::Type(param) => param.ident == *name,
        GenericParam::Const(param) => param.ident == *name,
        GenericParam::Lifetime(_) => false,
    });
    let field = match &group.shape {
        Shape::Struct(fields) => fields.visible().any(|field| name == field.ident),
        Shape::Enum(_) => false,
    };
    parameter || field || name == "Self"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ctxt::Ctxt;
    use crate::{ast, model};
    use syn::{DeriveInput, parse_quote};

    #[test]
    fn constants_are_known_by_their_names() {
        let input: DeriveInput = parse_quote!(
            struct Config<T, const N: usize> {
                #[input]
                WIDTH: usize,
            }
        );
        let ctxt = Ctxt::new();
        let declaration = ast::parse(&ctxt, &input);
        let group = model::resolve(&declaration);
        ctxt.check().unwrap();
        for constant in ["1", "2 * LEN - 1usize", "(module::MAX as usize) / 2"] {
            assert!(is_constant(&syn::parse_str(constant).unwrap(), &group), "{constant}");
        }
        for unknown in ["n", "N", "2 * WIDTH", "T::LEN", "Self::LEN", "f()", "1.0", "3i32", "<f64 as Trait>::LEN"] {
            assert!(!is_constant(&syn::parse_str(unknown).unwrap(), &group), "{unknown}");
        }
    }
}
