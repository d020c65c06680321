//! Tableaus of Rosenbrock methods and of W-methods, their relatives that admit any matrix in place of the Jacobian.

#[cfg(test)]
mod convergence;
mod fifth_order;
mod fourth_order;
mod low_order;
#[cfg(test)]
mod recovered;
#[cfg(test)]
mod stability;
#[cfg(test)]
mod tests;

use super::coefficients::{difference, entry, row_equal_to};
use super::names::named_tableaus;
use super::{PreferredController, UnknownTableau};

pub use fifth_order::{RODAS5, RODAS5P};
pub use fourth_order::{RODAS4, RODAS4P, RODAS4P2, RODAS42};
pub use low_order::{RODAS3, RODAS3P, ROS3P, ROS34PW2, ROSENBROCK23};

/// The coefficients of a Rosenbrock method of `s` stages, in the form without products with the Jacobian.
///
/// One step of size `h` from `(t, y)` solves, for `i = 0, …, s − 1`,
///
/// `(I / (hγ) − J) u_i = f(t + c_i h, y + Σ_j a_ij u_j) + Σ_j C_ij u_j / h + d_i h ∂f/∂t`
///
/// with the Jacobian `J = ∂f/∂y` and `∂f/∂t`, both at `(t, y)`, and advances with `y + Σ_i b_i u_i`;
/// `Σ_i (b_i − b_hat_i) u_i` estimates the local error of the embedded solution.
///
/// In terms of the matrices `α` and `Γ` of the textbook form, `u = h Γ k`, `a = α Γ⁻¹`, `C = I/γ − Γ⁻¹`, and `b` is
/// `Γ⁻ᵀ` times the weights of the `k_i` (E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, 2nd ed.,
/// Springer 1996, §IV.7).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RosenbrockTableau {
    /// Canonical name, in lower case.
    pub name: &'static str,
    /// Other names under which [`RosenbrockTableau::named`] finds the method, in lower case.
    pub aliases: &'static [&'static str],
    /// Order of the solution that is propagated (weights `b`).
    pub order: u32,
    /// Order of the embedded solution (weights `b_hat`).
    pub embedded_order: Option<u32>,
    /// The diagonal of `Γ`, the same in all stages: one factorization serves them all.
    pub gamma: f64,
    /// The strictly lower triangle of `a`: row `i` has `i` entries.
    pub a: &'static [&'static [f64]],
    /// The strictly lower triangle of `C`, which adds earlier stages to the right-hand side: row `i` has `i` entries.
    pub coupling: &'static [&'static [f64]],
    /// Weights of the propagated solution, one per stage.
    pub b: &'static [f64],
    /// Weights of the embedded solution, one per stage.
    pub b_hat: Option<&'static [f64]>,
    /// Abscissae, one per stage, as fractions of the step.
    pub c: &'static [f64],
    /// Weights `d` of `h ∂f/∂t`, one per stage: the sums of the rows of `Γ`.
    pub time_weights: &'static [f64],
    /// Where the coefficients were published.
    pub citation: &'static str,
    /// What cannot be read off the coefficients.
    pub properties: RosenbrockProperties,
}

/// Properties and recommendations that belong to a method but cannot be read off its coefficients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RosenbrockProperties {
    /// Order of the propagated solution if any matrix takes the place of the Jacobian and any vector that of `∂f/∂t`.
    pub w_order: u32,
    /// Step size controller that suits the method; `None` for a method without error estimate.
    pub controller: Option<PreferredController>,
}

/// All Rosenbrock tableaus, by ascending order of the propagated solution.
static ALL: [RosenbrockTableau; 11] =
    [ROSENBROCK23, ROS3P, RODAS3, RODAS3P, ROS34PW2, RODAS4, RODAS42, RODAS4P, RODAS4P2, RODAS5, RODAS5P];

named_tableaus!(RosenbrockTableau, "Rosenbrock");

impl RosenbrockTableau {
    /// The entry of `a` in row `stage` and column `previous`; zero on and above the diagonal.
    #[must_use]
    pub fn coefficient(&self, stage: usize, previous: usize) -> f64 {
        entry(self.a, stage, previous)
    }

    /// The entry of `C` in row `stage` and column `previous`; zero on and above the diagonal.
    #[must_use]
    pub fn coupling(&self, stage: usize, previous: usize) -> f64 {
        entry(self.coupling, stage, previous)
    }

    /// The weights of the error estimate, `b − b_hat`, one per stage.
    #[must_use]
    pub fn error_weights(&self) -> Option<Vec<f64>> {
        self.b_hat.map(|b_hat| difference(self.b, b_hat))
    }

    /// Whether the error estimate depends on the step where the equations are linear with constant coefficients. That of `ros3p` does not: both of its
    /// solutions have one stability function, so that any step seems exact, but for what time itself does to the equations.
    #[must_use]
    pub fn estimates_linear(&self) -> bool {
        let Some(weights) = self.error_weights() else { return false };
        // A step of size 1 on y' = z·y from 1, at a z where nothing vanishes by chance.
        let (z, mut stages) = (-1.25, Vec::with_capacity(self.stages()));
        let sum = |weights: &[f64], stages: &[f64]| weights.iter().zip(stages).map(|(a, b)| a * b).sum::<f64>();
        for (row, coupling) in self.a.iter().zip(self.coupling) {
            stages.push((z * (1.0 + sum(row, &stages)) + sum(coupling, &stages)) / (self.gamma.recip() - z));
        }
        sum(&weights, &stages).abs() > 1e-12
    }

    /// Whether the stage evaluates the derivative at the same argument and time as the stage before.
    #[must_use]
    pub fn repeats(&self, stage: usize) -> bool {
        stage.checked_sub(1).is_some_and(|previous| self.same_argument(previous, stage))
    }

    /// The first stage that evaluates the derivative at the argument and time of this one; `stage` itself if none does.
    #[must_use]
    pub fn evaluated_by(&self, stage: usize) -> usize {
        (0..stage).find(|&earlier| self.same_argument(earlier, stage)).unwrap_or(stage)
    }

    /// First same as last: the last stage evaluates the derivative at the end of the step, as the first stage of the
    /// next step does.
    #[must_use]
    pub fn fsal(&self) -> bool {
        let last = self.stages().checked_sub(1);
        self.b_row() == last && self.c.first() == Some(&0.0) && self.c.last() == Some(&1.0)
    }

    /// The stage whose argument is the propagated solution: the row of `a` that equals `b`.
    #[must_use]
    pub fn b_row(&self) -> Option<usize> {
        row_equal_to(self.a, self.b)
    }

    /// The stage whose argument is the embedded solution: the row of `a` that equals `b_hat`.
    ///
    /// If it is the last one of a stiffly accurate method, `u` of that stage is the error estimate.
    #[must_use]
    pub fn b_hat_row(&self) -> Option<usize> {
        self.b_hat.and_then(|weights| row_equal_to(self.a, weights))
    }

    /// Whether the propagated solution is the argument of the last stage plus `u` of that stage.
    ///
    /// The stability function of such a method vanishes at infinity.
    #[must_use]
    pub fn stiffly_accurate(&self) -> bool {
        self.b.last() == Some(&1.0) && self.begins_with_row_before(self.stages())
    }

    /// Whether the sum that makes the argument of a stage goes on from that of the stage before: its row of `a` begins
    /// with the row before it. The propagated solution counts as the argument of a stage after the last.
    #[must_use]
    pub fn continues(&self, stage: usize) -> bool {
        stage > 1 && self.begins_with_row_before(stage)
    }

    fn begins_with_row_before(&self, stage: usize) -> bool {
        let weight = |row: usize, column: usize| match self.b.get(column) {
            Some(weight) if row == self.stages() => *weight,
            _ => self.coefficient(row, column),
        };
        (0..stage.saturating_sub(1)).all(|column| weight(stage, column) == weight(stage - 1, column))
    }

    fn same_argument(&self, left: usize, right: usize) -> bool {
        self.c.get(left) == self.c.get(right)
            && (0..self.stages()).all(|stage| self.coefficient(left, stage) == self.coefficient(right, stage))
    }
}
