use batch_solver::Algorithm;

/// The coefficients of a method.
pub(crate) struct Coefficients {
    pub(crate) a: Vec<Vec<f64>>,
    pub(crate) b: Vec<f64>,
    pub(crate) c: Vec<f64>,
    /// R(−∞) vanishes.
    pub(crate) l_stable: bool,
}

impl Coefficients {
    pub(crate) fn of(algorithm: Algorithm) -> Self {
        let new = |a: &[&[f64]], b: &[f64], c: &[f64], l_stable| {
            let rows = a.iter().map(|row| (0..b.len()).map(|j| row.get(j).copied().unwrap_or(0.0)).collect());
            Self { a: rows.collect(), b: b.to_vec(), c: c.to_vec(), l_stable }
        };
        match algorithm {
            Algorithm::CrankNicolson => new(&[&[0.0], &[0.5, 0.5]], &[0.5, 0.5], &[0.0, 1.0], false),
            Algorithm::Dirk(tableau) => new(tableau.a, tableau.b, tableau.c, tableau.properties.l_stable),
            Algorithm::Firk(tableau) => new(tableau.a, tableau.b, tableau.c, tableau.properties.l_stable),
            _ => new(&[&[1.0]], &[1.0], &[1.0], true),
        }
    }

    /// A derivative at the start is part of the step: its rounding error is as large as it.
    pub(crate) fn explicit_start(&self) -> bool {
        self.a[0].iter().all(|a| *a == 0.0)
    }

    /// R(z) = 1 + z bᵀ (I − zA)⁻¹ 1, by elimination with pivots.
    pub(crate) fn stability(&self, z: f64) -> f64 {
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
