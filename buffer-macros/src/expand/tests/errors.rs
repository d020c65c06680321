//! Errors by number and text; where they point is the subject of the compile-fail tests of the workspace.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use super::super::derive;

/// The messages of the errors in an expansion, in order.
fn messages(input: TokenStream) -> Vec<String> {
    fn collect(tokens: TokenStream, into: &mut Vec<String>) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (i, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Ident(ident) if ident == "compile_error" => {
                    if let Some(TokenTree::Group(group)) = tokens.get(i + 2)
                        && let Ok(message) = syn::parse2::<syn::LitStr>(group.stream())
                    {
                        into.push(message.value());
                    }
                }
                TokenTree::Group(group) => collect(group.stream(), into),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    collect(derive(input), &mut found);
    found
}

#[test]
fn all_errors_of_a_declaration_in_one_go() {
    let found = messages(quote! {
        #[buffers(nam = "dirk", phases(solve, predict))]
        struct DirkConfig {
            #[input] n: usize,
            #[setting(min = 1)] width: usize,
            #[buffer(len = n, live = predict..=solve)] a: Buffer,
            #[buffer(len = n, aliases = aa)] b: Vec<f64>,
            c: Buffer,
        }
    });
    let beginnings = [
        "`c` carries none",
        "`#[buffers(…)]` has no key `nam`, did you mean `name`?",
        "a setting needs a default",
        "`predict` comes after `solve`",
        "a `#[buffer]` field has the type",
        "no buffer or child `aa` to alias, did you mean `a`?",
    ];
    for beginning in beginnings {
        assert_eq!(found.iter().filter(|message| message.starts_with(beginning)).count(), 1, "{beginning}: {found:#?}");
    }
    assert_eq!(found.len(), beginnings.len(), "{found:#?}");
}

#[test]
fn a_value_that_does_not_parse_is_one_error() {
    for broken in [
        quote!(#[buffer(len = n +, location = shared)]),
        quote!(#[buffer(len = |a, b| , location = shared)]),
        quote!(#[buffer(len, location = shared)]),
        quote!(#[buffer(len = , location = shared)]),
        quote!(#[buffer(len = n n, location = shared)]),
    ] {
        let found = messages(quote!(struct XConfig { #[input] n: usize, #broken a: Buffer }));
        assert_eq!(found.len(), 1, "{broken}: {found:#?}");
    }
}

#[test]
fn names_bound_inside_an_expression_are_not_fields() {
    let found = messages(quote! {
        struct XConfig {
            #[input] sizes: Sizes,
            #[setting(default = sizes.iter().map(|later| later + 1).sum())] first: usize,
            #[setting(default = 1)] later: usize,
            #[buffer(len = { let a = first; a })] a: Buffer,
        }
    });
    assert!(found.is_empty(), "{found:#?}");
}
