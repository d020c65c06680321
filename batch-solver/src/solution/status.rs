use std::fmt;

/// How a run ended: bits, 0 for success.
///
/// ```
/// use batch_solver::{Failure, Status};
///
/// let status = Status::MAX_STEPS;
/// assert!(!status.is_success());
/// for failure in status.failures() {
///     println!("{}: {}", failure.text(), failure.remedy());
///     assert_eq!(failure, Failure::MaxSteps);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Status(pub i32);

/// One reason for a run to end early: one bit of a [`Status`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// Newton's method did not converge within `newton_max_iterations`.
    MaxNewton = 2,
    /// A linear solver did not converge: within `max_iterations`, or at all.
    MaxLinear = 4,
    /// The error asked for a step below `dt_min`.
    StepTooSmall = 8,
    /// A state is infinite or not a number at the end.
    NotFinite = 16,
    /// `max_steps` attempts did not reach the end.
    MaxSteps = 32,
    /// The step became too short to change the time.
    Stagnation = 64,
    /// Newton's method diverged.
    NewtonDivergence = 256,
    /// BiCGSTAB divided by a number that is nearly zero, or lost what it looks for to rounding.
    BicgstabBreakdown = 128,
}

impl Failure {
    /// Every reason there is. The device's names are in `device/ivp_status.cuh`.
    pub const ALL: &'static [Self] = &[
        Self::MaxNewton,
        Self::MaxLinear,
        Self::StepTooSmall,
        Self::NotFinite,
        Self::MaxSteps,
        Self::Stagnation,
        Self::NewtonDivergence,
        Self::BicgstabBreakdown,
    ];

    /// What happened.
    pub fn text(self) -> &'static str {
        match self {
            Self::MaxNewton => "Newton's method did not converge within newton_max_iterations",
            Self::NewtonDivergence => "Newton's method diverged",
            Self::MaxLinear => "a linear solver does not converge",
            Self::StepTooSmall => "the error asks for steps below dt_min",
            Self::NotFinite => "a state is not finite",
            Self::MaxSteps => "max_steps attempts did not reach the end",
            Self::Stagnation => "the step no longer changes the time",
            Self::BicgstabBreakdown => "BiCGSTAB broke down",
        }
    }

    /// What to do about it.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::MaxNewton | Self::NewtonDivergence => {
                "use a smaller dt or dt_max, newton_jacobian = \"exact\" or newton_line_search = true"
            }
            Self::MaxLinear => {
                "choose a preconditioner or another linear solver, raise its max_iterations, or use smaller steps"
            }
            Self::StepTooSmall => {
                "lower dt_min, or loosen atol and rtol; look whether the equations are finite there, as x/0 and log(-1) are not"
            }
            Self::NotFinite => "use a smaller dt",
            Self::MaxSteps => "raise max_steps, or loosen atol and rtol",
            Self::Stagnation => "loosen atol and rtol, or use f64",
            Self::BicgstabBreakdown => "choose a preconditioner or another linear solver, or use smaller steps",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}: {}", self.text(), self.remedy()))
    }
}

impl Status {
    /// The run reached its end.
    pub const SUCCESS: Self = Self(0);
    /// [`Failure::MaxNewton`].
    pub const MAX_NEWTON: Self = Self(Failure::MaxNewton as i32);
    /// [`Failure::NewtonDivergence`].
    pub const NEWTON_DIVERGENCE: Self = Self(Failure::NewtonDivergence as i32);
    /// [`Failure::MaxLinear`].
    pub const MAX_LINEAR: Self = Self(Failure::MaxLinear as i32);
    /// [`Failure::StepTooSmall`].
    pub const STEP_TOO_SMALL: Self = Self(Failure::StepTooSmall as i32);
    /// [`Failure::NotFinite`].
    pub const NOT_FINITE: Self = Self(Failure::NotFinite as i32);
    /// [`Failure::MaxSteps`].
    pub const MAX_STEPS: Self = Self(Failure::MaxSteps as i32);
    /// [`Failure::Stagnation`].
    pub const STAGNATION: Self = Self(Failure::Stagnation as i32);
    /// [`Failure::BicgstabBreakdown`].
    pub const BICGSTAB_BREAKDOWN: Self = Self(Failure::BicgstabBreakdown as i32);

    /// Whether the run reached its end.
    pub fn is_success(self) -> bool {
        self == Self::SUCCESS
    }

    /// Whether this is among the reasons the run ended for.
    pub fn has(self, failure: Failure) -> bool {
        self.0 & failure as i32 != 0
    }

    /// The reasons the run ended for.
    pub fn failures(self) -> impl Iterator<Item = Failure> {
        Failure::ALL.iter().copied().filter(move |failure| self.has(*failure))
    }
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        Self(failure as i32)
    }
}

impl fmt::Display for Status {
    /// Every reason with its remedy.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_success() {
            return f.pad("success");
        }
        let known = self.failures().fold(0, |bits, failure| bits | failure as i32);
        let mut reasons: Vec<String> = self.failures().map(|failure| failure.to_string()).collect();
        if self.0 != known {
            reasons.push(format!("status bits {} of no known meaning", self.0 & !known));
        }
        f.pad(&reasons.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_is_one_bit_with_a_text_and_a_remedy() {
        for failure in Failure::ALL {
            let status = Status::from(*failure);
            assert_eq!(status.0.count_ones(), 1);
            assert_eq!(status.failures().collect::<Vec<_>>(), [*failure]);
            let text = status.to_string();
            assert!(text.contains(failure.text()) && text.ends_with(failure.remedy()), "{text}");
        }
        assert_eq!(Status::SUCCESS.to_string(), "success");
    }

    #[test]
    fn several_bits_are_all_named() {
        let both = Status(8 | 64 | 1 << 20);
        assert_eq!(both.failures().count(), 2);
        let text = both.to_string();
        assert!(text.contains("dt_min") && text.contains("use f64") && text.contains("1048576"), "{text}");
    }

    #[test]
    fn the_device_has_the_same_bits() {
        let device = include_str!("../../device/ivp_status.cuh");
        for (name, failure) in [
            ("max_newton", Failure::MaxNewton),
            ("newton_divergence", Failure::NewtonDivergence),
            ("max_linear", Failure::MaxLinear),
            ("step_too_small", Failure::StepTooSmall),
            ("not_finite", Failure::NotFinite),
            ("max_steps", Failure::MaxSteps),
            ("stagnation", Failure::Stagnation),
            ("bicgstab_breakdown", Failure::BicgstabBreakdown),
        ] {
            assert!(device.contains(&format!("status_{name} = {};", failure as i32)), "{name}");
        }
        assert_eq!(device.matches("constexpr int").count(), Failure::ALL.len());
    }
}
