//! Distributions of a value, as typed on a command line.

use std::fmt;
use std::str::FromStr;

use buffer_runtime::names::UnknownName;

use super::normal::{self, Between};

/// How probable the values of a name are, for [`Batch::sample`](super::Batch::sample) and [`Batch::latin_hypercube`](super::Batch::latin_hypercube).
///
/// | text | constructor | values |
/// | --- | --- | --- |
/// | `uniform:low:high` | [`uniform`](Self::uniform) | all between two ends alike |
/// | `loguniform:low:high` | [`log_uniform`](Self::log_uniform) | all orders of magnitude between two positive ends alike |
/// | `normal:mean:sd` | [`normal`](Self::normal) | around a mean with a standard deviation |
/// | `lognormal:mean:sd` | [`log_normal`](Self::log_normal) | positive, with a logarithm of this mean and standard deviation |
/// | `triangular:low:mode:high` | [`triangular`](Self::triangular) | between two ends, most of them near the mode |
/// | `truncnormal:mean:sd:low:high` | [`truncated_normal`](Self::truncated_normal) | normal, but only those between two ends, of which one may be `-inf` or `inf` |
///
/// ```
/// use batch_solver::Distribution;
///
/// let k: Distribution = "loguniform:0.01:100".parse()?;
/// assert_eq!(k, Distribution::log_uniform(0.01, 100.0)?);
/// assert_eq!(k.to_string(), "loguniform:0.01:100");
/// assert!((k.quantile(0.5) - 1.0).abs() < 1e-12);
/// assert!("unifrom:0:1".parse::<Distribution>().unwrap_err().to_string().contains("did you mean `uniform`?"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distribution {
    kind: Kind,
    /// As many as the kind has.
    parameters: [f64; 4],
}

/// A distribution that there is not.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DistributionError {
    /// A name that no distribution has.
    #[error("{0}")]
    Unknown(UnknownName),
    /// Too few or too many numbers.
    #[error("`{text}` gives {found} number{}: write `{form}`", if *.found == 1 { "" } else { "s" })]
    WrongCount {
        /// The text.
        text: String,
        /// How many numbers it has.
        found: usize,
        /// How the distribution is written.
        form: &'static str,
    },
    /// A parameter that is no number.
    #[error("`{number}` in `{text}` is not a number: write `{form}`")]
    NotANumber {
        /// The text.
        text: String,
        /// What stands for the number.
        number: String,
        /// How the distribution is written.
        form: &'static str,
    },
    /// A parameter that is infinite or not a number.
    #[error("{parameter} is {value} in `{form}`: it needs to be finite")]
    NotFinite {
        /// The name of the parameter.
        parameter: &'static str,
        /// Its value.
        value: f64,
        /// How the distribution is written.
        form: &'static str,
    },
    /// A parameter that is zero or less.
    #[error("{parameter} is {value} in `{form}`: it needs to be positive")]
    NotPositive {
        /// The name of the parameter.
        parameter: &'static str,
        /// Its value.
        value: f64,
        /// How the distribution is written.
        form: &'static str,
    },
    /// Ends without room between them.
    #[error("low is {low} and high is {high} in `{form}`: low needs to be below high; fix a value that does not vary")]
    NotAscending {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
        /// How the distribution is written.
        form: &'static str,
    },
    /// A mode that is not between the ends.
    #[error("mode is {mode} in `triangular:low:mode:high`: it needs to be from {low} to {high}")]
    ModeOutside {
        /// The mode.
        mode: f64,
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
    },
    /// Ends between which a normal distribution has no values.
    #[error(
        "a normal distribution of mean {mean} and standard deviation {sd} has no values from {low} to {high}: move low and high nearer to the mean"
    )]
    NothingBetween {
        /// The mean.
        mean: f64,
        /// The standard deviation.
        sd: f64,
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
    },
}

/// The form of a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Uniform,
    LogUniform,
    Normal,
    LogNormal,
    Triangular,
    TruncatedNormal,
}

impl Kind {
    const ALL: [Self; 6] =
        [Self::Uniform, Self::LogUniform, Self::Normal, Self::LogNormal, Self::Triangular, Self::TruncatedNormal];

    /// How it is written: its name, then its parameters.
    const fn form(self) -> &'static str {
        match self {
            Self::Uniform => "uniform:low:high",
            Self::LogUniform => "loguniform:low:high",
            Self::Normal => "normal:mean:sd",
            Self::LogNormal => "lognormal:mean:sd",
            Self::Triangular => "triangular:low:mode:high",
            Self::TruncatedNormal => "truncnormal:mean:sd:low:high",
        }
    }

    fn name(self) -> &'static str {
        self.form().split(':').next().unwrap_or_default()
    }

    fn parameters(self) -> impl Iterator<Item = &'static str> + Clone {
        self.form().split(':').skip(1)
    }
}

impl Distribution {
    /// Values from `low` to `high`, all alike.
    ///
    /// # Errors
    /// When an end is not finite, or `low` not below `high`.
    pub fn uniform(low: f64, high: f64) -> Result<Self, DistributionError> {
        Self::new(Kind::Uniform, [low, high])
    }

    /// Values from `low` to `high` whose logarithms are alike: as many from 1 to 10 as from 10 to 100.
    ///
    /// # Errors
    /// When an end is not finite, `low` not positive or not below `high`.
    pub fn log_uniform(low: f64, high: f64) -> Result<Self, DistributionError> {
        Self::new(Kind::LogUniform, [low, high])
    }

    /// The normal distribution.
    ///
    /// # Errors
    /// When a parameter is not finite, or `sd` not positive.
    pub fn normal(mean: f64, sd: f64) -> Result<Self, DistributionError> {
        Self::new(Kind::Normal, [mean, sd])
    }

    /// Positive values whose natural logarithms have this mean and standard deviation. Their median is `exp(mean)`.
    ///
    /// # Errors
    /// When a parameter is not finite, or `sd` not positive.
    pub fn log_normal(mean: f64, sd: f64) -> Result<Self, DistributionError> {
        Self::new(Kind::LogNormal, [mean, sd])
    }

    /// Values from `low` to `high`, of a probability that rises evenly up to `mode` and falls evenly from there.
    ///
    /// # Errors
    /// When a parameter is not finite, `low` not below `high`, or `mode` outside.
    pub fn triangular(low: f64, mode: f64, high: f64) -> Result<Self, DistributionError> {
        Self::new(Kind::Triangular, [low, mode, high])
    }

    /// The values from `low` to `high` of a normal distribution; `mean` and `sd` are those before the others were left out. An end may be infinite.
    ///
    /// # Errors
    /// When `mean` or `sd` is not finite, `sd` not positive, `low` not below `high`, or nothing between them: both more than about 36 `sd` above or below the mean.
    pub fn truncated_normal(mean: f64, sd: f64, low: f64, high: f64) -> Result<Self, DistributionError> {
        Self::new(Kind::TruncatedNormal, [mean, sd, low, high])
    }

    fn new<const N: usize>(kind: Kind, given: [f64; N]) -> Result<Self, DistributionError> {
        let mut parameters = [0.0; 4];
        for (parameter, value) in parameters.iter_mut().zip(given) {
            *parameter = value;
        }
        Self::checked(kind, parameters)
    }

    fn checked(kind: Kind, parameters: [f64; 4]) -> Result<Self, DistributionError> {
        let form = kind.form();
        let mut values = kind.parameters().zip(parameters);
        let may_be_infinite = |name| kind == Kind::TruncatedNormal && ["low", "high"].contains(&name);
        if let Some((parameter, value)) =
            values.clone().find(|(name, value)| value.is_nan() || value.is_infinite() && !may_be_infinite(*name))
        {
            return Err(DistributionError::NotFinite { parameter, value, form });
        }
        let is_positive = |name| name == "sd" || kind == Kind::LogUniform && name == "low";
        if let Some((parameter, value)) = values.find(|(name, value)| is_positive(*name) && *value <= 0.0) {
            return Err(DistributionError::NotPositive { parameter, value, form });
        }
        let [first, second, third, fourth] = parameters;
        let ends = match kind {
            Kind::Uniform | Kind::LogUniform => Some((first, second)),
            Kind::Triangular => Some((first, third)),
            Kind::TruncatedNormal => Some((third, fourth)),
            Kind::Normal | Kind::LogNormal => None,
        };
        if let Some((low, high)) = ends.filter(|(low, high)| low >= high) {
            return Err(DistributionError::NotAscending { low, high, form });
        }
        if kind == Kind::Triangular && !(first..=third).contains(&second) {
            return Err(DistributionError::ModeOutside { mode: second, low: first, high: third });
        }
        if kind == Kind::TruncatedNormal && between(parameters).is_none() {
            return Err(DistributionError::NothingBetween { mean: first, sd: second, low: third, high: fourth });
        }
        Ok(Self { kind, parameters })
    }

    /// The value that a value drawn is below with a probability of `p`, which is from 0 to 1: the inverse of the cumulative distribution. It has the same bits on every machine.
    pub fn quantile(&self, p: f64) -> f64 {
        let [first, second, third, fourth] = self.parameters;
        match self.kind {
            Kind::Uniform => mix(first, second, p),
            Kind::LogUniform => libm::exp(mix(libm::log(first), libm::log(second), p)).clamp(first, second),
            Kind::Normal => first + second * normal::quantile(p),
            Kind::LogNormal => libm::exp(first + second * normal::quantile(p)),
            Kind::Triangular => {
                // Halves: the width of any two finite ends is finite.
                let rising = (0.5 * second - 0.5 * first) / (0.5 * third - 0.5 * first);
                let share = match p < rising {
                    true => (p * rising).sqrt(),
                    false => 1.0 - ((1.0 - p) * (1.0 - rising)).sqrt(),
                };
                mix(first, third, share)
            }
            Kind::TruncatedNormal => {
                let z = between(self.parameters).map_or(f64::NAN, |part| part.quantile(p));
                (first + second * z).clamp(third, fourth)
            }
        }
    }
}

/// The part of the standard normal distribution that a truncated one has.
fn between([mean, sd, low, high]: [f64; 4]) -> Option<Between> {
    Between::new((low - mean) / sd, (high - mean) / sd)
}

/// From `low` to `high` as `share` goes from 0 to 1; without their difference, which may be infinite.
fn mix(low: f64, high: f64, share: f64) -> f64 {
    (low * (1.0 - share) + high * share).clamp(low, high)
}

impl fmt::Display for Distribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        for (_, value) in self.kind.parameters().zip(self.parameters) {
            match value.abs() {
                0.0 | 1e-5..1e15 | f64::INFINITY => write!(f, ":{value}")?,
                _ => write!(f, ":{value:e}")?,
            }
        }
        Ok(())
    }
}

impl FromStr for Distribution {
    type Err = DistributionError;

    fn from_str(text: &str) -> Result<Self, DistributionError> {
        let mut parts = text.split(':').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
            DistributionError::Unknown(UnknownName::new("distribution", name, Kind::ALL.map(Kind::name)))
        })?;
        let (form, found, needed) = (kind.form(), parts.clone().count(), kind.parameters().count());
        if found != needed {
            return Err(DistributionError::WrongCount { text: text.to_owned(), found, form });
        }
        let mut parameters = [0.0; 4];
        for (parameter, number) in parameters.iter_mut().zip(parts) {
            *parameter = number.parse().map_err(|_| DistributionError::NotANumber {
                text: text.to_owned(),
                number: number.to_owned(),
                form,
            })?;
        }
        Self::checked(kind, parameters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Distribution {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn text_and_constructors_are_the_same() {
        for (text, distribution) in [
            ("uniform:-1:2", Distribution::uniform(-1.0, 2.0)),
            ("loguniform:1e-9:1e20", Distribution::log_uniform(1e-9, 1e20)),
            ("normal:0:0.1", Distribution::normal(0.0, 0.1)),
            ("lognormal:-0.5:2", Distribution::log_normal(-0.5, 2.0)),
            ("triangular:0:0:1", Distribution::triangular(0.0, 0.0, 1.0)),
            ("truncnormal:1:2:0:inf", Distribution::truncated_normal(1.0, 2.0, 0.0, f64::INFINITY)),
        ] {
            let distribution = distribution.unwrap();
            assert_eq!(parsed(text), distribution);
            assert_eq!(distribution.to_string(), text);
        }
        assert_eq!(parsed(" uniform : 0 : 1 "), parsed("uniform:0:1"));
    }

    #[test]
    fn quantiles_are_inverse_cumulative_distributions() {
        for (text, p, expected) in [
            ("uniform:2:4", 0.25, 2.5),
            ("uniform:-1.7e308:1.7e308", 0.5, 0.0),
            ("loguniform:1:100", 0.75, 10.0_f64.powf(1.5)),
            ("normal:5:2", 0.975, 5.0 + 2.0 * 1.959963984540054),
            ("lognormal:1:2", 0.975, (1.0_f64 + 2.0 * 1.959963984540054).exp()),
            ("triangular:0:1:4", 0.25, 1.0),
            ("triangular:0:1:4", 0.16, 0.8),
            ("triangular:0:1:4", 0.8125, 2.5),
            ("triangular:-1.7e308:0:1.7e308", 0.5, 0.0),
            ("truncnormal:0:1:0:inf", 0.5, 0.6744897501960817),
            ("truncnormal:3:2:-inf:inf", 0.975, 3.0 + 2.0 * 1.959963984540054),
            ("truncnormal:0:1:-1:1", 0.5, 0.0),
        ] {
            let found = parsed(text).quantile(p);
            assert!((found - expected).abs() <= 4e-15 * expected.abs().max(1.0), "{text} at {p}: {found}, {expected}");
        }
        for text in ["uniform:0.1:0.3", "loguniform:0.1:0.3", "triangular:0.1:0.2:0.3", "truncnormal:0:1:0.1:0.3"] {
            let distribution = parsed(text);
            assert!((distribution.quantile(0.0) - 0.1).abs() < 1e-12 && distribution.quantile(0.0) >= 0.1, "{text}");
            assert!((distribution.quantile(1.0) - 0.3).abs() < 1e-12 && distribution.quantile(1.0) <= 0.3, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, parts) in [
            ("", &["unknown distribution ``", "`truncnormal`"][..]),
            ("gauss:0:1", &["unknown distribution `gauss`"]),
            ("normal", &["`normal` gives 0 numbers", "`normal:mean:sd`"]),
            ("uniform:1", &["gives 1 number:", "`uniform:low:high`"]),
            ("uniform:1:2:3", &["gives 3 numbers"]),
            ("uniform:1:x", &["`x` in `uniform:1:x`"]),
            ("uniform:0:inf", &["high is inf", "finite"]),
            ("normal:nan:1", &["mean is NaN"]),
            ("uniform:2:2", &["low is 2 and high is 2", "fix a value"]),
            ("loguniform:0:1", &["low is 0", "positive"]),
            ("normal:0:-1", &["sd is -1", "positive"]),
            ("lognormal:0:0", &["sd is 0", "positive"]),
            ("triangular:0:2:1", &["mode is 2", "from 0 to 1"]),
            ("truncnormal:0:1:inf:inf", &["low is inf and high is inf"]),
            ("truncnormal:0:1:50:60", &["no values from 50 to 60", "nearer to the mean"]),
        ] {
            let message = text.parse::<Distribution>().unwrap_err().to_string();
            assert!(parts.iter().all(|part| message.contains(part)), "{text}: {message}");
        }
    }
}
