//! From the arena back to expressions as written.

use super::{Arena, BinaryOp, CompareOp, ExprId, Node, Symbol, UnaryOp};
use crate::system::expr::{Expr, Head, Infix};

impl Arena {
    /// The expression with the names that `name` gives to symbols. Shared subexpressions are shared handles.
    pub(crate) fn to_expr<'n>(&self, root: ExprId, name: impl Fn(Symbol) -> &'n str) -> Expr {
        let mut exprs: Vec<Expr> = Vec::with_capacity(root.index() + 1);
        for (_, node) in self.nodes().take(root.index() + 1) {
            let operands = node.operands().map(|operand| exprs[operand.index()].clone()).collect();
            let head = match node {
                Node::Literal(literal) => Head::Number(literal.value()),
                Node::Symbol(symbol) => Head::Name(name(symbol).to_owned()),
                Node::Unary(UnaryOp::Neg, _) => Head::Negate,
                Node::Unary(op, _) => Head::Call(op.name().to_owned()),
                Node::Binary(op, ..) => match op {
                    BinaryOp::Add => Head::Infix(Infix::Add),
                    BinaryOp::Sub => Head::Infix(Infix::Subtract),
                    BinaryOp::Mul => Head::Infix(Infix::Multiply),
                    BinaryOp::Div => Head::Infix(Infix::Divide),
                    BinaryOp::Pow => Head::Infix(Infix::Power),
                    BinaryOp::Min | BinaryOp::Max | BinaryOp::Atan2 | BinaryOp::Hypot => {
                        Head::Call(op.name().to_owned())
                    }
                },
                Node::Select(..) => Head::Call("if".to_owned()),
                // The language has no words for known conditions: a comparison of numbers says the same.
                Node::Truth(truth) => {
                    let op = if truth { Infix::Equal } else { Infix::NotEqual };
                    exprs.push(Expr::new(Head::Infix(op), vec![Expr::from(0.0), Expr::from(0.0)], None));
                    continue;
                }
                Node::Compare(op, ..) => Head::Infix(match op {
                    CompareOp::Lt => Infix::Less,
                    CompareOp::Le => Infix::LessEqual,
                    CompareOp::Eq => Infix::Equal,
                    CompareOp::Ne => Infix::NotEqual,
                }),
                Node::Not(_) => Head::Not,
                Node::And(..) => Head::Infix(Infix::And),
                Node::Or(..) => Head::Infix(Infix::Or),
            };
            exprs.push(Expr::new(head, operands, None));
        }
        exprs.swap_remove(root.index())
    }
}
