//! Explicit Runge–Kutta tableaus.

#[cfg(test)]
mod convergence;
mod eighth_order;
mod fifth_order;
mod fourth_order;
mod low_order;
mod ninth_order;
mod seventh_order;
mod sixth_order;
#[cfg(test)]
mod tests;

use super::coefficients::{difference, entry, row_equal_to};
use super::names::named_tableaus;
pub use super::{PreferredController, UnknownTableau};

pub use eighth_order::{DORMAND_PRINCE_853, VERN8};
pub use fifth_order::{BOGACKI_SHAMPINE_54, CASH_KARP_54, DORMAND_PRINCE_54, FEHLBERG_45, OWREN_ZENNARO_54, TSIT5};
pub use fourth_order::{CLASSICAL_RK4, OWREN_ZENNARO_43, RALSTON_44, SSPRK_104, THREE_EIGHTHS_RK4};
pub use low_order::{
    BOGACKI_SHAMPINE_32, HEUN_21, MIDPOINT, OWREN_ZENNARO_32, RALSTON_22, RALSTON_33, SSPRK_33, SSPRK_43,
};
pub use ninth_order::{VERN9, VERNER_ROBUST_98};
pub use seventh_order::VERN7;
pub use sixth_order::VERN6;

/// The coefficients of an explicit Runge–Kutta method of `s` stages.
///
/// One step of size `h` from `(t, y)` computes `k_i = f(t + c_i h, y + h Σ_j a_ij k_j)` for `i = 0, …, s − 1` and
/// advances with `y + h Σ_i b_i k_i`; `h Σ_i (b_i − b_hat_i) k_i` estimates the local error of the embedded solution.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ErkTableau {
    /// Canonical name, in lower case.
    pub name: &'static str,
    /// Other names under which [`ErkTableau::named`] finds the method, in lower case.
    pub aliases: &'static [&'static str],
    /// Order of the solution that is propagated (weights `b`).
    pub order: u32,
    /// Order of the embedded solution (weights `b_hat`).
    pub embedded_order: Option<u32>,
    /// The strictly lower triangle of the Runge–Kutta matrix: row `i` has `i` entries.
    pub a: &'static [&'static [f64]],
    /// Weights of the propagated solution, one per stage.
    pub b: &'static [f64],
    /// Weights of the embedded solution, one per stage.
    pub b_hat: Option<&'static [f64]>,
    /// Abscissae, one per stage, as fractions of the step.
    pub c: &'static [f64],
    /// Where the coefficients were published.
    pub citation: &'static str,
    /// What the literature recommends for the method and the coefficients do not tell.
    pub properties: ErkProperties,
}

/// Recommendations that belong to a method but cannot be derived from its coefficients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErkProperties {
    /// Step size controller that suits the method; `None` for a method without error estimate.
    pub controller: Option<PreferredController>,
}

/// All explicit tableaus, by ascending order of the propagated solution.
static ALL: [ErkTableau; 25] = [
    HEUN_21,
    MIDPOINT,
    RALSTON_22,
    RALSTON_33,
    SSPRK_33,
    SSPRK_43,
    BOGACKI_SHAMPINE_32,
    OWREN_ZENNARO_32,
    CLASSICAL_RK4,
    THREE_EIGHTHS_RK4,
    RALSTON_44,
    SSPRK_104,
    OWREN_ZENNARO_43,
    DORMAND_PRINCE_54,
    TSIT5,
    CASH_KARP_54,
    FEHLBERG_45,
    BOGACKI_SHAMPINE_54,
    OWREN_ZENNARO_54,
    VERN6,
    VERN7,
    DORMAND_PRINCE_853,
    VERN8,
    VERN9,
    VERNER_ROBUST_98,
];

named_tableaus!(ErkTableau, "explicit Runge–Kutta");

impl ErkTableau {
    /// The entry in row `stage` and column `previous` of the Runge–Kutta matrix; zero on and above the diagonal.
    #[must_use]
    pub fn coefficient(&self, stage: usize, previous: usize) -> f64 {
        entry(self.a, stage, previous)
    }

    /// First same as last: the last stage is the derivative at the end of the step, which is the first stage of the
    /// next step.
    #[must_use]
    pub fn fsal(&self) -> bool {
        let last = self.stages().checked_sub(1);
        self.b_row() == last && self.c.first() == Some(&0.0) && self.c.last() == Some(&1.0)
    }

    /// Number of stages whose derivatives only the step itself needs: all but the first, and but the last where it is the next step's first.
    #[must_use]
    pub fn stages_between(&self) -> usize {
        self.stages().saturating_sub(1 + usize::from(self.fsal()))
    }

    /// Whether to add each stage to the step's sum as soon as it is there: where that lets more derivatives be forgotten early than the sum itself takes.
    ///
    /// The classical method then holds one derivative and the sum in place of four derivatives.
    #[must_use]
    pub fn sums_early(&self) -> bool {
        let (stages, uses) = (self.stages(), |row: usize, stage: usize| self.coefficient(row, stage) != 0.0);
        if self.b_row() == stages.checked_sub(1) {
            return false;
        }
        // Derivatives that stages from `next` on still use.
        let held = |next: usize| (0..next).filter(|stage| (next..stages).any(|row| uses(row, *stage))).count();
        let early = (1..=stages).map(held).max().unwrap_or(0) + 1;
        early < self.b.iter().filter(|weight| **weight != 0.0).count()
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

    /// The weights of the error estimate, `b − b_hat`, one per stage.
    #[must_use]
    pub fn error_weights(&self) -> Option<Vec<f64>> {
        self.b_hat.map(|b_hat| difference(self.b, b_hat))
    }
}
