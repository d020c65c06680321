//! Rooted trees and the order conditions they stand for.
//!
//! A Runge–Kutta method has order `p` if and only if `Σ_i b_i φ_i(τ) = 1/γ(τ)` for every rooted tree `τ` of at most
//! `p` nodes (J. C. Butcher, Numerical Methods for Ordinary Differential Equations, 3rd ed., Wiley 2016, §315).
//! For a Rosenbrock method a node of one child weighs it with another matrix than a node of several (E. Hairer,
//! G. Wanner, Solving Ordinary Differential Equations II, 2nd ed., Springer 1996, §IV.7); for a W-method it may also
//! stand for a product with the matrix that replaces the Jacobian, of which the solution knows nothing: then the
//! condition is `Σ_i b_i φ_i(τ) = 0` (same section).

use std::iter::Sum;
use std::ops::{Add, Mul};

/// A rooted tree: the multiset of the trees grafted onto its root, as ascending indices into the list of all trees.
pub(super) struct RootedTree {
    pub(super) nodes: u32,
    children: Vec<usize>,
    /// The density γ(τ): the product over all nodes of the size of the subtree rooted there.
    pub(super) density: f64,
}

/// All rooted trees of at most `nodes` nodes, smaller trees first.
pub(super) fn rooted_trees(nodes: u32) -> Vec<RootedTree> {
    let mut trees = Vec::new();
    for size in 1..=nodes {
        let mut forests = Vec::new();
        collect_forests(&trees, size - 1, 0, &mut Vec::new(), &mut forests);
        for children in forests {
            let density = children.iter().fold(f64::from(size), |product, &child| product * trees[child].density);
            trees.push(RootedTree { nodes: size, children, density });
        }
    }
    trees
}

/// All ascending lists of trees, none before `first`, that have `nodes` nodes together.
fn collect_forests(
    trees: &[RootedTree],
    nodes: u32,
    first: usize,
    chosen: &mut Vec<usize>,
    forests: &mut Vec<Vec<usize>>,
) {
    if nodes == 0 {
        forests.push(chosen.clone());
        return;
    }
    for (index, tree) in trees.iter().enumerate().skip(first) {
        if tree.nodes <= nodes {
            chosen.push(index);
            collect_forests(trees, nodes - tree.nodes, index, chosen, forests);
            chosen.pop();
        }
    }
}

/// A number and the scale of its rounding errors: the same expression with absolute values throughout.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tracked {
    pub(super) value: f64,
    pub(super) scale: f64,
}

impl From<f64> for Tracked {
    fn from(value: f64) -> Self {
        Self { value, scale: value.abs() }
    }
}

impl Add for Tracked {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { value: self.value + other.value, scale: self.scale + other.scale }
    }
}

impl Mul for Tracked {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self { value: self.value * other.value, scale: self.scale * other.scale }
    }
}

impl Sum for Tracked {
    fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
        terms.fold(0.0.into(), Add::add)
    }
}

/// A square matrix, by rows.
pub(super) type Matrix = Vec<Vec<Tracked>>;

/// `Σ_i left_i right_i`.
pub(super) fn dot(left: &[Tracked], right: &[Tracked]) -> Tracked {
    left.iter().zip(right).map(|(&left, &right)| left * right).sum()
}

/// The matrix with which a node weighs a child.
#[derive(Clone, Copy)]
pub(super) struct Graft<'a> {
    pub(super) matrix: &'a Matrix,
    /// Whether the solution of the differential equation has the term as well.
    pub(super) exact: bool,
}

/// The elementary weights `φ_i(τ)` for one choice of the grafts of a tree.
#[derive(Clone)]
struct Elementary {
    weights: Vec<Tracked>,
    exact: bool,
}

/// One order condition of a method, evaluated.
pub(super) struct Residual {
    pub(super) nodes: u32,
    /// `Σ_i b_i φ_i(τ) − 1/γ(τ)`, or without the last term if the solution has no such term.
    pub(super) value: f64,
    /// The same sum with absolute values throughout: the scale of its rounding errors.
    pub(super) scale: f64,
}

/// The residuals of the order conditions of `weights` for all `trees`.
///
/// A node of one child weighs it with each of the matrices in `single`; a node of more weighs all with `several`.
pub(super) fn residuals(
    weights: &[Tracked],
    single: &[Graft<'_>],
    several: &Matrix,
    trees: &[RootedTree],
) -> Vec<Residual> {
    let several = [Graft { matrix: several, exact: true }];
    let mut elementary: Vec<Vec<Elementary>> = Vec::with_capacity(trees.len());
    let mut residuals = Vec::new();
    for tree in trees {
        let grafts = if tree.children.len() == 1 { single } else { &several };
        let leaf = Elementary { weights: vec![1.0.into(); weights.len()], exact: true };
        let choices = tree.children.iter().fold(vec![leaf], |choices, &child| {
            let branch = |choice: &Elementary, graft: &Graft<'_>, child: &Elementary| Elementary {
                weights: choice
                    .weights
                    .iter()
                    .zip(graft.matrix)
                    .map(|(&w, row)| w * dot(row, &child.weights))
                    .collect(),
                exact: choice.exact && graft.exact && child.exact,
            };
            let mut grafted = Vec::new();
            for choice in &choices {
                for graft in grafts {
                    grafted.extend(elementary[child].iter().map(|child| branch(choice, graft, child)));
                }
            }
            grafted
        });
        residuals.extend(choices.iter().map(|choice| {
            let sum = dot(weights, &choice.weights);
            let solution = if choice.exact { 1.0 / tree.density } else { 0.0 };
            Residual { nodes: tree.nodes, value: sum.value - solution, scale: sum.scale + solution }
        }));
        elementary.push(choices);
    }
    residuals
}
