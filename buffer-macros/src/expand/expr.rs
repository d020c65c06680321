//! Expressions of attributes in generated code: the fields they mention are bound by name, and the arithmetic of
//! lengths is checked.

use proc_macro2::{Group as TokenGroup, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{BinOp, Expr, ExprArray, ExprConst, ExprRepeat, Item, Macro, Pat, Type};

use crate::free;
use crate::model::{Field, generated, located};

/// Where the fields are when an expression is evaluated.
#[derive(Clone, Copy)]
pub(super) enum Fields {
    /// In locals of their names: while the config is being created.
    Locals,
    /// In `self`.
    OfSelf,
}

/// Statements that bind each of `fields` that one of `exprs` mentions: primitives by value, others by reference.
pub(super) fn bindings<'f, 'a: 'f>(
    exprs: &[&Expr],
    fields: impl Iterator<Item = &'f Field<'a>>,
    place: Fields,
) -> TokenStream {
    let names: Vec<free::Names> = exprs.iter().map(|expr| free::names(expr)).collect();
    let mentioned: Vec<&Field<'_>> =
        fields.filter(|field| names.iter().any(|names| names.mentions(&field.name))).collect();
    bind(&mentioned, place)
}

/// Statements that bind each of `fields`.
pub(super) fn bind(fields: &[&Field<'_>], place: Fields) -> TokenStream {
    fields
        .iter()
        .map(|field| {
            let ident = field.ident;
            match (place, field.by_value) {
                (Fields::Locals, true) => TokenStream::new(),
                (Fields::Locals, false) => quote!(let #ident = &#ident;),
                (Fields::OfSelf, true) => quote!(let #ident = self.#ident;),
                (Fields::OfSelf, false) => quote!(let #ident = &self.#ident;),
            }
        })
        .collect()
}

/// `expr` as it is written, less parentheses around the whole, with the names of `fields` resolved to the bindings of this expansion: an expression that
/// comes through a `macro_rules!` parameter carries another hygiene than the fields.
pub(super) fn plain<'f, 'a: 'f>(expr: &Expr, fields: impl Iterator<Item = &'f Field<'a>>) -> TokenStream {
    let fields: Vec<&Field<'_>> = fields.collect();
    resolve(peel(expr).to_token_stream(), &fields)
}

fn resolve(tokens: TokenStream, fields: &[&Field<'_>]) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(mut ident) => {
                if let Some(field) = fields.iter().find(|field| ident.unraw() == field.name) {
                    ident.set_span(ident.span().resolved_at(field.ident.span()));
                }
                TokenTree::Ident(ident)
            }
            TokenTree::Group(group) => {
                let mut resolved = TokenGroup::new(group.delimiter(), resolve(group.stream(), fields));
                resolved.set_span(group.span());
                TokenTree::Group(resolved)
            }
            other => other,
        })
        .collect()
}

/// A length: `+ - * / %` become calls of the runtime that record an overflow in `__e`.
pub(super) fn length<'f, 'a: 'f>(
    expr: &Expr,
    krate: &TokenStream,
    fields: impl Iterator<Item = &'f Field<'a>>,
) -> TokenStream {
    let mut expr = expr.clone();
    Checked { krate }.visit_expr_mut(&mut expr);
    plain(&expr, fields)
}

/// Without the parentheses that a whole expression does not need.
fn peel(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(paren) if paren.attrs.is_empty() => peel(&paren.expr),
        Expr::Group(group) if group.attrs.is_empty() => peel(&group.expr),
        other => other,
    }
}

struct Checked<'k> {
    krate: &'k TokenStream,
}

impl Checked<'_> {
    /// The runtime's function for an operator, and whether the operator assigns.
    fn operation(op: &BinOp) -> Option<(&'static str, bool)> {
        Some(match op {
            BinOp::Add(_) => ("add", false),
            BinOp::Sub(_) => ("sub", false),
            BinOp::Mul(_) => ("mul", false),
            BinOp::Div(_) => ("div", false),
            BinOp::Rem(_) => ("rem", false),
            BinOp::AddAssign(_) => ("add", true),
            BinOp::SubAssign(_) => ("sub", true),
            BinOp::MulAssign(_) => ("mul", true),
            BinOp::DivAssign(_) => ("div", true),
            BinOp::RemAssign(_) => ("rem", true),
            _ => return None,
        })
    }
}

impl VisitMut for Checked<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::Binary(binary) = expr else { return };
        let Some((name, assigns)) = Self::operation(&binary.op) else { return };
        let (left, right) = (peel(&binary.left), peel(&binary.right));
        let span = generated(binary.op.span());
        let (krate, name) = (located(self.krate, span), proc_macro2::Ident::new(name, span));
        let call = quote_spanned!(span=> #krate::__private::#name(#left, #right, __e));
        // Only a variable can be assigned without evaluating its place twice.
        *expr = match (assigns, left) {
            (false, _) => Expr::Verbatim(call),
            (true, Expr::Path(_)) => Expr::Verbatim(quote_spanned!(span=> #left = #call)),
            (true, _) => return,
        };
    }

    // Constants are evaluated by the compiler, which reports their overflow itself, and cannot see `__e`; nor can items.
    fn visit_expr_const_mut(&mut self, _: &mut ExprConst) {}
    fn visit_type_mut(&mut self, _: &mut Type) {}
    fn visit_generic_argument_mut(&mut self, _: &mut syn::GenericArgument) {}
    fn visit_pat_mut(&mut self, _: &mut Pat) {}
    fn visit_item_mut(&mut self, _: &mut Item) {}
    fn visit_macro_mut(&mut self, _: &mut Macro) {}
    fn visit_expr_repeat_mut(&mut self, repeat: &mut ExprRepeat) {
        self.visit_expr_mut(&mut repeat.expr);
    }
    fn visit_expr_array_mut(&mut self, array: &mut ExprArray) {
        visit_mut::visit_expr_array_mut(self, array);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;
    use syn::parse_quote;

    fn checked(expr: Expr) -> String {
        text::of(length(&expr, &quote!(rt), std::iter::empty())).replace("rt::__private::", "")
    }

    #[test]
    fn arithmetic_is_checked_everywhere() {
        assert_eq!(checked(parse_quote!((a - 1) * n)), "mul(sub(a, 1, __e), n, __e)");
        assert_eq!(
            checked(parse_quote!(xs.iter().map(|x| x.len() + 1).sum())),
            "xs.iter().map(|x| add(x.len(), 1, __e)).sum()"
        );
        assert_eq!(
            checked(parse_quote!(if a > b % 2 { a / 2 } else { (a) })),
            "if a > rem(b, 2, __e) { div(a, 2, __e) } else { (a) }"
        );
        assert_eq!(
            checked(parse_quote!({
                let mut s = 0;
                s += n;
                s
            })),
            "{ let mut s = 0; s = add(s, n, __e); s }"
        );
        assert_eq!(checked(parse_quote!(f(n.max(a + 1)))), "f(n.max(add(a, 1, __e)))");
    }

    #[test]
    fn constants_and_items_are_left_alone() {
        assert_eq!(checked(parse_quote!([0; 2 * 3].len())), "[0; 2 * 3].len()");
        assert_eq!(
            checked(parse_quote!({
                fn f(a: usize) -> usize {
                    a + 1
                }
                f(n)
            })),
            "{ fn f(a: usize) -> usize { a + 1 } f(n) }"
        );
        assert_eq!(checked(parse_quote!(const { 1 + 2 })), "const { 1 + 2 }");
    }
}
