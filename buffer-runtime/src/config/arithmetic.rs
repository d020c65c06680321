//! Checked arithmetic on lengths: the derive rewrites the operators of `len` expressions to these.

use std::cell::Cell;

/// Largest length of one buffer, in elements. A thread's scratch is kilobytes; beyond this a length is a mistake, not a request.
pub const MAX_ELEMENTS: usize = 1 << 28;

/// Remembers whether any operation of a length expression left `usize`.
///
/// A flag rather than a `Result`, so that rewritten expressions keep their types inside closures and branches.
#[derive(Debug, Default)]
pub struct Arithmetic {
    failure: Cell<Option<&'static str>>,
}

impl Arithmetic {
    /// What went wrong first.
    pub(crate) fn failure(&self) -> Option<&'static str> {
        self.failure.get()
    }

    fn record(&self, result: Option<usize>, failure: &'static str) -> usize {
        result.unwrap_or_else(|| {
            if self.failure.get().is_none() {
                self.failure.set(Some(failure));
            }
            0
        })
    }
}

/// `a + b`.
pub fn add(a: usize, b: usize, arithmetic: &Arithmetic) -> usize {
    arithmetic.record(a.checked_add(b), "an addition overflows")
}

/// `a - b`.
pub fn sub(a: usize, b: usize, arithmetic: &Arithmetic) -> usize {
    arithmetic.record(a.checked_sub(b), "a subtraction goes below zero (`saturating_sub` stops at zero)")
}

/// `a * b`.
pub fn mul(a: usize, b: usize, arithmetic: &Arithmetic) -> usize {
    arithmetic.record(a.checked_mul(b), "a multiplication overflows")
}

/// `a / b`.
pub fn div(a: usize, b: usize, arithmetic: &Arithmetic) -> usize {
    arithmetic.record(a.checked_div(b), "a division by zero")
}

/// `a % b`.
pub fn rem(a: usize, b: usize, arithmetic: &Arithmetic) -> usize {
    arithmetic.record(a.checked_rem(b), "a remainder of a division by zero")
}
