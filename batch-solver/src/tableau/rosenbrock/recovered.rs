//! The matrices of the textbook form, recovered from the coefficients of the transformed one.

use super::RosenbrockTableau;
use crate::tableau::rooted_trees::{Matrix, Tracked};

/// `α`, `Γ` with its diagonal, and `β = α + Γ`.
pub(super) struct Recovered {
    pub(super) alpha: Matrix,
    pub(super) gamma: Matrix,
    pub(super) beta: Matrix,
}

impl Recovered {
    /// Solves `Γ⁻¹ Γ = I` with `Γ⁻¹ = I/γ − C` row by row, then `α = a Γ`.
    pub(super) fn new(tableau: &RosenbrockTableau) -> Self {
        let stages = tableau.stages();
        let unit = |row, column| Tracked::from(if row == column { 1.0 } else { 0.0 });
        let mut gamma = Matrix::with_capacity(stages);
        for stage in 0..stages {
            let row = |column| {
                let coupled = (0..stage).map(|k| Tracked::from(tableau.coupling(stage, k)) * gamma[k][column]);
                Tracked::from(tableau.gamma) * (unit(stage, column) + coupled.sum())
            };
            let row = (0..stages).map(row).collect();
            gamma.push(row);
        }
        let product = |stage: usize, column: usize| {
            (0..stage).map(|k| Tracked::from(tableau.coefficient(stage, k)) * gamma[k][column]).sum()
        };
        let alpha = square(stages, product);
        let beta = square(stages, |row, column| alpha[row][column] + gamma[row][column]);
        Self { alpha, gamma, beta }
    }

    /// The weights of the `k_i` for the weights `transformed` of the `u_i`: `Γᵀ` times them.
    pub(super) fn weights(&self, transformed: &[f64]) -> Vec<Tracked> {
        let weight =
            |column: usize| transformed.iter().zip(&self.gamma).map(move |(&w, row)| Tracked::from(w) * row[column]);
        (0..transformed.len()).map(|column| weight(column).sum()).collect()
    }
}

fn square(stages: usize, entry: impl Fn(usize, usize) -> Tracked) -> Matrix {
    (0..stages).map(|row| (0..stages).map(|column| entry(row, column)).collect()).collect()
}
