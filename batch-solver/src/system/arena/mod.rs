//! Hash-consed expressions: equal expressions have equal ids and are stored once.
//!
//! The constructors bring expressions into a canonical form; [`simplify`] lists every rewriting and what it does to
//! rounding, signed zeros, infinities and NaN. Canonicalisation is idempotent: building a node again from its own
//! operands returns the same id.

mod dependencies;
mod differentiate;
mod node;
mod simplify;
mod syntax;
#[cfg(test)]
mod tests;

use indexmap::IndexSet;
use std::collections::HashMap;

pub(crate) use differentiate::Rate;
pub(crate) use node::{BinaryOp, CompareOp, ExprId, Literal, Node, Symbol, UnaryOp};

/// A set of expressions, operands before the expressions made of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arena {
    nodes: IndexSet<Node>,
}

impl PartialEq for Arena {
    /// Equal nodes in equal order; the set's own equality would ignore the order, which gives the ids their meaning.
    fn eq(&self, other: &Self) -> bool {
        self.nodes.iter().eq(other.nodes.iter())
    }
}

impl Arena {
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The expression behind an id of this arena.
    pub(crate) fn node(&self, id: ExprId) -> Node {
        self.nodes[id.index()]
    }

    /// All expressions in order, operands first.
    pub(crate) fn nodes(&self) -> impl DoubleEndedIterator<Item = (ExprId, Node)> + '_ {
        self.nodes.iter().enumerate().map(|(index, &node)| (ExprId(index as u32), node))
    }

    /// The value of a literal.
    pub(crate) fn literal_value(&self, id: ExprId) -> Option<f64> {
        match self.node(id) {
            Node::Literal(literal) => Some(literal.value()),
            _ => None,
        }
    }

    /// Rebuilds the expressions `roots` in a new arena that holds nothing else, with some symbols replaced by numbers.
    ///
    /// The new ids depend on the roots and their structure only, not on the history of this arena: expressions are
    /// numbered in the order of a depth-first walk from the first root to the last, left operands first.
    pub(crate) fn rebuild(&self, roots: &[ExprId], value: impl Fn(Symbol) -> Option<f64>) -> (Self, Vec<ExprId>) {
        let mut target = Self::default();
        let mut done: HashMap<ExprId, ExprId> = HashMap::new();
        let mut pending: Vec<(ExprId, bool)> = roots.iter().rev().map(|&root| (root, false)).collect();
        while let Some((id, operands_done)) = pending.pop() {
            if done.contains_key(&id) {
                continue;
            }
            let node = self.node(id);
            if !operands_done {
                pending.push((id, true));
                pending.extend(node.operands().rev().map(|operand| (operand, false)));
                continue;
            }
            let rebuilt = match node {
                Node::Literal(literal) => target.literal(literal.value()),
                Node::Truth(truth) => target.truth(truth),
                Node::Symbol(symbol) => match value(symbol) {
                    Some(number) => target.literal(number),
                    None => target.symbol(symbol),
                },
                Node::Unary(op, a) => target.unary(op, done[&a]),
                Node::Binary(op, a, b) => target.binary(op, done[&a], done[&b]),
                Node::Select(c, a, b) => target.select(done[&c], done[&a], done[&b]),
                Node::Compare(op, a, b) => target.compare(op, done[&a], done[&b]),
                Node::Not(a) => target.not(done[&a]),
                Node::And(a, b) => target.and(done[&a], done[&b]),
                Node::Or(a, b) => target.or(done[&a], done[&b]),
            };
            done.insert(id, rebuilt);
        }
        let roots = roots.iter().map(|root| done[root]).collect();
        (target, roots)
    }

    fn intern(&mut self, node: Node) -> ExprId {
        ExprId(self.nodes.insert_full(node).0 as u32)
    }

    /// The id of `node`, or of `exchanged`, which means the same, if that one is known already.
    ///
    /// The form written first stays: sorting operands instead would make the order depend on unrelated expressions.
    fn intern_commuting(&mut self, node: Node, exchanged: Node) -> ExprId {
        match self.nodes.get_index_of(&exchanged) {
            Some(index) => ExprId(index as u32),
            None => self.intern(node),
        }
    }
}
