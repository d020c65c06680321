//! The block diagonal form of a Runge–Kutta matrix.

use num_complex::Complex64;

use crate::tableau::dense::solved;

/// The block diagonal form of the inverse of `a`: `a⁻¹ = T Λ T⁻¹`, where `Λ` has at most one real eigenvalue, and complex
/// ones in conjugate pairs.
///
/// With it, the linear systems of the stages fall apart into one real and some complex ones of the size of the
/// differential equation (J. C. Butcher, BIT 16 (1976) 237–240; E. Hairer, G. Wanner, Solving Ordinary Differential
/// Equations II, 2nd ed., Springer 1996, p. 121 f.). For any real vector `v`, one entry per stage,
///
/// `w = Σ_j left_j v_j` in each block, and `v_j = right_j w + 2 Re Σ_pairs right_j w`
///
/// where the first term is that of the real block; multiplying `v` by `a⁻¹` multiplies each `w` by its eigenvalue. In
/// each block `Σ_j left_j right_j = 1` without conjugation, and the largest entry of `right` is 1.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Blocks {
    /// The real eigenvalue; there is one if the number of stages is odd.
    pub real: Option<RealBlock>,
    /// One of each pair of complex eigenvalues, by ascending imaginary part.
    pub pairs: Vec<ComplexBlock>,
}

/// A real eigenvalue and what belongs to it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RealBlock {
    /// The eigenvalue of `a⁻¹`.
    pub eigenvalue: f64,
    /// The row of `T⁻¹`, one entry per stage.
    pub left: Vec<f64>,
    /// The column of `T`, one entry per stage.
    pub right: Vec<f64>,
}

/// A complex eigenvalue and what belongs to it, as pairs of real and imaginary part.
///
/// The conjugate eigenvalue has the conjugate row and column.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ComplexBlock {
    /// The eigenvalue of `a⁻¹`, with positive imaginary part.
    pub eigenvalue: (f64, f64),
    /// The row of `T⁻¹`, one entry per stage.
    pub left: Vec<(f64, f64)>,
    /// The column of `T`, one entry per stage.
    pub right: Vec<(f64, f64)>,
}

/// An imaginary part smaller than this, relative to the eigenvalue, is rounding.
const REAL: f64 = 1e-8;

/// Rounds of the polishing of an eigenvalue, whose error each one cubes.
const ROUNDS: usize = 4;

impl Blocks {
    /// The blocks of the inverse of a square matrix with distinct eigenvalues, given by rows.
    pub(super) fn of_inverse(a: &[&[f64]]) -> Self {
        let matrix: Vec<Vec<Complex64>> =
            a.iter().map(|row| row.iter().map(|&entry| Complex64::from(entry)).collect()).collect();
        let (mut real, mut pairs) = (None, Vec::new());
        for root in roots(&characteristic_polynomial(a)) {
            let Eigen { value, left, right } = polished(&matrix, root);
            let inverse = value.inv();
            if inverse.im.abs() < REAL * inverse.norm() {
                let parts = |vector: &[Complex64]| parts(vector).map(|(re, _)| re).collect();
                real = Some(RealBlock { eigenvalue: inverse.re, left: parts(&left), right: parts(&right) });
            } else if inverse.im > 0.0 {
                let (left, right) = (parts(&left).collect(), parts(&right).collect());
                pairs.push(ComplexBlock { eigenvalue: (inverse.re, inverse.im), left, right });
            }
        }
        pairs.sort_by(|one, other| one.eigenvalue.1.total_cmp(&other.eigenvalue.1));
        Self { real, pairs }
    }
}

/// The real and imaginary parts of the entries; those that are rounding beside the largest entry are 0.
fn parts(vector: &[Complex64]) -> impl Iterator<Item = (f64, f64)> {
    let rounding = vector.iter().map(|entry| entry.norm()).fold(0.0, f64::max) * f64::EPSILON;
    let part = move |value: f64| if value.abs() < rounding { 0.0 } else { value };
    vector.iter().map(move |entry| (part(entry.re), part(entry.im)))
}

/// The coefficients of `det(x I − a)` by ascending powers without the leading 1, by the recursion of Faddeev and
/// LeVerrier: `M₁ = I`, `p_{s−k} = −tr(a M_k)/k`, `M_{k+1} = a M_k + p_{s−k} I`.
fn characteristic_polynomial(a: &[&[f64]]) -> Vec<f64> {
    let size = a.len();
    let mut coefficients = vec![0.0; size];
    let mut factor: Vec<Vec<f64>> = (0..size).map(|row| unit(size, row)).collect();
    for k in 1..=size {
        let product =
            |row: &[f64], column: usize| row.iter().zip(&factor).map(|(entry, row)| entry * row[column]).sum();
        let mut next: Vec<Vec<f64>> =
            a.iter().map(|row| (0..size).map(|column| product(row, column)).collect()).collect();
        let trace: f64 = next.iter().enumerate().map(|(row, entries)| entries[row]).sum();
        let coefficient = -trace / k as f64;
        next.iter_mut().enumerate().for_each(|(row, entries)| entries[row] += coefficient);
        coefficients[size - k] = coefficient;
        factor = next;
    }
    coefficients
}

fn unit(size: usize, place: usize) -> Vec<f64> {
    (0..size).map(|column| if column == place { 1.0 } else { 0.0 }).collect()
}

/// The roots of `x^s + Σ_k coefficients_k x^k`, by the iteration of Weierstrass (also of Durand and Kerner), which
/// converges to all at once.
fn roots(coefficients: &[f64]) -> Vec<Complex64> {
    let value = |x: Complex64| coefficients.iter().rev().fold(Complex64::from(1.0), |sum, &next| sum * x + next);
    // The geometric mean of the moduli of the roots is that of the last coefficient: the starting circle has this radius.
    let degree = coefficients.len() as f64;
    let radius = coefficients.first().map_or(0.0, |last| last.abs().powf(1.0 / degree));
    let turn = Complex64::from_polar(1.0, std::f64::consts::TAU / degree);
    // Neither real nor conjugate to each other, else they would stay so.
    let first = Complex64::from_polar(radius, 0.4);
    let starts = std::iter::successors(Some(first), |root| Some(root * turn));
    let mut roots: Vec<Complex64> = starts.take(coefficients.len()).collect();
    for _ in 0..100 {
        for place in 0..roots.len() {
            let root = roots[place];
            let others = roots.iter().enumerate().filter(|&(other, _)| other != place);
            roots[place] = root - value(root) / others.map(|(_, other)| root - other).product::<Complex64>();
        }
    }
    roots
}

/// An eigenvalue with its left and right eigenvector, the product of which is 1.
struct Eigen {
    value: Complex64,
    left: Vec<Complex64>,
    right: Vec<Complex64>,
}

/// The eigenvalue nearest to `value`, by inverse iteration from both sides with the quotient of Rayleigh as the shift
/// (A. M. Ostrowski, Arch. Rational Mech. Anal. 3 (1959) 325–340).
fn polished(matrix: &[Vec<Complex64>], mut value: Complex64) -> Eigen {
    let size = matrix.len();
    let transposed: Vec<Vec<Complex64>> =
        (0..size).map(|column| matrix.iter().map(|row| row[column]).collect()).collect();
    let step = |matrix: &[Vec<Complex64>], shift: Complex64, vector: &[Complex64]| {
        let mut shifted = matrix.to_vec();
        shifted.iter_mut().enumerate().for_each(|(row, entries)| entries[row] -= shift);
        scaled(solved(shifted, vector.to_vec()))
    };
    let mut right = vec![Complex64::from(1.0); size];
    let mut left = right.clone();
    for _ in 0..ROUNDS {
        (right, left) = (step(matrix, value, &right), step(&transposed, value, &left));
        let image: Vec<Complex64> = matrix.iter().map(|row| dot(row, &right)).collect();
        value = dot(&left, &image) / dot(&left, &right);
    }
    let product = dot(&left, &right);
    left.iter_mut().for_each(|entry| *entry /= product);
    Eigen { value, left, right }
}

/// The vector divided by its largest entry.
fn scaled(vector: Vec<Complex64>) -> Vec<Complex64> {
    let larger = |one: &&Complex64, other: &&Complex64| one.norm().total_cmp(&other.norm());
    match vector.iter().max_by(larger).copied() {
        Some(largest) => vector.into_iter().map(|entry| entry / largest).collect(),
        None => vector,
    }
}

/// `Σ_i left_i right_i`, without conjugation.
fn dot(left: &[Complex64], right: &[Complex64]) -> Complex64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}
