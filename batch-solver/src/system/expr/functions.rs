//! Functions, comparisons and conditions on expression handles.

use std::ops::{BitAnd, BitOr, Not};

use super::operators::infix;
use super::{Expr, Head, Infix};

/// A condition on expressions, such as a comparison. Conditions combine with `&`, `|` and `!`.
#[derive(Clone, Debug)]
pub struct Condition(Expr);

/// `if_true` where the condition holds, else `if_false`.
///
/// Both are evaluated; the value that is not chosen has no influence, not even as a NaN.
pub fn select(condition: &Condition, if_true: impl Into<Expr>, if_false: impl Into<Expr>) -> Expr {
    Expr::call("select", [condition.0.clone(), if_true.into(), if_false.into()])
}

macro_rules! unary {
    ($($(#[$doc:meta])* $method:ident => $name:literal;)+) => {
        impl Expr {
            $($(#[$doc])*
            #[must_use]
            pub fn $method(&self) -> Self {
                Self::call($name, [self.clone()])
            })+
        }
    };
}

unary! {
    /// eˣ.
    exp => "exp";
    /// 2ˣ.
    exp2 => "exp2";
    /// eˣ − 1, accurate near 0.
    exp_m1 => "expm1";
    /// Natural logarithm.
    ln => "log";
    /// Logarithm to base 2.
    log2 => "log2";
    /// Logarithm to base 10.
    log10 => "log10";
    /// Natural logarithm of 1 + x, accurate near 0.
    ln_1p => "log1p";
    /// Square root.
    sqrt => "sqrt";
    /// Cube root.
    cbrt => "cbrt";
    /// Sine of an angle in radians.
    sin => "sin";
    /// Cosine of an angle in radians.
    cos => "cos";
    /// Tangent of an angle in radians.
    tan => "tan";
    /// Inverse sine, in radians.
    asin => "asin";
    /// Inverse cosine, in radians.
    acos => "acos";
    /// Inverse tangent, in radians.
    atan => "atan";
    /// Hyperbolic sine.
    sinh => "sinh";
    /// Hyperbolic cosine.
    cosh => "cosh";
    /// Hyperbolic tangent.
    tanh => "tanh";
    /// Absolute value.
    abs => "abs";
    /// −1, 0 or 1, the sign of the expression.
    sign => "sign";
    /// The largest integer that is not greater.
    floor => "floor";
    /// The smallest integer that is not less.
    ceil => "ceil";
}

macro_rules! binary {
    ($($(#[$doc:meta])* $method:ident => $name:literal;)+) => {
        impl Expr {
            $($(#[$doc])*
            #[must_use]
            pub fn $method(&self, other: impl Into<Self>) -> Self {
                Self::call($name, [self.clone(), other.into()])
            })+
        }
    };
}

binary! {
    /// `self < other ? self : other`.
    min => "min";
    /// `self > other ? self : other`.
    max => "max";
    /// The angle in radians of the point whose ordinate is `self` and whose abscissa is `other`.
    atan2 => "atan2";
    /// The length of the hypotenuse, without overflow of the squares.
    hypot => "hypot";
}

macro_rules! comparison {
    ($($(#[$doc:meta])* $method:ident => $infix:ident;)+) => {
        impl Expr {
            $($(#[$doc])*
            #[must_use]
            pub fn $method(&self, other: impl Into<Self>) -> Condition {
                Condition(infix(Infix::$infix, self.clone(), other.into()))
            })+
        }
    };
}

comparison! {
    /// Whether `self < other`.
    lt => Less;
    /// Whether `self <= other`.
    le => LessEqual;
    /// Whether `self > other`.
    gt => Greater;
    /// Whether `self >= other`.
    ge => GreaterEqual;
    /// Whether both are equal numbers.
    equals => Equal;
    /// Whether they differ or one is not a number.
    differs => NotEqual;
}

impl Expr {
    /// `self` to a power. Small integer and half-integer exponents become products and square roots.
    #[must_use]
    pub fn pow(&self, exponent: impl Into<Self>) -> Self {
        infix(Infix::Power, self.clone(), exponent.into())
    }
}

impl BitAnd for Condition {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(infix(Infix::And, self.0, other.0))
    }
}

impl BitOr for Condition {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(infix(Infix::Or, self.0, other.0))
    }
}

impl Not for Condition {
    type Output = Self;

    fn not(self) -> Self {
        Self(Expr::new(Head::Not, vec![self.0], None))
    }
}
