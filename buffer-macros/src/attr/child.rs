//! `#[child(…)]`.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Error, Expr, Ident, LitStr, Token};

use super::{Slot, complete, each_key, list, value};
use crate::ctxt::Ctxt;
use crate::symbol;

/// One entry of `with(…)`.
#[derive(Debug)]
pub(crate) struct GivenInput {
    pub(crate) name: Ident,
    /// `None` for the shorthand `with(n)`, which clones the field of that name.
    pub(crate) value: Option<Expr>,
}

/// A config inside the config.
#[derive(Debug, Default)]
pub(crate) struct ChildAttr {
    pub(crate) prefix: Slot<LitStr>,
    pub(crate) with: Slot<Vec<GivenInput>>,
    pub(crate) inputs: Slot<Expr>,
    pub(crate) when: Slot<Expr>,
    pub(crate) aliases: Slot<Ident>,
    pub(crate) at: Slot<Ident>,
}

impl ChildAttr {
    pub(super) fn read(ctxt: &Ctxt, attr: &Attribute) -> Self {
        let mut this = Self::default();
        each_key(ctxt, attr, symbol::CHILD_KEYS, |key, name, input| {
            match name {
                symbol::PREFIX => this.prefix.set(ctxt, key, value::string(key, input, "\"newton\"")?),
                symbol::WITH => this.with.set(ctxt, key, with(key, input)?),
                symbol::INPUTS => this.inputs.set(ctxt, key, value::expr(key, input, "NewtonInputs { n }")?),
                symbol::WHEN => this.when.set(ctxt, key, value::expr(key, input, "condition")?),
                symbol::ALIASES => this.aliases.set(ctxt, key, value::ident(key, input, "other_buffer")?),
                _ => this.at.set(ctxt, key, value::ident(key, input, "phase")?),
            }
            Ok(())
        });
        this
    }
}

fn with(key: &Ident, input: ParseStream<'_>) -> syn::Result<Vec<GivenInput>> {
    if !input.peek(syn::token::Paren) {
        return Err(Error::new(key.span(), "`with` takes inputs in parentheses: write `with(n)` or `with(n = 2 * n)`"));
    }
    list(input, |input| {
        if !input.peek(Ident::peek_any) {
            return Err(input.error("`with` takes names of the child's inputs: write `with(n)` or `with(n = 2 * n)`"));
        }
        let name = input.call(Ident::parse_any)?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Some(complete(&name, input)?)
        } else if input.peek(Token![:]) {
            return Err(input.error(format!("`with` gives an input with `=`: write `{name} = …`")));
        } else {
            None
        };
        Ok(GivenInput { name, value })
    })
}
