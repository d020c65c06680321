//! Arithmetic operators on expression handles.

use std::iter::Sum;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::{Expr, Head, Infix};

pub(super) fn infix(op: Infix, left: Expr, right: Expr) -> Expr {
    Expr::new(Head::Infix(op), vec![left, right], None)
}

macro_rules! operator {
    ($trait:ident, $method:ident, $infix:ident, $($left:ty, $right:ty);+) => {
        $(impl $trait<$right> for $left {
            type Output = Expr;

            fn $method(self, right: $right) -> Expr {
                infix(Infix::$infix, Expr::from(self), Expr::from(right))
            }
        })+
    };
    ($trait:ident, $method:ident, $infix:ident) => {
        operator!($trait, $method, $infix,
            Expr, Expr; Expr, &Expr; &Expr, Expr; &Expr, &Expr;
            Expr, f64; &Expr, f64; f64, Expr; f64, &Expr);
    };
}

operator!(Add, add, Add);
operator!(Sub, sub, Subtract);
operator!(Mul, mul, Multiply);
operator!(Div, div, Divide);

impl Neg for Expr {
    type Output = Self;

    fn neg(self) -> Self {
        Self::new(Head::Negate, vec![self], None)
    }
}

impl Neg for &Expr {
    type Output = Expr;

    fn neg(self) -> Expr {
        -self.clone()
    }
}

impl Sum for Expr {
    /// Adds from the left; the sum of nothing is 0.
    fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
        terms.reduce(|left, right| left + right).unwrap_or_else(|| Self::from(0.0))
    }
}
