//! What the tests ask of a solution of a Runge–Kutta method with any matrix.

use num_complex::Complex64;

use super::dense::solved;
use super::order_conditions::{Bounds, TOLERANCE, assert_order, runge_kutta_residuals};
use super::problems::{Problem, added};
use super::rooted_trees::RootedTree;

/// The coefficients are the numbers nearest to the exact ones: their conditions hold to the last digit.
const BOUNDS: Bounds = Bounds { holds: 2e-15, fails: 1e-7 };

/// A solution that a method computes: the propagated or the embedded one.
pub(super) struct Solution {
    pub(super) label: String,
    /// The stated order.
    pub(super) order: u32,
    /// The full matrix, by rows.
    pub(super) matrix: Vec<Vec<f64>>,
    pub(super) weights: Vec<f64>,
    pub(super) abscissae: Vec<f64>,
}

impl Solution {
    /// Panics unless the conditions of all `trees` hold up to the order, and not all one order above.
    pub(super) fn assert_order(&self, trees: &[RootedTree]) {
        let residuals = runge_kutta_residuals(|row, column| self.matrix[row][column], &self.weights, trees);
        assert_order(&self.label, self.order, &residuals, &BOUNDS);
    }

    /// Panics unless the rows sum to the abscissae and the weights to 1.
    pub(super) fn assert_sums(&self) {
        let rows = self.matrix.iter().zip(&self.abscissae);
        for (row, sum) in rows.chain([(&self.weights, &1.0)]) {
            assert_eq!(row.len(), self.abscissae.len(), "{}", self.label);
            let scale: f64 = row.iter().map(|entry| entry.abs()).sum();
            let defect = (row.iter().sum::<f64>() - sum).abs();
            assert!(defect <= TOLERANCE * (scale + sum), "{}: {row:?} misses {sum} by {defect:e}", self.label);
        }
    }

    /// `R(z) = 1 + z bᵀ (I − z A)⁻¹ 1`, or the stage with the weights as its row, which does not cancel where `z` is large.
    pub(super) fn stability(&self, z: Complex64) -> Complex64 {
        let entry = |row: usize, column: usize| {
            Complex64::from(if row == column { 1.0 } else { 0.0 }) - z * self.matrix[row][column]
        };
        let size = 0..self.weights.len();
        let matrix = size.clone().map(|row| size.clone().map(|column| entry(row, column)).collect()).collect();
        let stages: Vec<Complex64> = solved(matrix, vec![1.0.into(); self.weights.len()]);
        match self.matrix.iter().position(|row| *row == self.weights) {
            Some(row) => stages[row],
            None => 1.0 + z * stages.iter().zip(&self.weights).map(|(stage, weight)| stage * weight).sum::<Complex64>(),
        }
    }

    /// One step of size `h` from `(t, y)`; Newton's method solves for all stages at once.
    pub(super) fn step<const N: usize>(&self, problem: &impl Problem<N>, t: f64, h: f64, y: [f64; N]) -> [f64; N] {
        let stages = self.weights.len();
        let mut k = vec![[0.0; N]; stages];
        for _ in 0..30 {
            let mut matrix = vec![vec![0.0; stages * N]; stages * N];
            let mut right = vec![0.0; stages * N];
            for stage in 0..stages {
                let scaled: Vec<f64> = self.matrix[stage].iter().map(|entry| h * entry).collect();
                let (time, argument) = (t + self.abscissae[stage] * h, added(y, &scaled, &k));
                let (derivative, jacobian) = (problem.derivative(time, argument), problem.jacobian(time, argument));
                for i in 0..N {
                    let row = stage * N + i;
                    right[row] = derivative[i] - k[stage][i];
                    for (column, entry) in matrix[row].iter_mut().enumerate() {
                        *entry = -scaled[column / N] * jacobian[i][column % N];
                    }
                    matrix[row][row] += 1.0;
                }
            }
            let change = solved(matrix, right);
            change.iter().enumerate().for_each(|(place, change)| k[place / N][place % N] += change);
            if change.iter().all(|change| change.abs() < 1e-14) {
                break;
            }
        }
        let scaled: Vec<f64> = self.weights.iter().map(|weight| h * weight).collect();
        added(y, &scaled, &k)
    }
}
