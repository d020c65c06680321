//! Floating-point arithmetic as the emitted code performs it.

use super::arena::{BinaryOp, CompareOp, UnaryOp};

/// A floating-point type in which programs can be evaluated: `f32` or `f64`.
///
/// Each operation is rounded once, to nearest, as in device code. Elementary functions are those of the host's
/// library, which may differ from the device's in the last bits.
pub trait Real: Copy + std::fmt::Debug + PartialEq + Operations {}

impl Real for f32 {}
impl Real for f64 {}

pub(crate) use operations::Operations;

mod operations {
    use super::{BinaryOp, CompareOp, UnaryOp};

    /// The operations of the arena and of emitted programs.
    pub trait Operations: Sized {
        fn from_f64(value: f64) -> Self;
        fn unary(self, op: UnaryOp) -> Self;
        fn binary(self, op: BinaryOp, other: Self) -> Self;
        fn compare(self, op: CompareOp, other: Self) -> bool;
        fn fused_multiply_add(self, factor: Self, addend: Self) -> Self;
        fn negated_if(self, negate: bool) -> Self;
    }
}

macro_rules! operations {
    ($float:ident) => {
        impl Operations for $float {
            fn from_f64(value: f64) -> Self {
                value as Self
            }

            fn unary(self, op: UnaryOp) -> Self {
                match op {
                    UnaryOp::Neg => -self,
                    UnaryOp::Abs => self.abs(),
                    UnaryOp::Sign if self > 0.0 => 1.0,
                    UnaryOp::Sign if self < 0.0 => -1.0,
                    UnaryOp::Sign => self,
                    UnaryOp::Floor => self.floor(),
                    UnaryOp::Ceil => self.ceil(),
                    UnaryOp::Sqrt => self.sqrt(),
                    UnaryOp::Cbrt => self.cbrt(),
                    UnaryOp::Exp => self.exp(),
                    UnaryOp::Exp2 => self.exp2(),
                    UnaryOp::Expm1 => self.exp_m1(),
                    UnaryOp::Log => self.ln(),
                    UnaryOp::Log2 => self.log2(),
                    UnaryOp::Log10 => self.log10(),
                    UnaryOp::Log1p => self.ln_1p(),
                    UnaryOp::Sin => self.sin(),
                    UnaryOp::Cos => self.cos(),
                    UnaryOp::Tan => self.tan(),
                    UnaryOp::Asin => self.asin(),
                    UnaryOp::Acos => self.acos(),
                    UnaryOp::Atan => self.atan(),
                    UnaryOp::Sinh => self.sinh(),
                    UnaryOp::Cosh => self.cosh(),
                    UnaryOp::Tanh => self.tanh(),
                }
            }

            fn binary(self, op: BinaryOp, other: Self) -> Self {
                match op {
                    BinaryOp::Add => self + other,
                    BinaryOp::Sub => self - other,
                    BinaryOp::Mul => self * other,
                    BinaryOp::Div => self / other,
                    BinaryOp::Pow => self.powf(other),
                    // The vocabulary defines both by one comparison; std's would treat NaN differently.
                    BinaryOp::Min => {
                        if self < other {
                            self
                        } else {
                            other
                        }
                    }
                    BinaryOp::Max => {
                        if self > other {
                            self
                        } else {
                            other
                        }
                    }
                    BinaryOp::Atan2 => self.atan2(other),
                    BinaryOp::Hypot => self.hypot(other),
                }
            }

            fn compare(self, op: CompareOp, other: Self) -> bool {
                match op {
                    CompareOp::Lt => self < other,
                    CompareOp::Le => self <= other,
                    CompareOp::Eq => self == other,
                    CompareOp::Ne => self != other,
                }
            }

            fn fused_multiply_add(self, factor: Self, addend: Self) -> Self {
                self.mul_add(factor, addend)
            }

            fn negated_if(self, negate: bool) -> Self {
                if negate { -self } else { self }
            }
        }
    };
}

operations!(f32);
operations!(f64);
