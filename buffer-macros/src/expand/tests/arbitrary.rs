//! Whatever stands in the attributes, the derive neither panics nor writes something that is not Rust, and every error
//! points into the declaration.

use proc_macro2::{Span, TokenStream, TokenTree};
use proptest::prelude::*;
use proptest::sample::select;

use super::super::derive;

/// Pieces that attributes are made of, right and wrong.
const PIECES: &[&str] = &[
    "len",
    "location",
    "persistent",
    "aliases",
    "zeroed",
    "live",
    "default",
    "min",
    "max",
    "gt",
    "lt",
    "range",
    "one_of",
    "with",
    "argument",
    "rename",
    "prefix",
    "inputs",
    "when",
    "at",
    "name",
    "template",
    "phases",
    "validate",
    "settings",
    "allocators",
    "crate",
    "device",
    "shared",
    "local",
    "n",
    "m",
    "a",
    "b",
    "self",
    "type",
    "r#type",
    "where",
    "=",
    "=",
    "=",
    ",",
    ",",
    ",",
    "+",
    "-",
    "*",
    "/",
    "..",
    "..=",
    ".",
    "::",
    ":",
    "|",
    "&",
    "!",
    "<",
    ">",
    "?",
    "#",
    "'a",
    "1",
    "0.5",
    "\"text\"",
    "\"a b\"",
    "'c'",
    "if",
    "else",
    "match",
    "let",
    "return",
    "=>",
    "move",
    "async",
    "double",
    "$",
];
const TYPES: &[&str] = &[
    "usize",
    "Buffer",
    "Buffer<i32>",
    "Buffer<u8>",
    "Option<Child>",
    "Child",
    "&'static str",
    "[f64; 3]",
    "impl Fn()",
    "T",
];

/// A balanced sequence of pieces.
fn tokens() -> impl Strategy<Value = String> {
    let leaf = select(PIECES).prop_map(str::to_owned);
    let tree = leaf.prop_recursive(3, 24, 6, |inner| {
        (prop::collection::vec(inner, 0..6), select(&[("(", ")"), ("[", "]"), ("{", "}")][..]))
            .prop_map(|(parts, (open, close))| format!("{open}{}{close}", parts.join(" ")))
    });
    prop::collection::vec(tree, 0..10).prop_map(|parts| parts.join(" "))
}

/// An attribute of the derive with arbitrary contents, or one that is nearly right.
fn attribute() -> impl Strategy<Value = String> {
    let named = (select(&["input", "setting", "buffer", "child", "buffers"][..]), tokens())
        .prop_map(|(name, tokens)| format!("#[{name}({tokens})]"));
    let plausible = (
        select(&["default", "len", "min", "when", "inputs"][..]),
        tokens(),
        select(&["setting", "buffer", "child"][..]),
    )
        .prop_map(|(key, tokens, name)| format!("#[{name}({key} = {tokens})]"));
    prop_oneof![4 => named, 4 => plausible, 1 => Just("#[input]".to_owned()), 1 => Just(String::new())]
}

fn declaration() -> impl Strategy<Value = String> {
    let field =
        (prop::collection::vec(attribute(), 0..3), select(&["n", "m", "a", "b", "r#type", "clone"][..]), select(TYPES))
            .prop_map(|(attributes, name, ty)| format!("{} {name}: {ty},", attributes.join(" ")));
    let structure = (attribute(), prop::collection::vec(field, 0..5))
        .prop_map(|(attribute, fields)| format!("{attribute} pub struct XConfig<T> {{ {} }}", fields.join(" ")));
    let enumeration = (attribute(), attribute(), select(TYPES))
        .prop_map(|(outer, inner, ty)| format!("{outer} enum XConfig {{ {inner} A({ty}), B(Child), #[allow(x)] C }}"));
    let other = attribute().prop_map(|attribute| format!("{attribute} struct XConfig(usize);"));
    prop_oneof![8 => structure, 2 => enumeration, 1 => other]
}

/// Where the errors in an expansion point: at the macro call's name and at its message.
fn error_spans(tokens: TokenStream, spans: &mut Vec<Span>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (i, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(ident) if ident == "compile_error" => {
                spans.push(ident.span());
                spans.extend(tokens.get(i + 2).map(TokenTree::span));
            }
            TokenTree::Group(group) => error_spans(group.stream(), spans),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_declaration_expands_to_rust(source in declaration()) {
        // A piece such as `$` may not lex alone, and then rustc would not call the derive.
        let Ok(input) = source.parse::<TokenStream>() else { return Ok(()) };
        if syn::parse2::<syn::DeriveInput>(input.clone()).is_err() {
            return Ok(());
        }
        let expanded = derive(input);
        prop_assert!(syn::parse2::<syn::File>(expanded.clone()).is_ok(), "not Rust: {expanded}");
        let mut spans = Vec::new();
        error_spans(expanded, &mut spans);
        for span in spans {
            let text = span.source_text();
            prop_assert!(text.as_ref().is_some_and(|text| !text.is_empty() && source.contains(text)), "an error points nowhere: {text:?} in {source}");
        }
    }
}
