//! Rooted trees and the order conditions they stand for.
//!
//! A Runge–Kutta method has order `p` if and only if `Σ_i b_i φ_i(τ) = 1/γ(τ)` for every rooted tree `τ` of at most
//! `p` nodes (J. C. Butcher, Numerical Methods for Ordinary Differential Equations, 3rd ed., Wiley 2016, §315).

use super::ErkTableau;

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

/// One order condition of a method, evaluated.
pub(super) struct Residual {
    pub(super) nodes: u32,
    /// `Σ_i b_i φ_i(τ) − 1/γ(τ)`.
    pub(super) value: f64,
    /// The same sum with absolute values throughout: the scale of its rounding errors.
    pub(super) scale: f64,
}

/// The residuals of the order conditions of `weights` for all `trees`.
pub(super) fn residuals(tableau: &ErkTableau, weights: &[f64], trees: &[RootedTree]) -> Vec<Residual> {
    let stages = tableau.stages();
    let mut elementary: Vec<Vec<(f64, f64)>> = Vec::with_capacity(trees.len());
    let mut residuals = Vec::with_capacity(trees.len());
    for tree in trees {
        let weight_of_stage = |stage: usize| {
            tree.children.iter().fold((1.0, 1.0), |(value, scale), &child| {
                let (mut sum, mut absolute) = (0.0, 0.0);
                for (previous, (child_value, child_scale)) in elementary[child].iter().enumerate() {
                    let coefficient = tableau.coefficient(stage, previous);
                    sum += coefficient * child_value;
                    absolute += coefficient.abs() * child_scale;
                }
                (value * sum, scale * absolute)
            })
        };
        let phi: Vec<(f64, f64)> = (0..stages).map(weight_of_stage).collect();
        let sum: f64 = weights.iter().zip(&phi).map(|(weight, (value, _))| weight * value).sum();
        let absolute: f64 = weights.iter().zip(&phi).map(|(weight, (_, scale))| weight.abs() * scale).sum();
        residuals.push(Residual {
            nodes: tree.nodes,
            value: sum - 1.0 / tree.density,
            scale: absolute + 1.0 / tree.density,
        });
        elementary.push(phi);
    }
    residuals
}
