//! `#[buffer(…)]`.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Error, Expr, Ident, Meta, Token};

use super::{Slot, Tried, each_key, value};
use crate::ctxt::Ctxt;
use crate::{suggest, symbol};

/// A declared placement.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Location {
    #[default]
    Local,
    Shared,
}

/// A scratch array.
#[derive(Debug)]
pub(crate) struct BufferAttr {
    /// The whole attribute, for messages about what it lacks.
    pub(crate) meta: Meta,
    pub(crate) tried: Tried,
    pub(crate) len: Slot<Expr>,
    pub(crate) location: Slot<Location>,
    pub(crate) persistent: Slot<()>,
    pub(crate) aliases: Slot<Ident>,
    pub(crate) zeroed: Slot<()>,
    /// First and last phase in which the contents matter.
    pub(crate) live: Slot<(Ident, Ident)>,
}

impl BufferAttr {
    pub(super) fn read(ctxt: &Ctxt, attr: &Attribute) -> Self {
        let mut this = Self {
            meta: attr.meta.clone(),
            tried: Tried::default(),
            len: Slot::default(),
            location: Slot::default(),
            persistent: Slot::default(),
            aliases: Slot::default(),
            zeroed: Slot::default(),
            live: Slot::default(),
        };
        this.tried = each_key(ctxt, attr, symbol::BUFFER_KEYS, |key, name, input| {
            match name {
                symbol::LEN => this.len.set(ctxt, key, value::expr(key, input, "n")?),
                symbol::LOCATION => this.location.set(ctxt, key, location(key, input)?),
                symbol::PERSISTENT => {
                    value::flag(key, input)?;
                    this.persistent.set(ctxt, key, ());
                }
                symbol::ALIASES => this.aliases.set(ctxt, key, value::ident(key, input, "other_buffer")?),
                symbol::ZEROED => {
                    value::flag(key, input)?;
                    this.zeroed.set(ctxt, key, ());
                }
                _ => this.live.set(ctxt, key, live(key, input)?),
            }
            Ok(())
        });
        this
    }
}

fn location(key: &Ident, input: ParseStream<'_>) -> syn::Result<Location> {
    let name = value::ident(key, input, "shared")?;
    match name.unraw().to_string().as_str() {
        "local" => Ok(Location::Local),
        "shared" => Ok(Location::Shared),
        "persistent" => Err(Error::new(
            name.span(),
            "`persistent` is not a location but a flag beside it: write `location = local, persistent` or `location = shared, persistent`",
        )),
        other => {
            let hint = suggest::nearest_or(&other.to_lowercase(), ["shared", "local"], || {
                "; write `location = shared` or `location = local`".to_owned()
            });
            Err(Error::new(name.span(), format!("there is no location `{other}`{hint}")))
        }
    }
}

fn live(key: &Ident, input: ParseStream<'_>) -> syn::Result<(Ident, Ident)> {
    let example = "first_phase..=last_phase";
    value::equals(key, input, example)?;
    let first = value::name(key, input, example)?;
    if input.peek(Token![..=]) {
        input.parse::<Token![..=]>()?;
        let last = value::name(key, input, example)?;
        return Ok((first, last));
    }
    if input.peek(Token![..]) {
        return Err(input.error(format!("`live` includes both phases: write `live = {first}..=…`")));
    }
    Ok((first.clone(), first))
}
