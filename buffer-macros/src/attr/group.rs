//! `#[buffers(…)]`.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Error, ExprPath, Ident, LitStr, Path, Token};

use super::{Slot, each_key, list, value};
use crate::ctxt::Ctxt;
use crate::symbol;

/// What is said about the type as a whole.
#[derive(Debug, Default)]
pub(crate) struct GroupAttr {
    pub(crate) name: Slot<LitStr>,
    pub(crate) template: Slot<LitStr>,
    pub(crate) phases: Slot<Vec<Ident>>,
    pub(crate) validate: Slot<ExprPath>,
    pub(crate) settings: Slot<Ident>,
    pub(crate) inputs: Slot<Ident>,
    pub(crate) allocators: Slot<Ident>,
    pub(crate) krate: Slot<Path>,
}

impl GroupAttr {
    pub(super) fn read(&mut self, ctxt: &Ctxt, attr: &Attribute) {
        each_key(ctxt, attr, symbol::BUFFERS_KEYS, |key, name, input| {
            match name {
                symbol::NAME => self.name.set(ctxt, key, value::string(key, input, "\"dirk\"")?),
                symbol::TEMPLATE => self.template.set(ctxt, key, value::string(key, input, "\"dirk_step\"")?),
                symbol::PHASES => self.phases.set(ctxt, key, phases(key, input)?),
                symbol::VALIDATE => self.validate.set(ctxt, key, value::path(key, input, "Self::check")?),
                symbol::SETTINGS => self.settings.set(ctxt, key, value::ident(key, input, "DirkSettings")?),
                symbol::INPUTS => self.inputs.set(ctxt, key, value::ident(key, input, "DirkInputs")?),
                symbol::ALLOCATORS => self.allocators.set(ctxt, key, value::ident(key, input, "DirkAllocators")?),
                _ => self.krate.set(ctxt, key, krate(key, input)?),
            }
            Ok(())
        });
    }
}

fn phases(key: &Ident, input: ParseStream<'_>) -> syn::Result<Vec<Ident>> {
    if !input.peek(syn::token::Paren) {
        return Err(Error::new(key.span(), "`phases` takes names in order: write `phases(predict, solve, finish)`"));
    }
    let names = list(input, Ident::parse_any)?;
    if names.is_empty() {
        return Err(Error::new(key.span(), "`phases` names none: write `phases(predict, solve, finish)`"));
    }
    Ok(names)
}

/// The path of the runtime as seen from where the config stands. A bare name would be looked up among the names in
/// scope, so that a local module could take its place.
fn krate(key: &Ident, input: ParseStream<'_>) -> syn::Result<Path> {
    if input.peek(Token![=]) && input.peek2(LitStr) {
        input.parse::<Token![=]>()?;
        let text: LitStr = input.parse()?;
        return Err(Error::new(
            text.span(),
            format!("`crate` takes a path: write `crate = {}`", rooted(&text.value())),
        ));
    }
    if !input.peek(Token![=]) {
        return Err(Error::new(key.span(), "`crate` needs a value: write `crate = ::buffer_runtime`"));
    }
    input.parse::<Token![=]>()?;
    let path = Path::parse_mod_style(input)?;
    let anchored = path.leading_colon.is_some()
        || path
            .segments
            .first()
            .is_some_and(|first| ["crate", "$crate", "self", "super"].iter().any(|root| first.ident == root));
    if !anchored {
        let written = crate::text::of(&path);
        return Err(Error::new_spanned(
            path,
            format!(
                "the path of the runtime must be absolute: write `crate = ::{written}` or `crate = crate::{written}`"
            ),
        ));
    }
    Ok(path)
}

fn rooted(text: &str) -> String {
    if text.starts_with("::") || text.starts_with("crate") { text.to_owned() } else { format!("::{text}") }
}
