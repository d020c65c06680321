//! The nodes of the expression arena.

/// An expression of one [`Arena`](super::Arena). Operands have smaller ids than the expressions made of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ExprId(pub(super) u32);

impl ExprId {
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A number, compared by its bits so that `0` and `−0` stay apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Literal(u64);

impl Literal {
    pub(crate) const fn new(value: f64) -> Self {
        Self(value.to_bits())
    }

    pub(crate) const fn value(self) -> f64 {
        f64::from_bits(self.0)
    }
}

/// What the caller of an emitted function supplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Symbol {
    Time,
    State(usize),
    Parameter(usize),
    Constant(usize),
    /// A driver: a function of time that is given as samples.
    Driver(usize),
    /// The time derivative of a driver. Only derivatives of equations contain it; no name denotes it.
    DriverRate(usize),
    /// A component of the vector that the Jacobian is multiplied by, of a state each. Only such products contain it.
    Direction(usize),
}

/// Operations on one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    Neg,
    Abs,
    /// −1, 0 or 1; the argument itself where that is a zero or not a number.
    Sign,
    Floor,
    Ceil,
    Sqrt,
    Cbrt,
    Exp,
    Exp2,
    Expm1,
    Log,
    Log2,
    Log10,
    Log1p,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
}

impl UnaryOp {
    /// The function's name in equations, in the device vocabulary and in C.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Neg => "-",
            Self::Abs => "abs",
            Self::Sign => "sign",
            Self::Floor => "floor",
            Self::Ceil => "ceil",
            Self::Sqrt => "sqrt",
            Self::Cbrt => "cbrt",
            Self::Exp => "exp",
            Self::Exp2 => "exp2",
            Self::Expm1 => "expm1",
            Self::Log => "log",
            Self::Log2 => "log2",
            Self::Log10 => "log10",
            Self::Log1p => "log1p",
            Self::Sin => "sin",
            Self::Cos => "cos",
            Self::Tan => "tan",
            Self::Asin => "asin",
            Self::Acos => "acos",
            Self::Atan => "atan",
            Self::Sinh => "sinh",
            Self::Cosh => "cosh",
            Self::Tanh => "tanh",
        }
    }
}

/// Operations on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    /// `a < b ? a : b`: the second operand where one is not a number.
    Min,
    /// `a > b ? a : b`: the second operand where one is not a number.
    Max,
    Atan2,
    Hypot,
}

impl BinaryOp {
    /// The operator's sign or the function's name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Pow => "pow",
            Self::Min => "min",
            Self::Max => "max",
            Self::Atan2 => "atan2",
            Self::Hypot => "hypot",
        }
    }

    /// Whether exchanging the operands yields the same bits.
    pub(super) const fn commutes(self) -> bool {
        matches!(self, Self::Add | Self::Mul)
    }
}

/// Comparisons of two numbers. `a > b` is `b < a` and `a ≥ b` is `b ≤ a`, also where one is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompareOp {
    Lt,
    Le,
    Eq,
    Ne,
}

impl CompareOp {
    /// The sign in equations and in C++.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Eq => "==",
            Self::Ne => "!=",
        }
    }

    pub(super) const fn commutes(self) -> bool {
        matches!(self, Self::Eq | Self::Ne)
    }
}

/// One expression. The first four kinds and `Select` are numbers, the others are conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Literal(Literal),
    Symbol(Symbol),
    Unary(UnaryOp, ExprId),
    Binary(BinaryOp, ExprId, ExprId),
    /// `condition ? first : second`, both of which are evaluated.
    Select(ExprId, ExprId, ExprId),
    Truth(bool),
    Compare(CompareOp, ExprId, ExprId),
    Not(ExprId),
    And(ExprId, ExprId),
    Or(ExprId, ExprId),
}

impl Node {
    pub(crate) const fn is_condition(&self) -> bool {
        matches!(self, Self::Truth(_) | Self::Compare(..) | Self::Not(_) | Self::And(..) | Self::Or(..))
    }

    /// The operands, in order.
    pub(crate) fn operands(&self) -> impl DoubleEndedIterator<Item = ExprId> + use<> {
        let operands = match *self {
            Self::Literal(_) | Self::Symbol(_) | Self::Truth(_) => [None; 3],
            Self::Unary(_, a) | Self::Not(a) => [Some(a), None, None],
            Self::Binary(_, a, b) | Self::Compare(_, a, b) | Self::And(a, b) | Self::Or(a, b) => {
                [Some(a), Some(b), None]
            }
            Self::Select(a, b, c) => [Some(a), Some(b), Some(c)],
        };
        operands.into_iter().flatten()
    }
}
