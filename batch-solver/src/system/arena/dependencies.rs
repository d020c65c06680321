//! Which symbols the derivatives of an expression are taken with respect to: a pass over the expressions without
//! differentiating any.

use std::collections::HashMap;

use super::{Arena, ExprId, Node, Symbol, UnaryOp};

/// Symbols looked at in one pass, which bounds the memory it takes.
pub(super) const BLOCK: usize = 512;

const WORDS: usize = BLOCK / 64;

/// A set of symbols by their positions in a list of at most [`BLOCK`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct SymbolSet([u64; WORDS]);

impl SymbolSet {
    fn insert(&mut self, position: usize) {
        if let Some(word) = self.0.get_mut(position / 64) {
            *word |= 1 << (position % 64);
        }
    }

    fn union(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word |= other);
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The positions, ascending.
    pub(super) fn positions(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(index, word)| {
            let lowest_cleared = |word: &u64| Some(word & (word - 1)).filter(|rest| *rest != 0);
            let rest = std::iter::successors(Some(word).filter(|word| *word != 0), lowest_cleared);
            rest.map(move |word| 64 * index + word.trailing_zeros() as usize)
        })
    }
}

impl Node {
    /// The operands whose derivatives are part of this expression's. Conditions, `sign`, `floor` and `ceil` have
    /// derivative zero, and a selection is differentiated in its branches.
    pub(super) fn differentiated_operands(&self) -> impl Iterator<Item = ExprId> + use<> {
        let operands = match *self {
            Self::Unary(UnaryOp::Sign | UnaryOp::Floor | UnaryOp::Ceil, _) => [None; 2],
            Self::Unary(_, a) => [Some(a), None],
            Self::Binary(_, a, b) | Self::Select(_, a, b) => [Some(a), Some(b)],
            Self::Literal(_)
            | Self::Symbol(_)
            | Self::Truth(_)
            | Self::Compare(..)
            | Self::Not(_)
            | Self::And(..)
            | Self::Or(..) => [None; 2],
        };
        operands.into_iter().flatten()
    }
}

impl Arena {
    /// The expressions whose derivatives those of `roots` can be made of, operands first.
    pub(super) fn differentiated(&self, roots: &[ExprId]) -> Vec<ExprId> {
        self.reached(roots, |node| node.differentiated_operands().collect())
    }

    /// Whether an expression among `roots` contains a symbol that is `wanted`, in a condition too.
    pub(crate) fn mentions(&self, roots: &[ExprId], wanted: impl Fn(Symbol) -> bool) -> bool {
        let reached = self.reached(roots, |node| node.operands().collect());
        reached.into_iter().any(|id| matches!(self.node(id), Node::Symbol(symbol) if wanted(symbol)))
    }

    /// The expressions below `roots` by which values jump: those that conditions compare, and the arguments of `sign`, `floor` and `ceil`. Derivatives do not show them.
    pub(crate) fn jumps(&self, roots: &[ExprId]) -> Vec<ExprId> {
        let reached = self.reached(roots, |node| node.operands().collect());
        let jumping = reached.into_iter().flat_map(|id| match self.node(id) {
            Node::Compare(_, a, b) => [Some(a), Some(b)],
            Node::Unary(UnaryOp::Sign | UnaryOp::Floor | UnaryOp::Ceil, a) => [Some(a), None],
            _ => [None, None],
        });
        jumping.flatten().collect()
    }

    /// `roots` and what `operands` lead to from them, operands first.
    fn reached(&self, roots: &[ExprId], operands: impl Fn(Node) -> Vec<ExprId>) -> Vec<ExprId> {
        let mut reached = vec![false; self.len()];
        roots.iter().for_each(|root| reached[root.index()] = true);
        // Users come after their operands.
        for (id, node) in self.nodes().rev() {
            if reached[id.index()] {
                operands(node).into_iter().for_each(|operand| reached[operand.index()] = true);
            }
        }
        self.nodes().map(|(id, _)| id).filter(|id| reached[id.index()]).collect()
    }

    /// For each expression by its index, on which of `symbols`, at most [`BLOCK`], its derivatives depend; only
    /// `differentiated` ones are looked at.
    pub(super) fn dependencies(&self, differentiated: &[ExprId], symbols: &[Symbol]) -> Vec<SymbolSet> {
        let positions: HashMap<Symbol, usize> = symbols.iter().copied().zip(0..).collect();
        let mut sets = vec![SymbolSet::default(); self.len()];
        for &id in differentiated {
            let node = self.node(id);
            let mut set = SymbolSet::default();
            if let Node::Symbol(symbol) = node
                && let Some(&position) = positions.get(&symbol)
            {
                set.insert(position);
            }
            node.differentiated_operands().for_each(|operand| set.union(sets[operand.index()]));
            sets[id.index()] = set;
        }
        sets
    }

    /// With respect to which of `symbols` each root has a derivative, as ascending positions: those that
    /// [`Arena::gradients`] finds.
    pub(crate) fn gradient_pattern(&self, roots: &[ExprId], symbols: &[Symbol]) -> Vec<Vec<usize>> {
        let differentiated = self.differentiated(roots);
        let mut pattern = vec![Vec::new(); roots.len()];
        for (block, symbols) in symbols.chunks(BLOCK).enumerate() {
            let sets = self.dependencies(&differentiated, symbols);
            for (row, root) in pattern.iter_mut().zip(roots) {
                row.extend(sets[root.index()].positions().map(|position| block * BLOCK + position));
            }
        }
        pattern
    }
}
