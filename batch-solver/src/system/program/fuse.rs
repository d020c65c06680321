//! Choosing operations for expressions, with fused multiply-adds.
//!
//! A product that is used once, by a sum or a difference, becomes part of a fused multiply-add:
//! `a·b + c` and `c + a·b` → `fma(a, b, c)`; `a·b − c` → `fma(a, b, −c)`; `c − a·b` → `fma(−a, b, c)`. Where both
//! operands are such products the left one is fused: `a·b + c·d` → `fma(a, b, c·d)`, `a·b − c·d` → `fma(a, b, −(c·d))`.
//! A product used more than once is computed once and stays as it is. A product under a negation, each used once,
//! counts as a product with the opposite sign. The choice depends on the expressions alone.

use super::Operation;
use crate::system::arena::{Arena, BinaryOp, ExprId, Node, UnaryOp};

/// The operation for each expression of the arena, by index, with operands by index. Expressions that became part of
/// another's operation keep their own, which nothing uses then.
pub(super) fn operations(arena: &Arena, outputs: &[ExprId], fuse: bool) -> Vec<Operation<usize>> {
    let mut uses = vec![0_usize; arena.len()];
    for output in outputs {
        uses[output.index()] += 1;
    }
    // Users come after their operands; what only folding has left behind is not used and uses nothing.
    for (id, node) in arena.nodes().rev() {
        if uses[id.index()] > 0 {
            node.operands().for_each(|operand| uses[operand.index()] += 1);
        }
    }
    let selection = Selection { arena, uses };
    arena.nodes().map(|(_, node)| selection.operation(node, fuse).map(ExprId::index)).collect()
}

struct Selection<'a> {
    arena: &'a Arena,
    uses: Vec<usize>,
}

/// A product that may be fused with the sum that uses it.
struct Product {
    a: ExprId,
    b: ExprId,
    minus: bool,
}

impl Selection<'_> {
    fn operation(&self, node: Node, fuse: bool) -> Operation<ExprId> {
        match node {
            Node::Literal(literal) => Operation::Literal(literal.value()),
            // Whatever uses a known condition is resolved by the arena's constructors, so nothing uses this.
            Node::Truth(truth) => Operation::Literal(if truth { 1.0 } else { 0.0 }),
            Node::Symbol(symbol) => Operation::Input(symbol),
            Node::Unary(op, a) => Operation::Unary(op, a),
            Node::Binary(op @ (BinaryOp::Add | BinaryOp::Sub), a, b) if fuse => {
                self.fused(op == BinaryOp::Sub, a, b).unwrap_or(Operation::Binary(op, a, b))
            }
            Node::Binary(op, a, b) => Operation::Binary(op, a, b),
            Node::Select(c, a, b) => Operation::Select(c, a, b),
            Node::Compare(op, a, b) => Operation::Compare(op, a, b),
            Node::Not(a) => Operation::Not(a),
            Node::And(a, b) => Operation::And(a, b),
            Node::Or(a, b) => Operation::Or(a, b),
        }
    }

    /// `left + right` or `left − right` with one of them a product.
    fn fused(&self, subtract: bool, left: ExprId, right: ExprId) -> Option<Operation<ExprId>> {
        if let Some(Product { a, b, minus }) = self.product(left) {
            return Some(Operation::Fma { a, b, c: right, minus_product: minus, minus_addend: subtract });
        }
        let Product { a, b, minus } = self.product(right)?;
        Some(Operation::Fma { a, b, c: left, minus_product: minus != subtract, minus_addend: false })
    }

    fn product(&self, id: ExprId) -> Option<Product> {
        if self.uses[id.index()] != 1 {
            return None;
        }
        match self.arena.node(id) {
            Node::Binary(BinaryOp::Mul, a, b) => Some(Product { a, b, minus: false }),
            Node::Unary(UnaryOp::Neg, negated) => {
                let Product { a, b, minus } = self.product(negated)?;
                Some(Product { a, b, minus: !minus })
            }
            _ => None,
        }
    }
}
