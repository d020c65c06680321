//! Tableaus of diagonally implicit Runge–Kutta methods.

mod low_order;
mod pairs;
#[cfg(test)]
mod tests;

use super::coefficients::{difference, entry, row_equal_to};
use super::names::named_tableaus;
use super::{PreferredController, UnknownTableau};

pub use low_order::{IMPLICIT_MIDPOINT, L_STABLE_DIRK_3, SDIRK_2_2, TRAPEZOIDAL_DIRK};
pub use pairs::{KVAERNO3, KVAERNO5, L_STABLE_SDIRK_4};

/// The coefficients of a diagonally implicit Runge–Kutta method of `s` stages.
///
/// One step of size `h` from `(t, y)` solves `k_i = f(t + c_i h, y + h Σ_{j ≤ i} a_ij k_j)` for `i = 0, …, s − 1`, one
/// stage after the other, and advances with `y + h Σ_i b_i k_i`; `h Σ_i (b_i − b_hat_i) k_i` estimates the local error
/// of the embedded solution.
///
/// A stage whose diagonal entry is zero is explicit; only a first stage may be. All others share one diagonal entry, so
/// one factorization of `I − h γ ∂f/∂y` serves them all.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct DirkTableau {
    /// Canonical name, in lower case.
    pub name: &'static str,
    /// Other names under which [`DirkTableau::named`] finds the method, in lower case.
    pub aliases: &'static [&'static str],
    /// Order of the solution that is propagated (weights `b`).
    pub order: u32,
    /// Order of the embedded solution (weights `b_hat`).
    pub embedded_order: Option<u32>,
    /// The lower triangle of the Runge–Kutta matrix with its diagonal: row `i` has `i + 1` entries.
    pub a: &'static [&'static [f64]],
    /// Weights of the propagated solution, one per stage.
    pub b: &'static [f64],
    /// Weights of the embedded solution, one per stage.
    pub b_hat: Option<&'static [f64]>,
    /// Abscissae, one per stage, as fractions of the step.
    pub c: &'static [f64],
    /// Where the coefficients were published.
    pub citation: &'static str,
    /// What is known of the method, and what the literature recommends for it.
    pub properties: DirkProperties,
}

/// Properties and recommendations that belong to a method but are not read off its coefficients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DirkProperties {
    /// Whether the stability function of the propagated solution is at most 1 in the whole left half-plane.
    pub a_stable: bool,
    /// Whether it also vanishes at infinity.
    pub l_stable: bool,
    /// Step size controller that suits the method; `None` for the default of the family, or for a method without error
    /// estimate.
    pub controller: Option<PreferredController>,
}

/// All diagonally implicit tableaus, by ascending order of the propagated solution.
static ALL: [DirkTableau; 7] =
    [IMPLICIT_MIDPOINT, TRAPEZOIDAL_DIRK, SDIRK_2_2, L_STABLE_DIRK_3, KVAERNO3, L_STABLE_SDIRK_4, KVAERNO5];

/// The largest sum of absolute values that the weights of a first guess may have: how much they may amplify the errors
/// of the derivatives they extrapolate.
const LARGEST_AMPLIFICATION: f64 = 10.0;

named_tableaus!(DirkTableau, "diagonally implicit Runge–Kutta");

impl DirkTableau {
    /// The entry in row `stage` and column `previous` of the Runge–Kutta matrix; zero above the diagonal.
    #[must_use]
    pub fn coefficient(&self, stage: usize, previous: usize) -> f64 {
        entry(self.a, stage, previous)
    }

    /// The diagonal entry of the stage: how much of its own derivative its argument holds.
    #[must_use]
    pub fn diagonal(&self, stage: usize) -> f64 {
        self.coefficient(stage, stage)
    }

    /// The diagonal entry that all implicit stages share.
    #[must_use]
    pub fn gamma(&self) -> f64 {
        self.diagonal(self.stages().saturating_sub(1))
    }

    /// Whether the first stage is explicit.
    #[must_use]
    pub fn explicit_first_stage(&self) -> bool {
        self.is_explicit(0)
    }

    /// Whether the derivative of the stage can be evaluated without solving an equation.
    #[must_use]
    pub fn is_explicit(&self, stage: usize) -> bool {
        self.diagonal(stage) == 0.0
    }

    /// First same as last: the last stage is the derivative at the end of the step, which is the first stage of the
    /// next step.
    #[must_use]
    pub fn fsal(&self) -> bool {
        let ends = (self.c.first(), self.c.last()) == (Some(&0.0), Some(&1.0));
        self.explicit_first_stage() && self.stiffly_accurate() && ends
    }

    /// The stage whose argument is the propagated solution: the row of `a` that equals `b`.
    #[must_use]
    pub fn b_row(&self) -> Option<usize> {
        row_equal_to(self.a, self.b)
    }

    /// The stage whose argument is the embedded solution: the row of `a` that equals `b_hat`.
    #[must_use]
    pub fn b_hat_row(&self) -> Option<usize> {
        self.b_hat.and_then(|weights| row_equal_to(self.a, weights))
    }

    /// Whether the propagated solution is the argument of the last stage.
    ///
    /// The stability function of such a method vanishes at infinity if the first stage is implicit.
    #[must_use]
    pub fn stiffly_accurate(&self) -> bool {
        self.b_row().is_some_and(|row| row + 1 == self.stages())
    }

    /// The weights of the error estimate, `b − b_hat`, one per stage.
    #[must_use]
    pub fn error_weights(&self) -> Option<Vec<f64>> {
        self.b_hat.map(|b_hat| difference(self.b, b_hat))
    }

    /// Weights `w` of a first guess of the derivative of the stage, `k_i ≈ Σ_{j < i} w_j k_j`, one per earlier stage.
    ///
    /// If an earlier stage has the same abscissa, the last such stage is the guess. Otherwise the polynomial through
    /// earlier derivatives is extrapolated to `c_i`, through as many of them as keep `Σ_j |w_j|` at 10 or less; of
    /// equally many, through those with the smallest sum. It is exact for derivatives that are polynomials in time of
    /// a degree below the number of nonzero weights. The first stage has no guess, and no weights.
    #[must_use]
    pub fn guess_weights(&self, stage: usize) -> Vec<f64> {
        let Some((&target, earlier)) = self.c.get(stage).zip(self.c.get(..stage)) else { return Vec::new() };
        let indicator = |chosen: usize| (0..stage).map(|j| if j == chosen { 1.0 } else { 0.0 }).collect();
        if let Some(same) = earlier.iter().rposition(|&c| c == target) {
            return indicator(same);
        }
        // Of equal abscissae the last is the node: its derivative has seen the most of the step.
        let nodes: Vec<usize> = (0..stage).filter(|&j| !earlier[j + 1..].contains(&earlier[j])).collect();
        let mut best = (0, f64::INFINITY, vec![0.0; stage]);
        for subset in 1..1_usize << nodes.len() {
            let chosen: Vec<usize> =
                nodes.iter().enumerate().filter(|(bit, _)| subset >> bit & 1 == 1).map(|(_, &node)| node).collect();
            let mut weights = vec![0.0; stage];
            for &node in &chosen {
                let others = chosen.iter().filter(|&&other| other != node);
                weights[node] = others.map(|&j| (target - earlier[j]) / (earlier[node] - earlier[j])).product();
            }
            let amplification: f64 = weights.iter().map(|weight: &f64| weight.abs()).sum();
            let better = chosen.len() > best.0 || chosen.len() == best.0 && amplification < best.1;
            if amplification <= LARGEST_AMPLIFICATION && better {
                best = (chosen.len(), amplification, weights);
            }
        }
        best.2
    }
}
