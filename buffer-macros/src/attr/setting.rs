//! `#[setting(…)]`.

use syn::{Attribute, Error, Expr, ExprPath, LitStr, Meta, RangeLimits};

use super::{Slot, Tried, each_key, value};
use crate::ctxt::Ctxt;
use crate::symbol;

/// A value that the user of the config may change.
#[derive(Debug)]
pub(crate) struct SettingAttr {
    /// The whole attribute, for messages about what it lacks.
    pub(crate) meta: Meta,
    pub(crate) tried: Tried,
    pub(crate) default: Slot<Expr>,
    pub(crate) min: Slot<Expr>,
    pub(crate) max: Slot<Expr>,
    pub(crate) gt: Slot<Expr>,
    pub(crate) lt: Slot<Expr>,
    /// Lowest and highest allowed value, both included.
    pub(crate) range: Slot<(Expr, Expr)>,
    pub(crate) one_of: Slot<Vec<Expr>>,
    pub(crate) with: Slot<ExprPath>,
    pub(crate) argument: Slot<()>,
    pub(crate) rename: Slot<LitStr>,
}

impl SettingAttr {
    pub(super) fn read(ctxt: &Ctxt, attr: &Attribute) -> Self {
        let mut this = Self {
            meta: attr.meta.clone(),
            tried: Tried::default(),
            default: Slot::default(),
            min: Slot::default(),
            max: Slot::default(),
            gt: Slot::default(),
            lt: Slot::default(),
            range: Slot::default(),
            one_of: Slot::default(),
            with: Slot::default(),
            argument: Slot::default(),
            rename: Slot::default(),
        };
        this.tried = each_key(ctxt, attr, symbol::SETTING_KEYS, |key, name, input| {
            match name {
                symbol::DEFAULT => this.default.set(ctxt, key, value::expr(key, input, "8")?),
                symbol::MIN => this.min.set(ctxt, key, value::expr(key, input, "1")?),
                symbol::MAX => this.max.set(ctxt, key, value::expr(key, input, "50")?),
                symbol::GT => this.gt.set(ctxt, key, value::expr(key, input, "0.0")?),
                symbol::LT => this.lt.set(ctxt, key, value::expr(key, input, "1.0")?),
                symbol::RANGE => this.range.set(ctxt, key, range(value::peel(value::expr(key, input, "1..=50")?))?),
                symbol::ONE_OF => {
                    this.one_of.set(ctxt, key, choices(value::peel(value::expr(key, input, "[1, 2, 4]")?))?)
                }
                symbol::WITH => this.with.set(ctxt, key, value::path(key, input, "check_tolerance")?),
                symbol::ARGUMENT => {
                    value::flag(key, input)?;
                    this.argument.set(ctxt, key, ());
                }
                _ => this.rename.set(ctxt, key, value::string(key, input, "\"other_name\"")?),
            }
            Ok(())
        });
        this
    }
}

fn range(value: Expr) -> syn::Result<(Expr, Expr)> {
    let Expr::Range(range) = &value else {
        return Err(Error::new_spanned(value, "`range` takes both bounds: write `range = 1..=50`"));
    };
    match (&range.start, &range.limits, &range.end) {
        (Some(low), RangeLimits::Closed(_), Some(high)) => Ok(((**low).clone(), (**high).clone())),
        (Some(_), RangeLimits::HalfOpen(_), Some(_)) => Err(Error::new_spanned(
            range,
            "`range` includes both bounds: write `low..=high`, or `min = low, lt = high` to exclude the upper",
        )),
        (Some(_), _, None) => Err(Error::new_spanned(
            range,
            "`range` takes both bounds: for a lower bound alone write `min = …` or `gt = …`",
        )),
        _ => Err(Error::new_spanned(
            range,
            "`range` takes both bounds: for an upper bound alone write `max = …` or `lt = …`",
        )),
    }
}

fn choices(value: Expr) -> syn::Result<Vec<Expr>> {
    match value {
        Expr::Array(array) if !array.elems.is_empty() => Ok(array.elems.into_iter().collect()),
        Expr::Array(array) => Err(Error::new_spanned(
            array,
            "`one_of` allows nothing: write the allowed values, as in `one_of = [1, 2, 4]`",
        )),
        other => Err(Error::new_spanned(other, "`one_of` takes a list: write `one_of = [1, 2, 4]`")),
    }
}
