//! What a field's type says to the derive. Types are known by their last path segment: a macro sees names only.

use syn::{GenericArgument, Ident, PathArguments, PathSegment, Type};

/// Types bound by value in expressions.
const BY_VALUE: [&str; 15] =
    ["usize", "isize", "u8", "u16", "u32", "u64", "u128", "i8", "i16", "i32", "i64", "i128", "bool", "f32", "f64"];
/// Types that cannot be elements, of those one might write by habit.
const UNFIT: [&str; 15] =
    ["usize", "isize", "u8", "u16", "u32", "u64", "u128", "i8", "i16", "i128", "bool", "char", "f16", "f128", "String"];
/// Types of which an input is a device constant without being told.
const DEVICE: [&str; 12] = ["usize", "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "bool", "f32", "f64"];

/// `ty` without the invisible groups a `$ty:ty` of `macro_rules!` puts around it, and without parentheses.
pub(crate) fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peel(&group.elem),
        Type::Paren(paren) => peel(&paren.elem),
        other => other,
    }
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match peel(ty) {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        _ => None,
    }
}

fn is_one_of(ty: &Type, names: &[&str]) -> bool {
    last_segment(ty)
        .is_some_and(|segment| segment.arguments.is_none() && names.iter().any(|name| segment.ident == name))
}

/// Whether a field of this type is copied into the scope of an expression; others are lent.
pub(crate) fn is_by_value(ty: &Type) -> bool {
    is_one_of(ty, &BY_VALUE)
}

/// Whether an input of this type is emitted as a C++ constant without `device`.
pub(crate) fn is_device_primitive(ty: &Type) -> bool {
    is_one_of(ty, &DEVICE)
}

/// The element type of `Buffer<T>`; the inner `None` stands for `Buffer`, whose element is `Real`. The outer `None`:
/// not a `Buffer`.
pub(crate) fn buffer_element(ty: &Type) -> Option<Option<&Type>> {
    let segment = last_segment(ty)?;
    if segment.ident != "Buffer" {
        return None;
    }
    match &segment.arguments {
        PathArguments::None => Some(None),
        PathArguments::AngleBracketed(arguments) => match (arguments.args.first(), arguments.args.len()) {
            (Some(GenericArgument::Type(element)), 1) => Some(Some(element)),
            _ => None,
        },
        PathArguments::Parenthesized(_) => None,
    }
}

/// The name of a standard type that no buffer can hold. Other types are left to the runtime's trait, which sees through
/// aliases and parameters.
pub(crate) fn unfit_element(element: &Type) -> Option<&Ident> {
    is_one_of(element, &UNFIT).then(|| name(element)).flatten()
}

/// `C` of `Option<C>`.
pub(crate) fn option_inner(ty: &Type) -> Option<&Type> {
    let segment = last_segment(ty).filter(|segment| segment.ident == "Option")?;
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => match (arguments.args.first(), arguments.args.len()) {
            (Some(GenericArgument::Type(inner)), 1) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

/// The name of the type, for messages and for kinds that a declaration can only mean one way.
pub(crate) fn name(ty: &Type) -> Option<&Ident> {
    last_segment(ty).map(|segment| &segment.ident)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::ToTokens;
    use syn::parse_quote;

    #[test]
    fn buffers_are_known_by_the_last_segment() {
        assert_eq!(buffer_element(&parse_quote!(Buffer)), Some(None));
        let ty: Type = parse_quote!(rt::Buffer<i32>);
        let element = buffer_element(&ty).flatten().map(|element| element.to_token_stream().to_string());
        assert_eq!(element.as_deref(), Some("i32"));
        assert!(buffer_element(&parse_quote!(Buffer<i32, u8>)).is_none());
        assert!(buffer_element(&parse_quote!(Vec<f64>)).is_none());
        assert!(buffer_element(&parse_quote!(<T as X>::Buffer)).is_none());
    }

    #[test]
    fn options_and_primitives() {
        assert!(option_inner(&parse_quote!(::core::option::Option<C>)).is_some());
        assert!(option_inner(&parse_quote!(Box<C>)).is_none());
        assert!(is_by_value(&parse_quote!(core::primitive::usize)));
        assert!(is_by_value(&parse_quote!(u128)) && !is_device_primitive(&parse_quote!(u128)));
        assert!(!is_by_value(&parse_quote!(&usize)));
    }
}
