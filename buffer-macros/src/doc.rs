//! Doc comments: read from the declaration, written onto what is generated.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The text of the doc comments in `attrs`: one leading space a line removed, blank lines at both ends trimmed.
pub(crate) fn text(attrs: &[Attribute]) -> String {
    let mut lines = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("doc")) {
        if let Meta::NameValue(meta) = &attr.meta
            && let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &meta.value
        {
            let value = line.value();
            lines.extend(value.split('\n').map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned()));
        }
    }
    lines.join("\n").trim_matches('\n').to_owned()
}

/// The first paragraph on one line, for tables.
pub(crate) fn summary(text: &str) -> String {
    text.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect::<Vec<_>>().join(" ")
}

/// `#[doc = "…"]` for each paragraph, with blank lines between.
pub(crate) fn attribute<S: AsRef<str>>(paragraphs: &[S]) -> TokenStream {
    let text = paragraphs
        .iter()
        .map(|text| text.as_ref().trim_matches('\n'))
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("\n\n");
    quote!(#[doc = #text])
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::{ItemStruct, parse_quote};

    #[test]
    fn text_and_summary_of_a_comment() {
        let item: ItemStruct = parse_quote! {
            /// First line
            /// and second.
            ///
            ///  * more
            struct S;
        };
        let text = text(&item.attrs);
        assert_eq!(text, "First line\nand second.\n\n * more");
        assert_eq!(summary(&text), "First line and second.");
    }
}
