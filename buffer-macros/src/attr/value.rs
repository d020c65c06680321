//! The kinds of values that keys take.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Expr, ExprPath, Ident, Lit, LitStr, Token};

use super::complete;

/// Consumes the `=` of `key = …` and makes sure that a value follows; `example` completes the message.
pub(super) fn equals(key: &Ident, input: ParseStream<'_>, example: &str) -> syn::Result<()> {
    if !input.peek(Token![=]) {
        return Err(Error::new(key.span(), format!("`{key}` needs a value: write `{key} = {example}`")));
    }
    let equals = input.parse::<Token![=]>()?;
    if input.is_empty() || input.peek(Token![,]) {
        return Err(Error::new(equals.span, format!("no value after `{key} =`: write `{key} = {example}`")));
    }
    Ok(())
}

/// `key` alone.
pub(super) fn flag(key: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() || input.peek(Token![,]) {
        Ok(())
    } else {
        Err(input.error(format!("`{key}` is a flag: write `{key}` alone")))
    }
}

/// `key = EXPR`.
pub(super) fn expr(key: &Ident, input: ParseStream<'_>, example: &str) -> syn::Result<Expr> {
    equals(key, input, example)?;
    complete(key, input)
}

/// `value` without the invisible groups that a parameter of `macro_rules!` puts around what it stands for.
pub(super) fn peel(value: Expr) -> Expr {
    match value {
        Expr::Group(group) if group.attrs.is_empty() => peel(*group.expr),
        other => other,
    }
}

/// `key = path::to::function`.
pub(super) fn path(key: &Ident, input: ParseStream<'_>, example: &str) -> syn::Result<ExprPath> {
    equals(key, input, example)?;
    match peel(complete(key, input)?) {
        Expr::Path(path) => Ok(path),
        other => {
            Err(Error::new_spanned(other, format!("`{key}` takes the path of a function: write `{key} = {example}`")))
        }
    }
}

/// `key = name`.
pub(super) fn ident(key: &Ident, input: ParseStream<'_>, example: &str) -> syn::Result<Ident> {
    equals(key, input, example)?;
    let found = name(key, input, example)?;
    if input.is_empty() || input.peek(Token![,]) {
        Ok(found)
    } else {
        Err(input.error(format!("`{key}` takes one name: write `{key} = {example}`")))
    }
}

/// A name where one must stand; a string is a common slip.
pub(super) fn name(key: &Ident, input: ParseStream<'_>, example: &str) -> syn::Result<Ident> {
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Err(Error::new(text.span(), format!("`{key}` takes a bare name: write `{key} = {}`", text.value())));
    }
    if input.peek(Ident::peek_any) {
        input.call(Ident::parse_any)
    } else if input.is_empty() {
        Err(Error::new(key.span(), format!("`{key}` lacks a name: write `{key} = {example}`")))
    } else {
        Err(input.error(format!("`{key}` takes a name: write `{key} = {example}`")))
    }
}

/// `key = "text"`.
pub(super) fn string(key: &Ident, input: ParseStream<'_>, example: &str) -> syn::Result<LitStr> {
    equals(key, input, example)?;
    match peel(complete::<Expr>(key, input)?) {
        Expr::Lit(literal) if matches!(literal.lit, Lit::Str(_)) => match literal.lit {
            Lit::Str(text) => Ok(text),
            other => Err(Error::new_spanned(other, format!("`{key}` takes a string: write `{key} = {example}`"))),
        },
        Expr::Path(path) if path.path.get_ident().is_some() => {
            let name = path.path.get_ident().map(ToString::to_string).unwrap_or_default();
            Err(Error::new_spanned(path, format!("`{key}` takes a string: write `{key} = \"{name}\"`")))
        }
        other => Err(Error::new_spanned(other, format!("`{key}` takes a string: write `{key} = {example}`"))),
    }
}
