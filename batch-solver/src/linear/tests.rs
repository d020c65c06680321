//! The analysis of patterns, by factorising and solving with numbers on the host.

use proptest::prelude::*;

use super::SparseLu;
use crate::system::Sparsity;

/// The solution for `b` by the factors of `shift·I − J`.
fn solution(lu: &SparseLu, shift: f64, jacobian: &[f64], b: &[f64]) -> Vec<f64> {
    let mut x = b.to_vec();
    lu.solve(&lu.factors(shift, 1.0, jacobian), &mut x);
    x
}

/// Largest |b − (shift·I − J) x|.
fn residual(pattern: &Sparsity, shift: f64, jacobian: &[f64], x: &[f64], b: &[f64]) -> f64 {
    let mut left: Vec<f64> = b.iter().zip(x).map(|(b, x)| b - shift * x).collect();
    for ((row, column), value) in pattern.positions().zip(jacobian) {
        left[row] += value * x[column];
    }
    left.into_iter().map(f64::abs).fold(0.0, f64::max)
}

fn pattern(n: usize, entries: impl IntoIterator<Item = (usize, usize)>) -> Sparsity {
    let mut rows = vec![Vec::new(); n];
    for (row, column) in entries {
        rows[row].push(column);
    }
    rows.iter_mut().for_each(|row: &mut Vec<usize>| {
        row.sort_unstable();
        row.dedup();
    });
    Sparsity::new(&rows)
}

/// A matrix of some pattern, and a right-hand side.
fn problems() -> impl Strategy<Value = (Sparsity, Vec<f64>, Vec<f64>)> {
    (1_usize..14).prop_flat_map(|n| {
        let entries = prop::collection::vec((0..n, 0..n), 0..3 * n);
        (entries, prop::collection::vec(-1.0..1.0_f64, n)).prop_flat_map(move |(entries, b)| {
            let pattern = pattern(n, entries);
            let values = prop::collection::vec(-1.0..1.0_f64, pattern.nonzeros());
            (Just(pattern), values, Just(b))
        })
    })
}

proptest! {
    #[test]
    fn the_factors_solve_the_system((pattern, jacobian, b) in problems()) {
        let lu = SparseLu::new(&pattern);
        // Rows have up to n entries of at most 1.
        let shift = 1.0 + pattern.n() as f64;
        let x = solution(&lu, shift, &jacobian, &b);
        prop_assert!(residual(&pattern, shift, &jacobian, &x, &b) < 1e-13);
    }

    #[test]
    fn entries_of_the_jacobian_keep_their_places((pattern, _, _) in problems()) {
        let lu = SparseLu::new(&pattern);
        let mut places: Vec<(usize, usize, usize)> = Vec::new();
        for row in lu.rows() {
            places.extend(row.entries.iter().map(|entry| (entry.place, row.index, entry.column)));
        }
        places.sort_unstable();
        prop_assert!(places.iter().map(|place| place.0).eq(0..lu.nonzeros()));
        let first = places.iter().map(|&(_, row, column)| (row, column)).take(pattern.nonzeros());
        prop_assert!(first.eq(pattern.positions()));
    }
}

#[test]
fn a_chain_fills_nothing_in() {
    let n = 100_usize;
    let neighbours =
        (0..n).flat_map(|i: usize| [i.checked_sub(1), Some(i), (i + 1 < n).then_some(i + 1)].map(move |j| (i, j)));
    let pattern = pattern(n, neighbours.filter_map(|(i, j)| j.map(|j| (i, j))));
    let lu = SparseLu::new(&pattern);
    assert_eq!((lu.jacobian_nonzeros(), lu.nonzeros()), (298, 298));
    // A multiplier and an update for each of the 99 eliminations, a sum and an inverse for each pivot.
    assert_eq!((lu.factor_statements(), lu.solve_statements()), (2 * 99 + 2 * 100, 298));
}

#[test]
fn a_hub_is_eliminated_last() {
    // Everything depends on the first unknown and acts on it: eliminated first, it would fill the matrix.
    let n = 50;
    let pattern = pattern(n, (0..n).flat_map(|i| [(0, i), (i, 0), (i, i)]));
    let natural: Vec<usize> = (0..n).collect();
    assert_eq!(SparseLu::in_order(&pattern, &natural).nonzeros(), n * n);
    let lu = SparseLu::new(&pattern);
    assert_eq!(lu.nonzeros(), 3 * n - 2);
    assert!(lu.rows()[n - 2..].iter().any(|row| row.index == 0), "the hub is among the last two");
}

#[test]
fn a_missing_diagonal_is_added() {
    let pattern = pattern(2, [(0, 1), (1, 0)]);
    let lu = SparseLu::new(&pattern);
    assert_eq!((lu.jacobian_nonzeros(), lu.nonzeros()), (2, 4));
    let x = solution(&lu, 2.0, &[1.0, -1.0], &[3.0, 5.0]);
    // [2 −1; 1 2] x = [3, 5]
    assert!((x[0] - 11.0 / 5.0).abs() < 1e-15 && (x[1] - 7.0 / 5.0).abs() < 1e-15, "{x:?}");
}
