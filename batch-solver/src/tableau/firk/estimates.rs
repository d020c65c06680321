//! The blocks of the matrices, and the error estimates that use their real eigenvalue.

use num_complex::Complex64;

use super::*;

fn complex(parts: &[(f64, f64)]) -> Vec<Complex64> {
    parts.iter().map(|&(re, im)| Complex64::new(re, im)).collect()
}

/// The matrix whose eigenvalues are `of` those of `a⁻¹` and whose eigenvectors are the same, put together from blocks.
fn assembled(blocks: &Blocks, stages: usize, of: impl Fn(Complex64) -> Complex64) -> Vec<Vec<f64>> {
    let entry = |row: usize, column: usize| {
        let real = blocks.real.iter().map(|b| of(b.eigenvalue.into()).re * b.right[row] * b.left[column]);
        let pairs = blocks.pairs.iter().map(|b| {
            let (left, right) = (complex(&b.left), complex(&b.right));
            2.0 * (of(Complex64::new(b.eigenvalue.0, b.eigenvalue.1)) * right[row] * left[column]).re
        });
        real.chain(pairs).sum()
    };
    (0..stages).map(|row| (0..stages).map(|column| entry(row, column)).collect()).collect()
}

#[test]
fn blocks_put_the_identity_the_matrix_and_its_inverse_together() {
    for tableau in FirkTableau::all() {
        let (blocks, stages) = (tableau.blocks(), tableau.stages());
        assert_eq!(blocks.real.is_some(), stages % 2 == 1, "{}", tableau.name);
        assert_eq!(blocks.pairs.len(), stages / 2, "{}", tableau.name);
        let identity = assembled(&blocks, stages, |_| 1.0.into());
        let matrix = assembled(&blocks, stages, |eigenvalue| eigenvalue.inv());
        let inverse = assembled(&blocks, stages, |eigenvalue| eigenvalue);
        for row in 0..stages {
            for column in 0..stages {
                let unit = if row == column { 1.0 } else { 0.0 };
                let product: f64 = (0..stages).map(|k| tableau.a[row][k] * inverse[k][column]).sum();
                let defects =
                    [identity[row][column] - unit, matrix[row][column] - tableau.a[row][column], product - unit];
                assert!(defects.iter().all(|defect| defect.abs() < 1e-13), "{}: {defects:?}", tableau.name);
            }
        }
    }
}

#[test]
fn rows_and_columns_of_different_blocks_are_orthogonal_and_of_one_block_normalized() {
    for tableau in FirkTableau::all() {
        let blocks = tableau.blocks();
        assert!(blocks.pairs.iter().all(|pair| pair.eigenvalue.1 > 0.0));
        assert!(blocks.pairs.is_sorted_by(|one, other| one.eigenvalue.1 < other.eigenvalue.1));
        let real = |vector: &[f64]| vector.iter().map(|&entry| Complex64::from(entry)).collect::<Vec<_>>();
        let single = blocks.real.iter().map(|block| (real(&block.left), real(&block.right)));
        let pairs = blocks.pairs.iter().map(|block| (complex(&block.left), complex(&block.right)));
        let vectors: Vec<_> = single.chain(pairs).collect();
        for (one, (left, _)) in vectors.iter().enumerate() {
            for (other, (_, right)) in vectors.iter().enumerate() {
                let product: Complex64 = left.iter().zip(right).map(|(left, right)| left * right).sum();
                let defect = (product - if one == other { 1.0 } else { 0.0 }).norm();
                assert!(defect < 1e-13, "{}: {defect:e}", tableau.name);
            }
        }
        assert!(vectors.iter().all(|(_, right)| right.contains(&1.0.into())), "{}", tableau.name);
    }
}

/// The eigenvalues and eigenvectors of the code RADAU5.
#[test]
fn blocks_of_radau_iia_5_are_those_of_its_code() {
    let blocks = RADAU_IIA_5.blocks();
    let close = |value: f64, stated: f64| assert!((value - stated).abs() < 1e-14 * stated.abs(), "{value} {stated}");
    let (real, pair) = (blocks.real.expect("there is one"), &blocks.pairs[0]);
    let (third, ninth) = (3.0_f64.cbrt(), 9.0_f64.cbrt());
    close(real.eigenvalue, 3.0 + ninth - third);
    close(pair.eigenvalue.0, 3.0 + (third - ninth) / 2.0);
    close(pair.eigenvalue.1, (third + ninth) * 3.0_f64.sqrt() / 2.0);
    close(real.right[0] / real.right[2], 0.09443876248897524);
    close(real.right[1] / real.right[2], 0.2502131229653333);
}

#[test]
fn error_weights_annihilate_polynomials() {
    for tableau in FirkTableau::all() {
        let Some((weights, order)) = tableau.error_weights().zip(tableau.embedded_order) else { continue };
        for power in 0..=i32::try_from(order).expect("an order is small") {
            let stages = weights.stages.iter().zip(tableau.c).map(|(weight, c)| weight * c.powi(power)).sum::<f64>();
            let sum = stages + if power == 0 { weights.start } else { 0.0 };
            let holds = power < i32::try_from(order).expect("an order is small");
            assert_eq!(sum.abs() < 1e-15, holds, "{}, power {power}: {sum:e}", tableau.name);
        }
    }
    assert_eq!(FIRK_GAUSS_LEGENDRE_2.error_weights(), None);
}

#[test]
fn the_start_weighs_the_real_eigenvalue_or_the_modulus_of_the_pair() {
    let start = |tableau: &FirkTableau| tableau.error_weights().expect("there are some").start;
    assert!((start(&RADAU_IIA_3) - 6.0_f64.sqrt().recip()).abs() < 1e-15);
    assert!((start(&RADAU_IIA_5) - (3.0 + 9.0_f64.cbrt() - 3.0_f64.cbrt()).recip()).abs() < 1e-15);
    assert!((start(&RADAU_IIA_9) * RADAU_IIA_9.blocks().real.expect("there is one").eigenvalue - 1.0).abs() < 1e-15);
    assert_eq!(start(&FIRK_GAUSS_LEGENDRE_4), 0.0);
}

/// The book states the weights of `h Σ_j a_ij k_j`: `γ₀/3 (−13 − 7√6, −13 + 7√6, −1)` (E. Hairer, G. Wanner, Solving
/// Ordinary Differential Equations II, 2nd ed., Springer 1996, p. 123).
#[test]
fn the_estimate_of_radau_iia_5_is_that_of_the_book() {
    let weights = RADAU_IIA_5.error_weights().expect("there are some");
    let root = 7.0 * 6.0_f64.sqrt();
    let stated = [-13.0 - root, -13.0 + root, -1.0].map(|weight| weights.start / 3.0 * weight);
    for (column, weight) in weights.stages.iter().enumerate() {
        let transformed: f64 = stated.iter().zip(RADAU_IIA_5.a).map(|(stated, row)| stated * row[column]).sum();
        assert!((transformed - weight).abs() < 1e-14, "{transformed} {weight}");
    }
}
