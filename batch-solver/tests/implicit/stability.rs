use batch_solver::Algorithm;
use buffer_runtime::settings;

use crate::methods;
use crate::support::linear::assert_stability;

/// What a method makes of the linear test equation.
struct Stability {
    a: Vec<Vec<f64>>,
    b: Vec<f64>,
    /// R(−∞) vanishes.
    l_stable: bool,
    /// A derivative at the start is part of the step: its rounding error is as large as it.
    explicit_start: bool,
}

impl Stability {
    fn of(algorithm: Algorithm) -> Self {
        let new = |a: &[&[f64]], b: &[f64], l_stable| {
            let rows = a.iter().map(|row| (0..b.len()).map(|j| row.get(j).copied().unwrap_or(0.0)).collect());
            let a: Vec<Vec<f64>> = rows.collect();
            let explicit_start = a[0].iter().all(|a| *a == 0.0);
            Self { a, b: b.to_vec(), l_stable, explicit_start }
        };
        match algorithm {
            Algorithm::CrankNicolson => new(&[&[0.0], &[0.5, 0.5]], &[0.5, 0.5], false),
            Algorithm::Dirk(tableau) => new(tableau.a, tableau.b, tableau.properties.l_stable),
            Algorithm::Firk(tableau) => new(tableau.a, tableau.b, tableau.properties.l_stable),
            _ => new(&[&[1.0]], &[1.0], true),
        }
    }

    /// R(z) = 1 + z bᵀ (I − zA)⁻¹ 1, by elimination with pivots.
    fn function(&self, z: f64) -> f64 {
        let s = self.b.len();
        let row = |i: usize| (0..s).map(move |j| f64::from(u8::from(i == j)) - z * self.a[i][j]).chain([1.0]);
        let mut rows: Vec<Vec<f64>> = (0..s).map(|i| row(i).collect()).collect();
        for k in 0..s {
            let pivot = (k..s).max_by(|i, j| rows[*i][k].abs().total_cmp(&rows[*j][k].abs())).unwrap();
            rows.swap(k, pivot);
            let pivot = rows[k].clone();
            for (i, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != k) {
                let factor = row[k] / pivot[k];
                assert!(factor.is_finite(), "a singular matrix for z = {z}, row {i}");
                row.iter_mut().zip(&pivot).for_each(|(entry, above)| *entry -= factor * above);
            }
        }
        1.0 + z * (0..s).map(|k| self.b[k] * rows[k][s] / rows[k][k]).sum::<f64>()
    }
}

#[test]
fn one_step_of_the_linear_test_equation_is_the_stability_function() {
    for algorithm in methods() {
        let stability = Stability::of(algorithm);
        let limit = if stability.l_stable { 0.0 } else { 1.0 };
        // One correction is exact; the next is as large as the rounding error of the start, to which the tolerance must leave room.
        let tolerance = if stability.explicit_start { 1e-2 } else { 1e-13 };
        let given = settings! { newton_rtol: tolerance, newton_atol: tolerance, newton_kappa: 1e-3 };
        let rounding = |z: f64| 2e-13 + if stability.explicit_start { 4e-15 * z.abs() } else { 0.0 };
        assert_stability(algorithm.name(), &given, limit, |z| stability.function(z), rounding);
    }
}
