//! The factorisation with numbers, on the host, operation by operation as on a device.

use super::symbolic::SparseLu;

impl SparseLu {
    /// The factors of `β·I − α·J` for the entries of `J` in the order of its pattern. Where a pivot is zero they are not finite.
    pub(crate) fn factors(&self, beta: f64, alpha: f64, jacobian: &[f64]) -> Vec<f64> {
        let mut factors = vec![0.0; self.nonzeros()];
        for (factor, entry) in factors.iter_mut().zip(jacobian) {
            *factor = -alpha * entry;
        }
        for row in self.rows() {
            let place = |position: usize| row.entries[position].place;
            factors[place(row.pivot)] += beta;
            for one in &row.eliminations {
                let multiplier = factors[place(one.factor)] * factors[one.pivot];
                factors[place(one.factor)] = multiplier;
                for &(position, of_earlier) in &one.updates {
                    factors[place(position)] -= multiplier * factors[of_earlier];
                }
            }
            factors[place(row.pivot)] = factors[place(row.pivot)].recip();
        }
        factors
    }

    /// Solves for one right-hand side, in place.
    pub(crate) fn solve(&self, factors: &[f64], x: &mut [f64]) {
        for row in self.rows() {
            let lower = &row.entries[..row.pivot];
            x[row.index] -= lower.iter().map(|entry| factors[entry.place] * x[entry.column]).sum::<f64>();
        }
        for row in self.rows().iter().rev() {
            let upper = &row.entries[row.pivot + 1..];
            let known: f64 = upper.iter().map(|entry| factors[entry.place] * x[entry.column]).sum();
            x[row.index] = (x[row.index] - known) * factors[row.entries[row.pivot].place];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::System;

    #[test]
    fn a_factorised_matrix_times_the_solution_is_the_right_hand_side() {
        let equations = "dx = -3*x + 2*w; dy = x - 4*y + z; dz = 5*y - z; dw = x - w + y*z";
        let states = [("x", 1.0), ("y", 2.0), ("z", 3.0), ("w", 4.0)];
        let system = System::builder("full").equations(equations).states(states).build().unwrap();
        let pattern = system.jacobian_sparsity();
        let lu = SparseLu::new(&pattern);
        let entries: Vec<f64> = (0..pattern.nonzeros()).map(|entry| (entry as f64 + 1.0).sin()).collect();
        let (beta, alpha) = (7.0, 0.5);
        let right = [1.0, -2.0, 0.25, 3.0];
        let mut x = right;
        lu.solve(&lu.factors(beta, alpha, &entries), &mut x);
        let mut product: Vec<f64> = x.iter().map(|x| beta * x).collect();
        for ((row, column), entry) in pattern.positions().zip(&entries) {
            product[row] -= alpha * entry * x[column];
        }
        for (product, right) in product.iter().zip(right) {
            assert!((product - right).abs() < 1e-14, "{product} is not {right}");
        }
    }
}
