//! The stability function `R` on the imaginary axis.

use num_complex::Complex64;

/// The largest `|R(z)|` for `z` on the imaginary axis, from `10⁻³ i` to `10⁶ i`.
pub(super) fn largest_on_the_axis(stability: impl Fn(Complex64) -> Complex64) -> f64 {
    let axis = (-300..=600).map(|exponent| Complex64::new(0.0, 10.0_f64.powf(f64::from(exponent) / 100.0)));
    axis.map(|z| stability(z).norm()).fold(0.0, f64::max)
}
