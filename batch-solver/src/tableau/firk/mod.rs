//! Tableaus of fully implicit Runge–Kutta methods.

mod blocks;
#[cfg(test)]
mod estimates;
mod gauss;
mod radau;
#[cfg(test)]
mod tests;

use super::coefficients::{entry, row_equal_to};
use super::names::named_tableaus;
use super::{PreferredController, UnknownTableau};

pub use blocks::{Blocks, ComplexBlock, RealBlock};
pub use gauss::{FIRK_GAUSS_LEGENDRE_2, FIRK_GAUSS_LEGENDRE_4};
pub use radau::{RADAU_IIA_3, RADAU_IIA_5, RADAU_IIA_9};

/// The coefficients of a fully implicit Runge–Kutta method of `s` stages.
///
/// One step of size `h` from `(t, y)` solves `k_i = f(t + c_i h, y + h Σ_j a_ij k_j)` for all `i = 0, …, s − 1` at once
/// and advances with `y + h Σ_i b_i k_i`.
///
/// All methods here are collocation methods: `y + h Σ_j a_ij k_j` is the value at `c_i`, and `k_i` the slope, of a
/// polynomial of degree `s` (E. Hairer, S. P. Nørsett, G. Wanner, Solving Ordinary Differential Equations I, 2nd ed.,
/// Springer 1993, §II.7).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct FirkTableau {
    /// Canonical name, in lower case.
    pub name: &'static str,
    /// Other names under which [`FirkTableau::named`] finds the method, in lower case.
    pub aliases: &'static [&'static str],
    /// Order of the solution that is propagated (weights `b`).
    pub order: u32,
    /// Order of the embedded solution, by which [`FirkTableau::error_weights`] estimate the error.
    pub embedded_order: Option<u32>,
    /// The Runge–Kutta matrix: `s` rows of `s` entries.
    pub a: &'static [&'static [f64]],
    /// Weights of the propagated solution, one per stage.
    pub b: &'static [f64],
    /// Weights of an embedded solution that uses nothing but the stages, one per stage.
    pub b_hat: Option<&'static [f64]>,
    /// Abscissae, one per stage, as fractions of the step.
    pub c: &'static [f64],
    /// Where the coefficients were published.
    pub citation: &'static str,
    /// What is known of the method, and what the literature recommends for it.
    pub properties: FirkProperties,
}

/// Properties and recommendations that belong to a method but are not read off its coefficients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FirkProperties {
    /// Whether the stability function of the propagated solution is at most 1 in the whole left half-plane.
    pub a_stable: bool,
    /// Whether it also vanishes at infinity.
    pub l_stable: bool,
    /// Step size controller that suits the method; `None` for the default of the family, or for a method without error
    /// estimate.
    pub controller: Option<PreferredController>,
}

/// The error estimate `h (w f(t, y) + Σ_i w_i k_i)`: the embedded solution minus the propagated one.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ErrorWeights {
    /// The weight `w` of the derivative at the start of the step; 0 if the estimate does not use it.
    pub start: f64,
    /// The weights `w_i` of the derivatives of the stages, one per stage.
    pub stages: Vec<f64>,
}

/// All fully implicit tableaus, by ascending order of the propagated solution.
static ALL: [FirkTableau; 5] = [RADAU_IIA_3, FIRK_GAUSS_LEGENDRE_2, RADAU_IIA_5, FIRK_GAUSS_LEGENDRE_4, RADAU_IIA_9];

named_tableaus!(FirkTableau, "fully implicit Runge–Kutta");

impl FirkTableau {
    /// The entry in row `stage` and column `other` of the Runge–Kutta matrix.
    #[must_use]
    pub fn coefficient(&self, stage: usize, other: usize) -> f64 {
        entry(self.a, stage, other)
    }

    /// The stage whose argument is the propagated solution: the row of `a` that equals `b`.
    #[must_use]
    pub fn b_row(&self) -> Option<usize> {
        row_equal_to(self.a, self.b)
    }

    /// Whether the propagated solution is the argument of the last stage.
    ///
    /// The stability function of such a method vanishes at infinity.
    #[must_use]
    pub fn stiffly_accurate(&self) -> bool {
        self.b_row().is_some_and(|row| row + 1 == self.stages())
    }

    /// The weights of the error estimate.
    ///
    /// If there is no `b_hat` but an embedded order, `w = γ₀` and `w_i = −γ₀ ℓ_i(0)` with the Lagrange polynomials `ℓ_i`
    /// on the abscissae: the estimate is `γ₀` times the difference between the slope at the start and that of the
    /// collocation polynomial there, hence of order `s` (E. Hairer, G. Wanner, Solving Ordinary Differential Equations
    /// II, 2nd ed., Springer 1996, p. 123, where the same estimate weighs `h Σ_j a_ij k_j`). `γ₀` is the real eigenvalue
    /// of `a`, so that the estimate can be filtered by the matrix that is factorized for the real block; without a
    /// real eigenvalue it is the modulus of the first pair of complex ones.
    #[must_use]
    pub fn error_weights(&self) -> Option<ErrorWeights> {
        if let Some(b_hat) = self.b_hat {
            let stages = b_hat.iter().zip(self.b).map(|(b_hat, b)| b_hat - b).collect();
            return Some(ErrorWeights { start: 0.0, stages });
        }
        self.embedded_order?;
        let start = self.smoothing();
        let at_start = |stage: usize, c: f64| -> f64 {
            let others = self.c.iter().enumerate().filter(|&(other, _)| other != stage);
            others.map(|(_, other)| other / (other - c)).product()
        };
        let stages = self.c.iter().enumerate().map(|(stage, &c)| -start * at_start(stage, c)).collect();
        Some(ErrorWeights { start, stages })
    }

    /// Whether the error estimate uses the derivative at the start of the step: it is large for stiff components, and wants to be damped.
    #[must_use]
    pub fn has_start_error(&self) -> bool {
        self.error_weights().is_some_and(|weights| weights.start != 0.0)
    }

    /// The multiple of `hJ` in the matrix `I − hγJ` that damps an error estimate: the inverse of the real eigenvalue of the blocks, or of the modulus of the first complex one.
    #[must_use]
    pub fn smoothing(&self) -> f64 {
        let blocks = self.blocks();
        let modulus = || blocks.pairs.first().map(|pair| pair.eigenvalue.0.hypot(pair.eigenvalue.1));
        blocks.real.as_ref().map(|block| block.eigenvalue).or_else(modulus).map_or(1.0, f64::recip)
    }

    /// The block diagonal form of the inverse of `a`, which takes the equations of the stages apart.
    #[must_use]
    pub fn blocks(&self) -> Blocks {
        Blocks::of_inverse(self.a)
    }
}
