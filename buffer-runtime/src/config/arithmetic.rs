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

/// What the operators of a length take: a `usize`, or a reference to one, as closures over iterators see it.
#[diagnostic::on_unimplemented(
    message = "a length is computed in `usize`, not in `{Self}`",
    label = "an operand of type `{Self}`",
    note = "convert the operand: `value as usize` in the expression of `len`, or declare the field as `usize`"
)]
pub trait Operand {
    /// The value itself.
    fn value(self) -> usize;
}

impl Operand for usize {
    fn value(self) -> usize {
        self
    }
}

impl Operand for &usize {
    fn value(self) -> usize {
        *self
    }
}

/// `a + b`.
pub fn add(a: impl Operand, b: impl Operand, arithmetic: &Arithmetic) -> usize {
    arithmetic.record(a.value().checked_add(b.value()), "an addition overflows")
}

/// `a - b`.
pub fn sub(a: impl Operand, b: impl Operand, arithmetic: &Arithmetic) -> usize {
    arithmetic
        .record(a.value().checked_sub(b.value()), "a subtraction goes below zero (`saturating_sub` stops at zero)")
}

/// `a * b`.
pub fn mul(a: impl Operand, b: impl Operand, arithmetic: &Arithmetic) -> usize {
    arithmetic.record(a.value().checked_mul(b.value()), "a multiplication overflows")
}

/// `a / b`.
pub fn div(a: impl Operand, b: impl Operand, arithmetic: &Arithmetic) -> usize {
    arithmetic.record(a.value().checked_div(b.value()), "a division by zero")
}

/// `a % b`.
pub fn rem(a: impl Operand, b: impl Operand, arithmetic: &Arithmetic) -> usize {
    arithmetic.record(a.value().checked_rem(b.value()), "a remainder of a division by zero")
}

/// Makes sure that a constant length is possible.
///
/// # Panics
/// Where it exceeds [`MAX_ELEMENTS`]; in a constant, which then fails to compile.
#[track_caller]
pub const fn check_length(elements: usize, message: &str) {
    if elements > MAX_ELEMENTS {
        panic!("{}", message);
    }
}

/// Makes sure that a buffer of constant length fits into the space of the one it aliases.
///
/// # Panics
/// With `message` where it does not; in a constant, which then fails to compile.
#[track_caller]
pub const fn check_alias(elements: usize, target: usize, message: &str) {
    if elements > target {
        panic!("{}", message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_operands_and_the_first_failure_is_kept() {
        let arithmetic = Arithmetic::default();
        let sizes = [3_usize, 4];
        let sum: usize = sizes.iter().map(|size| add(mul(size, 2, &arithmetic), 1, &arithmetic)).sum();
        assert_eq!((sum, arithmetic.failure()), (16, None));
        let [first, second] = [&sizes[0], &sizes[1]];
        assert_eq!(sub(first, second, &arithmetic), 0);
        div(1, 0, &arithmetic);
        assert!(arithmetic.failure().is_some_and(|failure| failure.contains("subtraction")));
    }
}
