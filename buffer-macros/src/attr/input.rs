//! `#[input]` and `#[input(device)]`.

use syn::Attribute;

use super::{Slot, each_key, value};
use crate::ctxt::Ctxt;
use crate::symbol;

/// A value that the owner of the config gives.
#[derive(Debug, Default)]
pub(crate) struct InputAttr {
    /// Emitted as a C++ constant.
    pub(crate) device: Slot<()>,
}

impl InputAttr {
    pub(super) fn read(ctxt: &Ctxt, attr: &Attribute) -> Self {
        let mut this = Self::default();
        each_key(ctxt, attr, symbol::INPUT_KEYS, |key, _, input| {
            value::flag(key, input)?;
            this.device.set(ctxt, key, ());
            Ok(())
        });
        this
    }
}
